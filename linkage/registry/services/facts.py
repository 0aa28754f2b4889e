"""Setting what is dated: status, kind, sector, commune. On a day the last one on or before counts.

A change with a day is added from that day on. Without a day, a kind, sector or commune is a
correction from the start: it replaces all there was, and the history says so. A status that ends
activity without a day stands beside the start and leaves the organisation to be settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Sector
from linkage.errors import Conflict
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import (
    ENDS_OF_ACTIVITY,
    Commune,
    CommuneFact,
    Kind,
    KindFact,
    Organisation,
    SectorFact,
    Status,
    StatusFact,
)
from linkage.registry.services.claims import claim, mark_hand_edited, note


class StatusBeforeFounding(Conflict):
    """Nothing stops before it began; whoever means it says so."""

    code = "status_before_founding"
    field = "before_founding"
    words = _("The day lies before the founding, %(founded_on)s. Say if it is meant so.")


@dataclass(frozen=True, slots=True)
class Fact:
    """A kind of dated fact: its table, the column of its value, the field's name in the history."""

    model: Any
    column: str
    field: str


STATUS = Fact(StatusFact, "status", "status")
_KIND = Fact(KindFact, "kind", "kind")
_SECTOR = Fact(SectorFact, "sector_id", "sector")
COMMUNE = Fact(CommuneFact, "commune_id", "commune")


def set_kind(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    kind: str,
    since: date | None,
    now: datetime,
) -> Organisation:
    """Say what the organisation is in law since a day; without one, from the start.

    Raises: NotAllowed, NotFound, StaleVersion, ValueUnknown, DayOutOfRange.
    """
    known = kind in Kind.values
    return _set(
        _KIND,
        actor=actor,
        organisation_id=organisation_id,
        version=version,
        value=kind,
        known=known,
        since=since,
        now=now,
    )


def set_sector(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    sector_code: str,
    since: date | None,
    now: datetime,
) -> Organisation:
    """Say which branch it works in since a day; without one, from the start.

    Raises: NotAllowed, NotFound, StaleVersion, ValueUnknown, DayOutOfRange.
    """
    known = Sector.objects.filter(pk=sector_code).exists()
    return _set(
        _SECTOR,
        actor=actor,
        organisation_id=organisation_id,
        version=version,
        value=sector_code,
        known=known,
        since=since,
        now=now,
    )


def set_commune(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    commune_code: str,
    since: date | None,
    now: datetime,
) -> Organisation:
    """Say where it is since a day; without one, from the start, which also settles its place.

    Raises: NotAllowed, NotFound, StaleVersion, ValueUnknown, DayOutOfRange.
    """
    known = Commune.objects.filter(pk=commune_code).exists()
    return _set(
        COMMUNE,
        actor=actor,
        organisation_id=organisation_id,
        version=version,
        value=commune_code,
        known=known,
        since=since,
        now=now,
    )


def set_status(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    status: str,
    since: date | None,
    now: datetime,
    before_founding: bool = False,
) -> Organisation:
    """Say whether it works since a day. Without one: active is from the start, and an end of
    activity is one whose day is not known, which leaves the organisation to be settled.

    `before_founding` says that a day before the founding is meant. Raises: NotAllowed, NotFound,
    StaleVersion, ValueUnknown, DayOutOfRange, StatusBeforeFounding.
    """
    known = status in Status.values and status != Status.UNKNOWN
    if not before_founding:
        require(actor, Capability.WRITE_ORGANISATIONS)
        refuse_before_founding(organisation_id, since)
    return _set(
        STATUS,
        actor=actor,
        organisation_id=organisation_id,
        version=version,
        value=status,
        known=known,
        since=since,
        now=now,
    )


def refuse_before_founding(organisation_id: int, since: date | None) -> None:
    """Raises: StatusBeforeFounding. An organisation that does not exist is refused elsewhere."""
    asked = Organisation.objects.filter(pk=organisation_id).values_list("founded_on", flat=True)
    founded_on = asked.first()
    if since is not None and founded_on is not None and since < founded_on:
        raise StatusBeforeFounding(founded_on=date_format(founded_on, "SHORT_DATE_FORMAT"))


def _set(
    fact: Fact,
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    value: str,
    known: bool,
    since: date | None,
    now: datetime,
) -> Organisation:
    """The one way in which a dated fact is written."""
    require(actor, Capability.WRITE_ORGANISATIONS)
    if not known:
        raise values.ValueUnknown(field=fact.field)
    if since is not None:
        values.day(since, field="since")
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        before = timeline(fact, organisation)
        if fact is STATUS:
            _write_status(organisation, value, since)
        else:
            _write(fact, organisation, value, since)
        mark_hand_edited(organisation, fact.field)
        ends = fact is STATUS and value in ENDS_OF_ACTIVITY
        is_correction = since is None and not ends
        note_set(fact, organisation, before, since, correction=is_correction, actor=actor, now=now)
    return organisation


def _write(fact: Fact, organisation: Organisation, value: str, since: date | None) -> None:
    rows = fact.model.objects.filter(organisation=organisation)
    # Without a day it was so from the start: whatever was dated before was wrong too.
    (rows if since is None else rows.filter(since=since)).delete()
    fact.model.objects.create(**{"organisation": organisation, "since": since, fact.column: value})


def _write_status(organisation: Organisation, status: str, since: date | None) -> None:
    facts = StatusFact.objects.filter(organisation=organisation)
    # A word that said nothing gives way to one that does.
    facts.filter(status=Status.UNKNOWN).delete()
    if status not in ENDS_OF_ACTIVITY:
        return _write(STATUS, organisation, status, since)
    # An end with its day takes the place of an end without one.
    facts.filter(since=None, status__in=ENDS_OF_ACTIVITY).delete()
    facts.filter(since=since).exclude(since=None).delete()
    StatusFact.objects.create(organisation=organisation, status=status, since=since)
    return start_active(organisation)


def start_active(organisation: Organisation) -> None:
    """What ended had begun: without any start the organisation was active until then."""
    facts = StatusFact.objects.filter(organisation=organisation)
    if not facts.filter(status=Status.ACTIVE).exists():
        StatusFact.objects.create(organisation=organisation, status=Status.ACTIVE)


def note_set(
    fact: Fact,
    organisation: Organisation,
    before: list[list[Any]],
    since: date | None,
    *,
    actor: Actor,
    now: datetime,
    correction: bool = False,
) -> None:
    """Keep in the history what the fact's values were and are now, in the caller's transaction."""
    data = {
        "before": before,
        "after": timeline(fact, organisation),
        "since": iso(since),
        "correction": correction,
    }
    note(organisation, f"{fact.field}_set", actor=actor, now=now, data=data)


def timeline(fact: Fact, organisation: Organisation) -> list[list[Any]]:
    """The fact's values by day, as the history keeps them."""
    rows = fact.model.objects.filter(organisation=organisation).order_by("id")
    pairs = sorted(rows.values_list("since", fact.column), key=lambda pair: pair[0] or date.min)
    return [[iso(since), value] for since, value in pairs]


def iso(day: date | None) -> str | None:
    """A day as the history keeps it."""
    return day.isoformat() if day else None
