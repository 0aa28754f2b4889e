"""The whole installation held against its invariants: ledger, outbox, stored figures, chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import Q

from linkage import files
from linkage.agreements import invariants
from linkage.agreements.invariants import Finding
from linkage.agreements.models import EvidenceFile
from linkage.coverage import snapshots
from linkage.coverage.models import Snapshot, SourceFile
from linkage.jobs import chain, heads
from linkage.jobs.models import Outbox
from linkage.jobs.queries import worker_is_alive
from linkage.one_view import one_view
from linkage.registry.models import ConsentScan

LONGEST_WAIT = timedelta(minutes=1)
# What is scanned, as the checks call it -> where its files lie, and its rows.
_SCANS = (
    ("evidence", files.SCANS, EvidenceFile),
    ("consent", files.CONSENTS, ConsentScan),
    ("source", files.SOURCES, SourceFile),
)
Checks: TypeAlias = Callable[[datetime], Mapping[str, Finding]]


@dataclass(frozen=True, slots=True)
class Audit:
    """Each check with what it found; settled, if no message waits to be delivered."""

    checks: dict[str, Finding]
    settled: bool

    @property
    def ok(self) -> bool:
        return all(found.ok for found in self.checks.values())

    def document(self) -> dict[str, Any]:
        """The answer of `audit_invariants --json`."""
        return {
            "ok": self.ok,
            "settled": self.settled,
            "checks": {
                name: {"ok": found.ok, "seen": found.seen, "broken": list(found.broken)}
                for name, found in self.checks.items()
            },
        }


def _nothing_more(_now: datetime) -> Mapping[str, Finding]:
    return {}


def audit(*, now: datetime, also: Checks = _nothing_more) -> Audit:
    """Check every invariant on the rows as they are at one moment. Writes nothing.

    `also`: the checks of what stands above the figure, made in the same view.
    """
    with one_view():
        checks = {name: check() for name, check in invariants.CHECKS.items()}
        for what, folder, model in _SCANS:
            checks |= invariants.kept_files(what, folder, model.objects.all(), began=now)
        checks |= also(now)
        checks["outbox_is_delivered"] = _outbox(now)
        checks["figures_are_recomputed"] = _figures()
        checks["audit_chain_verifies"] = _chain()
        settled = not Outbox.objects.filter(state=Outbox.State.PENDING).exists()
    return Audit(checks, settled)


def _outbox(now: datetime) -> Finding:
    """No message is parked, and with a worker at work none waits for long.

    Without a worker what waits is only not settled.
    """
    broken = Q(state=Outbox.State.PARKED)
    if worker_is_alive(now):
        broken |= Q(state=Outbox.State.PENDING, created_at__lt=now - LONGEST_WAIT)
    undelivered = Outbox.objects.exclude(state=Outbox.State.DONE)
    found = undelivered.filter(broken).order_by("pk").values_list("pk", flat=True)
    return Finding(undelivered.count(), tuple(found))


def _figures() -> Finding:
    """Each stored figure comes out the same from the rows that were stored with it."""
    ids = list(Snapshot.objects.order_by("pk").values_list("pk", flat=True))
    found = {id_: snapshots.recompute(snapshot_id=id_) for id_ in ids}
    # By another version of the rule: what counts here is that the figures are the same.
    broken = tuple(id_ for id_, one in found.items() if one.differences or not one.inputs_ok)
    return Finding(sum(recomputed.seen for recomputed in found.values()), broken)


def _chain() -> Finding:
    """Every event is as it was sealed, and none after a kept head is gone; see `audit_verify`."""
    try:
        found = chain.verify(heads=heads.kept())
    except heads.HeadsUnreadable as unreadable:
        return Finding(0, (str(unreadable),))
    return Finding(found.seen, () if found.bad is None else (heads.named(found.bad),))
