"""Ids in the addresses of every door: what cannot be one answers like one that is absent."""

from __future__ import annotations


class IdConverter:
    """A positive whole number of at most 18 digits."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
