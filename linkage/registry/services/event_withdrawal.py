"""Taking back an event in law that was recorded wrongly: what it changed is as it was before.

The last of its kind alone can be taken back, and only while nobody changed what it wrote since.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, NotFound
from linkage.jobs.models import Event
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import Organisation, RegistryEvent, Status
from linkage.registry.services.claims import SUBJECT, claim, note
from linkage.registry.services.events import LaterEventKnown
from linkage.registry.services.facts import COMMUNE, STATUS, Fact, note_set, timeline
from linkage.registry.services.organisations import Details, edit_organisation

_Kind = RegistryEvent.Kind
_DATED = {_Kind.MOVE: COMMUNE, _Kind.MERGER: STATUS}
_BORNE = {_Kind.NEW_NAME: "name", _Kind.NEW_TAX_CODE: "tax_code"}


class ChangedSince(Conflict):
    """What the event wrote stands there no more: somebody's later word would be undone."""

    code = "event_changed_since"
    words = _("What this event changed was changed again since: put that right by itself.")


def withdraw_event(
    *,
    actor: Actor,
    organisation_id: int,
    event_id: int,
    version: int,
    reason: str,
    now: datetime,
) -> Organisation:
    """Take an event back: name, code, commune or status are as they were before it was recorded.

    Who came out of a split stays in the register, as an organisation that somebody entered. The
    history keeps the event and the reason. Raises: NotAllowed, NotFound, StaleVersion, TextInvalid,
    LaterEventKnown, ChangedSince. Nothing is changed then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    why = values.text(reason, field="reason", limit=values.LONGEST_REASON, required=True)
    with refusals(), transaction.atomic():
        event = RegistryEvent.objects.filter(pk=event_id, organisation=organisation_id).first()
        if event is None:
            raise NotFound
        if event.kind != _Kind.SPLIT and _is_overtaken(event):
            raise LaterEventKnown
        organisation = _as_before(event, actor, version, now)
        told = {"on": event.on.isoformat(), "source": event.source, "reason": why}
        note(organisation, f"{event.kind}_withdrawn", actor=actor, now=now, data=told)
        if event.other is not None:
            note(event.other, f"{event.kind}_other_withdrawn", actor=actor, now=now, data=told)
        event.delete()
    return organisation


def _as_before(event: RegistryEvent, actor: Actor, version: int, now: datetime) -> Organisation:
    """The organisation, claimed, with what it had before the event."""
    if event.kind in _BORNE:
        return _bear_again(event, actor, version, now)
    organisation = claim(event.organisation_id, version)
    if event.kind in _DATED:
        fact = _DATED[_Kind(event.kind)]
        before = timeline(fact, organisation)
        _restore(fact, event, organisation)
        # As any other change of the fact: figures of what the register had are old.
        note_set(fact, organisation, before, event.on, actor=actor, now=now)
    return organisation


def _bear_again(event: RegistryEvent, actor: Actor, version: int, now: datetime) -> Organisation:
    field = _BORNE[_Kind(event.kind)]
    rows = Organisation.objects.filter(pk=event.organisation_id)
    if (rows.values_list(field, flat=True).first() or "") != event.after:
        raise ChangedSince
    details: Details = {"name": event.before} if field == "name" else {"tax_code": event.before}
    return edit_organisation(
        actor=actor, organisation_id=event.organisation_id, version=version, details=details,
        now=now,
    )  # fmt: skip


def _restore(fact: Fact, event: RegistryEvent, organisation: Organisation) -> None:
    """The fact's values as the event found them: one of its day may have given way to it.

    The history has them. Raises: ChangedSince, if they are not as the event left them.
    """
    wrote = [event.on.isoformat(), event.after or Status.DISSOLVED.value]
    written = Event.objects.filter(
        subject_kind=SUBJECT, subject_id=str(organisation.pk), kind=f"{fact.field}_set"
    )
    told = written.filter(at=event.recorded_at).order_by("-pk").values_list("data", flat=True)
    said = next((data for data in told if wrote in data["after"]), None)
    if said is None or timeline(fact, organisation) != said["after"]:
        raise ChangedSince
    rows = fact.model.objects.filter(organisation=organisation)
    for since, value in said["after"]:
        if [since, value] not in said["before"]:
            rows.filter(**{"since": since, fact.column: value}).delete()
    for since, value in said["before"]:
        if [since, value] not in said["after"]:
            fact.model.objects.create(
                **{"organisation": organisation, "since": since, fact.column: value}
            )


def _is_overtaken(event: RegistryEvent) -> bool:
    rows = RegistryEvent.objects.filter(organisation=event.organisation_id, kind=event.kind)
    return rows.filter(on__gt=event.on).exists()
