"""Reads that leave a line in the audit log alone: `record_read` is the one way to write it.

The access matrix marks them: contacts for every office, a person's tax code for those who see it
whole and what two sides agreed; each page that a field officer reads of its area, and those that an
administrator reads by its office alone. Two readings stand in their subject's own history instead:
who opened a scan, and who read the telephone numbers of an organisation for an officer, where its
people see it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from linkage.errors import NotFound
from linkage.jobs.services import record_event
from linkage.registry.access import (
    Actor,
    Capability,
    Relation,
    reach,
    reads_as_administrator,
    reads_as_officer,
)
from linkage.registry.access_table import Column, Resource, noted_at_the_door
from linkage.registry.acting import of
from linkage.registry.models import ContactPerson, Organisation
from linkage.registry.services.claims import SUBJECT as ORGANISATION

SUBJECT = "reading"
READ = "read"
# What was read.
CONTACTS = "contacts"
TAX_CODE = "personal_tax_code"
CONSENT_SCAN = "consent_scan"
AREA_PAGE, OFFICE_PAGE = "area_page", "office_page"
# What a page is about whose address names none of these.
_PAGE = "page"
_NAMED = {"organisation_id": ORGANISATION, "linkage_id": "linkage"}


def record_read(
    *,
    actor: Actor,
    subject_kind: str,
    ids: Iterable[int],
    what: Collection[str],
    now: datetime,
    page: Mapping[str, Any] | None = None,
) -> None:
    """Note that the actor was shown `what` of these subjects; of none only for a whole `page`.

    Call it before the answer leaves: if the line cannot be written, nothing is shown.
    """
    named = sorted(set(ids))
    if not what or not (named or page):
        return
    record_event(
        subject_kind=SUBJECT,
        subject_id=f"{subject_kind}:{named[0]}" if len(named) == 1 else subject_kind,
        kind=READ,
        at=now,
        actor_id=actor.user_id,
        data={"of": subject_kind, "ids": named, "what": sorted(what), **(page or {})},
    )


@dataclass(frozen=True, slots=True)
class Look:
    """Something that is read at a door: its address by name, what that needs, which rows it names,
    and its resource in the access matrix."""

    page: str
    needs: Capability | Relation | None
    named: Mapping[str, Any]
    resource: Resource | None


def note_look(*, actor: Actor, look: Look, now: datetime) -> None:
    """Note what is read by right of an office alone, where the matrix says that it leaves a line.

    Of a field officer all that it reads of its area; of an administrator what its column marks and
    no service notes with more. Call it before the answer leaves.
    """
    if reads_as_officer(actor, look.needs, look.named.get("organisation_id")):
        what = AREA_PAGE
    elif look.resource is not None and reads_as_administrator(actor, look.needs):
        if not noted_at_the_door(look.resource, Column.ADMINISTRATOR):
            return
        what = OFFICE_PAGE
    else:
        return
    argument = next((name for name in _NAMED if name in look.named), None)
    record_read(
        actor=actor,
        subject_kind=_PAGE if argument is None else _NAMED[argument],
        ids=[] if argument is None else [look.named[argument]],
        what={what},
        now=now,
        page={"page": look.page, **{name: str(value) for name, value in look.named.items()}},
    )


def read_contacts(*, actor: Actor, organisation_id: int, now: datetime) -> list[ContactPerson]:
    """Return who speaks for an organisation of the officer's area, the representative first.

    The one way by which an officer reads a name and a telephone number: it writes the line in the
    organisation's history in the same transaction. Raises: NotAllowed; NotFound outside the area.
    """
    area = reach(actor, Capability.READ_CONTACTS)
    rows = Organisation.objects.filter(pk=organisation_id, merged_into=None)
    if area is not None:
        rows = rows.filter(pk__in=area)
    with transaction.atomic():
        if not rows.exists():
            raise NotFound
        record_event(
            subject_kind=ORGANISATION,
            subject_id=organisation_id,
            kind="contacts_read",
            at=now,
            actor_id=actor.user_id,
            data={},
        )
        people = ContactPerson.objects.filter(of(organisation_id))
        return list(people.order_by("-is_representative", "pk"))
