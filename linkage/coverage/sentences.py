"""The figure in words: the count beside the percent, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.agreements.models import Evidence
from linkage.coverage.models import Basis
from linkage.coverage.queries import Change, Report
from linkage.coverage.reported import ReportedValue
from linkage.coverage.rule import LINK_AGRI, LINK_ALL, Figures, Share
from linkage.coverage.snapshots import Difference, Recomputation, Value
from linkage.coverage.steps import Step
from linkage.coverage.targets import NO_DATA, REACHED, Bound, Standing, percent_tenths
from linkage.coverage.territory import HAI_DUONG_OLD, HAI_PHONG_OLD

NAMES = {
    LINK_ALL: gettext_lazy("Cooperatives linked in value chains"),
    LINK_AGRI: gettext_lazy("Agricultural cooperatives linked along the chain"),
}
REASONS = {
    "founded": gettext_lazy("founded"),
    "resumed": gettext_lazy("resumed activity"),
    "status_known": gettext_lazy("began activity"),
    "became_cooperative": gettext_lazy("became a cooperative"),
    "moved_in": gettext_lazy("moved into the territory"),
    "suspended": gettext_lazy("suspended activity"),
    "stopped": gettext_lazy("stopped activity"),
    "dissolved": gettext_lazy("dissolved"),
    "ceased_cooperative": gettext_lazy("ceased to be a cooperative"),
    "moved_out": gettext_lazy("moved out of the territory"),
    "entered_sector": gettext_lazy("changed to an agricultural sector"),
    "left_sector": gettext_lazy("changed to another sector"),
    "linkage_started": gettext_lazy("a linkage came into force"),
    "linkage_confirmed": gettext_lazy("a linkage was confirmed"),
    "linkage_verified": gettext_lazy("a linkage was verified"),
    "linkage_expired": gettext_lazy("the last linkage ran out"),
    "linkage_terminated": gettext_lazy("the last linkage was terminated"),
    "entered_population": gettext_lazy("entered the denominator with a linkage"),
    "left_population": gettext_lazy("left the denominator"),
}


def of_report(report: Report) -> list[str]:
    """A line for each indicator, the other reading, and what waits to be settled."""
    found = report.figures
    lines = [_heading(report)]
    for code, share in found.shares.items():
        lines.append(f"{NAMES[code]}: {share_in_words(share, report.standings[code])}")
    lines.append(
        _("Other reading, agricultural linked over all cooperatives: %(share)s")
        % {"share": count_of_total(found.other_reading)}
    )
    if report.known:
        lines.extend(_settling(found))
    lines.extend(reported_line(value) for value in report.reported)
    return lines


def reported_line(value: ReportedValue) -> str:
    """INSURANCE: 45,0% (9/20), entered by hand, of 31/12/2024, source: Báo cáo 12."""
    if value.answered is not None:
        return _("%(indicator)s: %(value)s, %(basis)s, of %(day)s, %(coverage)s") % {
            "indicator": value.indicator,
            "value": reported_words(value),
            "basis": Basis(value.basis).label,
            "day": date_format(value.as_of, "SHORT_DATE_FORMAT"),
            "coverage": returns_words(value),
        }
    return _("%(indicator)s: %(value)s, %(basis)s, of %(day)s, source: %(source)s") % {
        "indicator": value.indicator,
        "value": reported_words(value),
        "basis": Basis(value.basis).label,
        "day": date_format(value.as_of, "SHORT_DATE_FORMAT"),
        "source": value.source,
    }


def returns_words(value: ReportedValue) -> str:
    """ "từ 120 trong 463 HTX nộp báo cáo": never a share of them that did not answer."""
    return _("from %(answered)s of %(asked)s cooperatives that filed a return") % {
        "answered": number_format(value.answered or 0),
        "asked": number_format(value.asked or 0),
    }


def reported_words(value: ReportedValue) -> str:
    """A reported value in words, see `share_words`."""
    return share_words(value.numerator, value.denominator)


def share_words(numerator: int, denominator: int | None) -> str:
    """A count, or a share with its two numbers; the percent is cut, never rounded up.

    Under one percent it has two decimals: the plan's share of GRDP is 0,67%.
    """
    if denominator is None:
        return number_format(numerator)
    counts = f"{number_format(numerator)}/{number_format(denominator)}"
    if 0 < numerator * 100 < denominator:
        hundredths = Decimal(numerator * 10_000 // denominator) / 100
        return f"{number_format(hundredths, decimal_pos=2)}% ({counts})"
    return f"{percent(numerator, denominator)} ({counts})"


def share_in_words(share: Share, standing: Standing) -> str:
    """33.2% - 154 of 463 cooperatives; 124 cooperatives short of 60%."""
    counted = count_of_total(share)
    if standing.target is None or standing.missing is None or standing.status == NO_DATA:
        return counted
    values = {"share": counted, "target": percent_of(standing.target.minimum)}
    if standing.status == REACHED:
        return _("%(share)s; %(target)s is reached") % values
    values["missing"] = number_format(standing.missing)
    return _("%(share)s; %(missing)s cooperatives short of %(target)s") % values


def count_of_total(share: Share) -> str:
    """The count of the total, with the percent beside it; never rounded up."""
    if share.denominator == 0:
        return _("no data")
    return _("%(percent)s – %(numerator)s of %(denominator)s cooperatives") % {
        "numerator": number_format(share.numerator),
        "denominator": number_format(share.denominator),
        "percent": percent(share.numerator, share.denominator),
    }


def percent(numerator: int, denominator: int) -> str:
    """One decimal, rounded down, in the reader's notation: 59.96% prints 59,9%."""
    tenths = Decimal(percent_tenths(numerator, denominator)) / 10
    return number_format(tenths, decimal_pos=1) + "%"


