"""Starts web server, Celery worker and Beat as one foreground command; Ctrl-C ends all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from linkage.errors import DatabaseNotReady
from linkage.intake.reference import load_reference
from worker.processes import (
    PortUnusable,
    Supervisor,
    answers,
    commands,
    surroundings,
    usable_port,
)


class Command(BaseCommand):
    help = "Start web server, worker and Beat as one foreground command; Ctrl-C ends all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")

    def handle(self, *args: Any, host: str, **options: Any) -> None:
        try:
            port = usable_port(host, options["port"])
            # Without it no word of a workbook would be known; a second time changes nothing.
            load_reference()
        except PortUnusable as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            said = DatabaseNotReady(error=" ".join(str(error).split()))
            raise CommandError(str(said), returncode=2) from error
        trouble = Supervisor(
            folder=settings.BASE_DIR, environment=surroundings(host=host, port=port)
        ).run(
            commands(host=host, port=port),
            ready=lambda: answers(host, port),
            on_ready=lambda: self._say(
                _("http://%(host)s:%(port)s/  (Ctrl-C ends it)") % {"host": host, "port": port}
            ),
        )
        if trouble:
            raise CommandError(_("All ended, because %(trouble)s.") % {"trouble": trouble})
        self._say(_("Ended."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
