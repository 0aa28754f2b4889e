"""Several suppliers together, as pages show them: what was found, and a pool with its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linkage.agreements.models import Linkage, PoolProposal, Side, State
from linkage.agreements.pools import PoolView, terms_of
from linkage.agreements.services.parties import organisation_on
from linkage.suggestions.models import PoolSuggestion
from linkage.suggestions.pools import PoolAnswer
from web import postboards, presentation
from web.talks import TermLine, product_words, term_lines

Words = str | Promise
_TONES: Mapping[str, str] = {
    PoolProposal.State.WAITING: "is-warn",
    PoolProposal.State.AGREED: "is-good",
    PoolProposal.State.DECLINED: "is-bad",
    PoolProposal.State.LAPSED: "is-bad",
}
# What a member of a pool that has not all agreed is to the buyer.
_ANSWERS: Mapping[str, tuple[Words, str]] = {
    State.PROPOSED: (gettext_lazy("Has not answered"), ""),
    State.POOL_PENDING: (gettext_lazy("Has agreed"), "is-good"),
    State.DECLINED: (gettext_lazy("Declined"), "is-bad"),
    State.LAPSED: (gettext_lazy("Over"), ""),
}
_ENDS: Mapping[str, Words] = {
    PoolProposal.State.AGREED: gettext_lazy(
        "All members have agreed: each part is a contract of its own now."
    ),
    PoolProposal.State.DECLINED: gettext_lazy(
        "A member declined, so the pool is over. What was held is free again."
    ),
    PoolProposal.State.WITHDRAWN: gettext_lazy(
        "The buyer took the pool back. What was held is free again."
    ),
    PoolProposal.State.LAPSED: gettext_lazy(
        "Not all members agreed in time, so the pool is over. What was held is free again."
    ),
}


@dataclass(frozen=True)
class Part:
    """An offer that was found, what it brings, and what it lacks, if anything."""

    line: postboards.Line
    amount: str
    lacks: str


@dataclass(frozen=True)
class PoolLine:
    """One part of a pool."""

    pk: int
    name: str
    answer: str
    tone: str
    quantity: str
    window: str
    terms: Sequence[TermLine]


def found_words(answer: PoolAnswer, *, worker_works: bool) -> dict[str, Any]:
    """What the page of a need's suppliers together is made from."""
    need = answer.need
    shown = answer.is_found
    return {
        "answer": answer,
        "need_words": presentation.post_words(need),
        "said": _said(answer, worker_works),
        "is_loud": not answer.fits,
        "rest": _rest(answer) if shown else "",
        "heading": _heading(answer),
        "parts": [_part(answer, one) for one in answer.parts],
        "how_good": _how_good(answer) if answer.parts else "",
    }


def _part(answer: PoolAnswer, one: Any) -> Part:
    return Part(
        postboards.line(one.offer, ""),
        presentation.about_words(one.quantity, answer.need.unit),
        answer.lacking(one, presentation.language()),
    )


def _said(answer: PoolAnswer, worker_works: bool) -> str:
    row = answer.row
    if answer.is_looking and worker_works:
        return _("It is being looked for. Look again in a moment.")
    if answer.is_looking:
        return _("It has to wait: the background work is not running at the moment.")
    if row is None or row.looked_at is None:
        return _("Nobody has looked yet which few fill this need together.")
    if answer.is_overtaken:
        return _("The need or an offer has changed since it was looked for. Look anew.")
    return _why(row.why, row.values, answer) if row.why else _enough(answer)


def _enough(answer: PoolAnswer) -> str:
    if len(answer.parts) == 1:
        return _("One supplier has enough alone: no pool is needed.")
    words = ngettext(
        "%(count)s supplier fills the need.",
        "%(count)s suppliers fill the need together, and fewer do not.",
        len(answer.parts),
    )
    return words % {"count": presentation.whole(len(answer.parts))}


def _why(why: str, values: Mapping[str, int], answer: PoolAnswer) -> str:
    """Why what suits the need does not fill it, and by how much."""
    if why == PoolSuggestion.Why.TOO_LITTLE:
        short = presentation.about_words(values["short"], answer.need.unit)
        return _("All that suits the need falls short by %(short)s.") % {"short": short}
    if why == PoolSuggestion.Why.TOO_MANY_PARTNERS:
        count = presentation.whole(values["partners"])
        return _("It would take at least %(count)s suppliers, which is too many.") % {
            "count": count
        }
    return str(_WHY[why])


