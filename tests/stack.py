"""Room on the interpreter's stack, so that deep calls do not map and unmap its pieces for ever.

CPython 3.11 keeps the frames of Python calls in pieces of 16 kB. A call that crosses the end of
one maps a new piece and its return gives it back: code that goes to and fro there, as requests
below pytest and Django do, spent up to 40% of its time in that (strace: 3,250 pairs of mmap and
munmap a second). A frame that needs more gets a piece of the next power of two, and what it leaves
of that is for the frames that it calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

# Of 8 bytes each: a little over half a megabyte, so the piece is one megabyte.
_SLOTS = 66_000


def roomy(call: Callable[[], Any]) -> Any:
    """What `call` returns, run with some 450 kB of one piece below it."""
    return _wide_frame()(call)


def _wide_frame() -> Callable[[Callable[[], Any]], Any]:
    """A function whose frame has so many variables, none of which is ever set."""
    names = " = ".join(f"n{number}" for number in range(_SLOTS))
    source = f"def run(call):\n    if call is None:\n        {names} = 0\n    return call()"
    made: dict[str, Any] = {}
    exec(source, made)
    return cast("Callable[[Callable[[], Any]], Any]", made["run"])
