"""What the rules look up for each pair, worked out once for each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linkage.matching.columns import (
    UNSET,
    Floats,
    Ints,
    NeedColumns,
    OfferColumns,
    PostColumns,
)
from linkage.matching.tables import Board, CertificateTable, TreeColumns
from linkage.matching.weights import FULL

# Later than any window: what is not asked for never runs out.
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Places:
    """Coordinates in radians, and the cosine of the latitude."""

    latitude: Floats
    longitude: Floats
    cosine: Floats


@dataclass(frozen=True, eq=False)
class Prepared:
    """Columns and look-ups. Certificate number `none` (one more than there are) fills up rows.

    `last_day[offer, c]`: the last day of the offer's own c, UNSET if it is not held.
    `good_until[offer, c]`: the last day on which something held satisfies c; NEVER for `none`.
    `held_until[offer, :]`: the last day of each certificate held, then UNSET.
    `asked[need, :]`: the certificates asked for, each once, then `none`.
    """

    offers: OfferColumns
    needs: NeedColumns
    tree: TreeColumns
    offer_places: Places
    need_places: Places
    last_day: Ints
    good_until: Ints
    held_until: Ints
    asked: Ints
    offer_standing: Ints
    need_standing: Ints
    today: int


def prepare(board: Board) -> Prepared:
    """Work out what the rules look up."""
    offers, needs, count = board.offers, board.needs, len(board.certificates.satisfies)
    last_day = _last_days(offers, count)
    return Prepared(
        offers=offers,
        needs=needs,
        tree=board.tree,
        offer_places=_places(offers),
        need_places=_places(needs),
        last_day=last_day,
        good_until=_good_until(last_day, board.certificates),
        held_until=_held_until(last_day),
        asked=_asked(needs, none=count),
        offer_standing=standing(offers),
        need_standing=standing(needs),
        today=board.day,
    )


def standing(posts: PostColumns) -> Ints:
    """How far each organisation keeps its linkages, out of 10,000; half of it without any."""
    share: Ints = FULL * (2 * posts.kept + 1) // (2 * (posts.kept + posts.broken) + 2)
    return share


def _places(posts: PostColumns) -> Places:
    latitude, longitude = np.radians(posts.latitude), np.radians(posts.longitude)
    return Places(latitude, longitude, np.cos(latitude))


def _last_days(offers: OfferColumns, count: int) -> Ints:
    """Of a certificate held twice (it was renewed) the later day counts."""
    last_day = np.full((len(offers), count + 1), UNSET, dtype=np.int64)
    held = offers.certificates
    np.maximum.at(last_day, (held.row, held.certificate), held.last_day)
    return last_day


def _good_until(last_day: Ints, certificates: CertificateTable) -> Ints:
    good_until = np.full_like(last_day, UNSET)
    for own, asked in np.argwhere(certificates.satisfies):
        np.maximum(good_until[:, asked], last_day[:, own], out=good_until[:, asked])
    good_until[:, -1] = NEVER
    return good_until


def _held_until(last_day: Ints) -> Ints:
    rows, certificates = np.nonzero(last_day != UNSET)
    return _side_by_side(rows, last_day[rows, certificates], len(last_day), fill=UNSET)


def _asked(needs: NeedColumns, *, none: int) -> Ints:
    """A certificate that is asked for twice is asked for once."""
    wanted = needs.certificates
    rows, certificates = np.unique([wanted.row, wanted.certificate], axis=1)
    return _side_by_side(rows, certificates, len(needs), fill=none)


def _side_by_side(rows: Ints, values: Ints, count: int, *, fill: int) -> Ints:
    """One line a row with its values, filled up to the longest; `rows` in rising order."""
    lengths = np.bincount(rows, minlength=count)
    table = np.full((count, int(lengths.max(initial=0))), fill, dtype=np.int64)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    table[rows, place] = values
    return table
