"""What the plans of organisations, linkages and certificates have in common. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from linkage.intake.planning.findings import At, shown


class Planned:
    """What the register has (`current`; None: nothing yet) and what it shall have (`target`)."""

    __slots__ = ()
    current: Any
    target: Any

    @property
    def is_new(self) -> bool:
        return self.current is None

    @property
    def is_changed(self) -> bool:
        return self.current is not None and self.target != self.current


def conflict(
    at: At, id_: int | None, name: str, header: str, said: tuple[Any, Any]
) -> dict[str, Any]:
    """A field of which the file says something else than a person did here, who wins.

    `said`: here, and in the file.
    """
    ours, theirs = said
    return {
        "sheet": at.sheet,
        "row": at.row,
        "kind": at.kind,
        "id": id_,
        "field": header,
        "name": name,
        "ours": None if ours is None else shown(ours),
        "file": None if theirs is None else shown(theirs),
        "is_day": isinstance(theirs, date),
    }
