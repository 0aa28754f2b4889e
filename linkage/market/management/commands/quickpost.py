"""`manage.py quickpost`: one post a line on stdin, what was understood of it a line on stdout."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from linkage.market.quickpost import of_reading, read


class Command(BaseCommand):
    help = "Read quick posts: one a line on stdin, one JSON line out, in order."
    # It reads no table and no page.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--today", metavar="D", type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        for line in sys.stdin:
            found = of_reading(read(line, today=today))
            self.stdout.write(json.dumps(found, ensure_ascii=False))
