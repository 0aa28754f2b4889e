"""Handlers as ever, and a worker that stays inside the transaction that stores a plan, for good.

Loaded by JOBS_EXTRA_HANDLERS.
"""

from __future__ import annotations

from typing import Any

from linkage.suggestions.models import PlanFigure
from tests.faults.holding import hold_before

HANDLERS: dict[str, Any] = {}

# Result and lines are written, the figures come next.
hold_before(PlanFigure, loaded=__name__, sign="storing")
