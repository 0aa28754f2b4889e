"""A snapshot holds what the rule read: it is computed again alike, or says what differs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from linkage.agreements.models import Linkage
from linkage.coverage import inputs, queries, rule
from linkage.coverage.models import (
    Series,
    Snapshot,
    SnapshotLinkage,
    SnapshotOrganisation,
    SnapshotValue,
)
from linkage.coverage.services import compute_series, take_snapshot
from linkage.coverage.snapshots import STEPS, recompute
from linkage.errors import NotFound
from linkage.registry.models import Organisation, StatusFact
from tests.coverage.histories import History, cooperative, linkage, store
from tests.coverage.mutations import MUTATIONS, mutated

pytestmark = pytest.mark.django_db

DAY = date(2023, 1, 7)
NOW = datetime(2023, 1, 7, 18, 0, tzinfo=UTC)


class CalledOffError(Exception):
    """What a job's fence or progress raises."""


@pytest.fixture
def snapshot(register: list[int]) -> Snapshot:
    return take_snapshot(as_of=DAY, now=NOW)


def test_a_snapshot_is_computed_again_alike(snapshot: Snapshot) -> None:
    checked = recompute(snapshot_id=snapshot.pk)
    assert checked.ok
    assert checked.seen == STEPS * (len(rule.COMPUTED) + 3)


def test_a_snapshot_stores_each_territory_at_each_level(snapshot: Snapshot) -> None:
    stored = {
        (row.evidence, row.territory): (row.numerator, row.denominator)
        for row in snapshot.values.filter(indicator_code="LINK-ALL")
    }
    assert stored[("verified", "")] == (2, 4)
    assert stored[("declared", "")] == (3, 4)
    assert stored[("verified", "hai-phong-old")] == (1, 3)
    assert stored[("verified", "hai-duong-old")] == (1, 1)
    assert len(stored) == STEPS


def test_a_later_correction_makes_a_new_snapshot_and_never_changes_an_old_one(
    snapshot: Snapshot, register: list[int]
) -> None:
    Linkage.objects.filter(seller_id=register[1]).update(verified_on=None)
    later = take_snapshot(as_of=DAY, now=NOW + timedelta(days=1))
    figures = [
        queries.figures(as_of=DAY, evidence="verified", known_at=known).shares["LINK-ALL"]
        for known in (snapshot.taken_at, later.taken_at, None)
    ]
    assert [share.numerator for share in figures] == [2, 1, 1]
    assert recompute(snapshot_id=snapshot.pk).ok


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (SnapshotOrganisation, "founded_on", "2023-01-02"),
        (SnapshotOrganisation, "sectors", [[None, None]]),
        (SnapshotLinkage, "state", "lapsed"),
        (SnapshotLinkage, "contract_number", "another"),
    ],
)
def test_one_changed_stored_input_is_noticed(
    snapshot: Snapshot, model: type[SnapshotOrganisation], name: str, value: object
) -> None:
    row = model.objects.filter(snapshot=snapshot).order_by("pk").first()
    model.objects.filter(pk=row.pk).update(fields={**row.fields, name: value})
    checked = recompute(snapshot_id=snapshot.pk)
    assert not checked.inputs_ok
    assert not checked.ok


def test_one_stored_input_taken_away_is_noticed(snapshot: Snapshot) -> None:
    snapshot.linkages.order_by("linkage_id").last().delete()
    assert not recompute(snapshot_id=snapshot.pk).ok


def test_a_changed_day_or_territory_is_noticed(snapshot: Snapshot) -> None:
    Snapshot.objects.filter(pk=snapshot.pk).update(period_starts=date(2020, 1, 1))
    assert not recompute(snapshot_id=snapshot.pk).inputs_ok


def test_one_changed_or_missing_value_is_noticed(snapshot: Snapshot) -> None:
    values = SnapshotValue.objects.filter(snapshot=snapshot).order_by("pk")
    first, second = values[:2]
    values.filter(pk=first.pk).update(numerator=first.numerator + 1, denominator=99)
    second.delete()
    checked = recompute(snapshot_id=snapshot.pk)
    assert checked.inputs_ok
    assert {row.stored is None for row in checked.differences} == {True, False}


@pytest.mark.parametrize(
    ("text", "broken"), [pytest.param(*row[2:], id=row[0]) for row in MUTATIONS if row[1] is rule]
)
def test_each_changed_line_of_the_rule_changes_its_version(text: str, broken: str) -> None:
    source = Path(rule.__file__).read_text(encoding="utf-8")
    changed = inputs.fingerprint_of_code(source.replace(text, broken))
    assert changed != inputs.fingerprint_of_code(source)
    assert mutated(rule, text, broken).compute is not rule.compute


