"""What happened between two days, in words, as rows and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.agreements.models import Evidence, Linkage
from linkage.graph import words as said
from linkage.registry.models import Organisation
from linkage.suggestions.changes import BORN, ENDED, EXPIRED, PROVED, RISEN, SeenChanges
from web.presentation import language, name_words
from web.spreadsheets import csv_answer

LABELS = {
    BORN: gettext_lazy("Began"),
    PROVED: gettext_lazy("Now proved enough"),
    ENDED: gettext_lazy("Terminated"),
    EXPIRED: gettext_lazy("Ran out"),
    RISEN: gettext_lazy("Better proved"),
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One linkage: what happened to it, when, between whom."""

    what: str
    label: str
    linkage: Linkage
    seller: Organisation
    buyer: Organisation
    product: str
    on: date | None
    levels: str


def change_rows(seen: SeenChanges) -> Sequence[ChangeRow]:
    """All that happened, what came first."""
    return [
        ChangeRow(
            what=one.what,
            label=str(LABELS[one.what]),
            linkage=one.linkage,
            seller=one.linkage.seller.survivor,
            buyer=one.linkage.buyer.survivor,
            product=name_words(one.linkage.commodity) if one.linkage.commodity else "",
            on=one.on,
            levels=_levels(one.levels),
        )
        for one in seen.happened
    ]


def _levels(levels: tuple[str, str] | None) -> str:
    return " → ".join(str(Evidence(level).label) for level in levels or ())


def counts(seen: SeenChanges) -> dict[str, Any]:
    """How many of each in one line, and the balance with its sign."""
    balance = seen.changes.balance
    sign = "+" if balance > 0 else "−" if balance < 0 else ""  # a minus
    return {
        "balance": f"{sign}{said.number(abs(balance), language())}",
        "line": said.change_words(seen.changes, language()),
    }


def changes_file(seen: SeenChanges) -> HttpResponse:
    """The rows as CSV, with ids and names."""
    header = (
        *(_("What happened"), _("Day"), _("Contract number"), _("Seller"), _("Buyer")),
        *(_("Product"), _("Evidence"), "id"),
    )
    rows = [
        (
            *(row.label, row.on.isoformat() if row.on else None, row.linkage.contract_number),
            *(row.seller.name, row.buyer.name, row.product, row.levels, row.linkage.pk),
        )
        for row in change_rows(seen)
    ]
    return csv_answer(name="thay-doi-lien-ket.csv", header=header, rows=rows)
