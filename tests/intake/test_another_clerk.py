"""Workbooks of other clerks give the figures of their clean facts, whatever their headers."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.intake.another_clerk import Clerk, invented

DAYS = (date(2021, 12, 31), date(2023, 6, 30), date(2024, 12, 31), date(2026, 10, 31))


def _command(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_the_figures_are_those_of_the_clean_facts(seed: int, tmp_path: Path) -> None:
    register = invented(seed)
    clerk = Clerk(register, seed)
    clerk.write(tmp_path / "clerk.xlsx")
    call_command("load_reference", stdout=io.StringIO())

    report = _command("import_register", str(tmp_path / "clerk.xlsx"), "--apply")

    assert {r["stt"]: r["code"] for r in report["refused"]} == clerk.refused
    assert len(report["duplicates"]) == clerk.duplicates
    assert report["linkages_accepted"] == len(register.links)
    assert report["organisations"]["HTX"] == sum(o.kind == "HTX" for o in register.orgs)
    for day in DAYS:
        for level in ("declared", "verified"):
            answer = _command("coverage", "--as-of", day.isoformat(), "--evidence", level)
            everything, agricultural = (answer["indicators"][c] for c in ("LINK-ALL", "LINK-AGRI"))
            assert register.figures(day, level) == {
                "all_population": everything["denominator"],
                "all_linked": everything["numerator"],
                "agri_population": agricultural["denominator"],
                "agri_linked": agricultural["numerator"],
            }, (day, level)