_WHY: Mapping[str, Words] = {
    PoolSuggestion.Why.DOES_NOT_FIT: gettext_lazy(
        "There is enough in all, but not on the days on which it is needed."
    ),
    PoolSuggestion.Why.NOT_IN_TIME: gettext_lazy(
        "No answer was found in the time there was. Look anew, or ask for less."
    ),
    PoolSuggestion.Why.NEED_CLOSED: gettext_lazy("The need is not published any more."),
}


def _rest(answer: PoolAnswer) -> str:
    """What would close the shortfall, or that nothing does."""
    row = answer.row
    if row is None or not row.why or row.why == PoolSuggestion.Why.NEED_CLOSED:
        return ""
    if answer.parts:
        return _("These would fill it, if what each lacks were put right:")
    if row.closing_why == PoolSuggestion.Why.TOO_LITTLE:
        short = presentation.about_words(row.closing_values["short"], answer.need.unit)
        words = _("Also with those that lack only one thing, %(short)s would be missing.")
        return words % {"short": short}
    return _("Those that lack only one thing do not close it either.")


def _heading(answer: PoolAnswer) -> str:
    if answer.row is not None and answer.row.why:
        return _("What would close it")
    return _("Who brings what")


def _how_good(answer: PoolAnswer) -> str:
    """Whether it is known that nothing is better."""
    row = answer.row
    if row is None or not all(aim["proved"] for aim in row.aims):
        return _("It is the best that was found in the time there was; another may be better.")
    if row.why:
        return _("It is proved that less does not close it.")
    return _(
        "It is proved that no other choice is better: first the fewest suppliers, then those who"
        " fit best, then the shortest way."
    )


def pool_words(view: PoolView) -> dict[str, Any]:
    """What the page of one pool is made from."""
    first = view.lines[0]
    buying = view.side == Side.BUYER
    return {
        "view": view,
        "buying": buying,
        "product": product_words(first),
        "lead": _lead(view),
        "state": str(view.standing.label),
        "tone": _TONES.get(view.standing, ""),
        "next": _next(view),
        "price": presentation.price_words(view.pool.price, terms_of(first).unit),
        "counts": _counts(view),
        "lines": [_line(one) for one in view.lines],
    }


def _lead(view: PoolView) -> str:
    if view.side == Side.BUYER:
        return _("You propose to buy from several suppliers together.")
    words = _("%(buyer)s asks you for a part of its need, and others for the rest.")
    return words % {"buyer": view.buyer.name}


def _next(view: PoolView) -> str:
    if view.standing != PoolProposal.State.WAITING:
        return str(_ENDS[view.standing])
    day = {"day": date_format(view.pool.answer_by, "SHORT_DATE_FORMAT")}
    if view.side == Side.BUYER:
        return _("It comes into force when all agree, until %(day)s. If one declines, all of it is"
                 " over.") % day  # fmt: skip
    if any(line.state == State.PROPOSED for line in view.lines):
        return _("Agree or decline until %(day)s. It holds only if all members agree; from your"
                 " word on your part is held.") % day  # fmt: skip
    return _("You have agreed. Your part is held until all have answered, until %(day)s at the"
             " latest.") % day  # fmt: skip


def _counts(view: PoolView) -> str:
    words = ngettext(
        "%(agreed)s of %(members)s has agreed",
        "%(agreed)s of %(members)s have agreed",
        view.agreed,
    )
    count = {"agreed": view.agreed, "members": view.members}
    return words % {name: presentation.whole(number) for name, number in count.items()}


def _line(line: Linkage) -> PoolLine:
    terms = terms_of(line)
    answer, tone = _ANSWERS.get(line.state, (State(line.state).label, "is-good"))
    return PoolLine(
        pk=line.pk,
        name=organisation_on(line, Side.SELLER).name,
        answer=str(answer),
        tone=tone,
        quantity=presentation.amount_words(terms.quantity, terms.unit),
        window=presentation.window_words(terms.starts, terms.ends),
        terms=term_lines(terms, None),
    )
