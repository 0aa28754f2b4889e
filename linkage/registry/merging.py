"""What a merge takes over to the survivor and what it leaves: one plan for preview and service.

Linkages are not in it: they stay as they were signed, and every read counts them as the survivor's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linkage.registry.models import Certificate, ContactPerson, Organisation, Product
from linkage.text import identity_key


@dataclass(frozen=True, slots=True)
class Moves:
    """What goes from the merged organisation to the survivor.

    `tax_code` and `founded_on` only where the survivor has none. Contacts and products that the
    survivor has too are dropped; a certificate whose period overlaps one of the same kind that the
    survivor holds stays with the merged one.
    """

    tax_code: str | None
    founded_on: date | None
    contacts: tuple[ContactPerson, ...]
    products: tuple[Product, ...]
    certificates: tuple[Certificate, ...]
    contacts_dropped: tuple[ContactPerson, ...]
    products_dropped: tuple[Product, ...]
    certificates_left: tuple[Certificate, ...]


def moves_of(kept: Organisation, merged: Organisation) -> Moves:
    """Return what goes from `merged` to `kept`: six queries, none where they are prefetched."""
    people = {(one.name, one.phone) for one in kept.contacts.all()}
    words = {identity_key(one.as_written) for one in kept.products.all()}
    held = list(kept.certificates.all())
    contacts, products = list(merged.contacts.all()), list(merged.products.all())
    certificates = list(merged.certificates.all())
    left = tuple(one for one in certificates if any(_overlap(one, other) for other in held))
    return Moves(
        tax_code=None if kept.tax_code else merged.tax_code,
        founded_on=None if kept.founded_on else merged.founded_on,
        contacts=tuple(one for one in contacts if (one.name, one.phone) not in people),
        products=tuple(one for one in products if identity_key(one.as_written) not in words),
        certificates=tuple(one for one in certificates if one not in left),
        contacts_dropped=tuple(one for one in contacts if (one.name, one.phone) in people),
        products_dropped=tuple(one for one in products if identity_key(one.as_written) in words),
        certificates_left=left,
    )


def _overlap(one: Certificate, other: Certificate) -> bool:
    """Whether both are of one kind and share a day; both days included, no end: for ever."""
    return (
        one.certification_id == other.certification_id
        and one.starts <= (other.ends or date.max)
        and other.starts <= (one.ends or date.max)
    )
