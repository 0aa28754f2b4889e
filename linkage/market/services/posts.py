"""Writing a post, changing what it says, and starting from last season's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from linkage.errors import NotFound
from linkage.market.amounts import total_over
from linkage.market.errors import BelowWhatIsReserved, CommodityIsReserved, WindowIsOver
from linkage.market.models import MODELS, AnyPost, PostKind, PostState
from linkage.market.parties import commune_of
from linkage.market.services.claims import Own, claim, note, tell
from linkage.market.services.limits import drop_limit, write_limit
from linkage.market.sight import must_work
from linkage.market.terms import Read, Terms, marks_of, read, said, set_marks
from linkage.registry import values
from linkage.registry.access import Actor, require_acting
from linkage.registry.constraints import refusals
from linkage.registry.models import Deed, Organisation
from linkage.registry.queries import with_merged

_COPIED = (
    "commodity", "unit", "quantity", "period", "commune", "max_km", "grade", "packing",
    "handover", "payment_days", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """A price limit that comes with a new post: đồng for one unit."""

    price: int
    unit_code: str


def create_post(
    *,
    actor: Actor,
    kind: PostKind,
    organisation_id: int,
    terms: Terms,
    publish: bool,
    now: datetime,
    limit: Limit | None = None,
) -> AnyPost:
    """Write an offer or a need, as a draft or before all who may see it.

    `terms` holds commodity, quantity, unit, starts and ends at least; the place is the
    organisation's own unless one is named. Raises: NotFound; Invalid for a value that cannot be;
    WindowIsOver, if it is published too late; OrganisationNotActive, if it is published at all by
    who does not work. Nothing is written then.
    """
    require_acting(actor, organisation_id, Deed.POSTS)
    found = read(kind, organisation_id, terms, None, commune_of(organisation_id, localdate(now)))
    if publish and found.columns["ends"] < localdate(now):
        raise WindowIsOver(field="ends")
    if publish:
        must_work([organisation_id], localdate(now))
    with refusals(), transaction.atomic():
        post = MODELS[kind]._default_manager.create(
            organisation=_organisation(organisation_id),
            state=PostState.PUBLISHED if publish else PostState.DRAFT,
            published_at=now if publish else None,
            confirmed_at=now,
            created_at=now,
            created_by_id=actor.user_id,
            **found.columns,
        )
        set_marks(post, found.marks)
        after = said(found.columns, found.marks)
        what = "post_published" if publish else "post_drafted"
        note(kind, post, what, actor=actor, now=now, after=after)
        if limit is not None:
            write_limit(
                kind, post, limit.price, limit.unit_code, actor=actor, now=now
            )  # fmt: skip
        if publish:
            tell(kind, post, now)
    return post


def _organisation(organisation_id: int) -> Organisation:
    found = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if found is None:
        raise NotFound
    return found


def edit_post(*, actor: Actor, own: Own, terms: Terms, now: datetime) -> AnyPost:
    """Change what a post says, which also says that it still holds.

    What agreements hold bounds it: the total stays at least that much, and the product the same.
    A price limit was for the product: it goes with it.
    Raises: NotFound, StaleVersion, StateDoesNotAllow, BelowWhatIsReserved, CommodityIsReserved;
    Invalid for a value that cannot be. Nothing is written then.
    """
    require_acting(actor, own.organisation_id, Deed.POSTS)
    states = (PostState.DRAFT, PostState.PUBLISHED, PostState.PAUSED)
    with refusals(), transaction.atomic():
        before = _present(own)
        place = commune_of(own.organisation_id, localdate(now))
        found = read(own.kind, own.organisation_id, terms, before, place)
        if before.state == PostState.PUBLISHED and found.columns["ends"] < localdate(now):
            raise WindowIsOver(field="ends")
        old = _said_before(before, found)
        post = claim(
            actor, own, states=states, among=_leaves_agreements(found),
            confirmed_at=now, **found.columns,
        )  # fmt: skip
        if post.version == own.version:
            raise _why_not(post, found)
        set_marks(post, found.marks)
        changed = _changes(old, said(found.columns, found.marks))
        note(own.kind, post, "post_edited", actor=actor, now=now, **changed)
        if post.commodity_id != before.commodity_id:
            drop_limit(own.kind, post, actor=actor, now=now)
        if post.state != PostState.DRAFT:
            tell(own.kind, post, now)
    return post


def _present(own: Own) -> AnyPost:
    rows = MODELS[own.kind]._default_manager.filter(
        pk=own.post_id, organisation__in=with_merged(own.organisation_id)
    )
    found = rows.select_related("commodity", "unit", "commune").first()
    if found is None:
        raise NotFound
    return found


def _leaves_agreements(found: Read) -> Q:
    """An agreement reserves by an UPDATE of its own: the row says what holds at this moment."""
    same = Q(reserved=0) | Q(commodity=found.columns["commodity"])
    return same & Q(reserved__lte=found.columns["total"])


def _why_not(post: AnyPost, found: Read) -> Exception:
    if post.reserved > found.columns["total"]:
        return BelowWhatIsReserved(field="quantity")
    return CommodityIsReserved(field="commodity")


def _said_before(post: AnyPost, found: Read) -> dict[str, Any]:
    """The same fields as they stand."""
    marks = list(marks_of(post).all()) if found.marks is not None else None
    return said({name: getattr(post, name) for name in found.columns}, marks)


def _changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Only what changed goes into the history."""
    changed = [name for name, value in new.items() if old[name] != value]
    return {
        "before": {name: old[name] for name in changed},
        "after": {name: new[name] for name in changed},
    }


def copy_post(
    *, actor: Actor, kind: PostKind, organisation_id: int, post_id: int, now: datetime
) -> AnyPost:
    """Start a draft from an earlier post, its dates one year on, with nothing reserved.

    The price limit is not copied: a new season has a new one. Raises: NotFound; DayOutOfRange, for
    a year beyond the last.
    """
    require_acting(actor, organisation_id, Deed.POSTS)
    with refusals(), transaction.atomic():
        old = _present(Own(kind, organisation_id, post_id, 0))
        window = {
            name: values.day(a_year_on(getattr(old, name)), field=name)
            for name in ("starts", "ends")
        }
        made = MODELS[kind]._default_manager.create(
            organisation=_organisation(organisation_id),
            state=PostState.DRAFT,
            total=total_over(old.quantity, old.period, **window),
            confirmed_at=now,
            created_at=now,
            created_by_id=actor.user_id,
            copied_from_id=old.pk,
            **window,
            **{name: getattr(old, name) for name in _COPIED},
        )
        marks = list(marks_of(old).all())
        set_marks(made, marks)
        after = said({name: getattr(made, name) for name in (*_COPIED, "starts", "ends")}, marks)
        note(
            kind, made, "post_copied", actor=actor, now=now, copied_from=old.pk,
            after=after,
        )  # fmt: skip
    return made


def a_year_on(day: date) -> date:
    """The same day a year later; of 29 February the 28th.

    >>> a_year_on(date(2028, 2, 29))
    datetime.date(2029, 2, 28)
    """
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)
