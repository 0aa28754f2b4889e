"""The two steps that every change of an organisation begins and ends with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from linkage.errors import NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.jobs.services import record_event
from linkage.registry.access import Actor
from linkage.registry.models import Organisation, User

SUBJECT = "organisation"


def claim(organisation_id: int, version: int) -> Organisation:
    """Take the organisation at the version that the actor read, and give it the next one.

    One conditional UPDATE: of two who read the same version, the second gets StaleVersion.
    Merged organisations are history and cannot be changed. Raises: NotFound, StaleVersion.
    """
    rows = Organisation.objects.filter(pk=organisation_id, merged_into=None)
    if rows.filter(version=version).update(version=F("version") + 1) != 1:
        raise StaleVersion if rows.exists() else NotFound
    return rows.get()


def hold(organisation_id: int) -> Organisation:
    """Return the organisation, or the one it was merged into, as it is now; nobody else changes or
    merges it until the caller's transaction ends. Raises: NotFound.

    A lock that lets others point to the row: two who each wrote a row of the organisation and then
    hold it would wait for each other."""
    rows = Organisation.objects.filter(pk=organisation_id)
    while (kept_id := rows.values_list(Coalesce("merged_into", "pk")).first()) is not None:
        found = Organisation.objects.select_for_update(no_key=True).get(pk=kept_id[0])
        # It may have been merged itself while this waited for it.
        if found.merged_into_id is None:
            return found
    raise NotFound


def hold_unmerged(organisation_id: int) -> Organisation:
    """As `hold`, but for one that was merged: what is asked of it is not asked of its survivor.

    Raises: NotFound.
    """
    organisation = hold(organisation_id)
    if organisation.pk != organisation_id:
        raise NotFound
    return organisation


def hold_person(user_id: int) -> User:
    """Return the account; nobody else lets it act for somebody, or gives it an area, until the
    caller's transaction ends. Raises: NotFound."""
    person = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if person is None:
        raise NotFound
    return person


def wait_for_others_who_enter() -> None:
    """Organisations are looked up and entered one at a time, or two would enter the same one.

    There is no row yet that could be locked; on SQLite every transaction that writes is alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", ["partner"])


def mark_hand_edited(organisation: Organisation, *fields: str) -> None:
    """Note fields that a person set here, which imports leave alone from now on."""
    organisation.hand_edited = sorted({*organisation.hand_edited, *fields})
    organisation.save(update_fields=["hand_edited"])


def note(
    organisation: Organisation, kind: str, *, actor: Actor, now: datetime, data: dict[str, Any]
) -> Event:
    """Add a line to the organisation's history, in the caller's transaction."""
    return record_event(
        subject_kind=SUBJECT,
        subject_id=organisation.pk,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data=data,
    )
