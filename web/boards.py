"""What the public page and the dashboard show, put together from one snapshot's stored values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linkage.agreements.models import Evidence
from linkage.coverage.models import Indicator, Snapshot, SnapshotValue, Target
from web.charts import TrendLine, trend
from web.presentation import ShareWords, bound, percent, whole

LINK_ALL = "LINK-ALL"
LINK_AGRI = "LINK-AGRI"
HEADLINES = (LINK_ALL, LINK_AGRI)
# The whole register, then the two former halves of the city.
WHOLE, OLD_HAI_PHONG, OLD_HAI_DUONG = "", "hai-phong-old", "hai-duong-old"
LEVELS = (Evidence.VERIFIED, Evidence.CONFIRMED, Evidence.DECLARED)

Values = Mapping[tuple[str, str, str], SnapshotValue]
Targets = Mapping[str, Target]


def territory_name(territory: str) -> str:
    """A territory in the reader's language."""
    names = {
        WHOLE: _("Merged city (the whole register)"),
        OLD_HAI_PHONG: _("Hai Phong before 1 July 2025"),
        OLD_HAI_DUONG: _("Hai Duong before 1 July 2025"),
    }
    return names.get(territory, territory)


def evidence_name(evidence: str) -> str:
    """A level of evidence in the reader's language."""
    names = {
        Evidence.VERIFIED: _("Verified by the city"),
        Evidence.CONFIRMED: _("Confirmed by both sides"),
        Evidence.DECLARED: _("Declared"),
    }
    return names[Evidence(evidence)]


def by_key(values: Iterable[SnapshotValue]) -> Values:
    """Values by (indicator, evidence, territory)."""
    return {(value.indicator_code, value.evidence, value.territory): value for value in values}


def targets_on(indicators: Iterable[Indicator], on: date) -> Targets:
    """For each indicator the last target set on or before the day (targets are prefetched)."""
    found: dict[str, Target] = {}
    for indicator in indicators:
        started = [target for target in indicator.targets.all() if target.from_date <= on]
        if started:
            found[indicator.code] = max(started, key=lambda target: target.from_date)
    return found


def share(value: SnapshotValue | None, target: Target | None) -> ShareWords:
    """A stored share beside its target; nothing stored reads as no data."""
    return ShareWords(
        value.numerator if value else 0,
        (value.denominator or 0) if value else 0,
        (target.min_num, target.min_den) if target else None,
        (target.max_num, target.max_den)
        if target and target.max_num is not None and target.max_den is not None
        else None,
    )


@dataclass(frozen=True)
class Level:
    """One level of evidence of a headline figure."""

    evidence: str
    name: str
    share: ShareWords


@dataclass(frozen=True)
class Headline:
    """A headline figure at all levels, and LINK-AGRI's other reading."""

    indicator: Indicator
    levels: Sequence[Level]
    other_reading: ShareWords | None = None

    @property
    def verified(self) -> ShareWords:
        return self.levels[0].share


def headlines(
    indicators: Sequence[Indicator], values: Values, targets: Targets, territory: str = WHOLE
) -> list[Headline]:
    """LINK-ALL and LINK-AGRI in a territory."""
    return [
        Headline(
            indicator,
            [
                Level(
                    level,
                    evidence_name(level),
                    share(
                        values.get((indicator.code, level, territory)), targets.get(indicator.code)
                    ),
                )
                for level in LEVELS
            ],
            _other_reading(values, territory) if indicator.code == LINK_AGRI else None,
        )
        for indicator in indicators
        if indicator.code in HEADLINES
    ]


def _other_reading(values: Values, territory: str) -> ShareWords | None:
    """Linked agricultural cooperatives over all cooperatives: two stored integers side by side."""
    linked = values.get((LINK_AGRI, Evidence.VERIFIED, territory))
    everybody = values.get((LINK_ALL, Evidence.VERIFIED, territory))
    if linked is None or everybody is None:
        return None
    return ShareWords(linked.numerator, everybody.denominator or 0)


@dataclass(frozen=True)
class City:
    """A territory's two figures, for the table that sets old and merged city side by side."""

    territory: str
    name: str
    headlines: Sequence[Headline]


def cities(indicators: Sequence[Indicator], values: Values, targets: Targets) -> list[City]:
    """The merged city and its two former halves."""
    return [
        City(territory, territory_name(territory), headlines(indicators, values, targets, territory))
        for territory in (WHOLE, OLD_HAI_PHONG, OLD_HAI_DUONG)
    ]


