"""What `bench suggestions` runs in a database that it made: a whole night, and its pages."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linkage.market.models import MODELS
from linkage.suggestions.bench.night import measure


class Command(BaseCommand):
    help = "Time a night by one and by two workers, over no other posts (see bench suggestions)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--broken", action="store_true", help="lose one shard")

    def handle(self, *args: Any, **options: Any) -> None:
        if any(model._default_manager.exists() for model in MODELS.values()):
            raise CommandError("This database has posts: give DATABASE_URL one of its own.")
        report = measure(scale=options["scale"], seed=options["seed"], broken=options["broken"])
        self.stdout.write(json.dumps(report))
