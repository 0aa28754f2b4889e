"""Times the value-chain graph over invented registers of several sizes, each in its own process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandParser

from linkage import graph

# (organisations, linkages): the city's register as it is, the country's, and beyond.
SIZES = ((532, 563), (33_000, 35_000), (60_000, 1_000_000))
DAY, EARLIER, LEVEL = date(2025, 12, 31), date(2024, 12, 31), "verified"
COMMODITIES, COMMUNES = 300, 114
# From the first start of an invented linkage to the last.
FIRST, DAYS = date(2021, 1, 1).toordinal(), 5 * 365


Spread = dict[str, list[float]]


class Command(BaseCommand):
    help = "Time building the graph and asking it, over invented columns; no database is read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=5)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            # A process of its own has a peak of its own.
            _apart(organisations, linkages, options["runs"], options["seed"])
            for organisations, linkages in SIZES
        ]
        self.stdout.write(json.dumps({"runs": options["runs"], "sizes": found}))


def _apart(*arguments: int) -> dict[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def measure(organisations: int, linkages: int, runs: int, seed: int) -> dict[str, Any]:
    """Seconds (smallest, middle, largest of the runs; by the clock and of the processor), and the
    process's peak of memory before and after building."""
    columns = invent(organisations, linkages, np.random.default_rng(seed))
    before_mb = _peak_mb()
    took, built = _timed(lambda: graph.graph_on(columns, DAY, LEVEL), runs)
    peak_mb = _peak_mb()
    tree, becomes = columns.commodities, columns.transformations
    busiest = max(built, key=lambda id_: (built.degree(id_), -id_))
    asked: dict[str, Callable[[], object]] = {
        "share": lambda: graph.linked_share(built),
        "chain": lambda: graph.chain_of(built, "c1", tree, becomes),
        "position": lambda: graph.position(built, busiest, tree, becomes),
        "neighbourhood, 2 steps": lambda: graph.neighbourhood(built, busiest, 2),
        "suggestions": lambda: graph.suggested(built, busiest, tree),
        "dead ends": lambda: graph.dead_ends(built),
        "dependences": lambda: graph.dependences(built),
        "changes": lambda: graph.changes_between(columns, EARLIER, DAY, LEVEL),
    }
    return {
        "organisations": organisations,
        "linkages": linkages,
        "edges": built.number_of_edges(),
        "build_s": took,
        "peak_mb": peak_mb,
        "before_mb": before_mb,
        "asked_s": {name: _timed(ask, runs)[0] for name, ask in asked.items()},
    }


def _timed(what: Callable[[], Any], runs: int) -> tuple[Spread, Any]:
    clock, cpu = [], []
    for _ in range(runs):
        answer = None
        started, worked = time.perf_counter(), time.process_time()
        answer = what()
        clock.append(time.perf_counter() - started)
        cpu.append(time.process_time() - worked)
    return {"clock": _spread(clock), "cpu": _spread(cpu)}, answer


def _spread(seconds: list[float]) -> list[float]:
    return [round(pick(seconds), 4) for pick in (min, median, max)]


def _peak_mb() -> int:
    """The most memory that this process has held. (`getrusage` counts its parent's until exec.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def invent(organisations: int, linkages: int, chance: np.random.Generator) -> graph.GraphColumns:
    """A register in which nearly everything is in force, verified and of a known commodity."""
    ids = np.arange(1, organisations + 1)
    places = np.arange(COMMODITIES)
    return graph.GraphColumns(
        graph.OrganisationColumns(
            id=ids,
            founded=np.full(organisations, FIRST),
            statuses=_undated(ids, np.zeros(organisations, dtype=np.int64)),
            # Three of four are cooperatives, the others enterprises.
            kinds=_undated(ids, np.where(ids % 4 == 0, 3, 0)),
            sectors=_undated(ids, ids % 2),
            communes=_undated(ids, chance.integers(0, COMMUNES, organisations)),
        ),
        _linkages(organisations, linkages, chance),
        graph.CommodityColumns(
            tuple(f"c{place}" for place in places),
            # Under each tenth one, nine; a quarter of all are inputs.
            np.where(places % 10 == 0, graph.UNSET, places - places % 10),
            (places // 10) % 4,
        ),
        graph.TransformationColumns(
            places[:200:10] + 10,
            places[:200:10] + 20,
            np.full(20, graph.UNSET),
            np.full(20, graph.UNSET),
        ),
        graph.SectorTable(("farming", "building"), np.array([True, False])),
        graph.CommuneTable(
            tuple(str(place) for place in range(COMMUNES)),
            tuple(f"district {place // 8}" for place in range(COMMUNES)),
        ),
    )


def _undated(ids: graph.Ints, values: graph.Ints) -> graph.FactColumns:
    return graph.FactColumns(ids, np.full(len(ids), graph.UNSET), values)


def _linkages(
    organisations: int, linkages: int, chance: np.random.Generator
) -> graph.LinkageColumns:
    seller = chance.integers(1, organisations + 1, linkages)
    # Anybody but the seller.
    buyer = (seller - 1 + chance.integers(1, organisations, linkages)) % organisations + 1
    starts = FIRST + chance.integers(0, DAYS, linkages)
    unset = np.full(linkages, graph.UNSET)
    known = chance.random(linkages) < 0.8
    return graph.LinkageColumns(
        id=np.arange(1, linkages + 1),
        seller=seller,
        buyer=buyer,
        commodity=chance.integers(0, COMMODITIES, linkages),
        starts=starts,
        ends=unset,
        terminated_on=unset,
        counts=np.full(linkages, True),
        declared=np.full(linkages, True),
        confirmed_on=starts,
        verified_on=starts,
        quantity=np.where(known, chance.integers(1, 10**9, linkages), graph.UNSET),
        measure=np.where(known, 0, graph.UNSET),
    )
