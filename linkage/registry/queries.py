"""The reads of the registry. Organisations merged into another are in no list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from linkage.catalogue.models import Sector
from linkage.errors import Conflict, NotFound
from linkage.jobs.models import Event
from linkage.jobs.queries import events_of
from linkage.registry import tax_codes, values
from linkage.registry.access import Actor, Capability, allows, reach, require
from linkage.registry.acting import open_memberships
from linkage.registry.merging import Moves, moves_of
from linkage.registry.models import (
    COUNTED_KINDS,
    ENDS_OF_ACTIVITY,
    Certificate,
    Commune,
    CommuneFact,
    ContactPerson,
    Kind,
    KindFact,
    MemberRole,
    Membership,
    Organisation,
    Product,
    SectorFact,
    Status,
    StatusFact,
    User,
)
from linkage.registry.on_a_day import on_day
from linkage.registry.services.claims import SUBJECT
from linkage.registry.services.merging import refuse_merge
from linkage.registry.unmerging import Undoing, undoing_of
from linkage.text import search_key

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of organisations is narrowed to; None narrows nothing.

    `text` is looked for in the name, with or without its marks, and at the start of a tax code
    that is no person's. `to_be_settled` and `ids` (of an upper package: who is linked) likewise.
    """

    text: str = ""
    kind: str | None = None
    status: str | None = None
    sector: str | None = None
    commune: str | None = None
    to_be_settled: bool | None = None
    ids: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """An organisation as an actor may see it on a day; `contacts` is None where it is masked."""

    organisation: Organisation
    tax_code: str | None
    status: Status | None
    kind: Kind | None
    sector: Sector | None
    commune: Commune | None
    commune_as_written: str
    contacts: tuple[ContactPerson, ...] | None
    products: tuple[Product, ...]
    certificates: tuple[Certificate, ...]
    to_settle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeSides:
    """Two organisations before the second is merged into the first; `refusal`: why they cannot.

    Who acts for each on the day, oldest first. Nobody of the merged one comes to manage accounts
    where `is_managed`.
    """

    kept: Card
    merged: Card
    moves: Moves
    refusal: Conflict | None
    kept_people: tuple[Membership, ...]
    merged_people: tuple[Membership, ...]

    @property
    def is_managed(self) -> bool:
        """Whether somebody manages the accounts of the one that stays."""
        return any(one.role == MemberRole.ADMIN for one in self.kept_people)


@dataclass(frozen=True, slots=True)
class FactLine:
    """A dated fact: what it is about, since when (None: from the start), its value as text."""

    field: str
    since: date | None
    value: str
    as_written: str


@dataclass(frozen=True, slots=True)
class History:
    """The dated facts by field and day, and what was done, oldest first."""

    facts: tuple[FactLine, ...]
    events: tuple[Event, ...]


