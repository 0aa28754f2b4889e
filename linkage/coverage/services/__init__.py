"""The writes of the figure: snapshots and series (`taking`), what staff set as data (`plans`),
values entered by hand (`reporting`) and their reports (`sources`), yearly returns (`returns`)."""

from __future__ import annotations

from linkage.coverage.services.plans import (
    add_indicator,
    add_programme,
    change_programme,
    change_target,
    set_target,
)
from linkage.coverage.services.reporting import correct_value, enter_value, withdraw_value
from linkage.coverage.services.returns import decide_return, save_return
from linkage.coverage.services.sources import (
    attach_source,
    clear_broken_uploads,
    open_source,
)
from linkage.coverage.services.taking import compute_series, take_snapshot

__all__ = [
    "add_indicator",
    "add_programme",
    "attach_source",
    "change_programme",
    "change_target",
    "clear_broken_uploads",
    "compute_series",
    "correct_value",
    "decide_return",
    "enter_value",
    "open_source",
    "save_return",
    "set_target",
    "take_snapshot",
    "withdraw_value",
]
