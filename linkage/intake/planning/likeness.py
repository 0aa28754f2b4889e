"""Two rows of organisations: surely one, maybe one, alike; what one says that the other does not.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rapidfuzz import fuzz

from linkage.intake.masking import mask_code
from linkage.intake.planning.entries import OrganisationRow
from linkage.intake.planning.words import KIND_LABELS, STATUS_LABELS
from linkage.registry.models import Status
from linkage.text import identity_key, search_key

# Names at least this alike (of 100) under one telephone number are shown to a person.
ALIKE = 90
_BLANK: dict[str, tuple[Any, ...]] = {"status": (None, Status.UNKNOWN.value)}
_PAIRS = (
    ("sector", "sector_written"),
    ("commune", "commune_written"),
    ("product", "product_written"),
)
_SINGLE = ("founded_on", "representative", "phone", "members", "role")
_WRITTEN = dict(_PAIRS)
_COMPARED = (
    *("name_key", "kind", "tax_code", "sector", "commune", "status", "status_on"),
    *(*_SINGLE, "product"),
)


def may_be_one(row: OrganisationRow, tax_code: str | None, commune: str | None) -> bool:
    """Whether neither tax codes nor places tell a row from another of its name and kind."""
    if row.tax_code and tax_code:
        return False
    return row.commune is None or commune is None


def is_certain(one: OrganisationRow, other: OrganisationRow) -> bool:
    """Whether two rows of one tax code are surely one organisation."""
    return (
        one.name_key == other.name_key
        and one.kind == other.kind
        and _agree(one.founded_on, other.founded_on)
        and _agree(one.sector, other.sector)
        and _same_place(one, other)
        and _same_status(one, other)
    )


def _agree(one: Any, other: Any) -> bool:
    return one is None or other is None or one == other


def _same_place(one: OrganisationRow, other: OrganisationRow) -> bool:
    if not one.commune_written or not other.commune_written:
        return True
    if one.commune or other.commune:
        return one.commune == other.commune
    return identity_key(one.commune_written) == identity_key(other.commune_written)


def _same_status(one: OrganisationRow, other: OrganisationRow) -> bool:
    blank = _BLANK["status"]
    if one.status in blank or other.status in blank:
        return True
    return one.status == other.status and _agree(one.status_on, other.status_on)


def differences(row: OrganisationRow, other: OrganisationRow) -> Iterator[tuple[str, Any]]:
    """Yield the field and the written value of what the other row says and this one does not."""
    for name in _COMPARED:
        said = _said(other, name)
        if said is not None and said != _said(row, name):
            yield name, _written(other, name)


def _said(row: OrganisationRow, name: str) -> Any:
    if name in _WRITTEN:
        return getattr(row, name) or identity_key(getattr(row, _WRITTEN[name])) or None
    value = getattr(row, name)
    return None if value in _BLANK.get(name, ()) else value


def _written(row: OrganisationRow, name: str) -> Any:
    """A value as people write it, whatever it is kept as."""
    if name in _WRITTEN:
        return getattr(row, _WRITTEN[name])
    if name == "name_key":
        return row.name
    labels = {"kind": KIND_LABELS, "status": STATUS_LABELS}.get(name, {})
    value = getattr(row, name)
    if name == "tax_code":
        return mask_code(value)
    return labels.get(value, value)


def fill_blanks(row: OrganisationRow, other: OrganisationRow) -> None:
    """Take from another row what this one does not say."""
    for name in _SINGLE:
        if getattr(row, name) is None:
            setattr(row, name, getattr(other, name))
    for name, written in _PAIRS:
        if getattr(row, name) is None and not getattr(row, written):
            setattr(row, name, getattr(other, name))
            setattr(row, written, getattr(other, written))
    if row.status in _BLANK["status"] and other.status not in _BLANK["status"]:
        row.status, row.status_on = other.status, other.status_on
        row.status_written = other.status_written
    elif row.status == other.status and row.status_on is None:
        row.status_on = other.status_on
    row.headers = {**other.headers, **row.headers}


def one_without_code(one: OrganisationRow, other: OrganisationRow) -> bool:
    """Whether one row has a tax code and the other has none."""
    return (one.tax_code is None) != (other.tax_code is None)


def are_alike(one: OrganisationRow, other: OrganisationRow) -> bool:
    """Whether the names of two rows are nearly the same, and no other list shows the pair."""
    if one.name_key == other.name_key and one_without_code(one, other) and _same_place(one, other):
        return False
    return fuzz.ratio(search_key(one.name), search_key(other.name)) >= ALIKE
