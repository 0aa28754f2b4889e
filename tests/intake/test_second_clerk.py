"""Registers of a second clerk give every integer of their clean facts, and come back unchanged."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date
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
    return {o.pk: f"{o.name} {o.tax_code}" for o in Organisation.objects.all()}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
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