def listing(*, actor: Actor, on: date, filters: Filters = Filters()) -> QuerySet[Organisation]:
    """Return organisations in Vietnamese order, each with its facts on the day.

    Annotated: `status_on`, `kind_on`, `sector_on`, `commune_on` (codes), `needs_settling`. Ordered
    by (sort_key, id), fit for a cursor. Raises: NotAllowed; TextInvalid for a search too long.
    """
    area = reach(actor, Capability.READ_ORGANISATIONS)
    rows = on_day(Organisation.objects.filter(merged_into=None), on).annotate(
        needs_settling=_needs_settling()
    )
    if area is not None:
        rows = rows.filter(pk__in=area)
    wanted = {
        "status_on": filters.status,
        "kind_on": filters.kind,
        "sector_on": filters.sector,
        "commune_on": filters.commune,
        "needs_settling": filters.to_be_settled,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if filters.ids is not None:
        rows = rows.filter(pk__in=filters.ids)
    return _matching(rows, filters.text).order_by("sort_key", "id")


def _matching(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    sought = values.text(text, field="q", limit=LONGEST_SEARCH)
    if not sought:
        return rows
    found = Q(search_key__contains=search_key(sought)) if search_key(sought) else Q(pk=None)
    digits = sought.replace(" ", "").replace(".", "")
    if digits.replace("-", "").isdigit():
        # A person's code is never found by trying out its beginnings.
        personal = Q(tax_code__regex=r"^[0-9]{12}$")
        found |= Q(tax_code__startswith=digits) & ~personal
    return rows.filter(found)


def _needs_settling() -> Combinable | Q:
    """No founding day, no known status, or an end of activity whose day is not known."""
    statuses = StatusFact.objects.filter(organisation=OuterRef("pk"))
    return (
        Q(founded_on=None)
        | ~Exists(statuses)
        | Exists(statuses.filter(status=Status.UNKNOWN))
        | Exists(statuses.filter(since=None, status__in=ENDS_OF_ACTIVITY))
    )


def detail(*, actor: Actor, organisation_id: int, on: date) -> Card:
    """Return an organisation with its facts on the day, masked as the actor's roles ask.

    Raises: NotAllowed; NotFound, also for one that was merged into another.
    """
    _must_reach(actor, Capability.READ_ORGANISATIONS, organisation_id)
    organisation = (
        Organisation.objects.filter(pk=organisation_id, merged_into=None)
        .prefetch_related(
            "contacts",
            "products__commodity",
            "certificates__certification",
            "status_facts",
            "kind_facts",
            "sector_facts__sector",
            "commune_facts__commune",
        )
        .first()
    )
    if organisation is None:
        raise NotFound
    status: StatusFact | None = _last(organisation.status_facts.all(), on)
    kind: KindFact | None = _last(organisation.kind_facts.all(), on)
    sector: SectorFact | None = _last(organisation.sector_facts.all(), on)
    commune: CommuneFact | None = _last(organisation.commune_facts.all(), on)
    see_contacts = allows(actor, Capability.READ_CONTACTS)
    return Card(
        organisation=organisation,
        tax_code=shown_tax_code(actor, organisation.tax_code),
        status=Status(status.status) if status else None,
        kind=Kind(kind.kind) if kind else None,
        sector=sector.sector if sector else None,
        commune=commune.commune if commune else None,
        commune_as_written=commune.as_written if commune else "",
        contacts=tuple(organisation.contacts.all()) if see_contacts else None,
        products=tuple(organisation.products.all()),
        certificates=tuple(organisation.certificates.all()),
        to_settle=reasons_to_settle(organisation, kind),
    )


def merge_sides(*, actor: Actor, organisation_id: int, merged_id: int, on: date) -> MergeSides:
    """Return what a merge of `merged_id` into `organisation_id` would do; nothing is written.

    Raises: NotAllowed; NotFound, also for one that was merged into another.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    require(actor, Capability.READ_CONTACTS)
    kept = detail(actor=actor, organisation_id=organisation_id, on=on)
    merged = detail(actor=actor, organisation_id=merged_id, on=on)
    moves = moves_of(kept.organisation, merged.organisation)
    return MergeSides(
        kept=kept,
        merged=merged,
        moves=replace(moves, tax_code=shown_tax_code(actor, moves.tax_code)),
        refusal=_refusal(kept.organisation, merged.organisation),
        kept_people=_people(organisation_id, on),
        merged_people=_people(merged_id, on),
    )


def _people(organisation_id: int, on: date) -> tuple[Membership, ...]:
    rows = open_memberships(organisation_id, on).select_related("user")
    return tuple(rows.order_by("pk"))


def undoing(*, actor: Actor, organisation_id: int) -> Undoing:
    """Return what undoing the merge of the organisation would do; nothing is written.

    Raises: NotAllowed; NotFound, if it was not merged into another.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    require(actor, Capability.READ_CONTACTS)
    return undoing_of(organisation_id)


def _refusal(kept: Organisation, merged: Organisation) -> Conflict | None:
    try:
        refuse_merge(kept, merged)
    except Conflict as refusal:
        return refusal
    return None


def shown_tax_code(actor: Actor, code: str | None) -> str | None:
    """Return a tax code as the actor may see it: a person's is masked unless the roles allow."""
    if code is None or allows(actor, Capability.READ_PERSONAL_TAX_CODES):
        return code
    return tax_codes.masked(code)


def reasons_to_settle(organisation: Organisation, kind: KindFact | None) -> tuple[str, ...]:
    """Return why it is in no denominator: founding_day_missing, status_unknown, end_day_missing.

    Nothing for a kind that the plan does not count: as the figures, so the page.
    """
    if kind is None or kind.kind not in COUNTED_KINDS:
        return ()
    facts = list(organisation.status_facts.all())
    reasons = {
        "founding_day_missing": organisation.founded_on is None,
        "status_unknown": not facts or any(fact.status == Status.UNKNOWN for fact in facts),
        "end_day_missing": any(
            fact.since is None and fact.status in ENDS_OF_ACTIVITY for fact in facts
        ),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _last(facts: Any, on: date) -> Any:
    """The fact that counts on the day: undated ones first, then by day; ties by id."""
    known = [fact for fact in facts if fact.since is None or fact.since <= on]
    return max(known, key=lambda fact: (fact.since or date.min, fact.pk), default=None)


def history(*, actor: Actor, organisation_id: int) -> History:
    """Return an organisation's dated facts and what was done to it; also of a merged one.

    Raises: NotAllowed, NotFound.
    """
    _must_reach(actor, Capability.READ_EVENTS, organisation_id)
    organisation = (
        Organisation.objects.filter(pk=organisation_id)
        .prefetch_related(
            "status_facts", "kind_facts", "sector_facts__sector", "commune_facts__commune"
        )
        .first()
    )
    if organisation is None:
        raise NotFound
    lines = [
        *(FactLine("kind", f.since, f.kind, f.as_written) for f in organisation.kind_facts.all()),
        *(
            FactLine("status", f.since, f.status, f.as_written)
            for f in organisation.status_facts.all()
        ),
        *(
            FactLine("sector", f.since, str(f.sector or ""), f.as_written)
            for f in organisation.sector_facts.all()
        ),
        *(
            FactLine("commune", f.since, str(f.commune or ""), f.as_written)
            for f in organisation.commune_facts.all()
        ),
    ]
    lines.sort(key=lambda line: (line.field, line.since or date.min))
    return History(tuple(lines), tuple(_shown_to(actor, events_of(SUBJECT, organisation_id))))


def _shown_to(actor: Actor, events: QuerySet[Event]) -> QuerySet[Event]:
    """Of a history the lines that the actor may read: to a field officer its own acts."""
    return (
        events if allows(actor, Capability.READ_EVENTS) else events.filter(actor_id=actor.user_id)
    )


@dataclass(frozen=True, slots=True)
class Absorbed:
    """An organisation that was merged into another, and what was done to it, oldest first."""

    organisation: Organisation
    events: tuple[Event, ...]


def absorbed_by(*, actor: Actor, organisation_id: int) -> list[Absorbed]:
    """Return what was merged into the organisation, each with its history. Raises: NotAllowed."""
    _must_reach(actor, Capability.READ_EVENTS, organisation_id)
    merged = Organisation.objects.filter(merged_into=organisation_id).order_by("sort_key", "pk")
    of_merged: dict[str, list[Event]] = {str(one.pk): [] for one in merged}
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=of_merged).order_by("pk")
    for event in _shown_to(actor, rows) if of_merged else ():
        of_merged[event.subject_id].append(event)
    return [Absorbed(one, tuple(of_merged[str(one.pk)])) for one in merged]


def survivor_of(*, actor: Actor, organisation_id: int) -> int | None:
    """Return where a merged organisation went, None for any other. Raises: NotAllowed."""
    area = reach(actor, Capability.READ_EVENTS)
    merged = Organisation.objects.filter(pk=organisation_id).exclude(merged_into=None)
    found = merged.values_list("merged_into", flat=True).first()
    return found if area is None or found in area else None


def _must_reach(actor: Actor, capability: Capability, organisation_id: int) -> None:
    """Raises: NotAllowed; NotFound for what is outside the area of a field officer."""
    area = reach(actor, capability)
    if area is not None and organisation_id not in area:
        raise NotFound


def with_merged(organisation_id: int) -> list[int]:
    """Return the organisation's id and those of all that were merged into it."""
    merged = Organisation.objects.filter(merged_into=organisation_id).order_by("id")
    return [organisation_id, *merged.values_list("id", flat=True)]


def accounts(*, actor: Actor) -> QuerySet[User]:
    """Return everybody who has an account, with their role grants. Raises: NotAllowed."""
    require(actor, Capability.READ_ACCOUNTS)
    return User.objects.prefetch_related("role_grants__communes").order_by("username")
