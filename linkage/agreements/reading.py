"""What two sides agreed on the platform, as an office reads it: each reading leaves a line.

The volume is for the two sides and the offices that the matrix names, to a field officer in its
area; to others, as an auditor, a linkage is shown without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from linkage.agreements import queries
from linkage.agreements.models import Linkage, Origin, Side
from linkage.agreements.services.parties import organisation_on
from linkage.agreements.services.states import SUBJECT
from linkage.databases import MOST_NAMED
from linkage.registry.access import Actor, Capability, allows
from linkage.registry.services.reading import record_read

# What was read.
VOLUME = "agreed_volume"


def open_linkage(*, actor: Actor, linkage_id: int, now: datetime) -> Linkage:
    """Return a linkage to a page that shows its volume. Raises: as queries.detail."""
    linkage = queries.detail(actor=actor, linkage_id=linkage_id)
    show_volumes(actor=actor, linkages=[linkage], now=now)
    return linkage


def agreed_shown_of(actor: Actor) -> frozenset[int] | None:
    """Return whose agreed volumes the actor is shown, of the linkages that it reads; None: of all.

    One side is enough. Which office lets it read a linkage says nothing of its volume.
    """
    if allows(actor, Capability.READ_AGREED):
        return None
    return actor.area.union(actor.memberships)


def show_volumes(*, actor: Actor, linkages: Iterable[Linkage], now: datetime) -> None:
    """Make linkages ready for who reads them: what was agreed is noted, or taken off in memory.

    Whoever acts for a side reads its own, which leaves no line; nor does what is on paper in the
    register.
    """
    shown_of = agreed_shown_of(actor)
    noted = []
    for one in linkages:
        if not _is_of_others(actor, one):
            continue
        if shown_of is None or not shown_of.isdisjoint(_sides(one)):
            noted.append(one.pk)
        else:
            one.quantity = one.unit = None
    _note(actor, noted, now)


def note_volumes(*, actor: Actor, ids: Collection[int], now: datetime) -> None:
    """Note that the volumes of those of these linkages are shown of which others agreed one."""
    _note(actor, [one.pk for one in _agreed(ids) if _is_of_others(actor, one)], now)


def _agreed(ids: Collection[int]) -> Iterator[Linkage]:
    named = sorted(ids)
    for start in range(0, len(named), MOST_NAMED):
        some = named[start : start + MOST_NAMED]
        rows = Linkage.objects.filter(pk__in=some, origin=Origin.PLATFORM)
        yield from rows.select_related("seller__merged_into", "buyer__merged_into")


def _is_of_others(actor: Actor, linkage: Linkage) -> bool:
    """Whether it has a volume that was agreed on the platform, and not by the actor's own."""
    if linkage.quantity is None or linkage.origin != Origin.PLATFORM:
        return False
    return actor.memberships.keys().isdisjoint(_sides(linkage))


def _sides(linkage: Linkage) -> list[int]:
    return [organisation_on(linkage, side).pk for side in (Side.SELLER, Side.BUYER)]


def _note(actor: Actor, ids: Collection[int], now: datetime) -> None:
    record_read(actor=actor, subject_kind=SUBJECT, ids=ids, what={VOLUME}, now=now)
