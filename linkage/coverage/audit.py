"""The whole installation held against its invariants: ledger, outbox, stored figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linkage.agreements import invariants
from linkage.agreements.invariants import Finding
from linkage.coverage import snapshots
from linkage.coverage.models import Snapshot
from linkage.jobs.models import Outbox
from linkage.jobs.queries import worker_is_alive
from linkage.one_view import one_view

LONGEST_WAIT = timedelta(minutes=1)


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


def audit(*, now: datetime) -> Audit:
    """Check every invariant on the rows as they are at one moment. Writes nothing."""
    with one_view():
        checks = {name: check() for name, check in invariants.CHECKS.items()}
        checks["evidence_files_have_their_rows"] = invariants.evidence_files_have_their_rows(
            began=now
        )
        checks["outbox_is_delivered"] = _outbox(now)
        checks["figures_are_recomputed"] = _figures()
        settled = not Outbox.objects.filter(state=Outbox.State.PENDING).exists()
    return Audit(checks, settled)


def _outbox(now: datetime) -> Finding:
    """With a worker at work no message waits for long; without one it is only not settled."""
    pending = Outbox.objects.filter(state=Outbox.State.PENDING)
    late = pending.filter(created_at__lt=now - LONGEST_WAIT) if worker_is_alive(now) else ()
    return Finding(pending.count(), tuple(sorted(message.pk for message in late)))


def _figures() -> Finding:
    """Each stored figure comes out the same from the rows that were stored with it."""
    ids = list(Snapshot.objects.order_by("pk").values_list("pk", flat=True))
    found = {id_: snapshots.recompute(snapshot_id=id_) for id_ in ids}
    # By another version of the rule: what counts here is that the figures are the same.
    broken = tuple(id_ for id_, one in found.items() if one.differences or not one.inputs_ok)
    return Finding(sum(recomputed.seen for recomputed in found.values()), broken)
