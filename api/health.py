"""/livez and /readyz, for the machine that watches: alive, and ready to do work."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linkage.jobs.queries import worker_is_alive

# The watcher gives up after two seconds.
PATIENCE_SECONDS = 1.5
PARTS = ("database", "migrations", "worker")


@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    parts = probe.look()
    ready = all(parts.values())
    found = {name: "ok" if fine else "failed" for name, fine in parts.items()}
    status = {"status": "ok" if ready else "unavailable", "parts": found}
    return JsonResponse(status, status=200 if ready else 503)


def check() -> dict[str, bool]:
    """Ask the database, and what it says of migrations and workers."""
    parts = dict.fromkeys(PARTS, False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts["database"] = True
        parts["migrations"] = _migrated()
        parts["worker"] = worker_is_alive(timezone.now())
    except DatabaseError:
        pass  # what was not reached stays false, and the answer says so
    return parts


def _migrated() -> bool:
    loader = MigrationLoader(connection)
    return set(loader.disk_migrations) <= set(loader.applied_migrations)


class Probe:
    """Runs a check in a thread, since a frozen database never answers; one thread at a time."""

    def __init__(
        self, check: Callable[[], dict[str, bool]], patience: float = PATIENCE_SECONDS
    ) -> None:
        self._check = check
        self._patience = patience
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._found: dict[str, bool] = {}

    def look(self) -> dict[str, bool]:
        """What holds, by part; all false if no answer comes within the patience."""
        with self._lock:
            thread = self._thread
            if thread is None or not thread.is_alive():
                thread = self._thread = threading.Thread(target=self._run, daemon=True)
                self._found = {}
                thread.start()
        thread.join(self._patience)
        return dict.fromkeys(PARTS, False) | self._found

    def _run(self) -> None:
        try:
            self._found = self._check()
        finally:
            # This thread's own connection; the request's is left alone.
            connections.close_all()


probe = Probe(check)
