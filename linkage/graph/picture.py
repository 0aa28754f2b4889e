"""Where the boxes and lines of a picture go, in whole pixels; the template draws them.

Layers are columns from left to right. In a column, boxes stand in an order that keeps lines short:
starting from the order given, each sweep sorts a column by the mean row of what each box is linked
with further left, then, going back, further right. Means are fractions and ties keep the order that
there was, so one chain always has one picture.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

# Pixels: a box, the gaps between boxes and between columns, the margin round it all.
BOX_WIDTH, BOX_HEIGHT = 142, 36
ROW_GAP, COLUMN_GAP, MARGIN = 14, 36, 4
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """One organisation, or `more` of them that had no room (`id` None); (x, y) is its top left."""

    id: int | None
    layer: int
    row: int
    x: int
    y: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """From the seller's box to the buyer's, for so many `linkages`; ends are on the boxes' edges.

    `seller`, `buyer` are places in the picture's boxes. `backward`: it does not lead to a column
    further right (a ring, or within one layer), so it starts and ends on the boxes' right edges.
    """

    seller: int
    buyer: int
    x1: int
    y1: int
    x2: int
    y2: int
    linkages: int
    backward: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes by layer, then by row; lines by the boxes that they join; the size of it all.

    `columns`: the x of each layer given, the empty ones too. Boxes are `box_width` by `box_height`.
    """

    width: int
    height: int
    columns: tuple[int, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def laid_out(
    layers: Sequence[Sequence[int]],
    edges: Iterable[tuple[int, int]],
    *,
    most: int,
    order: Mapping[int, str] | None = None,
) -> Picture:
    """Lay out organisations, given as ids in layers, and the linkages (seller, buyer) among them.

    A layer shows `most` boxes: where there are more, the most linked ones (then the smaller ids)
    and, as the last box, how many more there are; their lines lead to that box. `order` gives each
    id a text to begin the order with (a sort key of its name), ties and none by id.
    Raises: ValueError, if `most` is less than 2 or an id is in two layers; KeyError, if an edge's
    party is in none.

    >>> picture = laid_out([[1], [2, 3]], [(1, 3), (1, 3)], most=5)
    >>> [(box.id, box.layer, box.row) for box in picture.boxes]
    [(1, 0, 0), (2, 1, 0), (3, 1, 1)]
    >>> [(line.seller, line.buyer, line.linkages) for line in picture.lines]
    [(0, 2, 2)]
    """
    if most < 2:
        raise ValueError("a layer shows 2 boxes or more")
    if len({id_ for layer in layers for id_ in layer}) < sum(map(len, layers)):
        raise ValueError("an organisation is in two layers")
    between = Counter(edges)
    linked = Counter(id_ for pair in between.elements() for id_ in pair)
    shown = [_shown(layer, linked, most) for layer in layers]
    names = order or {}
    rows = [sorted(layer, key=lambda id_: (names.get(id_, ""), id_)) for layer in shown]
    _sweep(rows, between)
    return _drawn(layers, rows, between)


def _shown(layer: Sequence[int], linked: Counter[int], most: int) -> list[int]:
    """Who gets a box of its own."""
    room = len(layer) if len(layer) <= most else most - 1
    return sorted(layer, key=lambda id_: (-linked[id_], id_))[:room]


def _sweep(rows: list[list[int]], between: Counter[tuple[int, int]]) -> None:
    """Order each column by the mean row of the neighbours to its left, then to its right."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for seller, buyer in sorted(between):
        neighbours[seller].append(buyer)
        neighbours[buyer].append(seller)
    for _ in range(SWEEPS):
        for way in (1, -1):
            row_of: dict[int, int] = {}
            for column in rows[::way]:
                _order(column, neighbours, row_of)
                row_of.update((id_, row) for row, id_ in enumerate(column))


def _order(column: list[int], neighbours: dict[int, list[int]], row_of: dict[int, int]) -> None:
    """Sort the column by the mean of the neighbours' rows known; who has none keeps its own."""
    mean = {id_: Fraction(row) for row, id_ in enumerate(column)}
    for id_ in column:
        met = [row_of[other] for other in neighbours[id_] if other in row_of]
        if met:
            mean[id_] = Fraction(sum(met), len(met))
    column.sort(key=mean.__getitem__)


def _drawn(
    layers: Sequence[Sequence[int]], rows: list[list[int]], between: Counter[tuple[int, int]]
) -> Picture:
    columns = tuple(MARGIN + place * (BOX_WIDTH + COLUMN_GAP) for place in range(len(layers)))
    boxes, box_of = _boxes(layers, rows, columns)
    joined: Counter[tuple[int, int]] = Counter()
    for (seller, buyer), count in between.items():
        joined[box_of[seller], box_of[buyer]] += count
    tallest = max((box.row + 1 for box in boxes), default=0)
    return Picture(
        width=2 * MARGIN + max(0, len(layers) * (BOX_WIDTH + COLUMN_GAP) - COLUMN_GAP),
        height=2 * MARGIN + max(0, tallest * (BOX_HEIGHT + ROW_GAP) - ROW_GAP),
        columns=columns,
        boxes=tuple(boxes),
        lines=tuple(_line(boxes, *pair, joined[pair]) for pair in sorted(joined)),
    )


def _boxes(
    layers: Sequence[Sequence[int]], rows: list[list[int]], columns: Sequence[int]
) -> tuple[list[Box], dict[int, int]]:
    """The boxes, and in which one each organisation is."""
    boxes: list[Box] = []
    box_of: dict[int, int] = {}
    for place, (layer, shown) in enumerate(zip(layers, rows, strict=True)):
        for row, id_ in enumerate(shown):
            box_of[id_] = len(boxes)
            boxes.append(Box(id_, place, row, columns[place], _top(row)))
        hidden = [id_ for id_ in layer if id_ not in box_of]
        if hidden:
            box_of.update(dict.fromkeys(hidden, len(boxes)))
            row = len(shown)
            boxes.append(Box(None, place, row, columns[place], _top(row), more=len(hidden)))
    return boxes, box_of


def _line(boxes: Sequence[Box], seller: int, buyer: int, linkages: int) -> Line:
    start, end = boxes[seller], boxes[buyer]
    backward = start.layer >= end.layer
    return Line(
        seller=seller,
        buyer=buyer,
        x1=start.x + BOX_WIDTH,
        y1=start.y + BOX_HEIGHT // 2,
        x2=end.x + (BOX_WIDTH if backward else 0),
        y2=end.y + BOX_HEIGHT // 2,
        linkages=linkages,
        backward=backward,
    )


def _top(row: int) -> int:
    return MARGIN + row * (BOX_HEIGHT + ROW_GAP)
