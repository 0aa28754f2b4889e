"""Columns as the compiled kernel wants them: the index of the offers, and the needs beside it.

Offers that could match nobody (their organisation is not active) are left out. Each node of the
tree that needs ask for has its candidates, which are the offers of its subtree: put in order of the
part of the map, the kind and the worth, and cut into blocks of 64. A block's bound is that of an
offer as good in everything as the best of its offers in each thing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linkage.matching import kernel, rules
from linkage.matching.cells import CELLS, LEVELS, NOWHERE_M, Nearby, cells_of
from linkage.matching.columns import ONCE, UNSET, Ints, NeedColumns, OfferColumns, PostColumns
from linkage.matching.kernel import LANES
from linkage.matching.prepared import Places, standing
from linkage.matching.tables import Board, CertificateTable
from linkage.matching.weights import FULL, NEUTRAL, Weights

# Beyond any distance on the earth.
ANYWHERE_M = 2**30
# Candidates of a part of the map.
PART = 256
# More than any price: no need's ceiling reaches it.
NO_FLOOR = 1e38
# Kinds of sellers, the most preferred first, and of buyers: an HTX without a verified linkage, one
# that is no HTX, an HTX with one.
UNLINKED, OTHER, LINKED = 0, 1, 2
KINDS = 3
PREFERRED = np.array(
    [[FULL, FULL, FULL], [FULL, NEUTRAL, 0], [FULL, 0, 0]],
    dtype=np.int64,
)


@dataclass(frozen=True, eq=False)
class Packed:
    """What the kernel reads. `order`: the needs as they are best worked on, one after the other.

    `row_of_rank`: the offer's row by the rank of its id.
    """

    offers: kernel.Lines
    needs: kernel.Lines
    index: kernel.Index
    certificates: kernel.Certificates
    ground: kernel.Ground
    weights: kernel.Lines
    order: Ints
    row_of_rank: Ints


@dataclass(frozen=True, eq=False)
class Lined:
    """The posts as lines, before any index: the offers that are active in the order of the tree,
    those of a commodity in the order of their cells.

    `rows`: which offers they are; `asked`: the commodities that needs ask for, each once, and a
    need's `node` is a place in it.
    """

    offers: kernel.Lines
    needs: kernel.Lines
    certificates: kernel.Certificates
    nearby: Nearby
    rows: Ints
    asked: Ints
    row_of_rank: Ints

    @classmethod
    def of(cls, board: Board) -> Lined:
        """The columns of the board as lines."""
        offers, needs = board.offers, board.needs
        offer_cell, need_cell, nearby = _cells(offers, needs)
        rows = np.flatnonzero(offers.active)
        # In the order of the tree, so that what a node's needs look at lies together.
        place = board.tree.enter[offers.commodity[rows]] * CELLS + offer_cell[rows]
        rows = rows[np.argsort(place)]
        by_id = np.argsort(offers.id[rows])
        asked, node = np.unique(needs.commodity, return_inverse=True)
        return cls(
            offers=_offers(board, rows, by_id, offer_cell),
            needs=_needs(board, node, need_cell),
            certificates=kernel.Certificates(
                *_last_days(offers, rows, board.certificates), _asked(needs)
            ),
            nearby=nearby,
            rows=rows,
            asked=asked,
            row_of_rank=rows[by_id],
        )

    @property
    def order(self) -> Ints:
        """The needs as they are best worked on: of one commodity and place one after the other."""
        where = self.needs["node"].astype(np.int64) * CELLS + self.needs["cell"]
        return np.argsort(where, kind="stable")


def pack(board: Board, weights: Weights) -> Packed:
    """The columns of the board as the kernel wants them."""
    lined = Lined.of(board)
    # Where each cell is a place nobody looks at the ground.
    shown = slice(0) if lined.nearby.exact else slice(None)
    return Packed(
        offers=lined.offers,
        needs=lined.needs,
        index=_index(lined, board, weights),
        certificates=lined.certificates,
        ground=kernel.Ground(_ground(board.offers, lined.rows[shown]), _ground(board.needs, shown)),
        weights=np.array([weights.as_tuple()], dtype=kernel.WEIGHT),
        order=lined.order,
        row_of_rank=lined.row_of_rank,
    )


def kinds(posts: PostColumns) -> Ints:
    """UNLINKED, OTHER or LINKED."""
    found: Ints = np.where(posts.cooperative, np.where(posts.verified, LINKED, UNLINKED), OTHER)
    return found


def _cells(offers: OfferColumns, needs: NeedColumns) -> tuple[Ints, Ints, Nearby]:
    latitude = np.concatenate([offers.latitude, needs.latitude])
    longitude = np.concatenate([offers.longitude, needs.longitude])
    number, met = kernel.number_places(latitude, longitude)
    height, width = np.radians(latitude[met]), np.radians(longitude[met])
    cell_of_place, nearby = cells_of(Places(height, width, np.cos(height)))
    cell = cell_of_place[number]
    return cell[: len(offers)], cell[len(offers) :], nearby


def _offers(board: Board, rows: Ints, by_id: Ints, cell: Ints) -> kernel.Lines:
    offers = board.offers
    lines = _of_both(offers, rows, kernel.OFFER, board.day)
    lines["rank"][by_id] = np.arange(len(rows))
    lines["floor"] = offers.price_limit[rows]
    lines["depth"] = board.tree.depth[offers.commodity[rows]]
    lines["cell"] = cell[rows]
    held = np.bincount(offers.certificates.row, minlength=len(offers))
    lines["held"] = np.minimum(rules.EXTRA_CERTIFICATES, held)[rows]
    return lines


def _needs(board: Board, node: Ints, cell: Ints) -> kernel.Lines:
    needs, limit = board.needs, board.needs.max_distance_m
    lines = _of_both(needs, slice(None), kernel.NEED, board.day)
    lines["active"] = needs.active
    lines["ceiling"] = needs.price_limit
    lines["limit_m"] = np.where(limit == UNSET, rules.USUAL_LIMIT_M, limit)
    lines["node"] = node
    lines["depth"] = board.tree.depth[needs.commodity]
    lines["cell"] = cell
    return lines


def _of_both(posts: PostColumns, rows: Any, line: np.dtype[Any], day: int) -> kernel.Lines:
    """Lines of offers or needs, with what they have in common filled in."""
    reach = posts.max_distance_m[rows]
    lines = np.empty(len(reach), dtype=line)
    for name in ("quantity", "organisation", "tax_party", "starts", "ends", "measure"):
        lines[name] = getattr(posts, name)[rows]
    lines["kind"] = kinds(posts)[rows]
    lines["period"] = posts.period_days[rows]
    lines["reach_m"] = np.where(reach == UNSET, ANYWHERE_M, np.minimum(reach, ANYWHERE_M))
    lines["standing"] = standing(posts)[rows]
    lines["freshness"] = NEUTRAL if day == UNSET else rules.freshness(posts, day)[rows]
    return lines


def _ground(posts: PostColumns, rows: Any) -> kernel.Lines:
    lines = np.empty(len(posts.latitude[rows]), dtype=kernel.PLACE)
    lines["latitude"] = np.radians(posts.latitude[rows])
    lines["longitude"] = np.radians(posts.longitude[rows])
    lines["cosine"] = np.cos(lines["latitude"])
    return lines


def _last_days(
    offers: OfferColumns, rows: Ints, certificates: CertificateTable
) -> tuple[Ints, Ints]:
    """A spare line at the end takes the certificates of offers that are left out."""
    place = np.full(len(offers), len(rows), dtype=np.int64)
    place[rows] = np.arange(len(rows))
    held, count = offers.certificates, len(certificates.satisfies)
    own: Ints = np.full((len(rows) + 1, count), UNSET, dtype=np.int32)
    kernel.last_days(held.row, held.certificate, held.last_day, place, own)
    pairs = np.argwhere(certificates.satisfies & ~np.eye(count, dtype=np.bool_))
    good = own.copy() if len(pairs) else own
    for mark, asked in pairs:
        np.maximum(good[:, asked], own[:, mark], out=good[:, asked])
    return own, good


def _asked(needs: NeedColumns) -> Ints:
    """The certificates asked for, each once, in rising order, then UNSET."""
    wanted = needs.certificates
    code = np.unique(wanted.row * (wanted.certificate.max(initial=0) + 1) + wanted.certificate)
    row, certificate = np.divmod(code, wanted.certificate.max(initial=0) + 1)
    lengths = np.bincount(row, minlength=len(needs))
    table: Ints = np.full((len(needs), int(lengths.max(initial=0))), UNSET, dtype=np.int32)
    table[row, np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)] = certificate
    return table


def _index(lined: Lined, board: Board, weights: Weights) -> kernel.Index:
    o, asked, nearby, tree = lined.offers, lined.asked, lined.nearby, board.tree
    place = tree.enter[board.offers.commodity[lined.rows]]
    low, high = (np.searchsorted(place, bound[asked]) for bound in (tree.enter, tree.leave))
    size = high - low
    node = np.repeat(np.arange(len(asked)), size)
    # Places in `o`: for each node those of its subtree.
    offer = np.arange(len(node)) - np.repeat(np.cumsum(size) - size - low, size)
    level = np.clip(np.log2(np.maximum(size, 1) / PART), 0, LEVELS).astype(np.int64)[node]
    part = (o["cell"][offer].astype(np.int64) + CELLS) >> (LEVELS - level)
    run = node * (2 * CELLS) + part
    sorted_ = np.argsort((run << 19) + _alike(o, weights)[offer])
    run, offer = run[sorted_], offer[sorted_]
    traits = _traits(o, weights)[:, offer]
    below = o["depth"][offer] - tree.depth[asked][node[sorted_]]
    deepest = len(rules.LEVELS_BELOW) - 1
    traits[kernel.OWN] += weights.commodity * rules.LEVELS_BELOW[np.minimum(below, deepest)]
    marks = _marks(o, lined.certificates.good)[offer]
    begin, candidates = _lanes(run, traits, o["cell"][offer], marks, offer)
    node_of_block, around = np.divmod(run[begin], 2 * CELLS)
    first, blocks = _lanes(
        node_of_block,
        _most(traits, begin),
        around,
        _marked(marks, begin),
        np.arange(len(begin)),
    )
    return kernel.Index(
        first=np.searchsorted(node_of_block[first], np.arange(len(asked) + 1)),
        blocks=blocks,
        candidates=candidates,
        low=nearby.low,
        preferred=PREFERRED,
        exact=nearby.exact,
        unknown=bool((o["freshness"] == UNSET).any()),
    )


def _lanes(
    run: Ints, traits: kernel.Singles, where: Ints, marks: Ints, item: Ints
) -> tuple[Ints, kernel.Lanes]:
    """Each run of equal numbers cut into lines; and where each line begins."""
    first = np.flatnonzero(np.diff(run, prepend=-1))
    lane = (np.arange(len(run)) - np.repeat(first, np.diff(first, append=len(run)))) % LANES
    begin = np.flatnonzero(lane == 0)
    line = np.cumsum(lane == 0) - 1
    shape = len(begin), LANES
    found = kernel.Lanes(
        traits=np.zeros((len(begin), kernel.TRAITS, LANES), dtype=np.float32),
        where=np.zeros(shape, dtype=np.uint16),
        marks=np.zeros(shape, dtype=np.uint32),
        item=np.zeros(shape, dtype=np.int32),
    )
    found.traits[:, kernel.FLOOR] = NO_FLOOR
    for trait in range(kernel.TRAITS):
        found.traits[line, trait, lane] = traits[trait]
    found.where[line, lane] = where
    found.marks[line, lane] = marks
    found.item[line, lane] = item
    return begin, found


def _alike(o: kernel.Lines, weights: Weights) -> Ints:
    """What puts like offers of one part side by side: of one kind, the worthiest first."""
    fresh = np.where(o["freshness"] == UNSET, NEUTRAL, o["freshness"]).astype(np.int64)
    worth = weights.standing * o["standing"].astype(np.int64) + weights.freshness * fresh
    worth += weights.certificates * _certificates(o)
    alike: Ints = (o["kind"].astype(np.int64) << 17) + 2**17 - 1 - (worth >> 10)
    return alike


def _traits(o: kernel.Lines, weights: Weights) -> kernel.Singles:
    """What bounds are made of, but for the commodity: a line each."""
    once = o["period"] == ONCE
    traits = np.empty((kernel.TRAITS, len(o)), dtype=np.float32)
    traits[kernel.STARTS], traits[kernel.ENDS] = o["starts"], o["ends"]
    traits[kernel.ONCE_G] = np.where(once, o["quantity"], 0)
    traits[kernel.DAILY_G] = np.where(once, 0, o["quantity"] / np.maximum(o["period"], 1))
    traits[kernel.STANDING] = o["standing"]
    traits[kernel.FRESHNESS] = np.where(o["freshness"] == UNSET, NEUTRAL, o["freshness"])
    traits[kernel.OWN] = weights.certificates * _certificates(o)
    traits[kernel.FLOOR] = o["floor"]
    return traits


def _certificates(o: kernel.Lines) -> Ints:
    """The factor of certificates if all that an offer ever held counted."""
    most: Ints = NEUTRAL + rules.EACH_EXTRA * o["held"].astype(np.int64)
    return most


def _marks(o: kernel.Lines, good: Ints) -> Ints:
    """The kind, and which certificates the offer has or has what satisfies them."""
    marks: Ints = o["kind"].astype(np.uint32) << kernel.MARKED
    for certificate in range(min(kernel.MARKED, good.shape[1])):
        has = good[: len(o), certificate] != UNSET
        np.bitwise_or(marks, has.astype(np.uint32) << np.uint32(certificate), out=marks)
    return marks


def _marked(marks: Ints, begin: Ints) -> Ints:
    """The most preferred kind in each block, and what any of its offers has."""
    if not len(begin):
        return marks
    of_kind = np.uint32(3 << kernel.MARKED)
    kind = np.minimum.reduceat(marks & of_kind, begin)
    found: Ints = np.bitwise_or(kind, np.bitwise_or.reduceat(marks & ~of_kind, begin))
    return found


def _most(traits: kernel.Singles, begin: Ints) -> kernel.Singles:
    """The widest window of each block, the lowest floor, and the most of everything else."""
    if not len(begin):
        return traits
    most: kernel.Singles = np.maximum.reduceat(traits, begin, axis=1)
    for trait in (kernel.STARTS, kernel.FLOOR):
        most[trait] = np.minimum.reduceat(traits[trait], begin)
    return most


def turned_round(packed: Packed) -> Packed:
    """The same with one bound wrong, far taken for near: a control that must give other answers."""
    low = packed.index.low
    parts = low[:, :CELLS]
    farthest = parts[parts < NOWHERE_M].max(initial=0)
    wrong = low.copy()
    wrong[:, :CELLS] = np.where(parts < NOWHERE_M, farthest - parts, NOWHERE_M)
    return replace(packed, index=packed.index._replace(low=wrong))
