"""What the public page and the dashboard show, put together from one snapshot's stored values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linkage.agreements.models import Evidence
from linkage.coverage import opened, plans_read, reported_read, staleness
from linkage.coverage.models import Indicator, Snapshot, SnapshotValue, Target
from linkage.coverage.queries import HEADLINES, Freshness, latest_series, newest, target_row
from linkage.coverage.reported import ReportedValue
from linkage.coverage.rule import LINK_AGRI, LINK_AGRI_OF_ALL
from linkage.coverage.sentences import territory_name
from linkage.coverage.targets import TargetRow, in_force_on
from linkage.coverage.territory import HAI_DUONG_OLD, HAI_PHONG_OLD
from linkage.intake import invented
from web.charts import TrendLine, band_of, trend
from web.presentation import ShareWords, name_words, percent, range_words, whole
from web.reportedwords import ShownValue, shown

# The whole register.
WHOLE = ""
LEVELS = (Evidence.VERIFIED, Evidence.CONFIRMED, Evidence.DECLARED)

Values = Mapping[tuple[str, str, str], SnapshotValue]
Targets = Mapping[str, TargetRow]


def evidence_name(evidence: str) -> str:
    """A level of evidence in the reader's language."""
    names = {
        Evidence.VERIFIED: _("Verified by the city"),
        Evidence.CONFIRMED: _("Confirmed by both sides"),
        Evidence.DECLARED: _("Declared"),
    }
    return names[Evidence(evidence)]


def indicator_name(code: str) -> str:
    """An indicator's name in the reader's language, as the plan's line has it."""
    if code == LINK_AGRI_OF_ALL:
        return _("Agricultural cooperatives linked, over all cooperatives")
    row = plans_read.indicator(code)
    return code if row is None else name_words(row)


def by_key(values: Iterable[SnapshotValue]) -> Values:
    """Values by (indicator, evidence, territory)."""
    return {(value.indicator_code, value.evidence, value.territory): value for value in values}


def targets_on(indicators: Iterable[Indicator], on: date) -> Targets:
    """For each indicator the target that counts on the day (targets are prefetched)."""
    found = {
        indicator.code: in_force_on([target_row(row) for row in indicator.targets.all()], on)
        for indicator in indicators
    }
    return {code: target for code, target in found.items() if target is not None}


def share(value: SnapshotValue | None, target: TargetRow | None) -> ShareWords:
    """A stored share beside its target; nothing stored reads as no data."""
    if value is None:
        return ShareWords(0, 0, target)
    return ShareWords(value.numerator, value.denominator or 0, target)


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
    """Linked agricultural cooperatives over all cooperatives."""
    stored = values.get((LINK_AGRI_OF_ALL, Evidence.VERIFIED, territory))
    return share(stored, None) if stored else None


@dataclass(frozen=True)
class City:
    """A territory's two figures, for the table that sets old and merged city side by side."""

    territory: str
    name: str
    headlines: Sequence[Headline]


def cities(indicators: Sequence[Indicator], values: Values, targets: Targets) -> list[City]:
    """The merged city and its two former halves."""
    return [
        City(
            territory, territory_name(territory), headlines(indicators, values, targets, territory)
        )
        for territory in (WHOLE, HAI_PHONG_OLD, HAI_DUONG_OLD)
    ]


@dataclass(frozen=True)
class Line:
    """A line of section I.2: its target and its value, or that there are no figures.

    What is reported stands apart: nothing computed is mixed with it.
    """

    indicator: Indicator
    target: str
    value: str
    has_data: bool
    reported: Sequence[ShownValue] = ()


def lines(
    indicators: Sequence[Indicator],
    values: Values,
    targets: Targets,
    told: Iterable[ReportedValue] = (),
) -> list[Line]:
    """Every line of the plan; one without a stored value says so and is never 0."""
    reported: dict[str, list[ReportedValue]] = {}
    for value in told:
        if value.territory == WHOLE:
            reported.setdefault(value.indicator, []).append(value)
    return [
        _line_of(indicator, values, targets.get(indicator.code), reported.get(indicator.code, []))
        for indicator in indicators
    ]


def _line_of(
    indicator: Indicator,
    values: Values,
    target: TargetRow | None,
    reported: Sequence[ReportedValue],
) -> Line:
    found = [values.get((indicator.code, level, WHOLE)) for level in LEVELS]
    value = next((one for one in found if one is not None), None)
    return Line(
        indicator,
        target_words(target, indicator.measure) if target else "",
        _value_words(value) if value else _("no figures yet"),
        value is not None,
        shown(reported, target) if indicator.how == Indicator.How.REPORTED else (),
    )


def _value_words(value: SnapshotValue) -> str:
    if value.denominator is None:
        return whole(value.numerator)
    if not value.denominator:
        return _("no figures yet")
    counts = f"{whole(value.numerator)}/{whole(value.denominator)}"
    return f"{percent(value.numerator, value.denominator)} ({counts})"


