"""`manage.py audit_access`: whether the access matrix covers every address by every method."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.access import addresses, gaps


class Command(BaseCommand):
    help = "Check that the access matrix has a row for every address; exit 1 if one has none."
    # It reads no table.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = gaps()
        if options["json"]:
            document = {"ok": not found, "addresses": len(addresses()), "gaps": found}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(found) or f"{len(addresses())} addresses, each has its row")
        if found:
            sys.exit(1)
