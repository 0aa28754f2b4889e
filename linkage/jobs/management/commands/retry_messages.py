"""`manage.py retry_messages`: what was parked is delivered anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from linkage.ending import refused_in_one_line
from linkage.jobs.services import retry_messages


class Command(BaseCommand):
    help = "Have every message that was parked delivered anew."
    # It writes a table only: pages and templates need not be whole for it.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        with refused_in_one_line():
            waiting = retry_messages(now=timezone.now())
        self.stdout.write(f"Messages that wait again: {waiting}")
