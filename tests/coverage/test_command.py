"""`manage.py coverage`: its documents, its sentences and its exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from linkage.coverage.models import Snapshot, SnapshotValue
from linkage.coverage.sentences import percent_of
from linkage.coverage.services import take_snapshot
from linkage.coverage.targets import Bound

pytestmark = pytest.mark.django_db

AS_OF = ("--as-of", "2023-01-07")
VERIFIED = ("--evidence", "verified")


def said(*args: str) -> str:
    out = io.StringIO()
    call_command("coverage", *args, stdout=out)
    return out.getvalue()


def document(*args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(*args, "--json"))
    return found


def refused(*args: str) -> CommandError:
    with pytest.raises(CommandError) as caught:
        said(*args)
    return caught.value


def test_the_figure_is_two_integers_beside_its_target(register: list[int]) -> None:
    found = document(*AS_OF, *VERIFIED)
    assert {name: found[name] for name in ("as_of", "evidence", "territory", "planned")} == {
        "as_of": "2023-01-07",
        "evidence": "verified",
        "territory": None,
        "planned": False,
    }
    assert list(found["indicators"]) == ["LINK-ALL", "LINK-AGRI"]
    assert found["indicators"]["LINK-ALL"] == {
        "numerator": 2,
        "denominator": 4,
        "percent_tenths": 500,
        "target_min": {"num": 60, "den": 100},
        "target_max": {"num": 70, "den": 100},
        "missing": 1,
        "status": "below",
    }
    agri = found["indicators"]["LINK-AGRI"]
    assert (agri["numerator"], agri["denominator"], agri["target_max"]) == (2, 3, None)
    assert agri["other_reading"] == {"numerator": 2, "denominator": 4, "percent_tenths": 500}


def test_members_adds_the_ids_of_both_sets_in_order(register: list[int]) -> None:
    members = document(*AS_OF, *VERIFIED, "--members")["indicators"]["LINK-ALL"]["members"]
    assert members == {
        "numerator": register[:2],
        "denominator": [*register[:3], register[4]],
    }


@pytest.mark.parametrize(
    ("territory", "key", "share"),
    [
        ("hai-phong-old", "hai-phong-old", (1, 3)),
        ("hai-duong-old", "hai-duong-old", (1, 1)),
        ("Vĩnh Bảo", "huyen-vinh-bao", (1, 3)),
        ("10507", "10507", (1, 1)),
    ],
)
def test_a_territory_is_part_of_the_register(
    register: list[int], territory: str, key: str, share: tuple[int, int]
) -> None:
    found = document(*AS_OF, *VERIFIED, "--territory", territory)
    headline = found["indicators"]["LINK-ALL"]
    assert found["territory"] == key
    assert (headline["numerator"], headline["denominator"]) == share


def test_known_before_the_first_snapshot_is_no_data(register: list[int]) -> None:
    take_snapshot(as_of=date(2023, 1, 7), now=datetime(2023, 1, 9, tzinfo=UTC))
    for known, status in (("2023-01-08", "no_data"), ("2023-01-09", "below")):
        headline = document(*AS_OF, *VERIFIED, "--known-at", known)["indicators"]["LINK-ALL"]
        assert headline["status"] == status
        assert bool(headline["denominator"]) is (status == "below")


def numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [number for name in value for number in numbers(value[name])]
    return [value]


def test_what_is_not_known_is_null_and_never_0(register: list[int]) -> None:
    before = ("--known-at", "2020-01-01", "--members")
    figure = document(*AS_OF, *VERIFIED, *before)
    headline = figure["indicators"]["LINK-ALL"]
    assert headline["target_min"] == {"num": 60, "den": 100}
    assert (headline["numerator"], headline["denominator"], headline["missing"]) == (None,) * 3
    assert {*numbers(figure["counts"]), *numbers(figure["to_be_settled"])} == {None}
    bridge = document("--from", "2023-01-04", "--to", "2023-01-07", *VERIFIED, *before)
    assert {*numbers(bridge["indicators"])} == {None}
    known = document(*AS_OF, *VERIFIED)
    assert known["indicators"].keys() == figure["indicators"].keys()
    assert known["counts"].keys() == figure["counts"].keys()


def test_a_day_to_come_is_planned(register: list[int]) -> None:
    assert document("--as-of", "2999-12-31", *VERIFIED)["planned"] is True


def test_a_bridge_sums_exactly(register: list[int]) -> None:
    found = document("--from", "2023-01-04", "--to", "2023-01-07", *VERIFIED, "--members")
    bridge = found["indicators"]["LINK-ALL"]
    assert (bridge["from"]["numerator"], bridge["to"]["numerator"]) == (2, 2)
    for side in ("numerator", "denominator"):
        steps = bridge[f"{side}_steps"]
        assert sum(steps.values()) == bridge["to"][side] - bridge["from"][side]
    steps = {name: step for name, step in bridge["denominator_steps"].items() if step}
    assert steps == {"founded": 1, "stopped": -1}
    assert bridge["members"]["denominator_steps"]["stopped"] == [register[3]]
    assert bridge["members"]["numerator_steps"]["linkage_verified"] == [register[0]]
    assert bridge["members"]["numerator_steps"]["left_population"] == [register[3]]


def test_a_snapshot_that_differs_exits_with_1(register: list[int]) -> None:
    snapshot = take_snapshot(as_of=date(2023, 1, 7), now=datetime(2023, 1, 9, tzinfo=UTC))
    assert document("--recompute", str(snapshot.pk))["ok"] is True
    SnapshotValue.objects.filter(snapshot=snapshot, indicator_code="GROUP-ALL").update(numerator=9)
    with pytest.raises(SystemExit) as caught:
        said("--recompute", str(snapshot.pk), "--json")
    assert caught.value.code == 1


@pytest.mark.parametrize(
    "args",
    [
        ("--as-of", "2023-02-30", *VERIFIED),
        ("--as-of", "07/01/2023", *VERIFIED),
        ("--as-of", "", *VERIFIED),
        (*AS_OF, "--evidence", "rumour"),
        AS_OF,
        (*AS_OF, *VERIFIED, "--territory", "ha-noi"),
        (*AS_OF, *VERIFIED, "--known-at", "yesterday"),
        ("--from", "2023-01-07", "--to", "2023-01-04", *VERIFIED),
        ("--from", "2023-01-07", *VERIFIED),
        ("--to", "2023-01-07", *VERIFIED),
        (*AS_OF, "--from", "2023-01-01", "--to", "2023-01-04", *VERIFIED),
        ("--recompute", "404"),
        ("--recompute", "first"),
        (),
    ],
)
def test_wrong_usage_exits_with_2_and_says_why_in_one_line(
    programme: object, args: tuple[str, ...]
) -> None:
    error = refused(*args)
    assert error.returncode == 2
    assert str(error)
    assert "\n" not in str(error)


def test_an_empty_register_is_no_data(programme: object) -> None:
    headline = document(*AS_OF, *VERIFIED)["indicators"]["LINK-ALL"]
    assert (headline["numerator"], headline["denominator"]) == (0, 0)
    assert (headline["missing"], headline["status"]) == (0, "no_data")


def test_people_read_the_count_the_percent_and_what_is_missing(register: list[int]) -> None:
    with translation.override("en"):
        lines = said(*AS_OF, *VERIFIED).splitlines()
    assert "50.0% – 2 of 4 cooperatives; 1 cooperatives short of 60%" in lines[1]
    with translation.override("en"):
        lines = said("--from", "2023-01-04", "--to", "2023-01-07", *VERIFIED).splitlines()
    assert "  denominator -1: stopped activity" in lines


@pytest.mark.slow
def test_it_runs_in_its_own_process_and_stdout_is_one_document(tmp_path: Any) -> None:
    address = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    around = {"DATABASE_URL": address, "VAR_DIR": str(tmp_path), "PATH": os.environ["PATH"]}

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=settings.BASE_DIR,
            env=around,
            capture_output=True,
            text=True,
            check=False,
        )

    assert run("migrate", "--skip-checks", "-v0").returncode == 0
    good = run("coverage", *AS_OF, *VERIFIED, "--json")
    assert (good.returncode, json.loads(good.stdout)["as_of"]) == (0, "2023-01-07")
    bad = run("coverage", "--as-of", "2023-02-30", *VERIFIED, "--json")
    assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1)


def test_reading_the_figure_writes_nothing(register: list[int]) -> None:
    document(*AS_OF, *VERIFIED)
    assert not Snapshot.objects.exists()


def test_without_json_every_word_is_vietnamese(register: list[int]) -> None:
    for args in (
        AS_OF,
        (*AS_OF, "--territory", "hai-phong-old"),
        ("--from", "2023-01-04", "--to", "2023-01-07"),
    ):
        words = said(*args, *VERIFIED)
        assert not re.search(r"\b(the|of|and|to|from|verified|register|hai-phong-old)\b", words), (
            words
        )


def test_a_target_is_printed_exactly() -> None:
    exact = {Bound(67, 10000): "0,67%", Bound(1, 3): "1/3", Bound(60, 100): "60%"}
    for bound, words in exact.items():
        assert percent_of(bound) == words


def test_an_unknown_snapshot_is_named_by_its_number(programme: object) -> None:
    assert "404" in str(refused("--recompute", "404"))
