"""Starts everything with the sample register: what `make demo` runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.agreements.models import Evidence
from linkage.coverage import queries, sentences
from linkage.errors import DatabaseNotReady
from linkage.registry.models import Role
from worker.demo import FULL_NAMES, prepare
from worker.processes import PortUnusable, usable_port


class Command(BaseCommand):
    help = "Bring the sample register in, print the figures and the accounts, and start everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")

    def handle(self, *args: Any, host: str, port: str, **options: Any) -> None:
        if settings.PRODUCTION:
            words = _("The demonstration does not run with MODE=production.")
            raise CommandError(words, returncode=2)
        try:
            usable_port(host, port)
            self._prepare()
        except PortUnusable as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            said = DatabaseNotReady(error=" ".join(str(error).split()))
            raise CommandError(str(said), returncode=2) from error
        call_command("serve", host=host, port=port)

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0)
        now = timezone.localtime()
        accounts = prepare(passwords_file=settings.VAR_DIR / "demo_accounts.json", now=now)
        for evidence in (Evidence.VERIFIED, Evidence.DECLARED):
            report = queries.report(as_of=now.date(), evidence=evidence, today=now.date())
            self.stdout.write("\n".join(sentences.of_report(report)))
        for account in accounts:
            label = Role(account.role).label if account.role else FULL_NAMES[account.username]
            self.stdout.write(f"{account.username:10} {account.password}   {label}")
        self.stdout.flush()
