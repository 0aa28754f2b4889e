"""The sealed price limit: set, changed and cleared by its owner alone.

The number is in the post's own limit row and nowhere else: not in the history, in no message and
in no error.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from linkage.catalogue import queries as catalogue
from linkage.catalogue.models import Commodity
from linkage.jobs.models import Event
from linkage.market.amounts import Measure, price_per_scale
from linkage.market.errors import (
    LimitChangedTooOften,
    LimitsOfProductChangedTooOften,
    UnitNotOfCommodity,
)
from linkage.market.models import LIMITS, MODELS, AnyPost, PostKind, PostState
from linkage.market.services.claims import Own, claim, note, tell
from linkage.registry.access import Actor
from linkage.registry.models import Organisation
from linkage.registry.queries import with_merged

LIMIT_CHANGED = "limit_changed"
CHANGES_A_DAY = 5
# Of all that an organisation offers, or needs, under one root of the commodity tree: a new post, or
# a post for a kind of the same thing, asks the same as a changed limit.
CHANGES_UNDER_A_ROOT = 10


def set_limit(
    *, actor: Actor, own: Own, price: int | None, unit_code: str, now: datetime
) -> AnyPost:
    """Set the least (an offer's) or most (a need's) in đồng for one unit; None takes it away.

    Whether a limit is met is a bit that others can see, so its moves are counted: at most five a
    post and day, and ten for all the organisation's posts under one root of the commodity tree.

    Raises: NotFound, StaleVersion, StateDoesNotAllow, LimitChangedTooOften,
    LimitsOfProductChangedTooOften; Invalid for a price or a unit that cannot be. Nothing is
    written then.
    """
    states = (PostState.DRAFT, PostState.PUBLISHED, PostState.PAUSED)
    with transaction.atomic():
        post = claim(actor, own, states=states)
        write_limit(own.kind, post, price, unit_code, actor=actor, now=now)
        tell(own.kind, post, now)
    return post


def write_limit(
    kind: PostKind,
    post: AnyPost,
    price: int | None,
    unit_code: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the limit of a post that the caller's transaction holds. Raises as `set_limit`."""
    root = _root_of(post.commodity)
    _count_changes(kind, post, root, now)
    limits = LIMITS[kind]._default_manager
    if price is None:
        limits.filter(pk=post.pk).delete()
    else:
        scaled = price_per_scale(price, price_unit(post, unit_code))
        limits.update_or_create(pk=post.pk, defaults={"price": scaled})
    note(kind, post, LIMIT_CHANGED, actor=actor, now=now, root=root)


def drop_limit(kind: PostKind, post: AnyPost, *, actor: Actor, now: datetime) -> None:
    """Take the limit off a post that is about another product now: its price was for the old one.

    Not counted: it can be done once, and setting another one counts.
    """
    taken, _rows = LIMITS[kind]._default_manager.filter(pk=post.pk).delete()
    if taken:
        note(kind, post, "limit_dropped", actor=actor, now=now)


def price_unit(post: AnyPost, code: str) -> Measure:
    """The unit that a price is for. Raises: ValueUnknown, UnitNotOfCommodity."""
    found = catalogue.unit(code, field="price_unit")
    if found.dimension != post.commodity.dimension:
        raise UnitNotOfCommodity(field="price_unit")
    return Measure(found.code, found.dimension, found.base_units)


def _root_of(commodity: Commodity) -> str:
    while commodity.parent is not None:
        commodity = commodity.parent
    return commodity.pk


def _count_changes(kind: PostKind, post: AnyPost, root: str, now: datetime) -> None:
    # A post may still be in the name of what was merged into its owner.
    owner = post.organisation.survivor_id
    # Two posts at once are counted in turn.
    list(Organisation.objects.select_for_update().filter(pk=owner))
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    posts = MODELS[kind]._default_manager.filter(organisation__in=with_merged(owner))
    changes = Event.objects.filter(
        subject_kind=kind.value,
        subject_id__in=[str(id_) for id_ in posts.values_list("pk", flat=True)],
        kind=LIMIT_CHANGED,
        at__gte=midnight,
    )
    found = list(changes.values_list("subject_id", "data"))
    if sum(id_ == str(post.pk) for id_, _data in found) >= CHANGES_A_DAY:
        raise LimitChangedTooOften(times=CHANGES_A_DAY)
    # The root at that time: a post may be about another product since.
    if sum(data["root"] == root for _id, data in found) >= CHANGES_UNDER_A_ROOT:
        raise LimitsOfProductChangedTooOften(times=CHANGES_UNDER_A_ROOT)
