"""The solver is silent, and the benchmarks of pools and plans say when answers differ."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linkage.matching.bench.invented import invented_pool, invented_problem

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "bench", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "scale"), [("pool", "30"), ("allocation", "60")])
def test_a_bench_prints_one_document_and_its_control_exits_1(name: str, scale: str) -> None:
    done = bench(name, "--scale", scale, "--json")
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0 and told["equal"] is True
    assert {"name", "scale", "digest", "ours_s", "peak_mb", "runs", "peers"} <= set(told)
    broken = bench(name, "--scale", scale, "--break", "prune", "--json")
    assert broken.returncode == 1 and json.loads(broken.stdout)["equal"] is False


@pytest.mark.parametrize(
    "arguments",
    [("pool", "--scale", "0"), ("pool", "--scale", "2001"), ("pool", "--seed", "-1"), ("nothing",)],
)
def test_wrong_usage_is_one_line_and_exit_2(arguments: tuple[str, ...]) -> None:
    done = bench(*arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.strip()


def test_what_is_invented_follows_from_the_seed() -> None:
    assert invented_pool(9, 4) == invented_pool(9, 4) != invented_pool(9, 5)
    one, again = invented_problem(30, 4), invented_problem(30, 4)
    assert one.arcs.most.tolist() == again.arcs.most.tolist()
