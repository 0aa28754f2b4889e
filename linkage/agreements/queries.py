"""The reads of agreements. A linkage of a merged organisation counts as its survivor's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from linkage.agreements.models import (
    COUNTING_STATES,
    KNOWN_TO_OFFICES,
    UNSETTLED_STATES,
    Evidence,
    Linkage,
)
from linkage.agreements.services.states import SUBJECT
from linkage.errors import NotFound
from linkage.jobs.models import Event
from linkage.jobs.queries import events_of
from linkage.market.models import Need, Offer, PostState
from linkage.registry import queries as registry
from linkage.registry import values
from linkage.registry.access import Actor, Capability, allows, reach, require
from linkage.registry.models import Deed, Organisation
from linkage.registry.queries import LONGEST_SEARCH, with_merged
from linkage.text import search_key

_SHOWN = (
    "seller__merged_into", "buyer__merged_into", "commodity", "form", "unit", "verified_by"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of linkages is narrowed to; None narrows nothing.

    `text` is looked for in the names of both sides, with or without marks, and in the contract
    number; `in_force_on` asks the linkage's own state and dates.
    """

    text: str = ""
    state: str | None = None
    origin: str | None = None
    evidence: str | None = None
    in_force_on: date | None = None


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge of two organisations does, with the linkages that it touches.

    `linkages` count as the survivor's from then on; those `between` the two link nobody any more.
    Published posts and open talks are the survivor's too: of talks the office learns how many.
    """

    organisations: registry.MergeSides
    linkages: int
    between: int
    kept_posts: tuple[Offer | Need, ...]
    merged_posts: tuple[Offer | Need, ...]
    kept_talks: int
    merged_talks: int


def listing(*, actor: Actor, filters: Filters = EVERYTHING) -> QuerySet[Linkage]:
    """Return linkages with both sides, the newest start first; ordered by (-starts, -id).

    Raises: NotAllowed; TextInvalid for a search too long.
    """
    reach(actor, Capability.READ_LINKAGES)
    rows = narrowed(visible_to(actor).select_related(*_SHOWN), filters)
    return rows.order_by("-starts", "-id")


def visible_to(actor: Actor) -> QuerySet[Linkage]:
    """Return what the actor may know of: of an organisation of theirs, or one that lets an officer
    talk for it, everything; for an office that reads linkages all that was agreed or is on paper,
    and of that to a field officer what has a side in the area."""
    talking = (of for of, deeds in actor.on_behalf.items() if Deed.TALKS in deeds)
    ids = [*actor.memberships, *talking]
    own = Organisation.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    known = Q(seller__in=own) | Q(buyer__in=own)
    if allows(actor, Capability.READ_LINKAGES):
        known = known | KNOWN_TO_OFFICES if ids else KNOWN_TO_OFFICES
    elif actor.is_officer:
        here = Organisation.objects.filter(Q(pk__in=actor.area) | Q(merged_into__in=actor.area))
        known |= KNOWN_TO_OFFICES & (Q(seller__in=here) | Q(buyer__in=here))
    return Linkage.objects.filter(known)


def narrowed(rows: QuerySet[Linkage], filters: Filters) -> QuerySet[Linkage]:
    """Return the rows that the filters ask for. Raises: TextInvalid for a search too long."""
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.origin is not None:
        rows = rows.filter(origin=filters.origin)
    if filters.evidence == Evidence.VERIFIED:
        rows = rows.exclude(verified_on=None)
    elif filters.evidence == Evidence.CONFIRMED:
        rows = rows.exclude(verified_on=None, confirmed_on=None)
    if filters.in_force_on is not None:
        rows = rows.filter(in_force(filters.in_force_on))
    return _matching(rows, filters.text)


def in_force(on: date) -> Q:
    """The condition that a linkage is in force on the day: its own state and dates decide."""
    return (
        Q(state__in=sorted(COUNTING_STATES), starts__lte=on)
        & (Q(ends=None) | Q(ends__gte=on))
        & (Q(terminated_on=None) | Q(terminated_on__gt=on))
    )


def _matching(rows: QuerySet[Linkage], text: str) -> QuerySet[Linkage]:
    sought = values.text(text, field="q", limit=LONGEST_SEARCH)
    if not sought:
        return rows
    # LIKE folds case differently on the two databases; finding the position does not fold it.
    found = Q(number_at__gt=0)
    spellings = {sought, sought.upper(), sought.lower()}
    places = [StrIndex("contract_number", Value(spelling)) for spelling in sorted(spellings)]
    rows = rows.annotate(number_at=reduce(add, places))
    key = search_key(sought)
    if key:
        found |= Q(seller__search_key__contains=key) | Q(buyer__search_key__contains=key)
    return rows.filter(found)


def detail(*, actor: Actor, linkage_id: int) -> Linkage:
    """Return a linkage with its sides, commodity, form, unit and verifier.

    Raises: NotAllowed, NotFound.
    """
    reach(actor, Capability.READ_LINKAGES)
    linkage = visible_to(actor).select_related(*_SHOWN).filter(pk=linkage_id).first()
    if linkage is None:
        raise NotFound
    return linkage


def history(*, actor: Actor, linkage_id: int) -> list[Event]:
    """Return what was done to a linkage, oldest first; to a field officer its own acts.

    Raises: NotAllowed; NotFound, outside of the officer's area.
    """
    events = events_of(SUBJECT, linkage_id)
    if reach(actor, Capability.READ_EVENTS) is None:
        return list(events)
    detail(actor=actor, linkage_id=linkage_id)
    return list(events.filter(actor_id=actor.user_id))


def of_organisation(organisation_id: int) -> QuerySet[Linkage]:
    """Return an organisation's linkages on either side, as offices know them; also those of what
    was merged into it."""
    ids = with_merged(organisation_id)
    rows = Linkage.objects.filter(KNOWN_TO_OFFICES, Q(seller__in=ids) | Q(buyer__in=ids))
    return rows.select_related(*_SHOWN).order_by("-starts", "-id")


def merge_preview(*, actor: Actor, organisation_id: int, merged_id: int, on: date) -> MergePreview:
    """Return what a merge of `merged_id` into `organisation_id` would do; nothing is written.

    Raises: NotAllowed; NotFound, also for one that was merged into another.
    """
    require(actor, Capability.READ_LINKAGES)
    organisations = registry.merge_sides(
        actor=actor, organisation_id=organisation_id, merged_id=merged_id, on=on
    )
    kept = with_merged(organisation_id)
    touched = of_organisation(merged_id)
    between = touched.filter(Q(seller__in=kept) | Q(buyer__in=kept)).count()
    return MergePreview(
        organisations,
        touched.count() - between,
        between,
        kept_posts=_posts(organisation_id),
        merged_posts=_posts(merged_id),
        kept_talks=open_talks(organisation_id).count(),
        merged_talks=open_talks(merged_id).count(),
    )


def open_talks(organisation_id: int) -> QuerySet[Linkage]:
    """Return the linkages of which the organisation has agreed on nothing yet, on either side."""
    ids = with_merged(organisation_id)
    talking = Linkage.objects.filter(state__in=sorted(UNSETTLED_STATES))
    return talking.filter(Q(seller__in=ids) | Q(buyer__in=ids))


def _posts(organisation_id: int) -> tuple[Offer | Need, ...]:
    ids = with_merged(organisation_id)
    wanted = {"organisation__in": ids, "state": PostState.PUBLISHED}
    offers = Offer.objects.filter(**wanted).select_related("commodity").order_by("pk")
    needs = Need.objects.filter(**wanted).select_related("commodity").order_by("pk")
    return (*offers, *needs)


def verified_parties(on: date) -> frozenset[int]:
    """Return the organisations with a verified linkage in force on the day, on either side.

    Those that were merged into one of them are among them.
    """
    rows = Linkage.objects.filter(in_force(on), verified_on__lte=on)
    sides = [rows.values_list(side, f"{side}__merged_into") for side in ("seller", "buyer")]
    named = {party or own for side in sides for own, party in side}
    merged = Organisation.objects.filter(merged_into__in=named).values_list("pk", flat=True)
    return frozenset({*named, *merged})
