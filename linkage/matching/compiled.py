"""The compiled engine, for those who ask for it: commands and workers, never a web request.

Loading takes a second, and the first time half a minute of compiling, which is then kept on the
disk. Without numba, or where it does not run, everything goes on with NumPy alone: the answers are
the same.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from linkage.matching.columns import Ints
from linkage.matching.tables import Board
from linkage.matching.weights import Weights

# Of more than these the best of each are found by NumPy, which does not put them in one by one.
MOST_KEPT = 128
# Of fewer pairs than these NumPy has looked at all before an index is built.
FEWEST_PAIRS = 1 << 22
_MODULES = ("linkage.matching.packed", "linkage.matching.fast")
_loaded: list[Any] = []


def load() -> bool:
    """Make this process use the compiled engine from now on; False if it cannot."""
    if not _loaded:
        try:
            _loaded.extend(import_module(name) for name in _MODULES)
        except ImportError:
            return False
    return True


def unload() -> None:
    """Make this process use NumPy alone again."""
    _loaded.clear()


def loaded() -> bool:
    """Whether this process uses the compiled engine."""
    return bool(_loaded)


def answers(offers: int, needs: int, top: int) -> bool:
    """Whether this question is one for the compiled engine."""
    return bool(_loaded) and top <= MOST_KEPT and offers * needs >= FEWEST_PAIRS


def modules() -> tuple[Any, Any]:
    """`packed` and `fast`, where they are loaded."""
    packed, fast = _loaded
    return packed, fast


def best_rows(board: Board, top: int, weights: Weights) -> tuple[Ints, Ints, Ints, Ints]:
    """Rows of needs and offers and scores, as `fast.best_rows`; and the needs it is not sure of."""
    packed, fast = modules()
    found = fast.best_rows(packed.pack(board, weights), top)
    return found.need_row, found.offer_row, found.score, found.unsure
