"""Starts web server, Celery worker and Beat as one foreground command; Ctrl-C ends all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from linkage.ending import refused_in_one_line
from linkage.intake.invented import is_shown
from linkage.intake.reference import load_reference
from worker.invented.making import is_made
from worker.processes import (
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
        with refused_in_one_line():
            port = usable_port(host, options["port"])
            # Without it no word of a workbook would be known; a second time changes nothing.
            load_reference()
        self.serve(host, port)

    def serve(self, host: str, port: int) -> None:
        """Start all, say where, and wait for the end. Raises: CommandError, if one of them ends."""
        invented = is_shown(read_at=None) or is_made()
        around = surroundings(host=host, port=port, invented=invented)
        trouble = Supervisor(folder=settings.BASE_DIR, environment=around).run(
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
