"""Data and constraints of agreements, a file a subject."""

from __future__ import annotations

from linkage.agreements.models.evidence import EvidenceFile, Review
from linkage.agreements.models.linkages import (
    COUNTING_STATES,
    KNOWN_TO_OFFICES,
    OPEN_STATES,
    STATES_BY_DAYS,
    TALKING_STATES,
    UNSETTLED_STATES,
    Evidence,
    Linkage,
    Origin,
    Side,
    State,
)
from linkage.agreements.models.pools import PoolProposal
from linkage.agreements.models.talks import (
    STANDING_DELIVERIES,
    Consent,
    Delivery,
    Message,
    Reservation,
    TermsVersion,
)

__all__ = [
    "COUNTING_STATES",
    "KNOWN_TO_OFFICES",
    "OPEN_STATES",
    "STANDING_DELIVERIES",
    "STATES_BY_DAYS",
    "TALKING_STATES",
    "UNSETTLED_STATES",
    "Consent",
    "Delivery",
    "Evidence",
    "EvidenceFile",
    "Linkage",
    "Message",
    "Origin",
    "PoolProposal",
    "Reservation",
    "Review",
    "Side",
    "State",
    "TermsVersion",
]
