"""`bench NAME --scale N --seed S [--break prune] --json`: ours against its peers, answers equal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from linkage.suggestions.bench import incremental, matching, planted
from linkage.suggestions.bench.tables import write_table

BENCHES = {
    "incremental": incremental.bench,
    "matching": matching.bench,
    "planted": planted.bench,
}
SCALES = 10, 5_000_000


class Command(BaseCommand):
    help = "Time an engine against its peers on the same invented data; ends with 1 if they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("--scale", type=int, default=40_000)
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
        low, high = SCALES
        if not low <= options["scale"] <= high or options["runs"] < 1:
            raise CommandError(
                f"a scale is from {low} to {high}, and runs are 1 or more", returncode=2
            )
        report = BENCHES[options["name"]](
            scale=options["scale"],
            seed=options["seed"],
            runs=options["runs"],
            broken=options["broken"] == "prune",
            postgres=options["postgres"] or _own_postgres(),
        )
        ok = report.pop("ok")
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
    return " ".join(f"{name}='{own[key]}'" for name, key in parts.items() if own[key])
