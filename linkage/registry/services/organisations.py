"""Creating and correcting organisations; what is dated about them is set in `facts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Sector
from linkage.errors import Conflict, Invalid
from linkage.registry import phones, tax_codes, values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.alike import alike
from linkage.registry.constraints import refusals
from linkage.registry.models import (
    Commune,
    CommuneFact,
    ContactPerson,
    Kind,
    KindFact,
    Organisation,
    Product,
    SectorFact,
    Status,
    StatusFact,
)
from linkage.registry.models.organisations import Origin
from linkage.registry.services.claims import (
    claim,
    mark_hand_edited,
    note,
    wait_for_others_who_enter,
)
from linkage.registry.services.products import commodity_of
from linkage.text import identity_key, search_key, sort_key

_LARGEST_COUNT = 1_000_000
# Names and telephones of people are changed, noted as changed, and not copied into the history.
_PERSONAL = frozenset({"representative", "phone"})


class MembersOutOfRange(Invalid):
    """A number of members that cannot be."""

    code = "members_out_of_range"
    field = "members"
    words = _("The number of members lies outside 0 to 1,000,000.")


class PhoneWithoutPerson(Invalid):
    """A telephone number belongs to a person."""

    code = "phone_without_person"
    field = "representative"
    words = _("A telephone number needs the name of the representative.")


class OrganisationAlike(Conflict):
    """The register may have it already; `alike` holds those that a person has to look at."""

    code = "organisation_alike"
    field = "is_another"
    words = _("The register has this name already. Look whether it is the same organisation.")

    def __init__(self, alike: list[Organisation]) -> None:
        super().__init__()
        self.alike = alike


class Details(TypedDict, total=False):
    """What a person may set without a date; a key that is absent stays as it is.

    None or "" empties a field; `phone` is the representative's.
    """

    name: str
    tax_code: str | None
    founded_on: date | None
    members: int | None
    role_in_chain: str
    representative: str
    phone: str
    product: str


def create_organisation(
    *,
    actor: Actor,
    kind: str,
    details: Details,
    now: datetime,
    sector_code: str | None = None,
    commune_code: str | None = None,
    origin: Origin = Origin.STAFF,
    is_another: bool = False,
) -> Organisation:
    """Enter an organisation that is active from the start; `details` must hold its name.

    `is_another` says that it is none of those that it may be (`alike`). Raises: NotAllowed; Invalid
    for a value that cannot be; OrganisationAlike; Conflict for a tax code in use. Nothing is
    written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    if kind not in Kind.values:
        raise values.ValueUnknown(field="kind")
    if sector_code is not None and not Sector.objects.filter(pk=sector_code).exists():
        raise values.ValueUnknown(field="sector")
    if commune_code is not None and not Commune.objects.filter(pk=commune_code).exists():
        raise values.ValueUnknown(field="commune")
    organisation = Organisation(origin=origin)
    with refusals(), transaction.atomic():
        wait_for_others_who_enter()
        if not is_another:
            _refuse_alike(details, commune_code, on=localdate(now))
        changed = _apply(organisation, {"name": "", **details})
        StatusFact.objects.create(organisation=organisation, status=Status.ACTIVE)
        KindFact.objects.create(organisation=organisation, kind=kind)
        SectorFact.objects.create(organisation=organisation, sector_id=sector_code)
        CommuneFact.objects.create(organisation=organisation, commune_id=commune_code)
        facts = {"kind": kind, "sector": sector_code, "commune": commune_code}
        typed = [field for field, value in facts.items() if value is not None]
        mark_hand_edited(organisation, *changed, *typed)
        after = {field: value for field, (_before, value) in changed.items()}
        data = {"after": {**facts, **after}}
        note(organisation, "created", actor=actor, now=now, data=data)
    return organisation


def _refuse_alike(details: Details, commune_code: str | None, *, on: date) -> None:
    phone = details.get("phone", "")
    found = alike(
        name=_read_name(details.get("name", "")),
        tax_code=_read_tax_code(details.get("tax_code")),
        phone=phones.parse(phone) if phone else "",
        commune_code=commune_code,
        on=on,
    )
    if found:
        raise OrganisationAlike(found)


def edit_organisation(
    *, actor: Actor, organisation_id: int, version: int, details: Details, now: datetime
) -> Organisation:
    """Change what is undated about an organisation; imports leave these fields alone afterwards.

    Raises: NotAllowed, NotFound, StaleVersion; Invalid for a value that cannot be; Conflict for a
    tax code in use. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        changed = _apply(organisation, details)
        if changed:
            mark_hand_edited(organisation, *changed)
            data = {
                "before": {field: before for field, (before, _after) in changed.items()},
                "after": {field: after for field, (_before, after) in changed.items()},
            }
            note(organisation, "edited", actor=actor, now=now, data=data)
    return organisation


def _apply(organisation: Organisation, details: Details) -> dict[str, tuple[Any, Any]]:
    """Set and save what differs; return before and after by field, fit for the history."""
    changed: dict[str, tuple[Any, Any]] = {}
    given: Mapping[str, Any] = {**details}
    for field, read in _OWN_FIELDS.items():
        if field in given:
            before, after = getattr(organisation, field), read(given[field])
            if before != after:
                setattr(organisation, field, after)
                changed[field] = (_fit(before), _fit(after))
    organisation.name_key = identity_key(organisation.name)
    organisation.search_key = search_key(organisation.name)
    organisation.sort_key = sort_key(organisation.name)
    organisation.save()
    changed.update(_set_representative(organisation, details))
    changed.update(_set_product(organisation, details))
    return changed


def _read_name(value: str) -> str:
    return values.text(value, field="name", limit=300, required=True)


def _read_tax_code(value: str | None) -> str | None:
    return tax_codes.parse(value) if value else None


def _read_founding(value: date | None) -> date | None:
    return values.day(value, field="founded_on") if value else None


def _read_members(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= _LARGEST_COUNT:
        raise MembersOutOfRange
    return value


def _read_role(value: str) -> str:
    return values.text(value, field="role_in_chain", limit=100)


_OWN_FIELDS: dict[str, Callable[[Any], Any]] = {
    "name": _read_name,
    "tax_code": _read_tax_code,
    "founded_on": _read_founding,
    "members": _read_members,
    "role_in_chain": _read_role,
}


def _fit(value: Any) -> Any:
    """A value as the history keeps it: days as text, a person's tax code masked."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and tax_codes.is_personal(value) and value.isdigit():
        return tax_codes.masked(value)
    return value


def _set_representative(organisation: Organisation, details: Details) -> dict[str, tuple[Any, Any]]:
    if not _PERSONAL & details.keys():
        return {}
    contacts = ContactPerson.objects.filter(organisation=organisation, is_representative=True)
    present = contacts.first()
    before = (present.name, present.phone) if present else ("", "")
    name = values.text(details.get("representative", before[0]), field="representative", limit=150)
    phone = details.get("phone", before[1])
    # What an import kept as written stays; what is typed now must be a number.
    phone = phones.parse(phone) if phone and phone != before[1] else phone
    if phone and not name:
        raise PhoneWithoutPerson
    if name:
        contacts.update_or_create(
            organisation=organisation,
            is_representative=True,
            defaults={"name": name, "phone": phone},
        )
    else:
        contacts.delete()
    fields = zip(("representative", "phone"), before, (name, phone), strict=True)
    return {field: ("•", "•") for field, old, new in fields if old != new}


def _set_product(organisation: Organisation, details: Details) -> dict[str, tuple[Any, Any]]:
    if "product" not in details:
        return {}
    products = Product.objects.filter(organisation=organisation, is_main=True)
    present = products.first()
    before = present.as_written if present else ""
    written = values.text(details["product"], field="product", limit=200)
    if written == before:
        return {}
    if not written:
        products.delete()
        return {"product": (before, "")}
    products.update_or_create(
        organisation=organisation,
        is_main=True,
        defaults={"as_written": written, "commodity": commodity_of(written)},
    )
    return {"product": (before, written)}
