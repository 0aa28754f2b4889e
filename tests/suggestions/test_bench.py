"""The benches run at a size that takes no time, and a control of each must fail."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from linkage.matching import compiled
from linkage.suggestions.bench import partners
from linkage.suggestions.bench.tables import write_table


def benched(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    try:
        call_command("bench", *arguments, "--json", stdout=out)
    finally:
        compiled.unload()
    return json.loads(out.getvalue())


def test_engines_are_compared_before_they_are_timed() -> None:
    found = benched("matching", "--scale", "2500", "--runs", "2")
    assert found["equal"] is True
    assert found["peers"]["numpy"]["digest"] == found["digest"]
    assert found["peers"]["plain_kernel"]["digest"] == found["digest"]
    assert found["peers"]["numpy"]["ratio"] > 0
    assert {"name", "scale", "digest", "ours_s", "peak_mb", "runs", "peers"} <= set(found)


def test_a_broken_bound_ends_the_command_with_1() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "bench", "matching", "--scale", "2500", "--break", "prune", "--json", stdout=out
        )
    compiled.unload()
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["equal"] is False


def test_lists_that_are_kept_are_those_from_nothing() -> None:
    found = benched("incremental", "--scale", "400", "--runs", "1")
    assert found["equal"] is True
    assert set(found["ms"]) == {"new need", "new offer", "changed offer"}


def test_the_engine_names_planted_partners_and_its_worst_first_does_not() -> None:
    found = benched("planted", "--scale", "2000")
    assert found["of_the_ceiling"] >= 0.99
    assert found["hit_at_3_more"]["low"] > 0
    assert found["ceiling_at_10"]["mean"] < 1
    with pytest.raises(SystemExit):
        benched("planted", "--scale", "2000", "--break", "prune")


def test_who_plants_partners_knows_no_engine() -> None:
    source = Path(partners.__file__).read_text(encoding="utf-8")
    assert "matching" not in source


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_the_match_in_sql_is_the_same_match() -> None:
    found = benched("matching", "--scale", "1500", "--runs", "1")
    assert found["peers"]["postgresql_lateral"]["digest"] == found["digest"]


def test_a_table_stands_between_its_marks(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("x\n<!-- bench m 5 -->\nold\n<!-- end -->\ny\n", encoding="utf-8")
    report = {"name": "m", "scale": 5, "peers": {"sql": {"s": 2.5, "ratio": 3}}}
    write_table(document, report)
    write_table(document, report)
    text = document.read_text(encoding="utf-8")
    assert text.startswith("x\n<!-- bench m 5 -->\n| engine")
    assert text.endswith("| sql | 2.5 | 2 | 3 |\n<!-- end -->\ny\n")
    with pytest.raises(ValueError, match="bench other 5"):
        write_table(document, {**report, "name": "other"})
