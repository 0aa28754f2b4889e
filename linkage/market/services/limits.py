"""The sealed price limit: set, changed and cleared by its owner alone.

The number is in the post's own limit row and nowhere else: not in the history, in no message and
in no error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from linkage.catalogue.models import Unit
from linkage.jobs.models import Event
from linkage.market.amounts import Measure, price_per_scale
from linkage.market.errors import (
    LimitChangedTooOften,
    LimitsOfProductChangedTooOften,
    UnitNotOfCommodity,
)
from linkage.market.models import MODELS, AnyPost, NeedCeiling, OfferFloor, PostKind, PostState
from linkage.market.services.claims import Own, claim, note, tell
from linkage.registry.access import Actor
from linkage.registry.values import ValueUnknown

LIMIT_CHANGED = "limit_changed"
CHANGES_A_DAY = 5
# Of all posts of an organisation for one product: a new post asks the same as a changed limit.
CHANGES_OF_A_PRODUCT = 10
_TABLES: Mapping[PostKind, tuple[Any, str]] = {
    PostKind.OFFER: (OfferFloor, "offer"),
    PostKind.NEED: (NeedCeiling, "need"),
}


def set_limit(
    *, actor: Actor, own: Own, price: int | None, unit_code: str, now: datetime
) -> AnyPost:
    """Set the least (an offer's) or most (a need's) in đồng for one unit; None takes it away.

    Whether a limit is met is a bit that others can see, so its moves are counted: at most five a
    post and day, and ten for all the organisation's posts of one product.

    Raises: NotFound, StaleVersion, StateDoesNotAllow, LimitChangedTooOften,
    LimitsOfProductChangedTooOften; Invalid for a price or a unit that cannot be. Nothing is
    written then.
    """
    states = (PostState.DRAFT, PostState.PUBLISHED, PostState.PAUSED)
    with transaction.atomic():
        post = claim(actor, own, states=states)
        write_limit(own.kind, post, price, unit_code, actor_id=actor.user_id, now=now)
        tell(own.kind, post, now)
    return post


def write_limit(
    kind: PostKind,
    post: AnyPost,
    price: int | None,
    unit_code: str,
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Write the limit of a post that the caller's transaction holds. Raises as `set_limit`."""
    _count_changes(kind, post, now)
    table, owner = _TABLES[kind]
    if price is None:
        table.objects.filter(pk=post.pk).delete()
    else:
        scaled = price_per_scale(price, price_unit(post, unit_code))
        table.objects.update_or_create(**{owner: post}, defaults={"price": scaled})
    note(kind, post, LIMIT_CHANGED, actor_id=actor_id, now=now)


def price_unit(post: AnyPost, code: str) -> Measure:
    """The unit that a price is for. Raises: ValueUnknown, UnitNotOfCommodity."""
    unit = Unit.objects.filter(pk=code).first()
    if unit is None:
        raise ValueUnknown(field="price_unit")
    if unit.dimension != post.commodity.dimension:
        raise UnitNotOfCommodity(field="price_unit")
    return Measure(unit.code, unit.dimension, unit.base_units)


def _count_changes(kind: PostKind, post: AnyPost, now: datetime) -> None:
    """The claim of the post's version comes first: two changes at once are counted in turn."""
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    alike = MODELS[kind]._default_manager.filter(
        organisation=post.organisation_id, commodity=post.commodity_id
    )
    ids = {str(id_) for id_ in alike.values_list("pk", flat=True)}
    changes = Event.objects.filter(subject_kind=kind.value, kind=LIMIT_CHANGED, at__gte=midnight)
    counted = Counter(changes.filter(subject_id__in=ids).values_list("subject_id", flat=True))
    if counted[str(post.pk)] >= CHANGES_A_DAY:
        raise LimitChangedTooOften(times=CHANGES_A_DAY)
    if counted.total() >= CHANGES_OF_A_PRODUCT:
        raise LimitsOfProductChangedTooOften(times=CHANGES_OF_A_PRODUCT)
