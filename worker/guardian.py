"""Ends the children of a supervisor that died without a word.

    python -m worker.guardian

Reads the numbers of process groups, one a line, from a pipe whose other end only the supervisor
holds. When that end closes, however the supervisor died, the groups are asked to end and, after
a grace, killed. Imports nothing but the standard library, so that it is there at once.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

GRACE_SECONDS = 8.0


def is_left(group: int) -> bool:
    """Whether any process of the group is left (one that nobody has waited for counts)."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end_groups(groups: Sequence[int], is_left: Callable[[int], bool] = is_left) -> None:
    """Ask each group's leader to end; after a grace, or once they did, kill what is left."""
    for group in groups:
        with suppress(ProcessLookupError):
            os.kill(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(is_left(group) for group in groups):
        time.sleep(0.05)
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def main() -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    end_groups([int(line) for line in sys.stdin])


if __name__ == "__main__":
    main()
