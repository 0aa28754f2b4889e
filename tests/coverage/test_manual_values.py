"""Lines entered by hand: dated, sourced, corrected by versions, and in a snapshot as they were."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from linkage.coverage import document, queries
from linkage.coverage.models import (
    Indicator,
    ManualValue,
    Snapshot,
    SnapshotReport,
    SnapshotReportedValue,
    SnapshotValue,
)
from linkage.coverage.rule import COMPUTED
from linkage.coverage.sentences import share_words
from linkage.coverage.services import (
    add_indicator,
    correct_value,
    enter_value,
    take_snapshot,
    withdraw_value,
)
from linkage.coverage.services.reporting import (
    DayToCome,
    LineIsComputed,
    ValueInvalid,
    ValueKnown,
)
from linkage.coverage.snapshots import recompute
from linkage.coverage.staleness import stale
from linkage.coverage.territory import UnknownTerritory
from linkage.errors import NotAllowed, NotFound, StaleVersion
from linkage.jobs.queries import events_of
from linkage.registry.access import OPERATOR, TABLE, Actor, Capability
from linkage.registry.models import Role
from linkage.registry.values import DayOutOfRange, TextInvalid

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
YEAR_END = date(2024, 12, 31)
VALUE: dict[str, Any] = {
    "actor": OPERATOR, "indicator": "LAND", "as_of": YEAR_END, "numerator": 231,
    "denominator": 463, "source": "Báo cáo 12/BC-SNN", "now": NOW,
}  # fmt: skip
BETTER: dict[str, Any] = {
    "actor": OPERATOR, "numerator": 232, "denominator": 463, "source": "Báo cáo 13/BC-SNN",
    "reason": "Cộng thiếu một HTX", "now": NOW + timedelta(hours=1),
}  # fmt: skip


@pytest.fixture
def land(programme: object) -> Indicator:
    said: dict[str, Any] = {"source": "I.2", "actor": OPERATOR, "now": NOW}
    add_indicator(code="TRAINED", name_vi="Lớp", name_en="Courses", measure="count", **said)
    return add_indicator(code="LAND", name_vi="Đất", name_en="Land", measure="share", **said)


def reported(on: date, **asked: Any) -> list[tuple[str, int, int | None, date]]:
    found = queries.report(as_of=on, evidence="verified", today=on, **asked).reported
    return [(one.indicator, one.numerator, one.denominator, one.as_of) for one in found]


def test_a_value_counts_from_its_own_day_on_and_says_which_day_that_is(land: Indicator) -> None:
    enter_value(**VALUE)
    assert reported(date(2024, 12, 30)) == []
    assert reported(YEAR_END) == [("LAND", 231, 463, YEAR_END)]
    assert reported(date(2026, 1, 5)) == [("LAND", 231, 463, YEAR_END)]


def test_of_two_days_the_later_one_counts(land: Indicator) -> None:
    enter_value(**VALUE)
    later = date(2025, 12, 31)
    enter_value(**{**VALUE, "as_of": later, "numerator": 240})
    assert reported(date(2025, 12, 30))[0][1] == 231
    assert reported(later)[0][1] == 240


def test_a_territory_has_its_own_value_and_lends_it_to_no_other(land: Indicator) -> None:
    enter_value(**{**VALUE, "territory": "hai-phong-old", "numerator": 150, "denominator": 300})
    assert reported(YEAR_END) == []
    assert reported(YEAR_END, territory="hai-phong-old") == [("LAND", 150, 300, YEAR_END)]


def test_a_correction_is_a_further_version_and_the_first_stays(land: Indicator) -> None:
    first = enter_value(**VALUE)
    second = correct_value(value_id=first.pk, **BETTER)
    assert reported(YEAR_END) == [("LAND", 232, 463, YEAR_END)]
    rows = ManualValue.objects.order_by("version").values_list("version", "numerator", "reason")
    assert list(rows) == [(1, 231, ""), (2, 232, "Cộng thiếu một HTX")]
    assert second.source == "Báo cáo 13/BC-SNN"


def test_of_two_who_correct_the_same_version_the_second_is_told(land: Indicator) -> None:
    first = enter_value(**VALUE)
    correct_value(value_id=first.pk, **BETTER)
    with pytest.raises(StaleVersion):
        correct_value(value_id=first.pk, **{**BETTER, "numerator": 1})
    assert reported(YEAR_END)[0][1] == 232


def test_what_is_taken_back_counts_no_more_and_can_be_given_again(land: Indicator) -> None:
    first = enter_value(**VALUE)
    gone = withdraw_value(actor=OPERATOR, value_id=first.pk, reason="Nhầm chỉ tiêu", now=NOW)
    assert reported(YEAR_END) == []
    with pytest.raises(StaleVersion):
        withdraw_value(actor=OPERATOR, value_id=gone.pk, reason="Lần nữa", now=NOW)
    correct_value(value_id=gone.pk, **BETTER)
    assert reported(YEAR_END) == [("LAND", 232, 463, YEAR_END)]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"source": " "}, TextInvalid),
        ({"indicator": "none"}, NotFound),
        ({"indicator": "LINK-ALL"}, LineIsComputed),
        ({"numerator": 464}, ValueInvalid),
        ({"numerator": -1}, ValueInvalid),
        ({"numerator": 0, "denominator": 0}, ValueInvalid),
        ({"denominator": None}, ValueInvalid),
        ({"indicator": "TRAINED"}, ValueInvalid),
        ({"denominator": 2**31}, ValueInvalid),
        ({"as_of": date(2026, 1, 6)}, DayToCome),
        ({"as_of": date(1900, 1, 1)}, DayOutOfRange),
        ({"territory": "ha-noi"}, UnknownTerritory),
        ({"actor": Actor(None, frozenset({Role.VERIFIER}))}, NotAllowed),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_written(
    land: Indicator, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        enter_value(**{**VALUE, **changes})
    assert not ManualValue.objects.exists()


def test_a_days_value_is_entered_once(land: Indicator) -> None:
    enter_value(**VALUE)
    with pytest.raises(ValueKnown):
        enter_value(**{**VALUE, "numerator": 1})


def test_a_correction_says_why(land: Indicator) -> None:
    first = enter_value(**VALUE)
    with pytest.raises(TextInvalid):
        correct_value(value_id=first.pk, **{**BETTER, "reason": " "})


def test_only_offices_that_write_programmes_enter_values() -> None:
    may = {role for role in Role if Capability.WRITE_PROGRAMMES in TABLE[role]}
    assert may == {Role.CITY_STAFF, Role.ADMINISTRATOR}


@pytest.mark.parametrize("statement", ["UPDATE {} SET numerator = 1", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_a_version(
    land: Indicator, statement: str
) -> None:
    enter_value(**VALUE)
    words = statement.format("coverage_manualvalue")
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words)


def test_what_was_done_is_told_in_the_lines_history(land: Indicator) -> None:
    first = enter_value(**VALUE)
    second = correct_value(value_id=first.pk, **BETTER)
    withdraw_value(actor=OPERATOR, value_id=second.pk, reason="Nhầm", now=NOW)
    kinds = [event.kind for event in events_of("indicator", "LAND")]
    assert sorted(kinds) == sorted(
        ["indicator_added", "value_entered", "value_corrected", "value_withdrawn"]
    )


# --- In the snapshot --------------------------------------------------------------------------
@pytest.fixture
def taken(land: Indicator, register: list[int]) -> Snapshot:
    enter_value(**VALUE)
    return take_snapshot(as_of=date(2025, 6, 30), now=NOW)


def test_a_snapshot_keeps_what_was_reported_when_it_was_taken(taken: Snapshot) -> None:
    correct_value(value_id=ManualValue.objects.get().pk, **BETTER)
    asked: dict[str, Any] = {"as_of": date(2025, 6, 30), "evidence": "verified"}
    then = queries.report(**asked, today=NOW.date(), known_at=NOW).reported
    now = queries.report(**asked, today=NOW.date()).reported
    assert [one.numerator for one in (*then, *now)] == [231, 232]
    assert recompute(snapshot_id=taken.pk).ok


def test_a_snapshot_before_the_first_value_knows_none(land: Indicator) -> None:
    before = take_snapshot(as_of=date(2025, 6, 30), now=NOW)
    enter_value(**VALUE)
    assert not queries.report_of(before, evidence="verified", today=NOW.date()).reported
    assert recompute(snapshot_id=before.pk).ok


@pytest.mark.parametrize(
    "changes", [{"numerator": 230}, {"source": "khác"}, {"as_of": "2024-12-30"}]
)
def test_one_changed_stored_report_is_noticed(taken: Snapshot, changes: dict[str, Any]) -> None:
    row = SnapshotReport.objects.get(snapshot=taken)
    SnapshotReport.objects.update(fields={**row.fields, **changes})
    checked = recompute(snapshot_id=taken.pk)
    assert not checked.inputs_ok
    assert checked.differences


@pytest.mark.parametrize(
    "changes", [{"numerator": 230}, {"source": "khác"}, {"as_of": date(2024, 12, 30)}]
)
def test_one_changed_stored_value_is_noticed(taken: Snapshot, changes: dict[str, Any]) -> None:
    SnapshotReportedValue.objects.update(**changes)
    checked = recompute(snapshot_id=taken.pk)
    assert checked.inputs_ok
    assert [row.evidence for row in checked.differences] == ["manual"]


def test_a_report_taken_away_is_noticed(taken: Snapshot) -> None:
    SnapshotReport.objects.all().delete()
    assert not recompute(snapshot_id=taken.pk).ok


def test_nothing_computed_is_mixed_with_it(taken: Snapshot) -> None:
    codes = set(SnapshotValue.objects.values_list("indicator_code", flat=True))
    assert "LAND" not in codes
    assert codes >= set(COMPUTED)
    assert set(SnapshotReportedValue.objects.values_list("indicator_code", flat=True)) == {"LAND"}


def test_the_figure_is_old_after_a_value_was_entered(land: Indicator) -> None:
    snapshot = take_snapshot(as_of=date(2025, 6, 30), now=NOW)
    assert stale(snapshot) is None
    enter_value(**VALUE)
    assert stale(snapshot) is not None


# --- As it is shown ---------------------------------------------------------------------------
def test_the_document_says_basis_day_and_source(taken: Snapshot) -> None:
    report = queries.report_of(taken, evidence="verified", today=NOW.date())
    assert document.of_report(report)["reported"] == [
        {
            "indicator": "LAND", "basis": "manual", "as_of": "2024-12-31", "numerator": 231,
            "denominator": 463, "percent_tenths": 498, "source": "Báo cáo 12/BC-SNN",
            "answered": None, "asked": None,
        }
    ]  # fmt: skip


def test_a_count_is_no_share(land: Indicator) -> None:
    enter_value(**{**VALUE, "indicator": "TRAINED", "numerator": 12, "denominator": None})
    report = queries.report(as_of=YEAR_END, evidence="verified", today=YEAR_END)
    (told,) = document.of_report(report)["reported"]
    assert (told["numerator"], told["denominator"], told["percent_tenths"]) == (12, None, None)


def test_the_command_says_it_in_words(taken: Snapshot) -> None:
    out = io.StringIO()
    call_command("coverage", "--as-of", "2025-06-30", "--evidence", "verified", stdout=out)
    (line,) = [line for line in out.getvalue().splitlines() if line.startswith("LAND")]
    for words in ("49,8% (231/463)", "nhập tay", "31/12/2024", "Báo cáo 12/BC-SNN"):
        assert words in line.replace("Nhập", "nhập")


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [(67, 10_000, "0,67%"), (1, 100, "1,0%"), (6_799, 1_000_000, "0,67%"), (0, 9, "0,0%")],
)
def test_a_small_share_has_two_decimals_and_is_cut(
    numerator: int, denominator: int, words: str
) -> None:
    assert share_words(numerator, denominator).startswith(f"{words} (")
