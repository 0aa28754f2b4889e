"""The one way a batch's state moves: each move is a compare-and-set on the states it may leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkage.errors import Conflict, NotFound
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


def move(
    batch_id: int,
    to: State,
    *,
    only: Mapping[str, Any] | None = None,
    refusal: type[Conflict] = Conflict,
    **columns: Any,
) -> ImportBatch:
    """Move a batch to a state and set `columns` with it, in the caller's transaction.

    `only` narrows what it may be moved from. Raises: NotFound; `refusal`, if the batch is where
    it cannot be moved from. Nothing is changed then.
    """
    batches = ImportBatch.objects.filter(pk=batch_id, state__in=_LEAVES[to], **(only or {}))
    changed = batches.update(state=to, **columns)
    batch = batch_of(batch_id)
    if changed != 1:
        raise refusal
    return batch


def batch_of(batch_id: int) -> ImportBatch:
    """The batch. Raises: NotFound."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch
