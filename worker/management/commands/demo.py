"""Starts everything with the sample register: what `make demo` runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.agreements.models import Evidence
from linkage.coverage import queries, sentences
from linkage.ending import WRONG_USAGE, refused_in_one_line
from linkage.registry.models import Role
from worker.demo import FULL_NAMES, prepare
from worker.management.commands import serve
from worker.processes import usable_port


class Command(serve.Command):
    help = "Bring the sample register in, print the figures and the accounts, and start everything."

    def handle(self, *args: Any, host: str, **options: Any) -> None:
        if settings.PRODUCTION:
            words = _("The demonstration does not run with MODE=production.")
            raise CommandError(words, returncode=WRONG_USAGE)
        with refused_in_one_line():
            port = usable_port(host, options["port"])
            self._prepare()
        self.serve(host, port)

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