def test_a_comment_or_a_docstring_is_no_line_of_the_rule() -> None:
    source = Path(rule.__file__).read_text(encoding="utf-8")
    commented = source.replace('RULE_VERSION = "1"', 'RULE_VERSION = "1"  # the first').replace(
        '"""Nothing', '"""No thing'
    )
    assert commented != source
    assert inputs.fingerprint_of_code(commented) == inputs.fingerprint_of_code(source)


def test_a_snapshot_that_does_not_exist_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        recompute(snapshot_id=404)


def test_a_job_delivered_twice_makes_one_snapshot(register: list[int]) -> None:
    first, second = (take_snapshot(as_of=DAY, now=NOW, job_id=7) for _ in range(2))
    assert (first.pk, Snapshot.objects.count()) == (second.pk, 1)
    assert first.organisations.count() == Organisation.objects.count()


@pytest.mark.django_db(transaction=True)
def test_outside_any_transaction_a_snapshot_reads_one_view_and_writes(programme: object) -> None:
    store(History([cooperative(), cooperative()], [linkage(0, 1)]))
    snapshot = take_snapshot(as_of=DAY, now=NOW)
    assert recompute(snapshot_id=snapshot.pk).ok


def test_without_a_job_each_call_makes_its_own(register: list[int]) -> None:
    take_snapshot(as_of=DAY, now=NOW)
    take_snapshot(as_of=DAY, now=NOW)
    assert Snapshot.objects.count() == 2


def test_the_fence_comes_first_in_the_transaction_that_writes(register: list[int]) -> None:
    seen = []

    def fence() -> None:
        seen.append((connection.in_atomic_block, Snapshot.objects.count()))
        raise CalledOffError

    with pytest.raises(CalledOffError):
        take_snapshot(as_of=DAY, now=NOW, fence=fence)
    assert seen == [(True, 0)]
    assert not Snapshot.objects.exists()


def test_progress_rises_to_its_total(register: list[int]) -> None:
    said: list[tuple[int, int]] = []
    take_snapshot(as_of=DAY, now=NOW, progress=lambda done, total: said.append((done, total)))
    assert [done for done, _ in said] == list(range(1, STEPS + 3))
    assert {total for _, total in said} == {STEPS + 2}


def test_a_snapshot_called_off_half_way_stores_nothing(register: list[int]) -> None:
    def progress(done: int, total: int) -> None:
        if done == STEPS:
            raise CalledOffError

    with pytest.raises(CalledOffError):
        take_snapshot(as_of=DAY, now=NOW, progress=progress)
    assert not Snapshot.objects.exists()


def test_nobody_can_call_off_what_is_stored_already(register: list[int]) -> None:
    def progress(done: int, total: int) -> None:
        if Snapshot.objects.exists() or Series.objects.exists():
            raise CalledOffError

    taken = take_snapshot(as_of=DAY, now=NOW, progress=progress)
    taken.delete()
    assert compute_series(now=NOW, today=DAY, progress=progress).points


def test_known_at_a_day_means_its_end_in_hai_phong(register: list[int]) -> None:
    # 18:00 UTC is one o'clock on the next day in Hai Phong.
    taken = take_snapshot(as_of=DAY, now=NOW)
    assert queries.snapshot_at(date(2023, 1, 7)) is None
    assert queries.snapshot_at(date(2023, 1, 8)) == taken
    assert queries.snapshot_at(NOW) == taken
    assert queries.snapshot_at(NOW - timedelta(seconds=1)) is None


def test_any_day_is_computed_over_a_snapshots_rows(snapshot: Snapshot) -> None:
    Organisation.objects.update(founded_on=None)
    StatusFact.objects.all().delete()
    known = queries.figures(as_of=date(2023, 1, 4), evidence="declared", known_at=NOW)
    assert known.shares["LINK-ALL"].denominator == 4
    assert not queries.figures(as_of=DAY, evidence="declared").shares["LINK-ALL"].members


def test_the_nightly_run_is_missed_after_a_day_and_two_hours(register: list[int]) -> None:
    assert queries.freshness(NOW) == queries.Freshness(None, overdue=True)
    today = take_snapshot(as_of=date(2023, 1, 8), now=NOW)
    take_snapshot(as_of=date(2022, 1, 1), now=NOW + timedelta(hours=20))
    assert queries.freshness(NOW + timedelta(hours=26)).overdue is False
    late = queries.freshness(NOW + timedelta(hours=26, seconds=1))
    assert late == queries.Freshness(today.taken_at, overdue=True)


