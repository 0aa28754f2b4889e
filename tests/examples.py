"""How many examples a property is tried with: few on each change, many at night."""

from __future__ import annotations

import os


def examples(ordinary: int) -> int:
    """`ordinary`, or as many times as EXAMPLES_TIMES says (`make nightly`)."""
    return ordinary * int(os.environ.get("EXAMPLES_TIMES", "1"))
