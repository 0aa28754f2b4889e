"""Whether a table's dates are written month first: one column that shows it puts all in doubt.

A column whose every text could be either is read day first, as people here write; beside a column
of the same table that can only be month first, that would be a guess. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from linkage.intake.planning import days
from linkage.intake.planning.findings import At, Findings

_Table = tuple[str, str]


@dataclass(slots=True)
class _Column:
    """What the texts of one column show, and the first that could be read both ways."""

    said: str | None = None
    shows_day_first: bool = False
    shows_month_first: bool = False
    doubtful: tuple[At, str] | None = None


@dataclass(slots=True)
class DateOrders:
    """Collects what each column of dates shows while the rows are read."""

    findings: Findings
    _columns: dict[tuple[_Table, str], _Column] = field(default_factory=dict)

    def seen(self, table: _Table, at: At, header: str, raw: Any, said: str | None) -> None:
        """Note a cell; `said` is what the clerk answered for its column."""
        order = days.shown_order(raw)
        if order is None:
            return
        column = self._columns.setdefault((table, header), _Column(said))
        column.shows_day_first |= order == days.DAY_FIRST
        column.shows_month_first |= order == days.MONTH_FIRST
        if order == days.EITHER and column.doubtful is None:
            column.doubtful = (at, str(raw))

    def ask(self) -> None:
        """Ask about every column that could be either beside one that is month first."""
        for header, (at, raw) in self._in_doubt():
            self.findings.ask(at, "column_date_order", header, raw, "date_order_beside")

    def _in_doubt(self) -> Iterator[tuple[str, tuple[At, str]]]:
        american = {
            table
            for (table, _header), column in self._columns.items()
            if column.said == "month_first" or (column.said is None and column.shows_month_first)
        }
        for (table, header), column in self._columns.items():
            open_ = column.said is None and not column.shows_day_first
            if table in american and open_ and column.doubtful is not None:
                yield header, column.doubtful
