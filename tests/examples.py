"""How many examples a property is tried with: few on each change, many at night."""

from __future__ import annotations

import os

import pytest

# Of what one database was tried with, another one is tried with so much.
SHARE_OF_ANOTHER = 8


def tested_on_another_database() -> bool:
    """Whether the same tests ran on another database before, with everything (CI's second run)."""
    return os.environ.get("TESTED_ON_ANOTHER_DATABASE") == "true"


# What takes a minute and that a faster test shows too.
at_night = pytest.mark.skipif(
    int(os.environ.get("EXAMPLES_TIMES", "1")) == 1, reason="long: `make nightly`"
)


def examples(ordinary: int, *, each: bool = False) -> int:
    """`ordinary`, or as many times as EXAMPLES_TIMES says (`make nightly`); at least one.

    `each`: on each database as many, as of a race, which another one runs otherwise.
    """
    wanted = ordinary * int(os.environ.get("EXAMPLES_TIMES", "1"))
    fewer = tested_on_another_database() and not each
    return max(1, wanted // SHARE_OF_ANOTHER) if fewer else wanted
