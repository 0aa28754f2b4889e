"""Whether the register was changed after a snapshot read it: one query, and nothing is computed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypedDict

from django.db.models import Count, Max, Q

from linkage.agreements.models import COUNTING_STATES, STATES_BY_DAYS, State
from linkage.agreements.services import SUBJECT as LINKAGE
from linkage.coverage.models import Snapshot
from linkage.coverage.rule import LinkageRow, OrganisationRow
from linkage.jobs.models import Event
from linkage.registry.services.claims import SUBJECT as ORGANISATION

# Intake lies above this package; its events bear this name.
IMPORT = "import_batch"

_ORGANISATION_KINDS = (
    *("created", "settled", "took_in", "merged", "gave_back", "unmerged"),
    *("status_set", "kind_set", "sector_set", "commune_set"),
)
_LINKAGE_KINDS = (
    *("recorded", "confirmed", "verified", "verification_withdrawn"),
    "termination_corrected",
)


def _edited(row: type[OrganisationRow | LinkageRow]) -> Q:
    """An edit of a field that the rule's row has, or the filling in of a blank one."""
    names = [field.name for field in fields(row)]
    return Q(kind__in=("edited", "completed"), data__after__has_any_keys=names)


def _moved() -> Q:
    """A move into a state that counts, or out of one; talks move nothing that is counted.

    Nor does the calendar: a linkage that begins or ends is in force on the same days as before.
    """
    counting, others = sorted(COUNTING_STATES), sorted(set(State) - STATES_BY_DAYS)
    to_or_from_another = Q(data__to__in=others) | Q(data__from__in=others)
    counted = Q(data__to__in=counting) | Q(data__from__in=counting)
    return Q(kind="moved") & counted & to_or_from_another


# A line's value by hand stands in the figure too.
_VALUE_KINDS = ("value_entered", "value_corrected", "value_withdrawn")


# The events that change what `inputs.read_inputs` and `reported_read` give, and no others:
# contacts, products and certificates are none of the rule's rows.
_TOUCHES = (
    Q(subject_kind=ORGANISATION) & (Q(kind__in=_ORGANISATION_KINDS) | _edited(OrganisationRow))
    | Q(subject_kind=LINKAGE) & (Q(kind__in=_LINKAGE_KINDS) | _moved() | _edited(LinkageRow))
    | Q(subject_kind="indicator", kind__in=_VALUE_KINDS)
    | Q(subject_kind="year_return", kind__in=("return_accepted", "return_sent_back"))
    | Q(subject_kind=IMPORT, kind="undone")
    | Q(subject_kind=IMPORT, kind="applied")
    & (
        Q(data__created__organisations__gt=0)
        | Q(data__created__linkages__gt=0)
        | Q(data__updated__organisations__gt=0)
        | Q(data__updated__linkages__gt=0)
    )
)


@dataclass(frozen=True, slots=True)
class Stale:
    """A figure that does not know of the register's newest changes."""

    taken_at: datetime
    changed_at: datetime


class Seen(TypedDict):
    """What a reading saw of the events, as a snapshot keeps it."""

    last_event: int
    events_seen: int


def seen() -> Seen:
    """The newest event's id (0 before the first) and how many touch the figure, as read now.

    The id alone is no watermark: on PostgreSQL a transaction takes its ids before it commits, so
    an event below the newest one may come to light later. Then there are more of them than these.
    """
    found = Event.objects.aggregate(newest=Max("pk"), touching=Count("pk", filter=_TOUCHES))
    return Seen(last_event=found["newest"] or 0, events_seen=found["touching"])


def stale(snapshot: Snapshot) -> Stale | None:
    """What the snapshot does not know of, or None if it knows all.

    By the events that its reading saw, not by the clock: an import that began before the snapshot
    and was written after it is a change that the snapshot does not know.
    """
    if snapshot.last_event is None:
        after, before = Q(at__gt=snapshot.taken_at), Q(at__lte=snapshot.taken_at)
    else:
        after, before = Q(pk__gt=snapshot.last_event), Q(pk__lte=snapshot.last_event)
    found = Event.objects.filter(_TOUCHES).aggregate(
        changed_at=Max("at", filter=after),
        known=Count("pk", filter=before),
        newest=Max("at"),
    )
    changed_at = found["changed_at"]
    if changed_at is None and snapshot.events_seen not in (None, found["known"]):
        # Which one came late nobody knows; it is no later than the newest.
        changed_at = found["newest"]
    return None if changed_at is None else Stale(snapshot.taken_at, changed_at)
