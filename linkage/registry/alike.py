"""Organisations of the register that a new one may be: what is asked before it is entered."""

from __future__ import annotations

from datetime import date

from linkage.registry.models import Organisation
from linkage.registry.on_a_day import on_day
from linkage.registry.tax_codes import same_party
from linkage.text import identity_key

# More bearers of one name are no help to whoever has to look at them.
_MOST = 20


def alike(
    *, name: str, tax_code: str | None, phone: str, commune_code: str | None, on: date
) -> list[Organisation]:
    """Return those of the same folded name that neither place nor tax code tells from a new one.

    As at an import: two tax codes of different bases are two organisations; one commune, or one
    that is not known, is not told apart, and neither is one telephone number or one base.
    Annotated with `kind_on` and `commune_on`, in Vietnamese order.
    """
    rows = on_day(Organisation.objects.filter(merged_into=None), on)
    named = rows.filter(name_key=identity_key(name)).prefetch_related("contacts")
    return [
        one
        for one in named.order_by("sort_key", "pk")[:_MOST]
        if _may_be(one, tax_code, phone, commune_code)
    ]


def _may_be(one: Organisation, tax_code: str | None, phone: str, commune: str | None) -> bool:
    if one.tax_code and tax_code:
        # The very same code is refused whatever is said: the register holds it once.
        return one.tax_code != tax_code and same_party(one.tax_code, tax_code)
    known = getattr(one, "commune_on", None)
    if commune is None or known is None or commune == known:
        return True
    return bool(phone) and any(phone == person.phone for person in one.contacts.all())
