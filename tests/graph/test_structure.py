"""Who sells what I sell, near me, sells to this buyer: suggested, and to whom it is not."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.coverage import rule
from linkage.graph.building import graph_on
from linkage.graph.structure import StructureSuggestion, suggested
from linkage.graph.tables import NoSuchCommodity
from tests.examples import examples
from tests.graph import brute
from tests.graph.worlds import (
    CODES,
    COMMUNES,
    DAYS,
    FIRST,
    World,
    cooperative,
    firm,
    markets,
    traded,
)


def told(
    world: World, id_: int = 1, sells: Collection[str] = (), buys: Collection[str] = ()
) -> tuple[StructureSuggestion, ...]:
    columns = world.columns()
    graph = graph_on(columns, FIRST, "verified")
    return suggested(graph, id_, columns.commodities, also_sells=sells, also_buys=buys)


def whom(*arguments: object, **more: object) -> list[tuple[str, int]]:
    return [(one.role, one.counterpart) for one in told(*arguments, **more)]


def test_my_neighbours_buyer_is_suggested() -> None:
    """1 and 2 sell tomatoes in one commune, 2 to 9, who is no buyer of 1 yet."""
    (one,) = told(traded((1, 8, "tomato"), (2, 9, "tomato"), others=[firm(8), firm(9)]))
    assert one == StructureSuggestion(1, "buyer", 9, "tomato", "commune", "11824", (2,))
    assert one.strength == 1


def test_mirrored_my_neighbours_seller_is_suggested() -> None:
    world = traded((8, 1, "seed"), (9, 2, "seed"), others=[firm(8), firm(9)])
    assert whom(world) == [("seller", 9)]


def test_what_it_is_known_to_sell_or_buy_counts_without_a_linkage() -> None:
    """A cooperative without any linkage is the one to be helped."""
    world = traded((2, 9, "tomato"), (9, 2, "seed"), others=[cooperative(1), firm(9)])
    assert whom(world) == []
    assert whom(world, sells=["tomato"]) == [("buyer", 9)]
    assert whom(world, sells=["tomato"], buys=["seed"]) == [("buyer", 9), ("seller", 9)]


@pytest.mark.parametrize("own", ["paddy", "crops", "paddy-glutinous", None])
def test_a_partner_of_the_line_is_not_suggested(own: str | None) -> None:
    world = traded((1, 9, own), (2, 9, "paddy"), others=[firm(9)])
    assert whom(world, sells=["paddy"]) == []


def test_a_partner_of_another_line_is() -> None:
    world = traded((1, 9, "tomato"), (2, 9, "paddy"), others=[firm(9)])
    assert whom(world, sells=["paddy"]) == [("buyer", 9)]


def test_to_buy_from_it_is_not_to_sell_to_it() -> None:
    """And 2, who sells to its neighbour 9, might sell to it straight."""
    world = traded((9, 1, "paddy"), (2, 9, "paddy"), others=[firm(9)])
    assert whom(world, sells=["paddy"]) == [("buyer", 9), ("seller", 2)]


def test_peers_sell_the_very_commodity() -> None:
    world = traded((2, 9, "paddy-glutinous"), others=[cooperative(1), firm(9)])
    assert whom(world, sells=["paddy"]) == []


@pytest.mark.parametrize("who", [1, 9])
def test_both_must_be_active(who: int) -> None:
    stopped = cooperative(who, statuses=((None, "active"), (FIRST, "stopped")))
    world = traded((1, 8, "tomato"), (2, 9, "tomato"), others=[stopped])
    assert [one.counterpart for one in told(world) if one.counterpart == 9] == []


def test_a_buyer_without_a_founding_day_deals_too() -> None:
    world = traded((2, 9, "tomato"), others=[cooperative(1), firm(9, founded_on=None)])
    assert whom(world, sells=["tomato"]) == [("buyer", 9)]


def test_a_peer_need_not_be_active() -> None:
    stopped = cooperative(2, statuses=((None, "active"), (FIRST, "stopped")))
    assert whom(traded((1, 8, "tomato"), (2, 9, "tomato"), others=[stopped])) == [("buyer", 9)]


def test_it_is_never_suggested_to_itself() -> None:
    assert told(traded((2, 1, "paddy"), others=[]), sells=["paddy"]) == ()


def at(id_: int, commune: str | None) -> rule.OrganisationRow:
    return cooperative(id_, communes=((None, commune),))


def test_the_nearest_peers_are_named_and_come_first() -> None:
    """9 has two peers far off; 8 one in the district; 7 one in the commune and one far off."""
    world = traded(
        (2, 9, "tomato"), (3, 9, "tomato"), (4, 8, "tomato"), (5, 7, "tomato"), (2, 7, "tomato"),
        others=[at(1, "11824"), at(2, "10507"), at(3, None), at(4, "11826"), at(5, "11824")],
    )  # fmt: skip
    found = told(world, sells=["tomato"])
    assert [(one.counterpart, one.near, one.place, one.peers) for one in found] == [
        (7, "commune", "11824", (5,)),
        (8, "district", "Huyện Vĩnh Bảo", (4,)),
        (9, "anywhere", None, (2, 3)),
    ]


def test_two_unknown_places_are_not_one() -> None:
    world = traded((2, 9, "tomato"), others=[at(1, None), at(2, None)])
    assert told(world, sells=["tomato"])[0].near == "anywhere"
    island = traded((2, 9, "tomato"), others=[at(1, "11948"), at(2, None)])
    assert told(island, sells=["tomato"])[0].near == "anywhere"


def test_more_peers_come_first_then_the_smaller_id() -> None:
    world = traded(
        *((2, 7, "tomato"), (2, 8, "tomato"), (3, 8, "tomato"), (2, 6, "tomato")),
        others=[cooperative(1)],
    )
    assert whom(world, sells=["tomato"]) == [("buyer", 8), ("buyer", 6), ("buyer", 7)]


def test_what_must_be_there_is_asked_for() -> None:
    with pytest.raises(NoSuchCommodity):
        told(traded((1, 2, "paddy")), sells=["gold"])
    with pytest.raises(KeyError):
        told(traded((1, 2, "paddy")), 77)


@given(
    world=markets(linkages=18),
    sells=st.sets(st.sampled_from(CODES), max_size=2),
    buys=st.sets(st.sampled_from(CODES), max_size=2),
)
@settings(max_examples=examples(300), deadline=None)
def test_suggestions_are_those_of_plain_python(
    world: World, sells: set[str], buys: set[str]
) -> None:
    me = world.organisations[0].id
    found = told(world, me, sells, buys)
    mine = expected(world, me, sells, reverse=False) + expected(world, me, buys, reverse=True)
    assert [
        (one.role, one.near, -one.strength, one.counterpart, one.commodity, one.peers)
        for one in found
    ] == [(role, near, *rest) for role, _, near, *rest in sorted(mine)]


def expected(world: World, me: int, also: set[str], *, reverse: bool) -> list[tuple]:
    """Buyers, or sellers with every linkage turned round."""
    days = {row.id: rule.on_day(row, FIRST) for row in world.organisations}
    links = [
        ((link.buyer, link.seller) if reverse else (link.seller, link.buyer))
        + world.goods[link.id][:1]
        for link in brute.links_on(world, FIRST, "verified")
    ]
    mine = {code for own, _, code in links if own == me and code} | also
    found = []
    founded = {row.id: row.founded_on for row in world.organisations}

    def works(id_: int) -> bool:
        begun = founded[id_]
        return days[id_].status == "active" and (begun is None or begun <= FIRST)

    for code in mine if works(me) else ():
        for other in sorted(days.keys() - {me}):
            had = [known for own, whom, known in links if (own, whom) == (me, other)]
            peers = {own for own, whom, known in links if whom == other and known == code} - {me}
            if not peers or not works(other):
                continue
            if any(known is None or brute.one_line(known, code) for known in had):
                continue
            rank, near, names = nearest(days, me, peers)
            role = "seller" if reverse else "buyer"
            found.append((role, rank, near, -len(names), other, code, names))
    return found


def nearest(days: dict[int, rule.OnDay], me: int, peers: set[int]) -> tuple:
    here = days[me].commune
    district = COMMUNES.get(here)
    commune = {one for one in peers if here and days[one].commune == here}
    around = {one for one in peers if district and COMMUNES.get(days[one].commune) == district}
    if commune:
        return 0, "commune", tuple(sorted(commune))
    if around:
        return 1, "district", tuple(sorted(around))
    return 2, "anywhere", tuple(sorted(peers))


def test_another_day_has_other_peers() -> None:
    world = traded((2, 9, "tomato"), others=[cooperative(1)])
    columns = world.columns()
    before = graph_on(columns, FIRST.replace(year=2022), "verified")
    assert suggested(before, 1, columns.commodities, also_sells=["tomato"]) == ()
    after = graph_on(columns, DAYS[1], "verified")
    assert len(suggested(after, 1, columns.commodities, also_sells=["tomato"])) == 1
