"""Whether the register was changed after a snapshot read it: one query, and nothing is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from linkage.agreements.services import SUBJECT as LINKAGE
from linkage.coverage.models import Snapshot
from linkage.jobs.models import Event
from linkage.registry.services.claims import SUBJECT as ORGANISATION

# Intake lies above this package; its events bear this name.
IMPORT = "import_batch"

# What happens to these is read by the rule, unless it is known to leave the rule's rows alone:
# a kind of event that is new here makes a figure look old, never fresh.
_SUBJECTS = (ORGANISATION, LINKAGE, IMPORT)
_HARMLESS = (
    Q(subject_kind=ORGANISATION, kind__startswith="certificate_")
    | (Q(subject_kind=ORGANISATION, kind="edited") & ~Q(data__after__has_key="founded_on"))
    | (
        Q(subject_kind=LINKAGE, kind="edited")
        & ~Q(data__after__has_any_keys=["starts", "ends", "contract_number"])
    )
    | Q(
        subject_kind=IMPORT,
        kind="applied",
        data__created__organisations=0,
        data__created__linkages=0,
        data__updated__organisations=0,
        data__updated__linkages=0,
    )
)


@dataclass(frozen=True, slots=True)
class Stale:
    """A figure that does not know of the register's newest changes."""

    taken_at: datetime
    changed_at: datetime


def newest_event() -> int:
    """The id of the newest event that the present reading sees; 0 before the first."""
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0


def stale(snapshot: Snapshot) -> Stale | None:
    """What the snapshot does not know of, or None if it knows all.

    By the events that its reading saw, not by the clock: an import that began before the snapshot
    and was written after it is a change that the snapshot does not know.
    """
    if snapshot.last_event is None:
        unseen = Q(at__gt=snapshot.taken_at)
    else:
        unseen = Q(pk__gt=snapshot.last_event)
    changes = Event.objects.filter(unseen, subject_kind__in=_SUBJECTS).exclude(_HARMLESS)
    changed_at = changes.aggregate(newest=Max("at"))["newest"]
    return None if changed_at is None else Stale(snapshot.taken_at, changed_at)
