"""The difference of two days adds up, and says of each linkage what happened to it."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.coverage import rule
from linkage.graph.building import graph_on
from linkage.graph.changes import Changes, changes_between
from tests.examples import examples
from tests.graph.worlds import (
    AFTER,
    BEFORE,
    DAYS,
    LEVELS,
    World,
    cooperative,
    linkage,
    random_world,
    worlds,
)


def happened(level: str = "declared", *, before: int = 2, after: int = 6, **facts: object) -> str:
    """To a linkage with these facts, in one word."""
    world = World([cooperative(1), cooperative(2)], [linkage(9, 1, 2, **facts)])
    found = changes_between(world.columns(), DAYS[before], DAYS[after], level)
    words = [
        name for name in ("born", "proved", "ended", "expired", "risen") if getattr(found, name)
    ]
    return " ".join(words) or "nothing"


def test_born_from_the_day_after_the_first_to_the_second() -> None:
    assert happened(starts=DAYS[3]) == happened(starts=DAYS[6]) == "born"
    assert happened(starts=DAYS[2]) == happened(starts=DAYS[7]) == "nothing"


def test_one_that_ends_on_the_second_day_is_still_there() -> None:
    assert happened(ends=DAYS[6]) == "nothing"
    assert happened(ends=DAYS[5]) == happened(ends=DAYS[2]) == "expired"


def test_terminated_on_the_second_day_is_gone() -> None:
    assert happened(terminated_on=DAYS[6], state="terminated") == "ended"
    assert happened(terminated_on=DAYS[7], state="terminated") == "nothing"


def test_what_was_over_before_it_was_terminated_has_run_out() -> None:
    assert happened(ends=DAYS[3], terminated_on=DAYS[4]) == "expired"
    assert happened(ends=DAYS[3], terminated_on=DAYS[3]) == "ended"
    assert happened(ends=DAYS[5], terminated_on=DAYS[3]) == "ended"


def test_the_city_has_seen_it_since() -> None:
    assert happened("verified", verified_on=DAYS[4]) == "proved"
    assert happened("confirmed", verified_on=DAYS[4]) == "risen"
    assert happened("declared", verified_on=DAYS[4]) == "risen"


def test_what_came_and_went_in_between_is_nowhere() -> None:
    assert happened(starts=DAYS[3], ends=DAYS[4]) == "nothing"


def test_a_rise_names_both_levels() -> None:
    world = World(
        [cooperative(1), cooperative(2)],
        [linkage(9, 1, 2, confirmed_on=DAYS[3], verified_on=DAYS[4])],
    )
    found = changes_between(world.columns(), DAYS[2], DAYS[6], "declared")
    assert found.risen == {9: ("declared", "verified")}
    assert changes_between(world.columns(), DAYS[2], DAYS[3], "declared").risen == {
        9: ("declared", "confirmed")
    }


def test_days_go_forward_and_levels_are_levels() -> None:
    columns = World().columns()
    with pytest.raises(ValueError, match="second day"):
        changes_between(columns, DAYS[1], DAYS[0], "declared")
    with pytest.raises(ValueError, match="certain"):
        changes_between(columns, DAYS[0], DAYS[1], "certain")
    assert changes_between(columns, DAYS[1], DAYS[1], "declared").balance == 0


@given(
    world=worlds(linkages=20),
    days=st.tuples(*[st.sampled_from([BEFORE, *DAYS, AFTER])] * 2).map(sorted),
    level=st.sampled_from(LEVELS),
)
@settings(max_examples=examples(400), deadline=None)
def test_changes_add_up_to_the_two_graphs(world: World, days: list[date], level: str) -> None:
    adds_up(world, *days, level)


def test_changes_add_up_in_a_big_register() -> None:
    world = random_world(Random(7), organisations=60, linkages=900)
    found = [
        adds_up(world, before, after, level)
        for level in LEVELS
        for before, after in zip(DAYS, DAYS[3:], strict=False)
    ]
    for name in ("born", "proved", "ended", "expired", "risen"):
        assert any(getattr(one, name) for one in found), name


def adds_up(world: World, before: date, after: date, level: str) -> Changes:
    columns = world.columns()
    first, second = (ids(graph_on(columns, day, level)) for day in (before, after))
    found = changes_between(columns, before, after, level)
    came, went = {*found.born, *found.proved}, {*found.ended, *found.expired}
    assert (came, went) == (second - first, first - second)
    assert found.balance == len(second) - len(first)
    lists = (found.born, found.proved, found.ended, found.expired, tuple(found.risen))
    assert all(list(one) == sorted(one) for one in lists)
    assert sum(map(len, lists)) == len({id_ for one in lists for id_ in one})
    rows = {row.id: row for row in world.linkages}
    assert all(rows[id_].starts > before for id_ in found.born)
    assert all(rows[id_].starts <= before for id_ in found.proved)
    assert all(rows[id_].ends < after for id_ in found.expired)
    assert all(rows[id_].terminated_on <= after for id_ in found.ended)
    assert found.risen == {
        id_: (level_of(rows[id_], before), level_of(rows[id_], after))
        for id_ in sorted(first & second)
        if level_of(rows[id_], before) != level_of(rows[id_], after)
    }
    return found


def ids(graph) -> set[int]:
    return {id_ for *_, id_ in graph.edges(keys=True)}


def level_of(row: rule.LinkageRow, day: date) -> str:
    return next(level for level in LEVELS if rule.proved(row, day, level))
