"""Offers and needs in words: quantities, periods, prices, distances, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.market.amounts import Measure, amount_in
from linkage.market.models import AnyPost, Offer, Period, PostKind, PostState
from web.presentation import about_words, amount_words, decimal_words, name_words

# Each act with its words, the states it is for, and whether it is the main one there.
ACTS: tuple[tuple[str, str | Promise, frozenset[str], bool], ...] = (
    ("publish", gettext_lazy("Publish"), frozenset({PostState.DRAFT}), True),
    ("resume", gettext_lazy("Publish again"), frozenset({PostState.PAUSED}), True),
    (
        "confirm",
        gettext_lazy("It still holds"),
        frozenset({PostState.PUBLISHED, PostState.PAUSED}),
        False,
    ),
    ("pause", gettext_lazy("Pause"), frozenset({PostState.PUBLISHED}), False),
    (
        "withdraw",
        gettext_lazy("Withdraw"),
        frozenset({PostState.DRAFT, PostState.PUBLISHED, PostState.PAUSED}),
        False,
    ),
)
DONE: Mapping[str, str | Promise] = {
    "publish": gettext_lazy("Published. Suitable partners are being looked for."),
    "edit": gettext_lazy("Saved."),
    # To another product.
    "moved": gettext_lazy("Saved. The price limit was for the other product: set it anew."),
    "draft": gettext_lazy("Kept as a draft."),
    "limit": gettext_lazy("The price limit is saved."),
    "resume": gettext_lazy("Published again."),
    "confirm": gettext_lazy("Noted: it still holds."),
    "pause": gettext_lazy("Paused: nobody else sees it now."),
    "withdraw": gettext_lazy("Withdrawn."),
    "copy": gettext_lazy("A draft with the dates one year on. Look at it and publish it."),
}
EDITABLE = frozenset({PostState.DRAFT, PostState.PUBLISHED, PostState.PAUSED})


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages of one kind of post call things; addresses are named `<plural>...`."""

    kind: str
    plural: str
    heading: str | Promise
    add: str | Promise
    search: str | Promise
    empty: str | Promise
    limit: str | Promise


WORDS: Mapping[PostKind, Words] = {
    PostKind.OFFER: Words(
        "offer", "offers",
        gettext_lazy("What we sell"), gettext_lazy("Post an offer"),
        gettext_lazy("Find suppliers"), gettext_lazy("Nothing is offered yet."),
        gettext_lazy("Nobody sees this price: not the buyers, not the city. Buyers who pay less "
                     "are not suggested to you."),
    ),
    PostKind.NEED: Words(
        "need", "needs",
        gettext_lazy("What we buy"), gettext_lazy("Post a need"),
        gettext_lazy("Find buyers"), gettext_lazy("Nothing is asked for yet."),
        gettext_lazy("Nobody sees this price: not the sellers, not the city. Sellers who ask more "
                     "are not suggested to you."),
    ),
}  # fmt: skip


def quantity_words(post: AnyPost) -> str:
    """What is offered or needed: "3 tấn", "500 kg a week"."""
    amount = amount_words(post.quantity, post.unit)
    if post.period == Period.ONCE:
        return amount
    return _("%(amount)s %(period)s") % {"amount": amount, "period": post.get_period_display()}


def left_words(post: AnyPost) -> str:
    """What no agreement holds yet, over the whole window."""
    return about_words(post.left, post.unit)


def total_words(post: AnyPost) -> str:
    """What it comes to over the whole window."""
    return about_words(post.total, post.unit)


def limit_words(price: int | None, post: AnyPost) -> str:
    """The owner's limit as people here name prices: for a kilo, a litre, a piece."""
    if price is None:
        return ""
    per = {
        "mass": _("kg"),
        "volume": _("litre"),
    }.get(post.commodity.dimension, _("piece"))
    # A tonne is a thousand kilos, a cubic metre a thousand litres; pieces are kept by the thousand.
    amount = decimal_words(amount_in(price, Measure("", post.commodity.dimension, 1_000)))
    return _("%(amount)s đ for one %(unit)s") % {"amount": amount, "unit": per}


def distance_words(metres: int | None) -> str:
    """ "cách 6,2 km", rounded down to a hundred metres."""
    if metres is None:
        return ""
    if metres == 0:
        return _("in the same commune")
    kilometres = decimal_words(Decimal(metres // 100) / 10)
    return _("%(kilometres)s km away") % {"kilometres": kilometres}


def mark_names(post: AnyPost) -> list[str]:
    """The certificates of an offer, or what a need asks for."""
    if isinstance(post, Offer):
        rows: list[Any] = [mark.certification for mark in post.certificates.all()]
    else:
        rows = list(post.certifications.all())
    return sorted(name_words(row) for row in rows)


def acts_for(state: str) -> list[tuple[str, str, bool]]:
    """The acts that fit a state: name, words, whether it is the main one."""
    return [(name, str(words), main) for name, words, states, main in ACTS if state in states]
