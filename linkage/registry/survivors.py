"""Where merged organisations went. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def survivors(merged_into: Mapping[int, int | None]) -> dict[int, int]:
    """Each organisation's last survivor along its merges; a ring of merges ends where it began.

    >>> survivors({1: None, 2: 1, 3: 2})
    {1: 1, 2: 1, 3: 1}
    """
    found = {}
    for id_ in merged_into:
        last, seen = id_, {id_}
        while (into := merged_into.get(last)) is not None and into not in seen:
            last = into
            seen.add(last)
        found[id_] = last
    return found
