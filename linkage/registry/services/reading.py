"""What field officers read in their area: each reading leaves an event before it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from linkage.errors import NotFound
from linkage.jobs.services import record_event
from linkage.registry.access import Actor, Capability, reach
from linkage.registry.acting import of
from linkage.registry.models import ContactPerson, Organisation
from linkage.registry.services.claims import SUBJECT
from linkage.registry.services.memberships import person_id

READING = "area_reading"


def note_reading(*, actor: Actor, page: str, named: Mapping[str, Any], now: datetime) -> None:
    """Note that an officer reads a page of its area, and which rows its address names.

    The history is the officer's own: an organisation's would grow by a line with every look.
    """
    data = {"page": page, **{name: str(value) for name, value in named.items()}}
    record_event(
        subject_kind=READING,
        subject_id=person_id(actor),
        kind="area_read",
        at=now,
        actor_id=actor.user_id,
        data=data,
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
            subject_kind=SUBJECT,
            subject_id=organisation_id,
            kind="contacts_read",
            at=now,
            actor_id=actor.user_id,
            data={},
        )
        people = ContactPerson.objects.filter(of(organisation_id))
        return list(people.order_by("-is_representative", "pk"))
