"""What was understood of a quick post, in words and marks: the text in parts, and what to ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.market.amounts import amount_in
from linkage.market.quick import Proposal
from linkage.market.quickpost import Draft, Reading
from web.presentation import decimal_words

_Text = str | Promise
# What each kind of mark says beside its colour. Of overlapping ones the first here is shown.
LABELS: Mapping[str, _Text] = {
    "phone": gettext_lazy("telephone number, not posted"),
    "price": gettext_lazy("price"),
    "quantity": gettext_lazy("how much"),
    "commodity": gettext_lazy("product"),
    "side": gettext_lazy("sell or buy"),
    "certificates": gettext_lazy("certificate"),
    "place": gettext_lazy("place"),
    "start": gettext_lazy("days"),
    "end": gettext_lazy("days"),
    "words": gettext_lazy("grade or size"),
}
_SIDES: Mapping[str, _Text] = {
    "offer": gettext_lazy("we sell"),
    "need": gettext_lazy("we buy"),
}
# One question at a time, in this order, with the row of the form that answers it.
QUESTIONS: Mapping[str, tuple[_Text, str]] = {
    "side": (gettext_lazy("Do you sell or buy?"), "side"),
    "commodity": (gettext_lazy("Which product?"), "commodity"),
    "quantity": (gettext_lazy("How much is it?"), "quantity"),
    "place": (gettext_lazy("In which commune?"), "commune"),
    "price": (gettext_lazy("Do you have a price limit?"), "price"),
    "start": (gettext_lazy("From which day until which?"), "starts"),
}
NEEDED = frozenset({"side", "commodity", "quantity", "place"})


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text; `kind` is empty where nothing was understood."""

    text: str
    kind: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message with its marks."""

    parts: Sequence[Part]
    products: Sequence[str]
    is_post: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked next."""

    name: str
    words: str
    row: str
    can_wait: bool


def heard(reading: Reading) -> Heard:
    """A message as the page shows it."""
    products = [draft.commodity_name or "?" for draft in reading.drafts]
    return Heard(parts_of(reading), products, reading.is_post)


def parts_of(reading: Reading) -> list[Part]:
    """The text cut where something was understood."""
    parts, at = [], 0
    for start, end, kind, label in _marks(reading):
        if start > at:
            parts.append(Part(reading.text[at:start]))
        parts.append(Part(reading.text[start:end], kind, label))
        at = end
    return [*parts, Part(reading.text[at:])] if at < len(reading.text) else parts


def _marks(reading: Reading) -> list[tuple[int, int, str, str]]:
    """Spans from left to right that do not overlap, with their kind and words."""
    taken: list[tuple[int, int, str, str]] = []
    for kind, (start, end), label in _spans(reading):
        if all(end <= first or start >= last for first, last, _kind, _label in taken):
            taken.append((start, end, "start" if kind == "end" else kind, label))
    return sorted(taken)


def _spans(reading: Reading) -> Iterable[tuple[str, tuple[int, int], str]]:
    for kind, words in LABELS.items():
        if kind == "phone":
            yield from ((kind, span, str(words)) for span in reading.phones)
        for draft in reading.drafts:
            label = str(_SIDES.get(draft.side or "", words) if kind == "side" else words)
            yield from ((kind, span, label) for span in draft.spans.get(kind, ()))


def remarks(reading: Reading, draft: Draft, proposal: Proposal, held: Iterable[str]) -> list[str]:
    """What the form cannot say by itself."""
    said = []
    if reading.phones:
        said.append(_("Telephone numbers are not posted: who deals with you sees your contact."))
    if draft.amount and draft.amount.least and proposal.quantity:
        ends = (draft.amount.least, draft.amount.quantity)
        least, most = (decimal_words(amount_in(one, draft.amount.measure)) for one in ends)
        words = _("%(least)s to %(most)s is written: the larger one is posted.")
        said.append(words % {"least": least, "most": most})
    if draft.amount and proposal.quantity is None:
        said.append(_("The quantity cannot be posted as it is written: enter it below."))
    lacking = _lacking(draft, proposal, set(held))
    if lacking:
        words = _("%(names)s: not among your certificates here, so the post does not name it.")
        said.append(words % {"names": ", ".join(lacking)})
    return said


def _lacking(draft: Draft, proposal: Proposal, held: set[str]) -> list[str]:
    if proposal.side != "offer":
        return []
    named = zip(draft.certificates, draft.certificate_names, strict=False)
    return [name for code, name in named if code not in held]


def questions(missing: Iterable[str]) -> list[Question]:
    """What is still to be asked, largest first; the first is asked now."""
    wanted = set(missing)
    return [
        Question(name, str(words), row, can_wait=name not in NEEDED)
        for name, (words, row) in QUESTIONS.items()
        if name in wanted
    ]


def named(question: Question) -> str:
    """A question that comes later, by what it is about."""
    return str(LABELS[question.name])


def gaps(form: Any, *, is_dated: bool, passed: Iterable[str]) -> list[str]:
    """The names of what is missing: not read, not typed, and not left out on purpose."""
    value = {name: form[name].value() for name in ("side", "quantity", "commune", "price")}
    named = form["commodity"].value() or form["chosen"].value()
    needs_place = form.asks_which_place or not form.has_own_place
    found = {
        "side": not value["side"],
        "commodity": not named,
        "quantity": not value["quantity"],
        "place": needs_place and not value["commune"],
        "price": not value["price"],
        "start": not is_dated,
    }
    left_out = set(passed) - NEEDED
    return [name for name, is_open in found.items() if is_open and name not in left_out]


# Rows of the form, each by its first field.
_ROWS = ("side", "commodity", "quantity", "price", "starts", "commune", "grade")


def rows(form: Any, asked: Sequence[Question]) -> list[str]:
    """The rows to be corrected: not what is asked now or later, nor a grade that nobody named.

    Days are usual ones until they are asked for, so they stay; what was refused is shown.
    """
    apart = {question.row for question in asked}
    if not (asked and asked[0].row == "starts"):
        apart.discard("starts")
    if not form["grade"].value():
        apart.add("grade")
    return [row for row in _ROWS if row not in apart or row in form.errors]