def percent_of(bound: Bound) -> str:
    """A target's bound exactly: with the decimals it needs, else as a fraction.

    >>> percent_of(Bound(60, 100)), percent_of(Bound(67, 10000)), percent_of(Bound(2, 3))
    ('60%', '0,67%', '2/3')
    """
    share = Fraction(bound.num * 100, bound.den)
    # No decimals end it if another prime than 2 and 5 divides it; den is below 2^31.
    if 10**31 % share.denominator:
        return f"{number_format(bound.num)}/{number_format(bound.den)}"
    value = (Decimal(share.numerator) / Decimal(share.denominator)).normalize()
    return number_format(value) + "%"


def territory_name(territory: str) -> str:
    """A territory's key in the reader's language; a district or commune as its key stands."""
    names = {
        "": _("Merged city (the whole register)"),
        HAI_PHONG_OLD: _("Hai Phong before 1 July 2025"),
        HAI_DUONG_OLD: _("Hai Duong before 1 July 2025"),
    }
    return names.get(territory, territory)


def of_change(change: Change) -> list[str]:
    """Each indicator's two counts and the steps between them that are not nought."""
    lines = [_heading(change.before), _heading(change.after)]
    for code, bridge in change.bridges.items():
        before, after = change.before.figures.shares[code], change.after.figures.shares[code]
        lines.append(f"{NAMES[code]}: {count_of_total(before)} → {count_of_total(after)}")
        lines.extend(_steps(_("numerator"), bridge.numerator))
        lines.extend(_steps(_("denominator"), bridge.denominator))
    return lines


def of_recomputation(checked: Recomputation) -> list[str]:
    """What holds of a snapshot, and each value that differs."""
    values = {"snapshot": checked.snapshot_id, "seen": checked.seen}
    if checked.ok:
        return [_("Snapshot %(snapshot)s: all %(seen)s values are computed again alike.") % values]
    lines = [_("Snapshot %(snapshot)s differs.") % values]
    if not checked.inputs_ok:
        lines.append(_("Its stored rows are not the ones its hash was taken of."))
    if not checked.rule_ok:
        lines.append(_("The rule is not the one it was computed with."))
    lines.extend(_difference(row) for row in checked.differences)
    return lines


def _difference(row: Difference) -> str:
    return _("%(indicator)s, %(evidence)s, %(territory)s: stored %(stored)s, now %(computed)s") % {
        "indicator": NAMES.get(row.indicator, row.indicator),
        "evidence": _level_or_basis(row.evidence),
        "territory": territory_name(row.territory),
        "stored": _value(row.stored),
        "computed": _value(row.computed),
    }


def _level_or_basis(word: str) -> str:
    return str((Basis if word in Basis.values else Evidence)(word).label)


def _value(value: Value | None) -> str:
    if value is None:
        return _("no data")
    counts = [number_format(count) for count in value if count is not None]
    return "/".join(counts)


def _heading(report: Report) -> str:
    values = {
        "day": date_format(report.figures.as_of, "SHORT_DATE_FORMAT"),
        "evidence": Evidence(report.figures.evidence).label,
        "territory": territory_name(report.territory.key or ""),
    }
    if not report.known:
        return _("%(day)s, %(evidence)s, %(territory)s: nothing was known yet") % values
    if report.planned:
        return _("%(day)s (planned), %(evidence)s, %(territory)s") % values
    return _("%(day)s, %(evidence)s, %(territory)s") % values


def _settling(found: Figures) -> list[str]:
    unsettled = found.to_be_settled
    return [
        _("To be settled: %(organisations)s organisations, %(places)s places, %(sectors)s sectors")
        % {
            "organisations": number_format(len(unsettled.organisations)),
            "places": number_format(len(unsettled.places)),
            "sectors": number_format(len(unsettled.sectors)),
        }
    ]


def _steps(side: str, steps: Mapping[str, Step]) -> list[str]:
    return [
        f"  {side} {step.change:+d}: {REASONS[name]}" for name, step in steps.items() if step.change
    ]
