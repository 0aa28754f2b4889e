"""`manage.py quickpost_corrections`: what people corrected of quick posts, a JSON line each."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from linkage.market.models import QuickField, QuickPostCorrection

_KEPT = ("day", "field", "phrase", "read", "published")


class Command(BaseCommand):
    help = "Print what people corrected of quick posts, oldest first: material for the rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="D", type=date.fromisoformat)
        parser.add_argument("--field", choices=QuickField.values)

    def handle(self, *args: Any, **options: Any) -> None:
        rows = QuickPostCorrection.objects.order_by("day", "pk")
        if options["since"]:
            rows = rows.filter(day__gte=options["since"])
        if options["field"]:
            rows = rows.filter(field=options["field"])
        for row in rows.values(*_KEPT).iterator():
            self.stdout.write(json.dumps({**row, "day": str(row["day"])}, ensure_ascii=False))
