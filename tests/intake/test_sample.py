"""The sample register gives its truth in every integer: preview, first run, second run."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from linkage.agreements.models import Linkage
from linkage.agreements.queries import in_force
from linkage.intake.planning.corrections import RULES
from linkage.registry.models import Organisation
from tests.intake.workbooks import SAMPLE

ORGANISATIONS = {"HTX": 532, "THT": 120, "Liên hiệp HTX": 3, "Doanh nghiệp": 163}
REFUSED = {
    564: "party_unknown",
    565: "ends_before_starts",
    566: "self_link",
    567: "no_such_date",
    568: "tax_code_invalid",
}
# day, level: population, linked, agricultural population, agricultural linked.
TRUTH = {
    ("2021-12-31", "declared"): (469, 68, 297, 63),
    ("2021-12-31", "verified"): (469, 37, 297, 35),
    ("2022-12-31", "declared"): (477, 109, 307, 99),
    ("2022-12-31", "verified"): (477, 67, 307, 60),
    ("2023-12-31", "declared"): (482, 150, 316, 137),
    ("2023-12-31", "verified"): (482, 102, 316, 93),
    ("2024-06-30", "declared"): (480, 156, 320, 140),
    ("2024-06-30", "verified"): (480, 128, 320, 116),
    ("2024-12-31", "declared"): (489, 173, 328, 152),
    ("2024-12-31", "verified"): (489, 139, 328, 123),
    ("2025-12-31", "declared"): (475, 187, 321, 168),
    ("2025-12-31", "verified"): (475, 149, 321, 133),
    ("2026-10-31", "declared"): (463, 203, 313, 183),
    ("2026-10-31", "verified"): (463, 154, 313, 139),
}


def command(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def assert_truth(report: dict[str, Any]) -> None:
    assert report["organisations"] == ORGANISATIONS
    assert report["linkages_accepted"] == 563
    assert {one["stt"]: one["code"] for one in report["refused"]} == REFUSED
    assert len(report["duplicates"]) == 10
    assert report["likely_duplicates"] == []


def figures() -> dict[tuple[str, str], tuple[int, ...]]:
    found = {}
    for day, level in TRUTH:
        indicators = command("coverage", "--as-of", day, "--evidence", level)["indicators"]
        shares = [indicators["LINK-ALL"], indicators["LINK-AGRI"]]
        found[day, level] = tuple(
            share[part] for share in shares for part in ("denominator", "numerator")
        )
    return found


def assert_stand_where_their_days_say() -> None:
    today = localdate()
    rows = Linkage.objects.all()
    expected = {
        "terminated": rows.exclude(terminated_on=None),
        "agreed": rows.filter(terminated_on=None, starts__gt=today),
        "ended": rows.filter(terminated_on=None, ends__lt=today),
    }
    for state, there in expected.items():
        assert set(rows.filter(state=state)) == set(there), state
    shown = set(rows.filter(state="in_force"))
    assert shown == set(rows.filter(in_force(today), terminated_on=None))
    assert rows.filter(state="ended").count() >= 200


@pytest.mark.usefixtures("reference")
def test_preview_first_and_second_run_agree_with_the_truth() -> None:
    preview = command("import_register", str(SAMPLE))
    assert not Organisation.objects.exists()
    first = command("import_register", str(SAMPLE), "--apply")
    second = command("import_register", str(SAMPLE), "--apply")

    for report in (preview, first, second):
        assert_truth(report)
    for report in (preview, first):
        assert report["created"] == {"organisations": 818, "linkages": 563}
    assert second["unchanged"] == {"organisations": 818, "linkages": 563}
    assert second["created"] == second["updated"] == {"organisations": 0, "linkages": 0}
    assert second["not_in_file"] == second["conflicts"] == []
    assert_stand_where_their_days_say()
    assert figures() == TRUTH


@pytest.mark.usefixtures("reference")
def test_applying_each_rule_to_its_before_gives_its_after() -> None:
    corrections = command("import_register", str(SAMPLE))["corrections"]

    assert len(corrections) > 2000
    for one in corrections:
        assert RULES[one["rule"]](one["before"]) == one["after"], one
    zeros = [one for one in corrections if one["rule"] == "leading_zero"]
    assert {one["proof"] for one in zeros} == {"check digit", "length"}


@pytest.mark.usefixtures("reference")
def test_every_row_of_the_report_names_its_place(tmp_path: Path) -> None:
    report = command("import_register", str(SAMPLE))

    self_link = next(one for one in report["refused"] if one["stt"] == 566)
    assert (self_link["sheet"], self_link["row"], self_link["field"]) == (
        "Liên kết",
        571,
        "MST bên mua",
    )
    assert {"sheet": "HTX", "row": 668, "same_as_row": 6, "why": "tax_code"}.items() <= report[
        "duplicates"
    ][1].items()
