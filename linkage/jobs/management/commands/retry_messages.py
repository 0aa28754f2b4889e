"""`manage.py retry_messages`: what was parked is delivered anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from linkage.errors import DatabaseNotReady
from linkage.jobs.services import retry_messages

WRONG_USAGE = 2


class Command(BaseCommand):
    help = "Have every message that was parked delivered anew."
    # It writes a table only: pages and templates need not be whole for it.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            waiting = retry_messages(now=timezone.now())
        except DatabaseError as error:
            said = DatabaseNotReady(error=" ".join(str(error).split()))
            raise CommandError(str(said), returncode=WRONG_USAGE) from error
        self.stdout.write(f"Messages that wait again: {waiting}")
