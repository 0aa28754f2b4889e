"""The two headline indicators at each level of evidence, and by how much they rise."""

from __future__ import annotations

from typing import Any, TypeAlias

# Level of evidence -> indicator -> (numerator, denominator).
Figures: TypeAlias = dict[str, dict[str, tuple[int, int]]]
LEVELS = ("declared", "confirmed", "verified")
INDICATORS = ("LINK-ALL", "LINK-AGRI")
BY_ONE = dict.fromkeys(INDICATORS, (1, 0))
NOT_AT_ALL = dict.fromkeys(INDICATORS, (0, 0))


def shares(document: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """What a document of the figure says, as the command and the API give it."""
    told = {code: document["indicators"][code] for code in INDICATORS}
    return {code: (share["numerator"], share["denominator"]) for code, share in told.items()}


def rise(before: Figures, after: Figures) -> Figures:
    """By how much each numerator and each denominator rose."""
    return {
        level: {code: _less(after[level][code], before[level][code]) for code in INDICATORS}
        for level in LEVELS
    }


def _less(after: tuple[int, int], before: tuple[int, int]) -> tuple[int, int]:
    return after[0] - before[0], after[1] - before[1]
