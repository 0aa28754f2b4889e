"""Which function does which kind of job, and which one takes which topic of the outbox."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from linkage.jobs.outbox import Consumer
from linkage.jobs.runner import Handler

HANDLERS: dict[str, Handler] = {}
CONSUMERS: dict[str, Consumer] = {}


def all_handlers() -> dict[str, Handler]:
    """The handlers, with those of the module that `settings.JOBS_EXTRA_HANDLERS` names."""
    if not settings.JOBS_EXTRA_HANDLERS:
        return HANDLERS
    extra: dict[str, Handler] = import_module(settings.JOBS_EXTRA_HANDLERS).HANDLERS
    return HANDLERS | extra
