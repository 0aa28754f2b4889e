"""The one way a batch's state moves: each move is a compare-and-set on the states it may leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, DomainError, NotFound, StaleVersion
from linkage.intake.models import ImportBatch

State = ImportBatch.State
# What is not in the register (any more) can be looked at, settled and taken in.
OPEN_STATES = (State.UPLOADED, State.PREVIEWED, State.FAILED, State.UNDONE)
_LEAVES: Mapping[State, tuple[State, ...]] = {
    # Something was settled: whatever was previewed before is no more what would be written.
    State.UPLOADED: OPEN_STATES,
    State.PREVIEWED: OPEN_STATES,
    State.FAILED: OPEN_STATES,
    State.APPLIED: OPEN_STATES,
    State.UNDONE: (State.APPLIED,),
}
# A look at the file changes nothing of what was settled.
_LOOKS = (State.PREVIEWED, State.FAILED)


class BatchNotApplicable(Conflict):
    """What the batch brings is in the register already."""

    code = "batch_not_applicable"
    words = _("This import is in the register already.")


class PreviewOvertaken(Conflict):
    """While the file was being read, something was settled or a newer look at it came to an end."""

    code = "preview_overtaken"
    words = _(
        "While the file was being read something was settled about it, or it was previewed again."
        " The newer preview counts."
    )


def move(
    batch_id: int,
    to: State,
    *,
    only: Mapping[str, Any] | None = None,
    refusal: type[DomainError] = BatchNotApplicable,
    **columns: Any,
) -> ImportBatch:
    """Move a batch to a state and set `columns` with it, in the caller's transaction.

    `only` narrows what it may be moved from. Raises: NotFound; `refusal`, if the batch is where
    it cannot be moved from. Nothing is changed then.
    """
    changed = _moved(ImportBatch.objects.filter(pk=batch_id, **(only or {})), to, **columns)
    batch = batch_of(batch_id)
    if changed != 1:
        raise refusal
    return batch


def settle(batch_id: int, version: int, **columns: Any) -> ImportBatch:
    """Claim a batch for who settles something as seen at `version`; it has to be previewed again.

    Of two who settle from the same page the second gets StaleVersion, and nothing of the first
    one's is taken back. Raises: NotFound; BatchNotApplicable, if it was applied; StaleVersion.
    """
    if batch_of(batch_id).state not in _LEAVES[State.UPLOADED]:
        raise BatchNotApplicable
    seen = {"version": version}
    return move(batch_id, State.UPLOADED, only=seen, refusal=StaleVersion, **columns)


def outdate(batch_ids: Iterable[int]) -> None:
    """Have what was previewed looked at again; one that is applied at this moment is left as it is.

    In the caller's transaction.
    """
    _moved(ImportBatch.objects.filter(pk__in=batch_ids, state=State.PREVIEWED), State.UPLOADED)


def _moved(batches: QuerySet[ImportBatch], to: State, **columns: Any) -> int:
    """Move those of the batches that may go there; how many did."""
    if to not in _LOOKS:
        columns["version"] = F("version") + 1
    return batches.filter(state__in=_LEAVES[to]).update(state=to, **columns)


def as_seen(batch: ImportBatch) -> dict[str, Any]:
    """What must still be so of a batch for a look at it, begun now, to count when it ends."""
    return {name: getattr(batch, name) for name in ("version", "state", "plan_digest")}


def batch_of(batch_id: int) -> ImportBatch:
    """The batch. Raises: NotFound."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch
