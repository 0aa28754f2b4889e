"""What an import would put in the place of what the register says: each field, old and new. Pure.

Also what the history of each organisation and linkage keeps of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.formats import number_format

from linkage.catalogue.queries import UnitIndex
from linkage.intake.planning import facts as facts_of
from linkage.intake.planning.certificate_plan import PlannedCertificate, certificate_name
from linkage.intake.planning.findings import shown
from linkage.intake.planning.linkage_plan import PlannedLinkage
from linkage.intake.planning.organisation_plan import PlannedOrganisation, label_of_facts
from linkage.intake.planning.register import LinkageState, OrganisationState, Register

# Fields as columns are called, and what the register has of each.
_FACTS = ("kind", "sector", "commune", "status")
_OF_LINKAGES = {
    "ends": "ends",
    "terminated_on": "terminated_on",
    "confirmed_on": "confirmed_on",
    "verified_on": "verified_on",
    "checked_as_written": "verified_mark",
    "product_as_written": "product",
    "form_as_written": "form",
    "quantity": "quantity",
}
_OF_CERTIFICATES = ("number", "issuer", "ends")


def changes_of(
    organisations: Iterable[PlannedOrganisation],
    linkages: Iterable[PlannedLinkage],
    certificates: Iterable[PlannedCertificate],
    register: Register,
    units: UnitIndex,
) -> list[dict[str, Any]]:
    """Each field that gets another value, in the workbook's order; new ones are not told."""
    found = []
    for one in organisations:
        if one.current is not None:
            before, after = _organisation(one.current), _organisation(one.target)
            place = {**_at(one.entry.row), "id": one.ref, "name": one.current.name}
            found += list(_differences(place, one.entry.row.headers, before, after))
    for link in linkages:
        if link.current is not None:
            old, new = _linkage(link.current, units), _linkage(link.target, units)
            place = {**_at(link.row), "id": link.current.id, "name": link.current.contract_number}
            found += list(_differences(place, link.row.headers, old, new))
    for held in certificates:
        if held.current is not None:
            was, shall = (
                {n: getattr(state, n) for n in _OF_CERTIFICATES}
                for state in (held.current, held.target)
            )
            name = certificate_name(register, held.current)
            place = {**_at(held.row), "id": held.current.id, "name": name}
            found += list(_differences(place, held.row.headers, was, shall))
    return found


def _at(row: Any) -> dict[str, Any]:
    return {"sheet": row.at.sheet, "row": row.at.row, "kind": row.at.kind}


def _differences(
    place: dict[str, Any], headers: dict[str, str], before: dict[str, Any], after: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    for name, value in after.items():
        if value != before[name]:
            days = name.endswith("_on") or name == "ends"
            yield {
                **place,
                "name_of_field": name,
                "field": headers.get(name, name),
                "before": _text(before[name]),
                "after": _text(value),
                "is_day": days,
            }


def _text(value: Any) -> str | None:
    return None if value in (None, "") else shown(value)


def _organisation(state: OrganisationState) -> dict[str, Any]:
    contact, product = state.contact, state.product
    return {
        "name": state.name,
        "tax_code": state.tax_code,
        "founded_on": state.founded_on,
        **{name: _fact(state, name) for name in _FACTS},
        "representative": contact.name if contact else None,
        "phone": contact.phone if contact else None,
        "members": state.members,
        "product": product.as_written if product else None,
        "role": state.role_in_chain,
    }


def _fact(state: OrganisationState, name: str) -> str:
    """The whole time line where the register knows more than one value."""
    facts = state.facts.get(name, ())
    last = label_of_facts(name, facts)
    earlier = [label_of_facts(name, facts_of.in_order([fact])) for fact in facts[:-1]]
    return "; ".join([*earlier, last]) if earlier else last


def _linkage(state: LinkageState, units: UnitIndex) -> dict[str, Any]:
    said = {header: getattr(state, name) for name, header in _OF_LINKAGES.items()}
    if state.quantity is not None and state.unit is not None:
        said["quantity"] = _amount(*units.amount(state.quantity, state.unit))
    return said


def _amount(number: Decimal, unit: str) -> str:
    """ "1.234,5 tấn", in the report's language and to the last digit."""
    with translation.override("vi"):
        return f"{number_format(number.normalize(), force_grouping=True)} {unit}"
