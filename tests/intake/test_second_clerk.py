"""Registers of a second clerk give every integer of their clean facts, and come back unchanged."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from linkage.registry.models import Organisation
from tests.intake.second_clerk import LEVELS, OLD_HD, OLD_HP, SecondClerk, Truth

TERRITORIES = (None, OLD_HP, OLD_HD, "10816", "11713", "11948")


def _command(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def _counts(report: dict[str, Any]) -> dict[str, Any]:
    """What a report says of the file, which no state of the database may change."""
    refused: dict[str, dict[int, str]] = {"organisation": {}, "linkage": {}}
    for row in report["refused"]:
        refused[row["kind"]][row["stt"]] = row["code"]
    return {
        "kinds": {kind: count for kind, count in report["organisations"].items() if count},
        "linkages": report["linkages_accepted"],
        "refused": refused,
        "duplicates": Counter(row["kind"] for row in report["duplicates"]),
        "held": len([row for row in report["likely_duplicates"] if row["held"]]),
    }


def _expected(truth: Truth) -> dict[str, Any]:
    return {
        "kinds": truth.kinds(),
        "linkages": len(truth.contracts),
        "refused": truth.refused,
        "duplicates": truth.duplicates,
        "held": truth.held,
    }


def _coverage(day: date, level: str, territory: str | None, *more: str) -> dict[str, Any]:
    place = ("--territory", territory) if territory else ()
    arguments = ("coverage", "--as-of", day.isoformat(), "--evidence", level, *place, *more)
    return dict(_command(*arguments)["indicators"])


def _sums(indicators: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {
        code: (indicators[code]["numerator"], indicators[code]["denominator"])
        for code in ("LINK-ALL", "LINK-AGRI")
    }


def _names() -> dict[int, str]:
    return {o.pk: f"{o.name} {o.tax_code}".casefold() for o in Organisation.objects.all()}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_every_integer_is_that_of_the_clean_facts(seed: int, tmp_path: Path) -> None:
    clerk = SecondClerk(seed)
    truth = clerk.truth
    path = tmp_path / "second.xlsx"
    clerk.write(path)
    call_command("load_reference", stdout=io.StringIO())

    preview = _command("import_register", str(path))
    first = _command("import_register", str(path), "--apply")
    second = _command("import_register", str(path), "--apply")

    for report in (preview, first, second):
        assert _counts(report) == _expected(truth)
    made = {"organisations": len(truth.parties), "linkages": len(truth.contracts)}
    nothing = dict.fromkeys(made, 0)
    assert (first["created"], first["updated"], first["unchanged"]) == (made, nothing, nothing)
    assert (second["created"], second["updated"], second["unchanged"]) == (nothing, nothing, made)
    _figures_hold(truth)


def _figures_hold(truth: Truth) -> None:
    for day in truth.boundaries():
        for level in LEVELS:
            for territory in TERRITORIES if day.year % 2 else TERRITORIES[:1]:
                expected = {
                    code: (len(linked), len(everyone))
                    for code, (linked, everyone) in truth.members(day, level, territory).items()
                }
                assert _sums(_coverage(day, level, territory)) == expected, (day, level, territory)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [7, 8])
def test_the_ids_behind_a_figure_are_those_of_the_facts(seed: int, tmp_path: Path) -> None:
    truth = _brought_in(seed, tmp_path)
    names = _names()

    for day in truth.boundaries()[::3]:
        answer = _coverage(day, "verified", None, "--members")
        for code, (linked, everyone) in truth.members(day, "verified").items():
            members = answer[code]["members"]
            assert {names[pk] for pk in members["numerator"]} == linked
            assert {names[pk] for pk in members["denominator"]} == everyone
            assert len(members["numerator"]) == len(linked)
            assert len(members["denominator"]) == len(everyone)
            goal = answer[code]["target_min"]
            needed = -(-goal["num"] * len(everyone) // goal["den"])
            assert answer[code]["missing"] == max(0, needed - len(linked))
            reached = len(linked) * goal["den"] >= goal["num"] * len(everyone)
            status = ("reached" if reached else "below") if everyone else "no_data"
            assert answer[code]["status"] == status


@pytest.mark.django_db
def test_the_steps_between_two_days_add_up(tmp_path: Path) -> None:
    truth = _brought_in(9, tmp_path)
    days = truth.boundaries()

    for first, last in zip(days[:-1:2], days[1::2], strict=False):
        for level in LEVELS:
            span = ("--from", first.isoformat(), "--to", last.isoformat(), "--evidence", level)
            answer = _command("coverage", *span)["indicators"]
            for code in ("LINK-ALL", "LINK-AGRI"):
                for part, place in (("numerator", 0), ("denominator", 1)):
                    before = len(truth.members(first, level)[code][place])
                    after = len(truth.members(last, level)[code][place])
                    assert answer[code]["from"][part] == before
                    assert answer[code]["to"][part] == after
                    assert before + sum(answer[code][f"{part}_steps"].values()) == after


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [10, 11])
def test_what_is_exported_builds_an_equal_register(seed: int, tmp_path: Path) -> None:
    truth = _brought_in(seed, tmp_path)
    exported = tmp_path / "back.xlsx"
    call_command("export_register", str(exported), stdout=io.StringIO(), stderr=io.StringIO())

    again = _command("import_register", str(exported), "--apply")
    assert again["refused"] == again["duplicates"] == again["conflicts"] == []
    assert set(again["created"].values()) == set(again["updated"].values()) == {0}

    call_command("flush", interactive=False, stdout=io.StringIO())
    call_command("load_reference", stdout=io.StringIO())
    rebuilt = _command("import_register", str(exported), "--apply")
    assert rebuilt["refused"] == rebuilt["duplicates"] == []
    assert _counts(rebuilt)["kinds"] == truth.kinds()
    assert rebuilt["linkages_accepted"] == len(truth.contracts)
    _figures_hold(truth)
    after = _command("import_register", str(exported), "--apply")
    assert set(after["created"].values()) == set(after["updated"].values()) == {0}


@pytest.mark.django_db
def test_each_correction_leads_from_what_was_written_to_what_was_taken(tmp_path: Path) -> None:
    clerk = SecondClerk(12)
    clerk.write(tmp_path / "second.xlsx")
    call_command("load_reference", stdout=io.StringIO())
    report = _command("import_register", str(tmp_path / "second.xlsx"))

    assert report["corrections"]
    for note in report["corrections"]:
        assert _by_own_reading(note["rule"], note["before"]) == note["after"], note


def _by_own_reading(rule: str, before: Any) -> Any:
    """What a rule's name promises, done without the program."""
    text = str(int(before)) if isinstance(before, float) else str(before)
    return READINGS[rule](text)


def _day_month_year(text: str) -> str:
    day, month, year = (int(part) for part in re.split(r"[-./]", text.strip().split()[0]))
    return date(year, month, day).isoformat()


READINGS: dict[str, Callable[[str], str]] = {
    "spaces": lambda text: " ".join(unicodedata.normalize("NFC", text).split()),
    "width": lambda text: unicodedata.normalize("NFKC", text),
    "nfc": lambda text: unicodedata.normalize("NFC", text),
    "separators": lambda text: "".join(sign for sign in text if sign.isdigit()),
    "leading_zero": lambda text: f"0{text}",
    "branch_dash": lambda text: f"{text[:10]}-{text[10:]}",
    "day_month_year": _day_month_year,
    "day_number": lambda text: (date(1899, 12, 30) + timedelta(days=int(text))).isoformat(),
    "day_number_1904": lambda text: (date(1904, 1, 1) + timedelta(days=int(text))).isoformat(),
    "decimal_comma": lambda text: text.replace(".", "").replace(",", "."),
}


def _brought_in(seed: int, folder: Path) -> Truth:
    clerk = SecondClerk(seed)
    clerk.write(folder / "second.xlsx")
    call_command("load_reference", stdout=io.StringIO())
    _command("import_register", str(folder / "second.xlsx"), "--apply")
    return clerk.truth
