"""Handlers as ever, and a worker that stays inside the first suggestion that it makes, for good.

Loaded by JOBS_EXTRA_HANDLERS.
"""

from __future__ import annotations

from typing import Any

from linkage.notices.models import Notice
from tests.faults.holding import hold_before

HANDLERS: dict[str, Any] = {}

# The rows are written, the notices come next.
hold_before(Notice, loaded=__name__, sign="telling")
