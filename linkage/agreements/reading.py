"""What two sides agreed on the platform, as an office reads it: each reading leaves a line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from linkage.agreements import queries
from linkage.agreements.models import Linkage, Origin, Side
from linkage.agreements.services.parties import organisation_on
from linkage.agreements.services.states import SUBJECT
from linkage.registry.access import Actor
from linkage.registry.services.reading import record_read

# What was read.
VOLUME = "agreed_volume"


def open_linkage(*, actor: Actor, linkage_id: int, now: datetime) -> Linkage:
    """Return a linkage to a page that shows its volume. Raises: as queries.detail."""
    linkage = queries.detail(actor=actor, linkage_id=linkage_id)
    note_volumes(actor=actor, linkages=[linkage], now=now)
    return linkage


def note_volumes(*, actor: Actor, linkages: Iterable[Linkage], now: datetime) -> None:
    """Note of which linkages a page shows the agreed volume; not what is on paper in the register.

    Whoever acts for a side reads its own.
    """
    shown = [
        one.pk
        for one in linkages
        if one.quantity is not None
        and one.origin == Origin.PLATFORM
        and not any(
            actor.acts_for(organisation_on(one, side).pk) for side in (Side.SELLER, Side.BUYER)
        )
    ]
    record_read(actor=actor, subject_kind=SUBJECT, ids=shown, what={VOLUME}, now=now)