def target_words(target: TargetRow, measure: str) -> str:
    """ "trên 400", "khoảng 70%", "60–70%"."""
    if measure == Indicator.Measure.COUNT:
        value = whole(target.minimum.num // target.minimum.den)
    else:
        value = range_words(target)
        if target.maximum not in (None, target.minimum):
            return value
    return f"{Target.Comparison(target.comparison).label} {value}"


@dataclass(frozen=True)
class Settle:
    """Something that waits for a person, with the filter of the list that shows it."""

    filter: str
    label: str
    count: int


def to_settle(values: Values) -> list[Settle]:
    """How many organisations, places and sectors a person still has to settle."""
    waiting = (
        ("organisation", "SETTLE-ORGANISATIONS", _("Organisations to be settled")),
        ("place", "SETTLE-PLACES", _("Places to be settled")),
        ("sector", "SETTLE-SECTORS", _("Sectors to be settled")),
    )
    found = []
    for name, code, label in waiting:
        value = values.get((code, Evidence.VERIFIED, WHOLE))
        if value is not None:
            found.append(Settle(name, label, value.numerator))
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


def trend_of(
    indicator: Indicator, points: Iterable[Mapping[str, Any]], target: TargetRow | None
) -> Trend:
    """The series' points of one indicator in the whole register, in order of day."""
    stored: dict[tuple[str, str], ShareWords] = {
        (point["as_of"], point["evidence"]): ShareWords(point["numerator"], point["denominator"])
        for point in points
        if point["indicator"] == indicator.code and not point["territory"]
    }
    nothing = ShareWords(0, 0)
    rows = [
        TrendRow(
            date.fromisoformat(day),
            stored.get((day, Evidence.VERIFIED), nothing),
            stored.get((day, Evidence.DECLARED), nothing),
        )
        for day in sorted({day for day, _evidence in stored})
    ]
    return Trend(indicator, rows, _picture(rows, target))


def _picture(rows: Sequence[TrendRow], target: TargetRow | None) -> SafeString:
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
        band=band_of(target) if target else None,
    )


def overdue_words(freshness: Freshness) -> str:
    """The loud notice, if the nightly job did not run; else empty."""
    if not freshness.overdue:
        return ""
    if freshness.taken_at is None:
        return _("Not computed yet.")
    return _("Not computed since %(moment)s: the nightly computation did not run.") % {
        "moment": _moment(freshness.taken_at)
    }


def stale_words(snapshot: Snapshot) -> str:
    """The loud notice that the register was changed after the figure read it; else empty."""
    found = staleness.stale(snapshot)
    if found is None:
        return ""
    return _(
        "The figures have not been computed again since %(taken)s. The register was changed after"
        " that, last at %(changed)s: what is shown here does not know of it yet."
    ) % {"taken": _moment(found.taken_at), "changed": _moment(found.changed_at)}


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


# --- Whole pages ----------------------------------------------------------------------------
@dataclass(frozen=True)
class PublicBoard:
    """The public figure: the newest snapshot of a day that has come, verified linkages only."""

    snapshot: Snapshot | None
    headlines: Sequence[Headline]
    # What is shown comes from the packaged sample workbook.
    is_invented: bool


@dataclass(frozen=True)
class Board:
    """The dashboard of one day."""

    snapshot: Snapshot | None
    is_invented: bool
    # Empty where the figure knows all that was changed.
    stale: str = ""
    headlines: Sequence[Headline] = ()
    cities: Sequence[City] = ()
    to_settle: Sequence[Settle] = ()
    lines: Sequence[Line] = ()
    trends: Sequence[Trend] = ()


def public_board(today: date) -> PublicBoard:
    """What everybody may see."""
    snapshot = newest(today)
    if snapshot is None:
        return PublicBoard(None, (), invented.is_shown(read_at=None))
    indicators = plans_read.lines(HEADLINES)
    values = by_key(opened.headline_values(snapshot))
    return PublicBoard(
        snapshot,
        headlines(indicators, values, targets_on(indicators, snapshot.as_of)),
        invented.is_shown(read_at=snapshot.taken_at),
    )


def board(snapshot: Snapshot | None) -> Board:
    """All that a snapshot stores, and the newest quarter ends."""
    if snapshot is None:
        return Board(None, invented.is_shown(read_at=None))
    indicators = plans_read.lines()
    values = by_key(opened.values_of(snapshot))
    targets = targets_on(indicators, snapshot.as_of)
    series = latest_series()
    points = series.points if series else []
    return Board(
        snapshot,
        invented.is_shown(read_at=snapshot.taken_at),
        stale_words(snapshot),
        headlines(indicators, values, targets),
        cities(indicators, values, targets),
        to_settle(values),
        lines(indicators, values, targets, reported_read.stored_values(snapshot)),
        [
            trend_of(indicator, points, targets.get(indicator.code))
            for indicator in indicators
            if indicator.code in HEADLINES
        ],
    )
