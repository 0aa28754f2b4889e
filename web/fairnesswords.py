"""A fairness report as its pages say it: each number with what it opens to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linkage.coverage.sentences import percent
from linkage.matching.weights import FULL
from linkage.suggestions import preference
from linkage.suggestions.models import FairnessReport
from linkage.suggestions.reach import SMALL_MEMBERS
from web.presentation import decimal_words, whole

_TITLES: Mapping[str, str | Promise] = {
    "all": gettext_lazy("Cooperatives with something open"),
    "nobody": gettext_lazy("Cooperatives that are shown to nobody"),
    "overlooked": gettext_lazy("Cooperatives with a suitable partner that are shown to nobody"),
    "unlinked": gettext_lazy("Cooperatives without a verified linkage"),
    "small": gettext_lazy("Small cooperatives"),
    "size_unknown": gettext_lazy("Cooperatives whose members are not known"),
    "most": gettext_lazy("Cooperatives that are shown most often"),
    "least": gettext_lazy("Cooperatives that are shown least often"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Co-ops of a kind: their share of suggestions beside their share of co-ops."""

    name: str
    opens: str
    suggestions: str
    suggestions_percent: str
    co_ops: str
    co_ops_percent: str
    verdict: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class Board:
    """A report in words."""

    report: FairnessReport
    overlooked: str
    nobody: str
    gini: str
    groups: Sequence[Group]
    weight: str
    lost: str
    cost: str


def board_of(report: FairnessReport) -> Board:
    """The report in the reader's language."""
    return Board(
        report=report,
        overlooked=ngettext(
            "%(count)s cooperative has a suitable partner and is shown to nobody",
            "%(count)s cooperatives have a suitable partner and are shown to nobody",
            report.overlooked,
        )
        % {"count": whole(report.overlooked)},
        nobody=_("%(nobody)s of %(co_ops)s (%(percent)s)")
        % {
            "nobody": whole(report.nobody),
            "co_ops": whole(report.co_ops),
            "percent": _percent(report.nobody, report.co_ops),
        },
        gini=decimal_words(_rounded(report.gini_num, report.gini_den, "0.01")),
        groups=[
            _group(report, "unlinked", _("without a verified linkage")),
            _group(
                report,
                "small",
                _("small: at most %(members)s members") % {"members": whole(SMALL_MEMBERS)},
            ),
        ],
        weight=weight_words(report.preference),
        lost=_lost(report),
        cost=_cost(report),
    )


def told_words(count: int) -> str:
    """How many of the overlooked are told of a partner themselves; nothing where none is."""
    if not count:
        return ""
    return ngettext(
        "%(count)s of them is told of a partner itself and can make the first step.",
        "%(count)s of them are told of a partner themselves and can make the first step.",
        count,
    ) % {"count": whole(count)}


def already_introduced_words(count: int, report: FairnessReport) -> str:
    """How many of the overlooked were introduced since the report; nothing where none was."""
    if not count:
        return ""
    return _(
        "%(count)s of %(all)s introduced since this report; the next one counts them as shown."
    ) % {"count": whole(count), "all": whole(report.overlooked)}


def introduced_words(count: int) -> str:
    """What became of a click on "introduce"."""
    if not count:
        return _("Nobody is overlooked any more.")
    return ngettext(
        "The city suggests %(count)s cooperative and its best partner to each other. The list says"
        " for whom nobody acts here yet: ring them.",
        "The city suggests %(count)s cooperatives and their best partners to each other. The list"
        " says for whom nobody acts here yet: ring them.",
        count,
    ) % {"count": whole(count)}


def weight_words(weight: int) -> str:
    """ "20,0% (2.000 trên 10.000)"."""
    said = {"weight": whole(weight), "full": whole(FULL), "percent": percent(weight, FULL)}
    return _("%(percent)s (%(weight)s of %(full)s)") % said


def setting_words(report: FairnessReport | None) -> str:
    """The platform's setting now, where the report was made by another one; else nothing."""
    now = preference.weights()
    if report is None or report.engine == now.version:
        return ""
    return weight_words(now.preference)


def list_words(shown: str) -> dict[str, str]:
    """The title of what a number opens to."""
    return {"title": str(_TITLES[shown])}


def _group(report: FairnessReport, opens: str, name: str) -> Group:
    suggestions = getattr(report, f"{opens}_suggestions")
    co_ops = getattr(report, f"{opens}_co_ops")
    fair = suggestions * report.co_ops >= co_ops * report.suggestions
    more = _("at least their share") if fair else _("less than their share")
    return Group(
        name=name,
        opens=opens,
        suggestions=_of(suggestions, report.suggestions),
        suggestions_percent=_percent(suggestions, report.suggestions),
        co_ops=_of(co_ops, report.co_ops),
        co_ops_percent=_percent(co_ops, report.co_ops),
        verdict=more if co_ops and report.suggestions else "",
        is_good=fair,
    )


def _cost(report: FairnessReport) -> str:
    if not report.pairs:
        return _("Nothing to compare: no post has a suitable partner.")
    return _(
        "On average a suggestion scores %(lost)s of %(full)s less by all else than without the"
        " preference (%(percent)s; over %(pairs)s pairs)."
    ) % {
        "lost": _lost(report),
        "full": whole(FULL),
        "percent": percent(report.score_lost, report.pairs * FULL),
        "pairs": whole(report.pairs),
    }


def _lost(report: FairnessReport) -> str:
    return decimal_words(_rounded(report.score_lost, max(1, report.pairs), "0.1"))


def _of(part: int, all_of: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": whole(part), "whole": whole(all_of)}


def _percent(part: int, all_of: int) -> str:
    return percent(part, all_of) if all_of else "–"


def _rounded(num: int, den: int, step: str) -> Decimal:
    return (Decimal(num) / Decimal(den)).quantize(Decimal(step))
