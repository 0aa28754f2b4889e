"""Pages of offers and needs: the short form, acts, search, and who is let in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linkage.market.models import Need, Offer, OfferFloor, PostKind
from linkage.market.services.posts import Limit
from linkage.registry.models import CommuneFact, Organisation
from tests.market import town

pytestmark = pytest.mark.django_db
SHORT = {
    "commodity": "tỏi", "quantity": "3", "unit": "tan", "period": "once",
    "starts": "2026-06-15", "ends": "2026-07-14",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(town.NOW, tick=False):
        yield


@pytest.fixture
def coop(db: None) -> Organisation:
    town.catalogue()
    town.places()
    return town.organisation(product="garlic")


@pytest.fixture
def firm(coop: Organisation) -> Organisation:
    return town.organisation("Công ty Rau", "enterprise", commune="2")


@pytest.fixture
def director(coop: Organisation, acting_for: Callable[..., Client]) -> Client:
    return acting_for(coop, username="giam-doc")


@pytest.fixture
def buyer(firm: Organisation, acting_for: Callable[..., Client]) -> Client:
    return acting_for(firm, username="thu-mua")


def at(organisation: Organisation, rest: str) -> str:
    return f"/mine/{organisation.pk}/{rest}"


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_short_form_publishes_three_tonnes_of_garlic(
    director: Client, coop: Organisation
) -> None:
    page = body(director.get(at(coop, "offers/add/")))
    assert 'value="2026-06-15"' in page
    assert 'value="2026-07-14"' in page
    assert '<option value="tan" selected>' in page
    answer = director.post(at(coop, "offers/add/"), SHORT, follow=True)
    (made,) = Offer.objects.all()
    assert (made.state, made.commodity_id, made.total, made.commune_id) == (
        "published", "garlic", 3_000_000, "1",
    )  # fmt: skip
    assert answer.redirect_chain == [(at(coop, f"offers/{made.pk}/"), 302)]
    assert "Tỏi: 3 tan" in body(answer)
    assert "15/06/2026" in body(answer)
    assert "2026-06-15" not in body(answer)


@pytest.mark.parametrize(
    ("written", "total"),
    [("3", 3_000_000), ("3,5", 3_500_000), ("1.200", 1_200_000_000), ("0,25", 250_000)],
)
def test_a_number_is_read_the_vietnamese_way(
    director: Client, coop: Organisation, written: str, total: int
) -> None:
    director.post(at(coop, "offers/add/"), {**SHORT, "quantity": written})
    assert Offer.objects.get().total == total


@pytest.mark.parametrize("written", ["", "0", "-3", "3.5", "1,2345678", "abc", "1e3", "1.00", "٣"])
def test_what_is_no_amount_is_said_at_its_field(
    director: Client, coop: Organisation, written: str
) -> None:
    answer = director.post(at(coop, "offers/add/"), {**SHORT, "quantity": written})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"quantity"}
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"commodity": "xyz"}, "commodity"),
        ({"commodity": ""}, "commodity"),
        ({"unit": "qua"}, "unit"),
        ({"ends": "2026-06-14"}, "ends"),
        ({"starts": "2026-02-30"}, "starts"),
        ({"ends": "9999-01-01"}, "ends"),
        ({"starts": "2025-01-01", "ends": "2025-02-01"}, "ends"),
        ({"period": "year"}, "period"),
        ({"max_km": "0"}, "max_km"),
        ({"payment_days": "400"}, "payment_days"),
        ({"price": "1,5", "price_unit": "kg"}, "price"),
        ({"price": "0", "price_unit": "kg"}, "price"),
        ({"price": "9000", "price_unit": "qua"}, "price_unit"),
        ({"marks": ["77"]}, "marks"),
        ({"note": "a" * 1001}, "note"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    director: Client, coop: Organisation, changes: dict[str, Any], field: str
) -> None:
    answer = director.post(at(coop, "offers/add/"), {**SHORT, **changes})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Offer.objects.exists()
    assert not OfferFloor.objects.exists()


def test_what_was_picked_counts_if_the_words_can_mean_it(
    director: Client, coop: Organisation
) -> None:
    for typed, chosen, kept in (
        ("hanh", "red-onions", "red-onions"),
        ("", "garlic", "garlic"),
        ("hanh", "garlic", "onions"),
    ):
        director.post(
            at(coop, "offers/add/"), {**SHORT, "commodity": typed, "chosen": chosen}
        )  # fmt: skip
        assert Offer.objects.latest("pk").commodity_id == kept


def test_the_list_to_pick_from_knows_synonyms_and_no_marks(
    director: Client, nobody: Client
) -> None:
    for client in (director, nobody):
        page = body(client.get("/commodities/?commodity=cu%20toi"))
        assert 'value="garlic"' in page
        assert "onions" not in page
    assert 'type="radio"' not in body(director.get("/commodities/?commodity=%25_%25"))
    assert director.get("/commodities/?commodity=" + "a" * 5_000).status_code == 200


def test_the_rest_stands_behind_more_and_is_kept(director: Client, coop: Organisation) -> None:
    mark = town.certificate(coop)
    rest = {
        "grade": "Loại 1", "packing": "Túi lưới 10 kg", "handover": "at_farm", "payment_days": "7",
        "commune": "3", "max_km": "40", "marks": [str(mark.pk)], "note": "Củ to",
        "price": "25.000", "price_unit": "kg",
    }  # fmt: skip
    answer = director.post(at(coop, "offers/add/"), {**SHORT, **rest}, follow=True)
    made = Offer.objects.get()
    assert (made.grade, made.handover, made.payment_days, made.commune_id, made.max_km) == (
        "Loại 1", "at_farm", 7, "3", 40,
    )  # fmt: skip
    assert made.floor.price == 25_000_000
    page = body(answer)
    for words in ("Loại 1", "Túi lưới 10 kg", "Xã Số 3", "VIETGAP", "Củ to", "25.000"):
        assert words in page


def test_a_draft_is_kept_and_published_later(director: Client, coop: Organisation) -> None:
    director.post(at(coop, "needs/add/"), {**SHORT, "act": "draft"})
    made = Need.objects.get()
    assert made.state == "draft"
    answer = director.post(at(coop, f"needs/{made.pk}/publish/"), {"version": "1"}, follow=True)
    made.refresh_from_db()
    assert (made.state, answer.status_code) == ("published", 200)


def test_acts_copy_and_a_stale_version(director: Client, coop: Organisation) -> None:
    made = town.post(coop)
    address = at(coop, f"offers/{made.pk}/")
    director.post(f"{address}pause/", {"version": "1"})
    made.refresh_from_db()
    assert made.state == "paused"
    assert director.post(f"{address}resume/", {"version": "1"}).status_code == 412
    assert director.post(f"{address}pause/", {"version": "2"}).status_code == 409
    assert director.post(f"{address}nothing/", {"version": "2"}).status_code == 404
    assert director.post(f"{address}resume/", {}).status_code == 404
    director.post(f"{address}copy/")
    copied = Offer.objects.latest("pk")
    assert (copied.state, copied.starts) == ("draft", date(2027, 6, 15))


def test_an_edit_keeps_what_was_not_touched(director: Client, coop: Organisation) -> None:
    made = town.post(coop, grade="Loại 1", commune="3", quantity=Decimal("2.5"), max_km=30)
    address = at(coop, f"offers/{made.pk}/edit/")
    form = director.get(address).context["form"]
    posted = {name: value for name, value in form.initial.items() if value not in (None, [])}
    assert posted["quantity"] == "2,5"
    director.post(address, {**posted, "packing": "Bao"})
    made.refresh_from_db()
    assert (made.grade, made.commune_id, made.total, made.max_km, made.packing, made.version) == (
        "Loại 1", "3", 2_500_000, 30, "Bao", 2,
    )  # fmt: skip


def test_an_english_page_reads_numbers_as_it_prints_them(
    director: Client, coop: Organisation
) -> None:
    director.cookies["django_language"] = "en"
    said = {"commodity": "garlic", "unit": "tan", "period": "once", "publish": "1",
            "starts": "2099-01-01", "ends": "2099-01-31"}  # fmt: skip
    for typed in ("1,250.5", "3,500"):
        director.post(at(coop, "offers/add/"), {**said, "quantity": typed})
    assert sorted(Offer.objects.values_list("quantity", flat=True)) == [
        1_250_500_000,
        3_500_000_000,
    ]
    made = Offer.objects.latest("pk")
    form = director.get(at(coop, f"offers/{made.pk}/edit/")).context["form"]
    assert form.initial["quantity"] == "3,500"


def test_a_post_changed_to_another_product_loses_its_limit_and_says_so(
    director: Client, coop: Organisation
) -> None:
    made = town.post(coop, limit=Limit(25_000, "kg"))
    address = at(coop, f"offers/{made.pk}/edit/")
    initial = director.get(address).context["form"].initial
    posted = {name: value for name, value in initial.items() if value not in (None, [])}
    answer = director.post(address, {**posted, "commodity": "Hành"}, follow=True)
    assert "hãy đặt lại" in answer.content.decode()
    assert not OfferFloor.objects.exists()


def test_the_only_product_is_chosen_and_its_units_alone_are_offered(
    director: Client, coop: Organisation
) -> None:
    page = body(director.get(at(coop, "offers/add/")))
    assert 'value="garlic" hx-get="/commodities/" hx-swap="none" checked' in page
    assert '<option value="tan" selected>' in page
    assert '<option value="qua">' not in page
    need = body(director.get(at(coop, "needs/add/")))
    assert '<option value="qua">' in need
    picked = body(director.get("/commodities/?chosen=garlic"))
    assert '<option value="tan" selected>' in picked
    assert '<option value="kg" selected>' in picked
    assert '<option value="qua">' not in picked


def test_a_form_that_was_overtaken_keeps_what_was_typed_and_says_what_others_did(
    director: Client, coop: Organisation, acting_for: Callable[..., Client]
) -> None:
    made = town.post(coop)
    address = at(coop, f"offers/{made.pk}/edit/")
    form = director.get(address).context["form"]
    posted = {name: value for name, value in form.initial.items() if value not in (None, [])}
    other = acting_for(coop, username="pho-giam-doc")
    other.post(address, {**posted, "quantity": "4"})
    answer = director.post(address, {**posted, "note": "Gọi trước một ngày"})
    page = body(answer)
    assert answer.status_code == 412
    assert "Gọi trước một ngày" in page
    assert "Người pho-giam-doc" in page
    assert "3 → 4" in page
    assert 'name="version" value="2"' in page
    assert director.post(address, {**posted, "note": "Gọi", "version": "2"}).status_code == 302
    made.refresh_from_db()
    assert (made.note, made.version) == ("Gọi", 3)


def test_a_form_that_was_overtaken_says_so_where_no_history_tells_by_what(
    director: Client, coop: Organisation
) -> None:
    made = town.post(coop)
    made.pk = None
    made.save()
    address = at(coop, f"offers/{made.pk}/edit/")
    form = director.get(address).context["form"]
    posted = {name: value for name, value in form.initial.items() if value not in (None, [])}
    Offer.objects.filter(pk=made.pk).update(version=2)
    answer = director.post(address, {**posted, "quantity": "7"})
    assert answer.status_code == 412
    assert "Những gì bạn vừa nhập vẫn còn" in body(answer)


def test_a_limit_is_changed_on_its_own_page_and_the_sixth_time_refused(
    director: Client, coop: Organisation
) -> None:
    made = town.post(coop)
    address = at(coop, f"offers/{made.pk}/limit/")
    for number in range(1, 6):
        said = {"price": f"{number}.000", "price_unit": "kg", "version": str(number)}
        assert director.post(address, said).status_code == 302
    answer = director.post(address, {"price": "9.000", "price_unit": "kg", "version": "6"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert OfferFloor.objects.get().price == 5_000_000
    history = body(director.get(at(coop, f"offers/{made.pk}/")))
    assert "Đổi giới hạn giá" in history
    assert "crops" not in history
    assert "root:" not in history


def test_a_buyer_finds_the_offer_and_never_its_limit(
    buyer: Client, coop: Organisation, firm: Organisation
) -> None:
    made = town.post(coop, limit=Limit(25_000, "kg"))
    page = body(buyer.get(at(firm, "search/offers/?q=toi&near=2")))
    assert "HTX Tỏi" in page
    assert "22,2 km" in page
    seen = body(buyer.get(at(firm, f"search/offers/{made.pk}/")))
    assert "3 tan" in seen
    for text in (page, seen):
        assert "25.000" not in text
        assert "Giới hạn giá" not in text
        assert "Price limit" not in text


def test_a_rival_is_told_that_there_is_nothing(director: Client, coop: Organisation) -> None:
    hidden = town.post(town.organisation("HTX Tỏi Khác", product="garlic"))
    page = body(director.get(at(coop, "search/offers/?q=toi")))
    assert "HTX Tỏi Khác" not in page
    missing = director.get(at(coop, "search/offers/999999/"))
    refused = director.get(at(coop, f"search/offers/{hidden.pk}/"))
    assert (refused.status_code, missing.status_code) == (404, 404)


def test_an_office_reads_all_without_limits(auditor: Client, coop: Organisation) -> None:
    made = town.post(coop, limit=Limit(25_000, "kg"))
    town.post(coop, PostKind.NEED, publish=False)
    assert "HTX Tỏi" in body(auditor.get("/market/offers/"))
    assert "HTX Tỏi" not in body(auditor.get("/market/needs/"))
    assert "25.000" not in body(auditor.get(f"/market/offers/{made.pk}/"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=" + "a" * 201, "q"),
        ("near=99", "near"),
        ("within_km=0", "within_km"),
        ("within_km=9999", "within_km"),
        ("within_km=5", "near"),
        ("starts=2026-02-30", "starts"),
        ("quantity=3.5", "quantity"),
        ("certifications=NONE", "certifications"),
        ("linked=perhaps", "linked"),
        ("starts=2026-07-01&ends=2026-06-01", "ends"),
        ("q=a%00b", "q"),
    ],
)
def test_a_search_that_cannot_be_is_said_at_its_field(
    buyer: Client, coop: Organisation, firm: Organisation, query: str, field: str
) -> None:
    town.post(coop)
    answer = buyer.get(at(firm, f"search/offers/?{query}"))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert "HTX Tỏi" not in body(answer)


@pytest.mark.parametrize("after", ["x", "1-2", "1-2-x", "-1-2-3", "9" * 40, "1-2-3-4", "٣-٣-٣"])
def test_a_place_that_this_page_did_not_give_is_the_beginning(
    buyer: Client, coop: Organisation, firm: Organisation, after: str
) -> None:
    town.post(coop)
    answer = buyer.get(at(firm, "search/offers/"), {"after": after})
    assert answer.status_code == 200
    assert "HTX Tỏi" in body(answer)


def test_a_second_page_follows_the_first(
    buyer: Client, coop: Organisation, firm: Organisation
) -> None:
    made = {town.post(coop).pk for _ in range(53)}
    first = buyer.get(at(firm, "search/offers/"))
    second = buyer.get(at(firm, "search/offers/"), {"after": first.context["after"]})
    shown = [line.post.pk for page in (first, second) for line in page.context["lines"]]
    assert len(shown) == 53
    assert set(shown) == made
    assert second.context["after"] == ""


def test_a_member_of_another_organisation_sees_no_own_page(
    buyer: Client, coop: Organisation, firm: Organisation
) -> None:
    made = town.post(coop)
    for rest in ("offers/", "offers/add/", f"offers/{made.pk}/", f"offers/{made.pk}/edit/"):
        assert buyer.get(at(coop, rest)).status_code == 404
    assert buyer.get(at(firm, f"offers/{made.pk}/")).status_code == 404
    assert buyer.post(at(firm, f"offers/{made.pk}/withdraw/"), {"version": "1"}).status_code == 404
    assert Offer.objects.get().state == "published"


def test_words_of_a_post_are_text_and_never_code(director: Client, coop: Organisation) -> None:
    evil = '<script>alert(1)</script>"onload="x'
    answer = director.post(at(coop, "offers/add/"), {**SHORT, "note": evil}, follow=True)
    assert "<script>alert" not in body(answer)
    assert "&lt;script&gt;alert" in body(answer)


# A promise: queries of each page, sign-in and menu included.
QUERIES = {
    "offers/": 11,
    "offers/add/": 21,
    "search/offers/?q=toi&near=2": 25,
    "search/offers/?quantity=1&unit=tan&linked=no&certifications=VIETGAP": 28,
}


@pytest.mark.parametrize("rest", QUERIES)
def test_each_page_asks_as_many_queries_as_promised_and_no_more_for_more_rows(
    buyer: Client, coop: Organisation, firm: Organisation, rest: str
) -> None:
    for number in (2, 30):
        for _ in range(number):
            mark = town.certificate(coop) if not coop.certificates.exists() else None
            town.post(coop, certificates=[(mark or coop.certificates.get()).pk])
            town.post(firm, commodity="paddy")
        with CaptureQueriesContext(connection) as captured:
            assert buyer.get(at(firm, rest)).status_code == 200
        assert len(captured) == QUERIES[rest], [query["sql"][:90] for query in captured]


def test_a_buyer_outside_the_city_is_asked_where_in_it_the_goods_change_hands(
    buyer: Client, firm: Organisation
) -> None:
    CommuneFact.objects.filter(organisation=firm).delete()
    address = at(firm, "needs/add/")
    page = body(buyer.get(address))
    quick, _fold = page.split('<details class="fold"', 1)
    assert "Nơi giao, nhận hàng trong thành phố" in quick
    assert 'name="commune"' in quick
    assert page.count('name="commune"') == 1
    said = {**SHORT, "commune": ""}
    refused = body(buyer.post(address, said))
    assert "nơi giao, nhận hàng: đơn vị của bạn không có xã, phường trong thành phố" in refused
    assert buyer.post(address, {**said, "commune": "3"}).status_code == 302
    assert Need.objects.get().commune_id == "3"


def test_an_organisation_with_a_commune_is_not_asked_first(
    director: Client, coop: Organisation
) -> None:
    quick, fold = body(director.get(at(coop, "offers/add/"))).split('<details class="fold"', 1)
    assert 'name="commune"' not in quick
    assert 'name="commune"' in fold
