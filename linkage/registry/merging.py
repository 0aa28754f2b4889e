"""What a merge takes over to the survivor and what it leaves: one plan for preview and service.

Linkages are not in it: they stay as they were signed, and every read counts them as the survivor's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db.models import Model

from linkage.registry.models import Certificate, ContactPerson, Organisation, Product
from linkage.text import identity_key

P = TypeVar("P", bound=Model)


@dataclass(frozen=True, slots=True)
class Moves:
    """What goes from the merged organisation to the survivor.

    `tax_code`, `founded_on`, `representative` and `main_product` only where the survivor has none:
    the latter two are who takes the office then, one that moves or one that the survivor has too.
    Contacts and products that the survivor has too are dropped; a certificate whose period overlaps
    one of the same kind that the survivor holds stays with the merged one.
    """

    tax_code: str | None
    founded_on: date | None
    representative: ContactPerson | None
    main_product: Product | None
    contacts: tuple[ContactPerson, ...]
    products: tuple[Product, ...]
    certificates: tuple[Certificate, ...]
    contacts_dropped: tuple[ContactPerson, ...]
    products_dropped: tuple[Product, ...]
    certificates_left: tuple[Certificate, ...]
    # Of each contact that is dropped, the survivor's own.
    doubles: Mapping[int, int]


def moves_of(kept: Organisation, merged: Organisation) -> Moves:
    """Return what goes from `merged` to `kept`: six queries, none where they are prefetched."""
    people = _Parts(kept.contacts.all(), merged.contacts.all(), person_key)
    goods = _Parts(kept.products.all(), merged.products.all(), product_key)
    held, certificates = list(kept.certificates.all()), list(merged.certificates.all())
    left = tuple(one for one in certificates if any(_overlap(one, other) for other in held))
    return Moves(
        tax_code=None if kept.tax_code else merged.tax_code,
        founded_on=None if kept.founded_on else merged.founded_on,
        representative=people.promoted(attrgetter("is_representative")),
        main_product=goods.promoted(attrgetter("is_main")),
        contacts=people.moving,
        products=goods.moving,
        certificates=tuple(one for one in certificates if one not in left),
        contacts_dropped=people.dropped,
        products_dropped=goods.dropped,
        certificates_left=left,
        doubles={one.pk: people.double_of(one).pk for one in people.dropped},
    )


def what_undoes(moves: Moves) -> dict[str, Any]:
    """What a history keeps so that the merge can be undone: ids and no person's name.

    A contact that the survivor has too is dropped; it comes back as the survivor spells it.
    """
    return {
        "tax_code": moves.tax_code is not None,
        "founded_on": moves.founded_on is not None,
        "representative": _pk(moves.representative),
        "main_product": _pk(moves.main_product),
        "representatives": [one.pk for one in moves.contacts if one.is_representative],
        "main_products": [one.pk for one in moves.products if one.is_main],
        "contacts_dropped": [
            {"double": moves.doubles[one.pk], "office": one.is_representative}
            for one in moves.contacts_dropped
        ],
        "products_dropped": [
            {
                "as_written": one.as_written,
                "commodity": one.commodity_id,
                "office": one.is_main,
            }
            for one in moves.products_dropped
        ],
    }


def _pk(part: Model | None) -> int | None:
    return None if part is None else int(part.pk)


def person_key(contact: ContactPerson) -> tuple[str, str]:
    """Two contacts of one key are one person."""
    return identity_key(contact.name), contact.phone


def product_key(product: Product) -> str:
    """Two products of one key are one product."""
    return identity_key(product.as_written)


class _Parts(Generic[P]):
    """What both sides have of one kind: which of the merged one's move, and which are doubles."""

    def __init__(
        self, kept: Iterable[P], merged: Iterable[P], key: Callable[[P], Hashable]
    ) -> None:
        self._kept, self._merged, self._key = list(kept), list(merged), key
        self._known = {key(one): one for one in reversed(self._kept)}
        self.moving = tuple(one for one in self._merged if key(one) not in self._known)
        self.dropped = tuple(one for one in self._merged if key(one) in self._known)

    def double_of(self, one: P) -> P:
        """What the survivor has of the same key."""
        return self._known[self._key(one)]

    def promoted(self, in_office: Callable[[P], bool]) -> P | None:
        """Who takes an office that nobody of the survivor has: the merged one's, or its double."""
        if any(in_office(one) for one in self._kept):
            return None
        theirs = next((one for one in self._merged if in_office(one)), None)
        return None if theirs is None else self._known.get(self._key(theirs), theirs)


def _overlap(one: Certificate, other: Certificate) -> bool:
    """Whether both are of one kind and share a day; both days included, no end: for ever."""
    return (
        one.certification_id == other.certification_id
        and one.starts <= (other.ends or date.max)
        and other.starts <= (one.ends or date.max)
    )
