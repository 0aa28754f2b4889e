"""The bench of the graph runs, at a size that takes no time."""

from __future__ import annotations

from linkage.suggestions.management.commands.bench_graph import measure


def test_the_bench_builds_and_asks_what_it_says() -> None:
    found = measure(organisations=20, linkages=60, runs=2, seed=1)
    assert (found["organisations"], found["linkages"], found["edges"]) == (20, 60, 60)
    assert all(len(took["cpu"]) == len(took["clock"]) == 3 for took in found["asked_s"].values())
    assert found["peak_mb"] >= found["before_mb"] > 0