def test_the_newest_snapshot_of_a_day_is_the_latest(register: list[int]) -> None:
    take_snapshot(as_of=DAY, now=NOW)
    second = take_snapshot(as_of=DAY, now=NOW)
    third = take_snapshot(as_of=date(2022, 1, 1), now=NOW)
    assert (queries.latest(DAY), queries.latest(third.as_of)) == (second, third)
    assert queries.latest(date(2020, 1, 1)) is None


def test_the_present_figure_is_the_last_taken_of_the_latest_day_that_has_come(
    register: list[int],
) -> None:
    assert queries.newest(DAY) is None
    take_snapshot(as_of=DAY, now=NOW)
    again = take_snapshot(as_of=DAY, now=NOW)
    take_snapshot(as_of=DAY - timedelta(days=1), now=NOW + timedelta(hours=1))
    to_come = take_snapshot(as_of=DAY + timedelta(days=1), now=NOW)
    assert queries.newest(DAY) == again
    assert queries.newest(to_come.as_of) == to_come


def test_without_a_figure_of_its_own_day_the_newest_of_any_day_is_spoken_of(
    register: list[int],
) -> None:
    take_snapshot(as_of=date(2021, 1, 1), now=NOW)
    later = take_snapshot(as_of=date(2020, 1, 1), now=NOW + timedelta(hours=1))
    found = queries.freshness(NOW + timedelta(hours=2))
    assert found == queries.Freshness(later.taken_at, overdue=True)


def test_a_snapshot_is_read_from_its_own_rows_though_another_was_taken_at_once(
    register: list[int],
) -> None:
    first = take_snapshot(as_of=DAY, now=NOW)
    before = queries.report_of(first, evidence="declared", today=DAY).figures
    Organisation.objects.update(founded_on=None)
    take_snapshot(as_of=DAY, now=NOW)
    assert queries.report_of(first, evidence="declared", today=DAY).figures == before


def test_a_series_holds_the_headlines_at_quarter_ends(register: list[int]) -> None:
    said: list[tuple[int, int]] = []
    for _ in range(2):
        series = compute_series(
            now=NOW, today=DAY, job_id=3, progress=lambda done, total: said.append((done, total))
        )
    assert Series.objects.get() == series == queries.latest_series()
    days = sorted({point["as_of"] for point in series.points})
    assert (days[0], days[-2:], len(days)) == ("2021-03-31", ["2022-12-31", "2023-01-07"], 9)
    assert said[-1][0] == said[-1][1]
    last = [
        (point["numerator"], point["denominator"])
        for point in series.points
        if (point["as_of"], point["territory"], point["evidence"], point["indicator"])
        == ("2023-01-07", "", "verified", "LINK-ALL")
    ]
    assert last == [(2, 4)]


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it copies a database file")
@pytest.mark.parametrize(
    ("text", "broken", "code"),
    [
        ("", "", 0),
        ("row.state in COUNTING_STATES\n        and ", "", 1),
        ("row.founded_on <= day", "row.founded_on < day", 1),
    ],
)
def test_the_command_fails_when_a_line_of_the_rule_is_changed(
    snapshot: Snapshot, tmp_path: Path, text: str, broken: str, code: int
) -> None:
    house = tmp_path / "house"
    for name in ("config", "linkage", "api", "web", "worker", "manage.py"):
        source = Path(settings.BASE_DIR) / name
        (shutil.copytree if source.is_dir() else _copy)(source, house / name)
    law = house / "linkage" / "coverage" / "rule.py"
    law.write_text(law.read_text(encoding="utf-8").replace(text, broken), encoding="utf-8")
    with connection.cursor() as cursor:
        dump = "\n".join(cursor.connection.iterdump())
    load = [sys.executable, "-c", LOAD, str(tmp_path / "copy.sqlite3")]
    subprocess.run(load, input=dump, text=True, check=True)
    ran = subprocess.run(
        [sys.executable, "manage.py", "coverage", "--recompute", str(snapshot.pk), "--json"],
        cwd=house,
        env={"DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stderr
    assert f'"ok": {"false" if code else "true"}' in ran.stdout


LOAD = """
import sqlite3, sys
copy = sqlite3.connect(sys.argv[1])
copy.create_function("REGEXP", 2, lambda pattern, value: True)
copy.executescript(sys.stdin.read())
"""


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
