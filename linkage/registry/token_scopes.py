"""What a key for programs may be for: groups of things, each to read or to write. No database.

>>> covers(["market:read"], Resource.POST, "R"), covers(["market:read"], Resource.POST, "U")
(True, False)
>>> covers(["market:write"], Resource.LINKAGE, "U"), covers([], Resource.REFERENCE, "R")
(False, True)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum

from linkage.registry.access_table import Resource


class Scope(Enum):
    """A group of things by the word that stands in a scope."""

    FIGURES = "figures"
    REGISTER = "register"
    MARKET = "market"
    LINKAGES = "linkages"
    # Apart from linkages: what is verified makes the official figure.
    VERIFICATION = "verification"
    CHAINS = "chains"
    PLANS = "plans"
    RETURNS = "returns"
    IMPORTS = "imports"
    JOBS = "jobs"
    # Of a field officer.
    CALLS = "calls"


GROUPS: Mapping[Scope, frozenset[Resource]] = {
    Scope.FIGURES: frozenset({Resource.FIGURE, Resource.PROGRAMME}),
    Scope.REGISTER: frozenset({Resource.REGISTER_ENTRY, Resource.CONTACT}),
    Scope.MARKET: frozenset(
        {Resource.POST, Resource.PUBLISHED_POST, Resource.LIMIT, Resource.SUGGESTION}
    ),
    Scope.LINKAGES: frozenset(
        {
            Resource.NEGOTIATION,
            Resource.LINKAGE,
            Resource.DELIVERY,
            Resource.EVIDENCE,
            Resource.EVIDENCE_LIST,
        }
    ),
    Scope.VERIFICATION: frozenset({Resource.VERIFICATION}),
    Scope.CHAINS: frozenset({Resource.CHAIN}),
    Scope.PLANS: frozenset({Resource.PLAN}),
    Scope.RETURNS: frozenset({Resource.YEARLY_RETURN}),
    Scope.IMPORTS: frozenset({Resource.IMPORT}),
    Scope.JOBS: frozenset({Resource.JOB}),
    Scope.CALLS: frozenset({Resource.CALL, Resource.INVITATION}),
}
# Shut to keys. Whoever stole one makes nobody a member with it, lets nobody act for anybody and
# does not read who did what.
SHUT = frozenset(
    {
        Resource.ACCOUNT,
        Resource.MEMBERSHIP,
        Resource.ACCESS_CODE,
        # A person's own standing and inbox; what it finds to ask to act for.
        Resource.CLAIM,
        Resource.CARD,
        Resource.NOTIFICATION,
        Resource.KEY,
        Resource.CONSENT,
        Resource.CONSENT_SCAN,
        Resource.AUDIT,
        Resource.QUICK_CORRECTION,
    }
)
OPEN = frozenset({Resource.REFERENCE, Resource.PUBLISHED_FIGURE})
SCOPES: tuple[str, ...] = tuple(
    f"{scope.value}:{act}" for scope in Scope for act in ("read", "write")
)


def covers(scopes: Collection[str], resource: Resource, letter: str) -> bool:
    """Whether one of the scopes is for this; what everybody reads needs none."""
    if resource in OPEN and letter == "R":
        return True
    act = "read" if letter == "R" else "write"
    return any(
        resource in things and f"{scope.value}:{act}" in scopes for scope, things in GROUPS.items()
    )
