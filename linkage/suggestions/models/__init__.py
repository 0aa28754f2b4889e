"""What is remembered of matches: suggestions with their looks, pools,
the city's plans, whom all reach and whom the office introduces."""

from __future__ import annotations

from linkage.suggestions.models.fairness import FairnessCoOp, FairnessReport
from linkage.suggestions.models.introductions import Introduction
from linkage.suggestions.models.plans import (
    Plan,
    PlanFigure,
    PlanLeftOut,
    PlanLine,
    PlanOutcome,
    PlanProposed,
    PlanResult,
)
from linkage.suggestions.models.pools import PoolPart, PoolSuggestion
from linkage.suggestions.models.suggested import (
    LOOKS,
    DismissReason,
    Lane,
    Look,
    NeedLook,
    OfferLook,
    Suggestion,
    Turn,
    View,
)

__all__ = [
    "LOOKS",
    "DismissReason",
    "FairnessCoOp",
    "FairnessReport",
    "Introduction",
    "Lane",
    "Look",
    "NeedLook",
    "OfferLook",
    "Plan",
    "PlanFigure",
    "PlanLeftOut",
    "PlanLine",
    "PlanOutcome",
    "PlanProposed",
    "PlanResult",
    "PoolPart",
    "PoolSuggestion",
    "Suggestion",
    "Turn",
    "View",
]
