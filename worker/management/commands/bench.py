"""Times a part of the platform beside its peers on invented data: answers first, then seconds."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linkage.matching.bench.allocation import bench_allocation
from linkage.matching.bench.pool import bench_pool

# Each takes scale, seed and broken, and gives what is printed; of it `equal` decides the exit.
BENCHES: dict[str, Callable[..., dict[str, Any]]] = {
    "allocation": bench_allocation,
    "pool": bench_pool,
}
SCALES = {"allocation": 1_000, "pool": 200}
MAX_SCALE = {"allocation": 100_000, "pool": 2_000}


class Command(BaseCommand):
    help = "Time a part beside its peers on the same invented data; exits 1 if answers differ."
    # It reads no table, page or setting.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("--scale", type=int)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--break", dest="broken", choices=["prune"], help="a control: must exit 1"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document (always so)")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        scale = SCALES[name] if options["scale"] is None else options["scale"]
        if not 1 <= scale <= MAX_SCALE[name] or not 0 <= options["seed"] < 2**31 - 10:
            self.stderr.write(
                f"bench {name}: --scale is from 1 to {MAX_SCALE[name]}, --seed from 0"
            )
            sys.exit(2)
        found = BENCHES[name](scale=scale, seed=options["seed"], broken=bool(options["broken"]))
        self.stdout.write(json.dumps(found))
        if not found["equal"]:
            sys.exit(1)
