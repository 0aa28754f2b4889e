"""One quick post on its way: the sentence, what was understood of it, and the form filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from linkage.catalogue.models import Commodity
from linkage.market.models import PostKind
from linkage.market.parties import certificates_of, commune_of
from linkage.market.quick import Proposal, draft_at, proposal_of, public_note
from linkage.market.quickpost import Draft, Reading, read
from web import quickwords
from web.forms.quick import QuickForm, initial_of, typed_over


@dataclass(frozen=True, slots=True)
class Own:
    """What is known of the organisation that posts: its place and its certificates."""

    organisation_id: int
    place: str
    certificates: Any
    today: date

    @classmethod
    def of(cls, organisation_id: int, today: date) -> Own:
        """As it is today."""
        place = commune_of(organisation_id, today)
        held = certificates_of(organisation_id, today)
        return cls(organisation_id, place.pk if place else "", held, today)

    @property
    def held(self) -> dict[str, int]:
        """The ids of its certificates by what they certify."""
        return {row.certification_id: row.pk for row in self.certificates}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One product of one message, by its number in it, with its form."""

    reading: Reading
    number: int
    form: QuickForm
    questions: Sequence[quickwords.Question]
    remarks: Sequence[str]

    @property
    def note(self) -> str:
        """The sentence as others may read it."""
        return public_note(self.reading)


def _number_in(reading: Reading, number: int) -> int:
    """Which product is meant: what waits may be written over by a sentence of fewer products."""
    return number if number < len(reading.drafts) else 0


def filled(own: Own, reading: Reading, number: int, data: QueryDict | None) -> Sheet:
    """The form with what was read; what the person typed over an earlier reading stays."""
    at = _number_in(reading, number)
    draft, proposal = _proposed(reading, at)
    typed: dict[str, Any] = {}
    if data is not None and data.get("read"):
        before = read(lines(data.get("read", "")), today=own.today)
        was = _proposed(before, _number_in(before, number))[1]
        shown = _form(own, was, data.get("shown_kind", ""))
        typed = typed_over(data, shown)
    kind = typed.get("side") or (proposal.side.value if proposal.side else "")
    if data is not None and kind != data.get("shown_kind", kind):
        # The certificates of the other side are others.
        typed.pop("marks", None)
    form = _form(own, proposal, kind, typed)
    dated = bool(proposal.starts or proposal.ends or {"starts", "ends"} & set(typed))
    passed = [*data.getlist("passed"), *data.getlist("pass")] if data is not None else []
    missing = quickwords.gaps(form, is_dated=dated, passed=passed)
    said = quickwords.remarks(reading, draft, proposal, own.held)
    return Sheet(reading, at, form, quickwords.questions(missing), said)


def sent(own: Own, reading: Reading, number: int, data: QueryDict) -> Sheet:
    """The form as it was sent, to be published."""
    at = _number_in(reading, number)
    draft, proposal = _proposed(reading, at)
    form = _form(own, proposal, data.get("side", ""), data=data)
    return Sheet(reading, at, form, (), quickwords.remarks(reading, draft, proposal, own.held))


def lines(text: str) -> str:
    """Text as it was typed: a form sends a break as two characters."""
    return text.replace("\r\n", "\n")


def _proposed(reading: Reading, number: int) -> tuple[Draft, Proposal]:
    draft = draft_at(reading, number)
    return draft, proposal_of(draft)


def _form(
    own: Own,
    proposal: Proposal,
    kind: str,
    typed: dict[str, Any] | None = None,
    data: QueryDict | None = None,
) -> QuickForm:
    code = (typed or {}).get("chosen") or proposal.commodity
    known = Commodity.objects.filter(pk=code).first() if code else None
    start = initial_of(
        proposal, today=own.today, own_place=own.place, held=own.held,
        dimension=known.dimension if known else "",
    )  # fmt: skip
    form = QuickForm(
        data, initial={**start, **(typed or {})}, proposal=proposal, own_place=own.place,
        kind=PostKind(kind) if kind in PostKind.values else PostKind.OFFER,
        certificates=own.certificates,
    )  # fmt: skip
    if known is not None:
        form.offer_units(known.dimension)
    return form
