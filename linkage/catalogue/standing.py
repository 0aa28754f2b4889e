"""Which certification stands for which other one that is asked for: one rule, for search and match.

More stars of a family stand for fewer (OCOP); others only by the reference data's own table.
"""

from __future__ import annotations

from collections.abc import Collection

from linkage.catalogue.models import Certification
from linkage.reference.files import read_certification_satisfies


def standing_pairs(known: Collection[Certification]) -> set[tuple[str, str]]:
    """Return each (held, asked) of two among `known` where the held one stands for the other.

    That each stands for itself is not said.
    """
    by_level = {
        (held.code, asked.code)
        for held in known
        for asked in known
        if held.family == asked.family and held.level > asked.level > 0
    }
    codes = {one.code for one in known}
    table = {(row.certification, row.satisfies) for row in read_certification_satisfies()}
    return by_level | {pair for pair in table if codes.issuperset(pair)}


def satisfying(code: str, pairs: Collection[tuple[str, str]]) -> set[str]:
    """Return the certifications that satisfy one: itself, and what stands for it.

    >>> sorted(satisfying("OCOP-3", {("OCOP-4", "OCOP-3"), ("OCOP-5", "OCOP-4")}))
    ['OCOP-3', 'OCOP-4']
    """
    return {code} | {held for held, asked in pairs if asked == code}
