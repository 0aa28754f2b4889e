"""`manage.py audit_invariants`: what must always hold, checked on the rows."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from linkage.coverage.audit import audit
from linkage.ending import refused_in_one_line
from linkage.intake.invariants import workbooks


class Command(BaseCommand):
    help = "Check the ledger of quantities, the outbox and every stored figure."
    # It reads tables only: pages and templates need not be whole for it.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with refused_in_one_line():
            found = audit(now=timezone.now(), also=workbooks)
        if options["json"]:
            self.stdout.write(json.dumps(found.document(), ensure_ascii=False))
        else:
            for name, check in found.checks.items():
                state = "ok" if check.ok else f"BROKEN: {', '.join(map(str, check.broken))}"
                self.stdout.write(f"{name} ({check.seen}): {state}")
        if not found.ok:
            sys.exit(1)
