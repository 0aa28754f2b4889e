"""Where posts lie: a tree of halves down to 512 cells, and how far the cells are from one another.

A commune's posts share its centre, so with 512 places or fewer a cell is one place and the table
holds the distance itself. Where there are more, a cell holds several, and the table a distance that
no two posts of the two cells fall below; each pair is then measured by itself.

The tree is kept as a heap: place 1 is everything, 2 and 3 its halves, 512 + c the cell c.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from linkage.matching.columns import Flags, Floats, Ints
from linkage.matching.prepared import Places
from linkage.matching.rules import metres_between

LEVELS = 9
CELLS = 1 << LEVELS
# What rounding may have done to two radii and a distance.
ROUNDED_M = 3
# Of a cell in which nothing lies. Beyond any distance on the earth.
NOWHERE_M = 2**30


class Nearby(NamedTuple):
    """`low[cell, place in the heap]`: metres that no post of the one is nearer to one of the other.

    Where `exact`, it is the distance of any two posts of two cells.
    """

    low: Ints
    exact: bool


def cells_of(places: Places) -> tuple[Ints, Nearby]:
    """The cell of each of these different places, and the distances of the cells."""
    count = len(places.latitude)
    cell = _halved(places)
    centres = _centres(places, cell)
    radius = np.zeros(CELLS, dtype=np.int64)
    exact = count <= CELLS
    if not exact:
        at = np.arange(count)
        np.maximum.at(radius, cell, metres_between(places, at, centres, cell) + ROUNDED_M)
    used = np.bincount(cell, minlength=CELLS) > 0
    return cell, Nearby(_heap(centres, radius, used), exact)


def _heap(centres: Places, radius: Ints, used: Flags) -> Ints:
    at = np.arange(CELLS)
    between = metres_between(centres, at[None, :], centres, at[:, None])
    between = np.maximum(0, between - radius[None, :] - radius[:, None])
    low: Ints = np.empty((CELLS, 2 * CELLS), dtype=np.int64)
    low[:, CELLS:] = np.where(used[None, :], between, NOWHERE_M)
    for place in (1 << level for level in reversed(range(LEVELS))):
        halves = low[:, 2 * place : 4 * place]
        low[:, place : 2 * place] = np.minimum(halves[:, 0::2], halves[:, 1::2])
    low[:, 0] = 0
    return low.astype(np.int32)


def _halved(places: Places) -> Ints:
    """Halves of equal size, by latitude and longitude in turn."""
    count = len(places.latitude)
    cell = np.zeros(count, dtype=np.int64)
    for level in range(LEVELS):
        along = places.longitude if level % 2 else places.latitude
        sorted_ = np.lexsort((along, cell))
        size = np.bincount(cell, minlength=1 << level)
        place = np.arange(count) - np.repeat(np.cumsum(size) - size, size)
        cell[sorted_] = 2 * cell[sorted_] + (2 * place >= np.repeat(size, size))
    return cell


def _centres(places: Places, cell: Ints) -> Places:
    """The mean of each cell; of one place that place itself, to the last digit."""
    size = np.maximum(1, np.bincount(cell, minlength=CELLS))

    def mean(of: Floats) -> Floats:
        found: Floats = np.bincount(cell, weights=of, minlength=CELLS) / size
        return found

    latitude = mean(places.latitude)
    return Places(latitude, mean(places.longitude), np.cos(latitude))
