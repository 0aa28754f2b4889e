"""Python's garbage collector, put aside while a workbook is in hand."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Nothing is searched for cycles inside: also for use as a decorator.

    Rows and cells are many, stay until the end and hold no cycles; looking through them again and
    again is a third of the time that a plan takes. The size of a workbook is bounded before.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
