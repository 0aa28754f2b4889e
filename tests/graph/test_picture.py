"""Boxes that do not overlap, lines that end on their boxes, one picture whatever the order."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.graph.picture import Picture, laid_out
from tests.examples import examples

Drawing = tuple[list[list[int]], list[tuple[int, int]]]


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    r = Random(draw(st.integers(0, 2**32)))
    ids = r.sample(range(1, 100), draw(st.integers(1, 24)))
    layers: list[list[int]] = [[] for _ in range(draw(st.integers(1, 6)))]
    for id_ in ids:
        r.choice(layers).append(id_)
    pairs = [(r.choice(ids), r.choice(ids)) for _ in range(draw(st.integers(0, 40)))]
    return layers, [(seller, buyer) for seller, buyer in pairs if seller != buyer]


def rows(picture: Picture, layer: int) -> list[int | None]:
    return [box.id for box in picture.boxes if box.layer == layer]


@given(drawing=drawings(), most=st.integers(2, 6))
@settings(max_examples=examples(150), deadline=None)
def test_every_picture_can_be_drawn(drawing: Drawing, most: int) -> None:
    layers, edges = drawing
    picture = laid_out(layers, edges, most=most)
    everything = [(box.x, box.y) for box in picture.boxes]
    assert all(x > 0 and x + picture.box_width < picture.width for x, _ in everything)
    assert all(y > 0 and y + picture.box_height < picture.height for _, y in everything)
    for (x, y), (u, v) in combinations(everything, 2):
        assert abs(x - u) > picture.box_width or abs(y - v) > picture.box_height
    for place, layer in enumerate(layers):
        boxes = [box for box in picture.boxes if box.layer == place]
        assert len(boxes) == min(len(layer), most)
        assert sum(1 if box.id is not None else box.more for box in boxes) == len(layer)
        assert {box.x for box in boxes} <= {picture.columns[place]}
    assert sum(line.linkages for line in picture.lines) == len(edges)


@given(drawing=drawings())
@settings(max_examples=examples(100), deadline=None)
def test_lines_join_the_boxes_of_their_parties(drawing: Drawing) -> None:
    layers, edges = drawing
    picture = laid_out(layers, edges, most=100)
    joined = Counter()
    for line in picture.lines:
        start, end = picture.boxes[line.seller], picture.boxes[line.buyer]
        joined[start.id, end.id] += line.linkages
        assert line.x1 == start.x + picture.box_width
        assert line.x2 in (end.x, end.x + picture.box_width)
        assert (line.x2 == end.x) == (start.layer < end.layer) == (not line.backward)
        assert (line.y1 - start.y, line.y2 - end.y) == (picture.box_height // 2,) * 2
    assert joined == Counter(edges)


@given(drawing=drawings(), seed=st.integers(0, 99))
@settings(max_examples=examples(100), deadline=None)
def test_one_chain_is_one_picture(drawing: Drawing, seed: int) -> None:
    layers, edges = drawing
    r = Random(seed)
    mixed = [r.sample(layer, len(layer)) for layer in layers]
    again = laid_out(mixed, r.sample(edges, len(edges)), most=5)
    assert again == laid_out(layers, edges, most=5)


def test_lines_are_uncrossed() -> None:
    picture = laid_out([[1, 2, 3], [4, 5, 6], [7]], [(1, 6), (2, 5), (3, 4), (6, 7)], most=9)
    mine = [rows(picture, 0).index(id_) for id_ in (1, 2, 3)]
    theirs = [rows(picture, 1).index(id_) for id_ in (6, 5, 4)]
    assert mine == theirs


def test_what_comes_before_is_ordered_by_what_comes_behind() -> None:
    """4 has the outer two, 5 the middle one: those of 4 move together."""
    picture = laid_out([[1, 2, 3], [4, 5]], [(1, 4), (3, 4), (2, 5)], most=9)
    assert (rows(picture, 0), rows(picture, 1)) == ([1, 3, 2], [4, 5])


def test_a_mean_is_not_rounded() -> None:
    """9 lies between rows 0 and 1, 8 on row 0: 8 stands above."""
    picture = laid_out([[1, 2, 3], [8, 9, 7]], [(1, 9), (2, 9), (1, 8), (3, 7)], most=9)
    assert rows(picture, 1) == [8, 9, 7]
    picture = laid_out([[1, 2], [3, 4]], [(1, 3), (2, 3), (1, 4)], most=9)
    assert rows(picture, 1) == [4, 3]


def test_what_skips_a_layer_orders_too() -> None:
    """8 hangs on 1 alone, across a layer that stands between them."""
    picture = laid_out([[1, 2], [5], [7, 8]], [(1, 8), (2, 7), (1, 5)], most=9)
    assert (rows(picture, 0), rows(picture, 2)) == ([1, 2], [8, 7])


def test_names_begin_the_order() -> None:
    names = {1: "c", 2: "a", 3: "b"}
    assert rows(laid_out([[1, 2, 3]], [], most=9, order=names), 0) == [2, 3, 1]
    assert rows(laid_out([[3, 1, 2]], [], most=9), 0) == [1, 2, 3]


def test_the_most_linked_are_shown_and_the_others_counted() -> None:
    picture = laid_out([[1, 2, 3, 4], [9]], [(3, 9), (3, 9), (4, 9), (1, 9), (2, 9)], most=3)
    assert set(rows(picture, 0)) == {3, 1, None}
    (rest,) = (box for box in picture.boxes if box.id is None)
    assert (rest.more, rest.row) == (2, 2)
    (line,) = (line for line in picture.lines if picture.boxes[line.seller] == rest)
    assert line.linkages == 2


def test_an_empty_layer_keeps_its_column() -> None:
    picture = laid_out([[1], [], [2]], [(1, 2)], most=9)
    assert picture.boxes[1].x == picture.columns[2] > picture.columns[1] > picture.columns[0]


def test_nothing_is_an_empty_picture() -> None:
    picture = laid_out([], [], most=9)
    assert (picture.boxes, picture.lines, picture.columns) == ((), (), ())
    assert picture.width == picture.height > 0


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="2 boxes"):
        laid_out([[1]], [], most=1)
    with pytest.raises(ValueError, match="two layers"):
        laid_out([[1], [1]], [], most=5)
    with pytest.raises(KeyError):
        laid_out([[1]], [(1, 2)], most=5)
