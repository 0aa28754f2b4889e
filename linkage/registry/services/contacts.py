"""The people who speak for an organisation beside its representative."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, NotFound
from linkage.registry import phones, values
from linkage.registry.access import Actor, Capability, require, require_admin
from linkage.registry.constraints import refusals
from linkage.registry.merging import person_key
from linkage.registry.models import ContactPerson, Organisation
from linkage.registry.services.claims import claim, mark_hand_edited, note

# A person's name and telephone are noted as changed and never copied into the history.
_NOTED = {"contact": "•"}


class ContactKnown(Conflict):
    """The organisation has this person with this number."""

    code = "contact_known"
    field = "name"
    words = _("This person is already there.")


def add_contact(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    name: str,
    phone: str,
    now: datetime,
) -> ContactPerson:
    """Add a person who speaks for the organisation; the representative is set by an edit.

    Raises: NotAllowed, NotFound, StaleVersion, TextInvalid, PhoneInvalid, ContactKnown. Nothing is
    written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    return _add(actor, organisation_id, version, _read(name, phone), now)


def add_own_contact(
    *, actor: Actor, organisation_id: int, version: int, name: str, phone: str, now: datetime
) -> ContactPerson:
    """The same by one who manages the organisation's accounts.

    Raises: NotAllowed, NotFound, StaleVersion, TextInvalid, PhoneInvalid, ContactKnown.
    """
    require_admin(actor, organisation_id)
    return _add(actor, organisation_id, version, _read(name, phone), now)


def _read(name: str, phone: str) -> ContactPerson:
    stored = values.text(name, field="name", limit=150, required=True)
    return ContactPerson(name=stored, phone=phones.parse(phone) if phone else "")


def _add(
    actor: Actor, organisation_id: int, version: int, contact: ContactPerson, now: datetime
) -> ContactPerson:
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        contact.organisation = organisation
        if person_key(contact) in {person_key(one) for one in organisation.contacts.all()}:
            raise ContactKnown
        contact.save()
        note(organisation, "contact_added", actor=actor, now=now, data={"after": _NOTED})
    return contact


def remove_contact(
    *, actor: Actor, organisation_id: int, version: int, contact_id: int, now: datetime
) -> Organisation:
    """Erase a person; a representative does not come back with the next import.

    Raises: NotAllowed, NotFound, StaleVersion. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    return _remove(actor, organisation_id, version, Q(pk=contact_id), now)


def remove_own_contact(
    *, actor: Actor, organisation_id: int, version: int, contact_id: int, now: datetime
) -> Organisation:
    """The same by one who manages the organisation's accounts; a representative is the register's.

    Raises: NotAllowed, NotFound, StaleVersion.
    """
    require_admin(actor, organisation_id)
    asked = Q(pk=contact_id, is_representative=False)
    return _remove(actor, organisation_id, version, asked, now)


def _remove(
    actor: Actor, organisation_id: int, version: int, asked: Q, now: datetime
) -> Organisation:
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        contact = organisation.contacts.filter(asked).first()
        if contact is None:
            raise NotFound
        if contact.is_representative:
            mark_hand_edited(organisation, "representative", "phone")
        contact.delete()
        note(organisation, "contact_removed", actor=actor, now=now, data={"before": _NOTED})
    return organisation
