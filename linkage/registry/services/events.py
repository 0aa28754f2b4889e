"""Recording what happened to an organisation in law on a day; every earlier day stays as it was.

Linkages are nobody's to move here: they stay with who signed them, unless somebody enters others.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, Invalid, NotFound
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import (
    CommuneFact,
    Organisation,
    RegistryEvent,
    Status,
    StatusFact,
)
from linkage.registry.on_a_day import on_day
from linkage.registry.services.claims import hold, hold_unmerged, note
from linkage.registry.services.facts import set_commune, set_status
from linkage.registry.services.organisations import (
    Details,
    create_organisation,
    edit_organisation,
)

LONGEST_SOURCE = 500
_Kind = RegistryEvent.Kind


class DayNotCome(Invalid):
    """What has not happened yet changes nothing."""

    code = "day_not_come"
    field = "on"
    words = _("This day has not come yet.")


class BeforeItsFounding(Invalid):
    """Nothing happened to it before it was there."""

    code = "before_its_founding"
    field = "on"
    words = _("On this day it was not founded yet.")


class LaterEventKnown(Conflict):
    """What the register has of a later day says already what it was before."""

    code = "later_event_known"
    field = "on"
    words = _(
        "The register has it otherwise from a later day on. Enter such events in their order, or"
        " withdraw the later one."
    )


class OtherNotAtWork(Conflict):
    """Nothing goes into who is not there on the day."""

    code = "other_not_at_work"
    field = "into"
    words = _("The other one was not at work on this day.")


class NothingNew(Invalid):
    """It is so already."""

    code = "nothing_new"
    words = _("It is so already.")


def record_new_name(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    name: str,
    on: date,
    source: str,
    now: datetime,
) -> Organisation:
    """It bears another name from the day on; the one before is kept for earlier days.

    Raises: NotAllowed, NotFound, StaleVersion, DayNotCome, DayOutOfRange, BeforeItsFounding,
    LaterEventKnown, NothingNew, TextInvalid. Nothing is written then.
    """
    details: Details = {"name": name}
    return _rewrite(
        "name", _Kind.NEW_NAME, details,
        actor=actor, organisation_id=organisation_id, version=version, on=on, source=source,
        now=now,
    )  # fmt: skip


def record_new_tax_code(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    tax_code: str,
    on: date,
    source: str,
    now: datetime,
) -> Organisation:
    """It bears another tax code from the day on. Raises: as record_new_name; Conflict, if used."""
    details: Details = {"tax_code": tax_code}
    return _rewrite(
        "tax_code", _Kind.NEW_TAX_CODE, details,
        actor=actor, organisation_id=organisation_id, version=version, on=on, source=source,
        now=now,
    )  # fmt: skip


def record_move(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    commune_code: str,
    on: date,
    source: str,
    now: datetime,
) -> Organisation:
    """It is in another commune from the day on: a figure of an earlier day counts it where it was.

    Raises: as record_new_name; ValueUnknown.
    """
    said = _said(actor, organisation_id, on, source, now)
    with refusals(), transaction.atomic():
        hold(organisation_id)
        _refuse_later(CommuneFact, organisation_id, on)
        organisation = set_commune(
            actor=actor,
            organisation_id=organisation_id,
            version=version,
            commune_code=commune_code,
            since=on,
            now=now,
        )
        _record(organisation, _Kind.MOVE, said, actor=actor, now=now, after=commune_code)
    return organisation


def record_split(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    name: str,
    on: date,
    source: str,
    now: datetime,
    tax_code: str | None = None,
    is_another: bool = False,
) -> Organisation:
    """Another one comes out of it on the day, and is returned: of its kind, sector and commune.

    The old one goes on with all its linkages. `is_another` says that the new one is none of those
    of the register that it may be. Raises: as record_new_name; OrganisationAlike; Conflict for a
    tax code in use.
    """
    said = _said(actor, organisation_id, on, source, now)
    with refusals(), transaction.atomic():
        edit_organisation(
            actor=actor, organisation_id=organisation_id, version=version, details={}, now=now
        )
        # The facts on the day stand beside the row.
        old: Any = on_day(Organisation.objects.filter(pk=organisation_id), on).get()
        details: Details = {"name": name, "founded_on": on, "tax_code": tax_code}
        new = create_organisation(
            actor=actor,
            kind=old.kind_on,
            details=details,
            sector_code=old.sector_on,
            commune_code=old.commune_on,
            is_another=is_another,
            now=now,
        )
        _record(old, _Kind.SPLIT, said, actor=actor, now=now, other=new)
    return new


def record_split_into(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    into_id: int,
    on: date,
    source: str,
    now: datetime,
) -> Organisation:
    """One that the register has came out of it on the day, and is returned as it was before.

    Raises: as record_new_name; NothingNew for itself, and where the register has the split already;
    OtherNotAtWork.
    """
    said = _said(actor, organisation_id, on, source, now)
    if into_id == organisation_id:
        raise NothingNew(field="into")
    with refusals(), transaction.atomic():
        into = _hold_both(organisation_id, into_id)
        splits = RegistryEvent.objects.filter(kind=_Kind.SPLIT, organisation=organisation_id)
        if splits.filter(other=into_id).exists():
            raise NothingNew(field="into")
        _refuse_idle(into_id, on)
        old = edit_organisation(
            actor=actor, organisation_id=organisation_id, version=version, details={}, now=now
        )
        _record(old, _Kind.SPLIT, said, actor=actor, now=now, other=into)
    return into


def record_merger(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    into_id: int,
    on: date,
    source: str,
    now: datetime,
) -> Organisation:
    """It goes into another on the day and is dissolved from then on; both stay in the register.

    Its linkages stay its own. Raises: as record_new_name, LaterEventKnown also where it has another
    status from a later day on, or took somebody in on the day or later; NothingNew for itself, and
    where it went into somebody already; OtherNotAtWork.
    """
    said = _said(actor, organisation_id, on, source, now)
    if into_id == organisation_id:
        raise NothingNew(field="into")
    with refusals(), transaction.atomic():
        # Of two that go into each other in one moment the second sees the first.
        into = _hold_both(organisation_id, into_id)
        _refuse_merger(organisation_id, into_id, on)
        organisation = set_status(
            actor=actor,
            organisation_id=organisation_id,
            version=version,
            status=Status.DISSOLVED,
            since=on,
            now=now,
        )
        _record(organisation, _Kind.MERGER, said, actor=actor, now=now, other=into)
    return organisation


def _refuse_merger(organisation_id: int, into_id: int, on: date) -> None:
    """Raises: LaterEventKnown, NothingNew, OtherNotAtWork."""
    _refuse_later(StatusFact, organisation_id, on)
    mergers = RegistryEvent.objects.filter(kind=_Kind.MERGER)
    if mergers.filter(organisation=organisation_id).exists():
        raise NothingNew(field="into")
    _refuse_idle(into_id, on)
    if mergers.filter(other=organisation_id, on__gte=on).exists():
        raise LaterEventKnown


def _hold_both(organisation_id: int, into_id: int) -> Organisation:
    """Hold both in order of id; return the other one. Raises: NotFound, for one that was merged."""
    held = {one: hold_unmerged(one) for one in sorted((organisation_id, into_id))}
    return held[into_id]


def _refuse_idle(other_id: int, on: date) -> None:
    """Raises: OtherNotAtWork."""
    # Of many a firm no status is known; it may have a part in it.
    idle = Q(founded_on__gt=on) | ~Q(status_on__in=(Status.ACTIVE, Status.UNKNOWN))
    if on_day(Organisation.objects.filter(pk=other_id), on).filter(idle).exists():
        raise OtherNotAtWork


def _refuse_later(facts: type[Model], organisation_id: int, on: date) -> None:
    """What holds from a later day on would take the event back. Raises: LaterEventKnown."""
    if facts._default_manager.filter(organisation=organisation_id, since__gt=on).exists():
        raise LaterEventKnown


def _rewrite(
    field: str, kind: RegistryEvent.Kind, details: Details, *, actor: Actor,
    organisation_id: int, version: int, on: date, source: str, now: datetime,
) -> Organisation:  # fmt: skip
    """Change what the organisation bears now and keep what it bore until the day."""
    said = _said(actor, organisation_id, on, source, now)
    events = RegistryEvent.objects.filter(organisation=organisation_id, kind=kind)
    if events.filter(on__gte=on).exists():
        raise LaterEventKnown
    with refusals(), transaction.atomic():
        before = _present(organisation_id, field)
        organisation = edit_organisation(
            actor=actor,
            organisation_id=organisation_id,
            version=version,
            details=details,
            now=now,
        )
        after = getattr(organisation, field) or ""
        if before == after:
            raise NothingNew(field=field)
        _record(organisation, kind, said, actor=actor, now=now, before=before, after=after)
    return organisation


def _present(organisation_id: int, field: str) -> str:
    found = Organisation.objects.filter(pk=organisation_id).values_list(field, flat=True).first()
    return str(found or "")


def _said(
    actor: Actor, organisation_id: int, on: date, source: str, now: datetime
) -> dict[str, Any]:
    """The day and the paper, checked before anything is written."""
    require(actor, Capability.WRITE_ORGANISATIONS)
    found = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if found is None:
        raise NotFound
    if values.day(on, field="on") > timezone.localdate(now):
        raise DayNotCome
    if found.founded_on is not None and on < found.founded_on:
        raise BeforeItsFounding
    paper = values.text(source, field="source", limit=LONGEST_SOURCE, required=True)
    return {"on": on, "source": paper}


def _record(
    organisation: Organisation,
    kind: RegistryEvent.Kind,
    said: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    **more: Any,
) -> None:
    RegistryEvent.objects.create(
        organisation=organisation,
        kind=kind,
        recorded_at=now,
        recorded_by_id=actor.user_id,
        **said,
        **more,
    )
    other = more.get("other")
    told = {"on": said["on"].isoformat(), "source": said["source"]}
    if other is not None:
        told["other_organisation"] = other.pk
        note(other, f"{kind.value}_other", actor=actor, now=now, data={
            "on": told["on"], "source": told["source"], "other_organisation": organisation.pk,
        })  # fmt: skip
    note(organisation, f"{kind.value}_recorded", actor=actor, now=now, data=told)
