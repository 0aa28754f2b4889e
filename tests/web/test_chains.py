"""Pages of value chains: who is in one, who is missing, and what nobody else is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import networkx as nx
import pytest
from django.test import Client

from linkage.agreements.models import Linkage
from linkage.catalogue.models import Commodity
from linkage.registry.models import CommuneFact, Membership, Organisation, Role
from tests.web import register

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Chain:
    """Carrots: four cooperatives sell to a shop; a fifth grows them too and sells to nobody."""

    carrot: Commodity
    sellers: list[Organisation]
    shop: Organisation
    alone: Organisation


@pytest.fixture
def chain() -> Chain:
    carrot = register.commodity()
    shop = register.organisation("Công ty Thu Mua", "enterprise")
    sellers = [register.organisation(f"HTX Bán {number}") for number in range(4)]
    for number, seller in enumerate(sellers):
        register.linkage(seller, shop, f"0{number}/HĐ", commodity=carrot)
    alone = register.organisation("HTX Một Mình")
    register.product(alone, commodity=carrot)
    return Chain(carrot, sellers, shop, alone)


@pytest.fixture
def staff(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.CITY_STAFF)


@pytest.fixture
def member_of(person: Callable[..., object]) -> Callable[[Organisation], Client]:
    def make(of: Organisation) -> Client:
        user, client = person(username=f"member-{of.pk}"), Client()
        Membership.objects.create(user=user, organisation=of, role="member", starts="2020-01-01")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_the_list_names_what_is_traded(chain: Chain, staff: Client) -> None:
    body = text(staff, "/chains/")
    assert "/chains/carrot/" in body
    assert "Cà rốt" in body
    assert "/chains/carrot/" not in text(staff, "/chains/?on=2020-01-01")


def test_a_chain_says_who_takes_part_and_who_is_missing(chain: Chain, staff: Client) -> None:
    body = text(staff, "/chains/carrot/")
    for one in (*chain.sellers, chain.shop):
        assert f"/organisations/{one.pk}/chain/" in body
    assert "Chuỗi này chưa có ai làm khâu: vật tư đầu vào, phân phối." in body
    assert "HTX Một Mình" in body[body.index("chưa vào chuỗi") : body.index("Ai tham gia")]
    assert "Bán toàn bộ cà rốt cho một bên mua: Công ty Thu Mua" in body


def test_who_makes_it_and_has_a_linkage_of_it_is_not_missing(chain: Chain, staff: Client) -> None:
    register.product(chain.sellers[0], commodity=chain.carrot)
    body = text(staff, "/chains/carrot/")
    assert "HTX Bán 0" not in body[body.index("chưa vào chuỗi") : body.index("Ai tham gia")]


def test_it_is_of_the_day_and_the_level_that_are_asked(chain: Chain, staff: Client) -> None:
    chain.sellers[0].sales.update(verified_on=None)
    asked = "?on=2024-06-30&evidence="
    drawn = {
        level: text(staff, f"/chains/carrot/{asked}{level}") for level in ("declared", "verified")
    }
    assert "5 đơn vị, 4 liên kết" in drawn["declared"]
    assert "4 đơn vị, 3 liên kết" in drawn["verified"]
    assert "0 đơn vị, 0 liên kết" in text(staff, "/chains/carrot/?on=2023-12-31")


def test_a_picture_draws_each_one_once_and_leads_there(chain: Chain, staff: Client) -> None:
    body = text(staff, "/chains/carrot/")
    drawn = body[body.index('<svg class="chain-picture"') :]
    picture = drawn[: drawn.index("</svg>")]
    for one in (*chain.sellers, chain.shop):
        assert picture.count(f'href="/organisations/{one.pk}/chain/"') == 1
    assert picture.count('class="line"') == 4


def test_who_has_no_room_in_the_picture_is_counted(chain: Chain, staff: Client) -> None:
    for number in range(20):
        more = register.organisation(f"HTX Thêm {number}")
        register.linkage(more, chain.shop, f"{number}/T", commodity=chain.carrot)
    body = text(staff, "/chains/carrot/")
    assert "và 13 đơn vị nữa" in body
    assert all(f">HTX Thêm {number}</a>" in body for number in range(20))


@pytest.mark.parametrize("form", ["json", "graphml"])
def test_files_hold_the_chain_and_read_back(chain: Chain, staff: Client, form: str) -> None:
    answer = staff.get(f"/chains/carrot/{form}/")
    assert answer["Content-Disposition"] == f'attachment; filename="chuoi-carrot.{form}"'
    if form == "json":
        read = nx.node_link_graph(json.loads(answer.content), edges="edges")
    else:
        read = nx.read_graphml(BytesIO(answer.content), node_type=int, force_multigraph=True)
    expected = {(seller.pk, chain.shop.pk) for seller in chain.sellers}
    assert set(read.edges()) == expected
    assert "HTX" not in answer.content.decode()


def test_tables_are_csv(chain: Chain, staff: Client) -> None:
    lines = staff.get("/chains/carrot/linkages/").content.decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("id,seller,buyer,commodity")
    assert len(lines) == 5
    assert staff.get("/chains/carrot/organisations/").status_code == 200
    assert staff.get("/chains/carrot/xlsx/").status_code == 404


def test_an_office_sees_a_place_with_what_others_like_it_have(chain: Chain, staff: Client) -> None:
    body = text(staff, f"/organisations/{chain.alone.pk}/chain/")
    assert "Chưa bán cho ai theo liên kết đang có hiệu lực" in body
    assert "4 đơn vị ở Xã Vĩnh Bảo cùng bán cà rốt đang bán cho Công ty Thu Mua: HTX Bán 0" in body
    body = text(staff, f"/organisations/{chain.shop.pk}/chain/")
    assert "Bán lẻ hoặc xuất khẩu; 4 đơn vị ở phía trước, 0 đơn vị ở phía sau" in body


class TestItsOwnPeople:
    def test_see_their_own_linkages(self, chain, member_of):
        one = chain.sellers[0]
        body = text(member_of(one), f"/mine/{one.pk}/chain/")
        assert "Công ty Thu Mua" in body
        assert "Bán toàn bộ cà rốt cho một bên mua" in body

    def test_see_no_other_organisation_s(self, chain, member_of):
        """Another supplier of the same shop is a rival, and what the shop buys of it is theirs."""
        register.linkage(chain.shop, chain.sellers[1], "09/HĐ", commodity=chain.carrot)
        body = text(member_of(chain.sellers[0]), f"/mine/{chain.sellers[0].pk}/chain/")
        assert not [one.name for one in chain.sellers[1:] if one.name in body]

    def test_see_nothing_between_two_of_their_partners(self, chain, member_of):
        first, second = chain.sellers[:2]
        register.linkage(first, second, "77/HĐ", commodity=chain.carrot)
        body = text(member_of(chain.shop), f"/mine/{chain.shop.pk}/chain/")
        table = body[body.index("<tbody>") : body.index("</tbody>")]
        assert table.count("<tr>") == 4

    def test_are_told_of_peers_without_names_and_number(self, chain, member_of):
        register.product(register.organisation("HTX Cũng Trồng"), commodity=chain.carrot)
        body = text(member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/")
        assert "Một số đơn vị ở Xã Vĩnh Bảo cùng bán cà rốt đang bán cho Công ty Thu Mua" in body
        assert "HTX Bán" not in body

    def test_are_told_nothing_where_it_is_so_of_all_their_rivals(self, chain, member_of):
        """Whoever knows who grows it there would know whose buyer it is, and when."""
        body = text(member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/")
        assert "Công ty Thu Mua" not in body

    @pytest.mark.parametrize("said_by", ["itself", "both", "another"])
    def test_are_told_no_more_by_who_deals_in_it_on_paper_alone(self, chain, member_of, said_by):
        """Whoever declares a neighbour's sale, or agrees one with it, adds no rival by that."""
        neighbour = register.organisation("HTX Láng Giềng")
        buyer = chain.alone if said_by != "another" else register.organisation("Hộ Mua Lẻ")
        confirmed = {"confirmed_on": "2024-02-01"} if said_by == "both" else {}
        register.linkage(
            neighbour, buyer, "09/HĐ", commodity=chain.carrot, origin="declared",
            verified_on=None, **confirmed,
        )  # fmt: skip
        body = text(member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/")
        assert "Công ty Thu Mua" not in body

    def test_are_told_nothing_of_what_one_side_alone_says(self, chain, member_of):
        register.product(register.organisation("HTX Cũng Trồng"), commodity=chain.carrot)
        of = chain.sellers[0].sales.all() | chain.sellers[1].sales.all()
        of.update(verified_on=None)
        body = text(member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/")
        assert "Công ty Thu Mua" not in body

    def test_are_told_nothing_where_peers_could_be_told_apart(self, chain, member_of):
        for one in chain.sellers[:2]:
            one.sales.all().delete()
            register.product(one, commodity=chain.carrot)
        body = text(member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/")
        assert "Công ty Thu Mua" not in body

    def test_are_told_the_same_whatever_day_and_level_they_ask(self, chain, member_of):
        """Day against day, or level against level, would say when a rival's contract begins, ends
        or was proved, and so whose it is."""
        register.product(register.organisation("HTX Cũng Trồng"), commodity=chain.carrot)
        Linkage.objects.filter(seller__in=chain.sellers[:2]).update(
            verified_on=None, confirmed_on="2024-02-01", ends="2199-12-31"
        )
        register.linkage(chain.alone, chain.sellers[0], "09/HĐ", commodity=chain.carrot)
        client, address = member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/"
        for asked in ("", "?on=2200-01-01", "?on=2023-12-31", "?evidence=verified"):
            body = text(client, address + asked)
            assert "cùng bán cà rốt đang bán cho Công ty Thu Mua" in body, asked
            # What is its own is of the day.
            assert ("HTX Bán 0" in body) == (asked != "?on=2023-12-31")

    def test_are_told_nothing_of_a_day_that_is_not_today(self, chain, member_of):
        register.product(register.organisation("HTX Cũng Trồng"), commodity=chain.carrot)
        Linkage.objects.update(ends="2024-12-31")
        body = text(member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/?on=2024-06-30")
        assert "Công ty Thu Mua" not in body

    def test_elsewhere_counts_too_and_says_so(self, chain, member_of):
        CommuneFact.objects.filter(organisation=chain.alone).delete()
        register.product(register.organisation("HTX Cũng Trồng"), commodity=chain.carrot)
        body = text(member_of(chain.alone), f"/mine/{chain.alone.pk}/chain/")
        assert "Một số đơn vị ở nơi khác cùng bán cà rốt" in body

    def test_open_no_office_s_page(self, chain, member_of):
        client = member_of(chain.sellers[0])
        for address in ("/chains/", "/chains/carrot/", "/chains/carrot/json/"):
            assert client.get(address).status_code == 404
        assert client.get(f"/organisations/{chain.sellers[0].pk}/chain/").status_code == 404
        assert client.get(f"/mine/{chain.shop.pk}/chain/").status_code == 404


@pytest.mark.parametrize("asked", ["?on=2026-02-30", "?on=x&evidence=none", "?evidence=%00"])
def test_what_cannot_be_is_as_if_it_were_left_out(chain: Chain, staff: Client, asked: str) -> None:
    for address in ("/chains/", "/chains/carrot/", f"/organisations/{chain.shop.pk}/chain/"):
        assert "Cà rốt" in text(staff, address + asked)


def test_a_commodity_that_there_is_not_is_a_404(chain: Chain, staff: Client) -> None:
    assert staff.get("/chains/khong-co/").status_code == 404
    assert staff.get("/chains/khong-co/json/").status_code == 404


class TestChanges:
    """What happened between two days, as a page and as a file."""

    def test_are_said_in_words_counted_and_listed(self, chain: Chain, staff: Client) -> None:
        chain.sellers[0].sales.update(state="terminated", terminated_on="2024-05-01")
        body = text(staff, "/chains/changes/?from=2023-12-31&to=2024-04-30")
        assert "thêm 4 mới bắt đầu" in body
        assert "Chênh lệch: +4." in body
        assert all(body.count(f">{one.name}</a>") == 1 for one in chain.sellers)
        gone = text(staff, "/chains/changes/?from=2024-04-30&to=2024-05-31")
        assert "Chênh lệch: −1." in gone
        assert "HTX Bán 0" in gone
        assert "HTX Bán 1" not in gone

    def test_are_of_the_product_that_is_asked(self, chain: Chain, staff: Client) -> None:
        other = register.commodity("clam", name_vi="Ngao")
        register.linkage(chain.alone, chain.shop, "09/HĐ", commodity=other)
        days = "from=2023-12-31&to=2024-04-30"
        assert "Chênh lệch: +5." in text(staff, f"/chains/changes/?{days}")
        body = text(staff, f"/chains/changes/?{days}&commodity=clam")
        assert "Chênh lệch: +1." in body
        assert "HTX Một Mình" in body

    def test_come_as_a_file_with_the_same_rows(self, chain: Chain, staff: Client) -> None:
        days = "from=2023-12-31&to=2024-04-30"
        answer = staff.get(f"/chains/changes/csv/?{days}")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert answer["Content-Type"].startswith("text/csv")
        assert len(lines) == 5
        assert f"/chains/changes/csv/?{days}" in text(staff, f"/chains/changes/?{days}")

    @pytest.mark.parametrize(
        "query", ["from=2024-05-01&to=2024-01-01", "from=x", "to=0001-01-01", "commodity=gold"]
    )
    def test_wrong_days_are_said_and_break_nothing(
        self, chain: Chain, staff: Client, query: str
    ) -> None:
        text(staff, f"/chains/changes/?{query}")
        assert staff.get(f"/chains/changes/csv/?{query}").status_code == 200

    def test_the_list_leads_there(self, chain: Chain, staff: Client) -> None:
        assert 'href="/chains/changes/"' in text(staff, "/chains/")