@dataclass(frozen=True)
class Line:
    """A line of section I.2: its target and its value, or that there are no figures."""

    indicator: Indicator
    target: str
    value: str
    has_data: bool


def lines(indicators: Sequence[Indicator], values: Values, targets: Targets) -> list[Line]:
    """Every line of the plan; one without a stored value says so and is never 0."""
    return [_line_of(indicator, values, targets.get(indicator.code)) for indicator in indicators]


def _line_of(indicator: Indicator, values: Values, target: Target | None) -> Line:
    found = [values.get((indicator.code, level, WHOLE)) for level in LEVELS]
    value = next((one for one in found if one is not None), None)
    return Line(
        indicator,
        target_words(target, indicator.measure) if target else "",
        _value_words(value) if value else _("no figures yet"),
        value is not None,
    )


def _value_words(value: SnapshotValue) -> str:
    if value.denominator is None:
        return whole(value.numerator)
    if not value.denominator:
        return _("no figures yet")
    return f"{percent(value.numerator, value.denominator)} ({whole(value.numerator)}/{whole(value.denominator)})"


def target_words(target: Target, measure: str) -> str:
    """ "trên 400", "khoảng 70%", "60–70%"."""
    if measure == Indicator.Measure.COUNT:
        value = whole(target.min_num // target.min_den)
    else:
        value = bound(target.min_num, target.min_den)
        if target.max_num is not None and target.max_den is not None:
            value = f"{value.removesuffix('%')}–{bound(target.max_num, target.max_den)}"
    return f"{target.get_comparison_display()} {value}"


def quarter_ends(*, first: date, last: date) -> list[date]:
    """The last days of the quarters within [first, last]."""
    found = []
    for year in range(first.year, last.year + 1):
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)):
            if first <= date(year, month, day) <= last:
                found.append(date(year, month, day))
    return found


@dataclass(frozen=True)
class TrendRow:
    """One quarter end: what the chart draws and the table beside it says."""

    day: date
    verified: ShareWords
    declared: ShareWords


@dataclass(frozen=True)
class Trend:
    """A headline figure over the quarters, as a picture and as a table."""

    indicator: Indicator
    rows: Sequence[TrendRow]
    picture: SafeString


def trend_of(indicator: Indicator, values: Iterable[SnapshotValue], target: Target | None) -> Trend:
    """`values` come with their snapshots, oldest taken first: the newest of a day wins."""
    stored: dict[tuple[date, str], SnapshotValue] = {}
    for value in values:
        if value.indicator_code == indicator.code:
            stored[value.snapshot.as_of, value.evidence] = value
    days = sorted({day for day, _evidence in stored})
    rows = [
        TrendRow(
            day,
            share(stored.get((day, Evidence.VERIFIED)), None),
            share(stored.get((day, Evidence.DECLARED)), None),
        )
        for day in days
    ]
    return Trend(indicator, rows, _picture(rows, target))


def _picture(rows: Sequence[TrendRow], target: Target | None) -> SafeString:
    band = None
    if target is not None:
        low = target.min_num * 100 // target.min_den
        high = target.max_num * 100 // target.max_den if target.max_num and target.max_den else low
        band = (low, high)
    return trend(
        title=_("Share linked at the end of each quarter; the table below says the same."),
        labels=[f"{row.day.month:02d}/{row.day.year % 100:02d}" for row in rows],
        lines=[
            TrendLine(
                evidence_name(Evidence.DECLARED),
                [(row.declared.numerator, row.declared.denominator) for row in rows],
                second=True,
            ),
            TrendLine(
                evidence_name(Evidence.VERIFIED),
                [(row.verified.numerator, row.verified.denominator) for row in rows],
            ),
        ],
        band=band,
    )


def overdue(snapshot: Snapshot | None, now: datetime) -> str:
    """The loud notice, if the nightly job did not run; else empty."""
    if snapshot is None:
        return _("Not computed yet.")
    if timezone.localdate(snapshot.taken_at) >= timezone.localdate(now) - timedelta(days=1):
        return ""
    taken = date_format(timezone.localtime(snapshot.taken_at), "DATETIME_FORMAT")
    return _("Not computed since %(moment)s: the nightly computation did not run.") % {
        "moment": taken
    }
