"""Chains by API: what the pages say, for those who may see the pages."""

from __future__ import annotations

import networkx as nx
import pytest

from linkage.agreements.models import Linkage
from linkage.registry.models import Role
from tests.api.conftest import MEMBER, PARTNER, STRANGER, make_linkage, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_of):
    return client_of(Role.CITY_STAFF)


@pytest.fixture
def traded(world):
    """Two cooperatives sell the product to a firm; the world's linkage is one of theirs."""
    other = make_organisation("HTX Khác", product="Bí xanh")
    for one, number in ((world.linkage, "HD-01/2025"), (None, "HD-02/2025")):
        found = one or make_linkage(other, world.firm, number)
        found.commodity_id = "bi-xanh"
        found.save()
    return other


def read(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_list_counts_linkages_sellers_and_buyers(world, traded, staff):
    (row,) = read(staff, "chains")["results"]
    assert row["commodity"]["code"] == "bi-xanh"
    assert (row["linkages"], row["sellers"], row["buyers"]) == (2, 2, 1)
    assert read(staff, "chains?as_of=2000-01-01")["results"] == []


def test_a_chain_has_its_layers_what_is_missing_and_the_graph(world, traded, staff):
    found = read(staff, "chains/bi-xanh")
    members = {layer["stage"]: [one["id"] for one in layer["members"]] for layer in found["layers"]}
    assert members["production"] == [world.coop.pk, traded.pk]
    assert members["retail_or_export"] == [world.firm.pk]
    assert found["missing"] == ["inputs", "distribution"]
    assert [one["cooperative"]["id"] for one in found["single_buyers"]] == [
        world.coop.pk, traded.pk,
    ]  # fmt: skip
    graph = nx.node_link_graph(found["graph"], edges="edges", directed=True, multigraph=True)
    assert set(graph.edges()) == {(world.coop.pk, world.firm.pk), (traded.pk, world.firm.pk)}


def test_an_organisation_has_its_place_and_nothing_of_what_its_partners_have(world, traded, staff):
    found = read(staff, f"organisations/{world.coop.pk}/chain")
    assert [one["stage"] for one in found["chains"]] == ["production"]
    assert {(one["source"], one["target"]) for one in found["graph"]["edges"]} == {
        (world.coop.pk, world.firm.pk)
    }


@pytest.fixture
def peers(world):
    """Three others of the commune sell the product to a firm that the world's does not know."""
    buyer = make_organisation("Công ty Thu Mua", "enterprise")
    for number in range(3):
        peer = make_organisation(f"HTX Bạn {number}", product="Bí xanh")
        found = make_linkage(peer, buyer, f"HD-1{number}/2025")
        found.commodity_id, found.confirmed_on = "bi-xanh", found.starts
        found.save()
    return buyer


def test_its_own_people_read_its_own_part_and_no_names_of_peers(world, traded, peers, client_of):
    answer = client_of(MEMBER).get(f"/api/v1/organisations/{world.coop.pk}/own-chain")
    found = answer.json()
    (own,) = found["linkages"]
    assert (own["id"], own["seller"]["id"], own["buyer"]["id"], own["commodity"]) == (
        world.linkage.pk, world.coop.pk, world.firm.pk, "bi-xanh",
    )  # fmt: skip
    assert found["dead_end"] is None
    assert [one["buyer"]["id"] for one in found["dependences"]] == [world.firm.pk]
    (one,) = found["suggestions"]
    assert (one["counterpart"]["id"], one["near"]) == (peers.pk, "commune")
    assert "peers" not in one
    assert "HTX Bạn" not in answer.content.decode()
    assert "HTX Khác" not in answer.content.decode()


@pytest.mark.parametrize("query", ["as_of=2000-01-01", "as_of=2099-01-01", "evidence=verified"])
def test_what_the_structure_says_is_of_today_and_of_one_level(
    world, traded, peers, client_of, query
):
    """Day against day would say when a peer's contract begins or ends."""
    Linkage.objects.filter(buyer=peers).update(ends="2098-12-31")
    address = f"/api/v1/organisations/{world.coop.pk}/own-chain"
    today = client_of(MEMBER).get(address).json()
    asked = client_of(MEMBER).get(f"{address}?{query}").json()
    assert asked["suggestions"] == today["suggestions"]
    assert len(today["suggestions"]) == 1


def test_two_peers_could_be_told_apart(world, traded, peers, client_of):
    Linkage.objects.filter(buyer=peers).first().delete()
    found = client_of(MEMBER).get(f"/api/v1/organisations/{world.coop.pk}/own-chain").json()
    assert found["suggestions"] == []


def test_its_chain_is_its_own_peoples_alone(world, client_of):
    address = f"/api/v1/organisations/{world.coop.pk}/own-chain"
    for who in (PARTNER, STRANGER, Role.CITY_STAFF, Role.FIELD_OFFICER):
        assert client_of(who).get(address).status_code == 404
    for query in ("as_of=2000-01-01", "evidence=verified"):
        assert client_of(MEMBER).get(f"{address}?{query}").json()["linkages"] == []
    assert client_of(MEMBER).get(f"{address}?evidence=none").status_code == 400


def test_changes_are_counted_and_listed(world, traded, staff):
    found = read(staff, "chains/changes?from=2000-01-01&to=2025-12-31")
    assert found["counts"]["born"] == found["balance"] == 2
    assert {one["what"] for one in found["results"]} == {"born"}
    assert {one["linkage"] for one in found["results"]} >= {world.linkage.pk}
    under = read(staff, "chains/changes?from=2000-01-01&to=2025-12-31&commodity=rau")
    assert under["balance"] == 2 and under["commodity"] == "rau"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2025-12-31&to=2025-01-01", "to"),
        ("from=2025-12-31", "to"),
        ("from=2025-02-30&to=2025-12-31", "from"),
        ("from=2025-01-01&to=2025-12-31&evidence=none", "evidence"),
    ],
)
def test_wrong_days_are_said_at_their_field(world, staff, query, field):
    answer = staff.get(f"/api/v1/chains/changes?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_an_unknown_product_is_absent(world, staff):
    for address in ("chains/gold", "chains/changes?from=2025-01-01&to=2025-02-01&commodity=gold"):
        assert staff.get(f"/api/v1/{address}").status_code == 404
