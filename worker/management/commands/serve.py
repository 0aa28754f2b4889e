"""Starts web server, Celery worker and Beat as one foreground command; Ctrl-C ends all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from worker.processes import Supervisor, answers, commands, port_is_free


class Command(BaseCommand):
    help = "Start web server, worker and Beat as one foreground command; Ctrl-C ends all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if not port_is_free(host, port):
            raise CommandError(
                f"Port {port} is in use: choose another one with --port (PORT= with make).",
                returncode=2,
            )
        trouble = Supervisor(folder=settings.BASE_DIR).run(
            commands(host=host, port=port),
            ready=lambda: answers(host, port),
            on_ready=lambda: self._say(f"http://{host}:{port}/  (Ctrl-C ends it)"),
        )
        if trouble:
            raise CommandError(f"All ended, because {trouble}.")
        self._say("Ended.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
