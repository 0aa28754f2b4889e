"""`bench NAME --scale N --seed S [--break prune] --json`: ours against its peers, answers equal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from psycopg.conninfo import make_conninfo

from linkage.matching.bench.allocation import bench_allocation
from linkage.matching.bench.pool import bench_pool
from linkage.suggestions.bench import apart, incremental, matching, planted
from linkage.suggestions.bench.tables import write_table


@dataclass(frozen=True)
class Bench:
    """What is timed, at which scale unless told, from the least to the largest one.

    `run` takes what it uses of what the command is asked. Its report says whether it is `ok`, or
    else whether answers are `equal`.
    """

    run: Callable[..., dict[str, Any]]
    scale: int
    least: int
    most: int


# Benches count on from a seed.
MOST_SEEDS = 2**31 - 10
BENCHES = {
    "allocation": Bench(bench_allocation, 1_000, 1, 100_000),
    "incremental": Bench(incremental.bench, 40_000, 10, 5_000_000),
    "matching": Bench(matching.bench, 40_000, 10, 5_000_000),
    "planted": Bench(planted.bench, 4_000, 10, 5_000_000),
    "pool": Bench(bench_pool, 200, 1, 2_000),
    "suggestions": Bench(apart.bench, 4_000, 40, 1_000_000),
}


class Command(BaseCommand):
    help = "Time an engine against its peers on the same invented data; ends with 1 if they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("--scale", type=int)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--runs", type=int, default=5)
        parser.add_argument("--break", dest="broken", choices=["prune"])
        parser.add_argument(
            "--postgres",
            metavar="URL",
            help="where the SQL peer runs; by default DATABASE_URL, if that is PostgreSQL",
        )
        parser.add_argument(
            "--table", type=Path, metavar="FILE", help="a document to write it into"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        bench = BENCHES[options["name"]]
        scale = bench.scale if options["scale"] is None else options["scale"]
        if not bench.least <= scale <= bench.most or options["runs"] < 1:
            raise CommandError(
                f"a scale is from {bench.least} to {bench.most}, and runs are 1 or more",
                returncode=2,
            )
        if not 0 <= options["seed"] < MOST_SEEDS:
            raise CommandError(f"a seed is from 0 to {MOST_SEEDS - 1}", returncode=2)
        asked = {
            "scale": scale,
            "seed": options["seed"],
            "runs": options["runs"],
            "broken": options["broken"] == "prune",
            "postgres": options["postgres"] or _own_postgres(),
        }
        report = bench.run(**{name: asked[name] for name in signature(bench.run).parameters})
        ok = report.pop("ok") if "ok" in report else report["equal"]
        if options["table"]:
            write_table(options["table"], report)
        self.stdout.write(json.dumps(report, indent=None if options["json"] else 2))
        if not ok:
            sys.exit(1)


def _own_postgres() -> str | None:
    """The site's own database, as psycopg takes it."""
    if connection.vendor != "postgresql":
        return None
    own = connection.settings_dict
    parts = {
        "host": "HOST",
        "port": "PORT",
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
    }
    return make_conninfo(**{name: own[key] for name, key in parts.items() if own[key]})
