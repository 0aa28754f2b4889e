"""The pages of an organisation's own linkages, as its people use them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.agreements import services
from linkage.agreements.models import Delivery, Linkage, Message, TermsVersion
from linkage.registry.models import Organisation
from tests.agreements import deals

pytestmark = pytest.mark.django_db
DAY = "2099-01-31"


@pytest.fixture
def deal():
    made = deals.make()
    made.now = timezone.now()
    for post in (made.offer, made.need):
        post.ends = date(2099, 12, 31)
        post.save()
    return made


def signed_in(actor):
    client = Client()
    user = deals.User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def seller(deal):
    return signed_in(deal.seller)


@pytest.fixture
def buyer(deal):
    return signed_in(deal.buyer)


def address(of, linkage, act=""):
    return f"/mine/{of.pk}/linkages/{linkage.pk}/{act}"


def version(linkage):
    return Linkage.objects.get(pk=linkage.pk).version


def proposal(linkage, **changed):
    today = timezone.localdate().isoformat()
    return {"quantity": "3,5", "unit": "tan", "price": "6.000.000", "starts": today, "ends": DAY,
            "version": version(linkage), **changed}  # fmt: skip


def text_of(answer):
    return answer.content.decode()


def test_from_the_question_to_the_delivery_by_page(deal, buyer, seller):
    asked = buyer.post(
        f"/mine/{deal.firm.pk}/talks/offer/{deal.offer.pk}/",
        {"post": deal.need.pk, "text": "Còn bí xanh không?"},
    )
    linkage = Linkage.objects.get()
    assert asked["Location"] == address(deal.firm, linkage)
    opened = text_of(buyer.get(address(deal.firm, linkage)))
    assert "Đã gửi câu hỏi." in opened
    assert "<h2>Tin nhắn</h2>" in opened
    assert "Còn bí xanh không?" in text_of(seller.get(address(deal.coop, linkage)))

    seller.post(address(deal.coop, linkage, "message/"), {"text": "Còn 10 tấn"})
    assert Message.objects.last().text == "Còn 10 tấn"

    buyer.post(address(deal.firm, linkage, "propose/"), proposal(linkage))
    shown = text_of(seller.get(address(deal.coop, linkage)))
    assert "3,5 tan" in shown
    assert "6.000 đ/kg" in shown

    seller.post(address(deal.coop, linkage, "propose/"), proposal(linkage, price="6.500.000"))
    shown = text_of(buyer.get(address(deal.firm, linkage)))
    assert "<strong>6.500 đ/kg</strong>" in shown
    assert '<span class="before">6.000 đ/kg</span>' in shown
    assert "0912 345 678" not in shown

    buyer.post(address(deal.firm, linkage, "accept/"), {"version": version(linkage)})
    linkage.refresh_from_db()
    assert (linkage.state, linkage.quantity) == ("agreed", 3_500_000)
    assert "Bà Lan" in text_of(buyer.get(address(deal.firm, linkage)))

    today = timezone.localdate().isoformat()
    seller.post(
        address(deal.coop, linkage, "deliver/"), {"on": today, "quantity": "500", "unit": "kg"}
    )
    slip = Delivery.objects.get()
    withdrawal = address(deal.coop, linkage, f"deliveries/{slip.pk}/withdraw/")
    assert withdrawal in text_of(seller.get(address(deal.coop, linkage)))
    assert "withdraw/" not in text_of(buyer.get(address(deal.firm, linkage)))
    seller.post(withdrawal)
    assert "Bên nhập đã rút lại" in text_of(buyer.get(address(deal.firm, linkage)))
    seller.post(
        address(deal.coop, linkage, "deliver/"), {"on": today, "quantity": "500", "unit": "kg"}
    )
    delivery = Delivery.objects.get(state="entered")
    assert delivery.quantity == 500_000
    assert "0,5 tan" in text_of(buyer.get(address(deal.firm, linkage)))
    buyer.post(address(deal.firm, linkage, f"deliveries/{delivery.pk}/confirm/"))
    delivery.refresh_from_db()
    assert delivery.state == "confirmed"


def test_more_than_is_left_is_asked_once_more_and_far_more_refused_by_page(deal, seller):
    linkage = deal.agreed(3, starts=timezone.localdate(), ends=date(2099, 1, 1))
    there, today = address(deal.coop, linkage, "deliver/"), timezone.localdate().isoformat()
    assert 'name="sure"' not in text_of(seller.get(there))
    doubted = text_of(seller.post(there, {"on": today, "quantity": "4", "unit": "tan"}))
    assert 'name="sure"' in doubted
    assert "còn 3 tan" in doubted
    far = text_of(seller.post(there, {"on": today, "quantity": "31", "unit": "tan", "sure": "on"}))
    assert "hơn 10 lần" in far
    assert not Delivery.objects.exists()
    seller.post(there, {"on": today, "quantity": "4", "unit": "tan", "sure": "on"})
    assert Delivery.objects.get().quantity == 4_000_000


def test_a_message_of_many_lines_is_as_long_as_the_browser_counts_it(deal, buyer, seller):
    buyer.post(f"/mine/{deal.firm.pk}/talks/offer/{deal.offer.pk}/",
               {"post": deal.need.pk, "text": "Còn hàng không?"})  # fmt: skip
    linkage = Linkage.objects.get()
    lines = "\r\n".join(["x" * 94] * 21)
    assert len(lines.replace("\r\n", "\n")) < 2_000 < len(lines) + 30
    seller.post(address(deal.coop, linkage, "message/"), {"text": f"{lines}\r\n{'y' * 5}"})
    assert Message.objects.latest("pk").text.endswith("yyyyy")
    seller.post(address(deal.coop, linkage, "message/"), {"text": ""})
    assert Message.objects.count() == 2


def test_the_morning_after_the_last_day_its_delivery_is_entered_by_page(deal, seller):
    linkage, today = deal.agreed(starts=timezone.localdate(), ends=date(2099, 1, 1)), deal.now
    yesterday = timezone.localdate() - timedelta(days=1)
    first = yesterday - timedelta(days=60)
    Linkage.objects.update(state="in_force", starts=first, ends=yesterday)
    services.turn_the_day(now=today)
    shown = text_of(seller.get(address(deal.coop, linkage)))
    assert address(deal.coop, linkage, "deliver/") in shown
    assert address(deal.coop, linkage, "terminate/") not in shown
    until = yesterday + timedelta(days=30)
    assert f"{until:%d/%m/%Y}" in shown
    form = text_of(seller.get(address(deal.coop, linkage, "deliver/")))
    assert f'value="{yesterday.isoformat()}"' in form
    said = {"on": yesterday.isoformat(), "quantity": "500", "unit": "kg"}
    seller.post(address(deal.coop, linkage, "deliver/"), said)
    assert Delivery.objects.get().on == yesterday
    assert deal.reserved() == (500_000, 500_000)


def test_a_price_is_asked_and_shown_by_the_kilo(deal, buyer, seller):
    linkage = deal.ask()
    shown = text_of(buyer.get(address(deal.firm, linkage, "propose/")))
    assert '<option value="kg" selected>đ/kg</option>' in shown
    said = proposal(linkage, price="8.500", price_unit="kg")
    buyer.post(address(deal.firm, linkage, "propose/"), said)
    assert TermsVersion.objects.get().price == 8_500_000
    assert "8.500 đ/kg" in text_of(seller.get(address(deal.coop, linkage)))
    counter = text_of(seller.get(address(deal.coop, linkage, "propose/")))
    assert 'name="price" value="8.500"' in counter
    assert '<option value="kg" selected>đ/kg</option>' in counter


def test_a_price_that_is_whole_by_the_tonne_alone_is_countered_by_the_tonne(deal, seller):
    linkage = deal.ask()
    days = {"starts": timezone.localdate(), "ends": date(2099, 1, 1)}
    deal.propose("buyer", linkage, price=8_500_500, **days)
    assert "8.500,5 đ/kg" in text_of(seller.get(address(deal.coop, linkage)))
    counter = text_of(seller.get(address(deal.coop, linkage, "propose/")))
    assert 'name="price" value="8.500.500"' in counter
    assert '<option value="tan" selected>đ/tan</option>' in counter


def test_only_what_is_possible_next_has_a_button(deal, buyer, seller):
    linkage = deal.ask()
    deal.propose("buyer", linkage, starts=timezone.localdate(), ends=date(2099, 1, 1))
    for client, of, there, absent in (
        (seller, deal.coop, "accept/", "withdraw/"),
        (buyer, deal.firm, "withdraw/", "accept/"),
    ):
        shown = text_of(client.get(address(of, linkage)))
        assert address(of, linkage, there) in shown
        assert address(of, linkage, absent) not in shown
        assert address(of, linkage, "deliver/") not in shown


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quantity": "3,5,1"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "1000"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"price": "12,5"}, "price"),
        ({"ends": "2020-01-01", "starts": "2019-01-01"}, "ends"),
        ({"ends": "2026-02-30"}, "ends"),
        ({"payment_days": "1.000"}, "payment_days"),
    ],
    ids=str,
)
def test_a_wrong_value_is_said_at_its_field_and_nothing_is_proposed(deal, buyer, given, field):
    linkage = deal.ask()
    answer = buyer.post(address(deal.firm, linkage, "propose/"), proposal(linkage, **given))
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in text_of(answer)
    assert not TermsVersion.objects.exists()


def test_a_stale_version_is_told_with_412(deal, buyer, seller):
    linkage = deal.ask()
    deal.propose("buyer", linkage, starts=timezone.localdate(), ends=date(2099, 1, 1))
    seen = version(linkage)
    deal.propose("buyer", linkage, 1, starts=timezone.localdate(), ends=date(2099, 1, 1))
    answer = seller.post(address(deal.coop, linkage, "accept/"), {"version": seen})
    assert answer.status_code == 412
    assert deal.reserved() == (0, 0)


def test_declining_and_terminating_ask_for_a_reason(deal, seller):
    linkage = deal.ask()
    there = address(deal.coop, linkage, "decline/")
    assert 'id="id_reason_error"' in text_of(seller.post(there, {"reason": "", "version": 1}))
    seller.post(there, {"reason": "Hết hàng", "version": version(linkage)})
    assert Linkage.objects.get().state == "declined"
    shown = text_of(seller.get(address(deal.coop, linkage)))
    assert "Đã từ chối. Bên kia được báo lý do." in shown
    assert "Lý do (Bên bán): Hết hàng" in shown
    assert shown.index("Hết hàng") < shown.index("Tin nhắn")


def test_the_two_posts_are_named_and_lead_to_their_pages(deal, buyer, seller):
    linkage = deal.ask()
    for client, of, own, other in (
        (seller, deal.coop, f"offers/{deal.offer.pk}/", f"search/needs/{deal.need.pk}/"),
        (buyer, deal.firm, f"needs/{deal.need.pk}/", f"search/offers/{deal.offer.pk}/"),
    ):
        shown = text_of(client.get(address(of, linkage)))
        for there in (own, other):
            assert f'href="/mine/{of.pk}/{there}">Bí xanh · 10 tan · ' in shown
            assert client.get(f"/mine/{of.pk}/{there}").status_code == 200
    deal.need.state = "paused"
    deal.need.save()
    shown = text_of(seller.get(address(deal.coop, linkage)))
    assert "Bí xanh · 10 tan · " in shown
    assert f"search/needs/{deal.need.pk}/" not in shown


def test_open_talks_of_the_two_are_led_to(deal, buyer):
    linkage = deal.ask()
    there = f"/mine/{deal.firm.pk}/talks/offer/{deal.offer.pk}/"
    again = text_of(buyer.post(there, {"post": deal.need.pk, "text": "Còn không?"}))
    assert f'href="{address(deal.firm, linkage)}"' in again


def test_how_much_is_left_is_said(deal, buyer):
    linkage = deal.ask()
    there = address(deal.firm, linkage, "propose/")
    refused = text_of(buyer.post(there, proposal(linkage, quantity="1.000")))
    assert "Chỉ còn 10 tan." in refused


def test_another_organisations_linkage_is_the_404_of_what_is_not_there(deal, seller):
    linkage = deal.ask()
    other = deals.organisation("HTX Khác")
    stranger = signed_in(deals.member(other, "la"))
    for act in ("", "propose/", "decline/", "terminate/", "deliver/", "deny/", "complete/"):
        for there in (address(other, linkage, act), address(deal.coop, linkage, act)):
            assert stranger.get(there).status_code == 404, there
    hidden = stranger.get(address(other, linkage))
    missing = stranger.get(f"/mine/{other.pk}/linkages/999999/")
    assert _body(hidden) == _body(missing)


def _body(answer):
    return b"\n".join(
        line for line in answer.content.split(b"\n") if b"csrfmiddlewaretoken" not in line
    )


def test_an_office_has_no_part_in_talks(deal, staff):
    linkage = deal.ask()
    assert staff.get(address(deal.coop, linkage)).status_code == 404
    assert staff.get(f"/linkages/{linkage.pk}/").status_code == 404
    assert "Công ty Mua" not in text_of(staff.get("/linkages/"))


def test_a_contract_on_paper_is_entered_and_the_partner_found_or_made(deal, seller):
    there = f"/mine/{deal.coop.pk}/linkages/declare/"
    given = {"side": "seller", "partner_name": "Công ty Hà Nội", "partner_kind": "enterprise",
             "contract_number": "07/HĐ", "starts": "2026-01-01", "product": "Bí xanh",
             "quantity": "1.200", "unit": "kg"}  # fmt: skip
    answer = seller.post(there, given)
    linkage = Linkage.objects.get()
    assert answer["Location"] == address(deal.coop, linkage)
    assert (linkage.origin, linkage.quantity) == ("declared", 1_200_000)
    assert linkage.buyer.origin == "member"
    again = seller.post(there, given)
    assert 'id="id_contract_number_error"' in text_of(again)
    assert Organisation.objects.filter(name="Công ty Hà Nội").count() == 1
    wrong = seller.post(there, {**given, "contract_number": "08/HĐ", "partner_tax_code": "1"})
    assert 'id="id_partner_tax_code_error"' in text_of(wrong)


def test_who_shares_without_a_contact_person_is_led_to_name_one(deal, seller):
    linkage = deal.ask()
    deal.coop.contacts.all().delete()
    said = {"version": version(linkage)}
    answer = seller.post(address(deal.coop, linkage, "share/"), said, follow=True)
    assert answer.redirect_chain[-1][0] == f"/mine/{deal.coop.pk}/contacts/"
    assert "chưa có người liên hệ nào" in text_of(answer)
    linkage.refresh_from_db()
    assert not linkage.seller_shares_contact


def declared(deal):
    return services.declare(
        **deal.as_("seller"), side="seller", partner={"name": "Công ty Mua"},
        terms={"contract_number": "8/HĐ", "starts": date(2026, 1, 1)},
    )  # fmt: skip


def test_a_declared_contract_is_not_said_to_be_agreed_before_the_partner_answers(
    deal, buyer, seller
):
    linkage = declared(deal)
    waiting = text_of(seller.get(address(deal.coop, linkage)))
    assert "Hai bên đã thỏa thuận" not in waiting
    assert "Bên kia chưa xác nhận hợp đồng này" in waiting
    assert "khi hai bên đã xác nhận hợp đồng" in waiting
    buyer.post(address(deal.firm, linkage, "confirm/"), {"version": version(linkage)})
    confirmed = text_of(seller.get(address(deal.coop, linkage)))
    assert "Hai bên đều xác nhận hợp đồng này" in confirmed


def test_a_declared_contract_that_was_denied_is_no_end_of_talks(deal, buyer, seller):
    linkage = declared(deal)
    said = {"version": version(linkage), "reason": "Chúng tôi không ký"}
    buyer.post(address(deal.firm, linkage, "deny/"), said)
    for client, of in ((seller, deal.coop), (buyer, deal.firm)):
        shown = text_of(client.get(address(of, linkage)))
        assert "cho biết hợp đồng này không đúng" in shown
        assert "trao đổi đã kết thúc" not in shown


def test_what_the_register_brought_is_completed_and_confirmed_by_its_sides(deal, seller):
    linkage = Linkage.objects.create(
        seller=deal.coop, buyer=deal.firm, contract_number="9", starts=date(2026, 1, 1),
        state="in_force", origin="register",
    )  # fmt: skip
    page = text_of(seller.get(address(deal.coop, linkage, "complete/")))
    assert 'name="quantity"' in page
    assert 'name="contract_number"' not in page
    seller.post(
        address(deal.coop, linkage, "complete/"),
        {"quantity": "2,5", "unit": "tan", "version": linkage.version},
    )
    seller.post(address(deal.coop, linkage, "confirm/"), {"version": version(linkage)})
    linkage.refresh_from_db()
    assert (linkage.quantity, linkage.unit_id) == (2_500_000, "tan")
    assert linkage.seller_confirmed_on is not None
    assert linkage.confirmed_on is None


def test_the_list_shows_open_talks_first(deal, seller):
    over = deal.ask()
    deal.act(services.decline, "seller", over, reason="x")
    deal.offer = deals.offer(deal.coop, ends=date(2099, 1, 1))
    first = deal.ask()
    shown = text_of(seller.get(f"/mine/{deal.coop.pk}/linkages/"))
    assert shown.index(address(deal.coop, first)) < shown.index(address(deal.coop, over))
    assert "Công ty Mua" in shown


def _queries(client, there):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(there).status_code == 200
    return len(captured)


def test_more_rows_make_no_more_queries(deal, seller):
    linkage = deal.ask()
    deal.propose("buyer", linkage, starts=timezone.localdate(), ends=date(2099, 1, 1))
    there = (f"/mine/{deal.coop.pk}/linkages/", address(deal.coop, linkage))
    before = [_queries(seller, one) for one in there]
    for number in range(30):
        deal.now += timedelta(seconds=1)
        deal.propose("seller", linkage, starts=timezone.localdate(), ends=date(2099, 1, 1))
        services.answer(**deal.as_("buyer"), linkage_id=linkage.pk, text="ừ")
        Linkage.objects.create(
            seller=deal.coop, buyer=deals.organisation(f"Công ty {number}"), state="ended",
            contract_number=str(number), starts=date(2024, 1, 1), origin="register",
        )  # fmt: skip
    assert [_queries(seller, one) for one in there] == before


def test_talks_of_a_post_that_is_gone_say_so_and_offer_what_can_be_done(deal, seller, buyer):
    linkage = deal.ask()
    deal.propose("buyer", linkage, starts=timezone.localdate(), ends=date(2099, 1, 31))
    seller.post(f"/mine/{deal.coop.pk}/offers/{deal.offer.pk}/pause/", {"version": 1})
    page = seller.get(address(deal.coop, linkage)).content.decode()
    assert "Tin của bạn đang tạm dừng" in page
    assert "Mở tin của bạn để đăng lại" in page
    assert "Kết thúc trao đổi" in page
    for act in ("accept", "propose"):
        assert address(deal.coop, linkage, f"{act}/") not in page
    other = buyer.get(address(deal.firm, linkage)).content.decode()
    assert "Tin của bên kia không còn được đăng" in other
    assert "Hãy chờ" not in other
    assert "Mở tin của bạn để đăng lại" not in other


def test_what_was_ended_before_its_start_says_one_thing(deal, seller):
    day = timezone.localdate() + timedelta(days=9)
    linkage = deal.ask()
    deal.propose("buyer", linkage, starts=day, ends=date(2099, 1, 31))
    deal.act(services.accept, "seller", linkage)
    deal.act(services.terminate, "buyer", linkage, reason="Đổi kế hoạch")
    page = seller.get(address(deal.coop, linkage)).content.decode()
    assert "Chấm dứt khi chưa có hiệu lực" in page
    assert "không ghi giao hàng" in page
    for wrong in ("Sẽ chấm dứt", "đã hết hạn", address(deal.coop, linkage, "deliver/")):
        assert wrong not in page


def test_more_than_was_agreed_is_asked_once_more(deal, seller):
    today = timezone.localdate()
    linkage = deal.ask()
    deal.propose("buyer", linkage, starts=today, ends=date(2099, 1, 31))
    deal.act(services.accept, "seller", linkage)
    there = address(deal.coop, linkage, "deliver/")
    said = {"on": today.isoformat(), "quantity": "5", "unit": "tan"}
    assert 'name="sure"' not in seller.get(there).content.decode()
    page = seller.post(there, said).content.decode()
    assert 'name="sure"' in page
    assert "còn 3 tan" in page
    assert not Delivery.objects.exists()
    seller.post(there, {**said, "sure": "on"})
    assert Delivery.objects.get().quantity == 5 * deals.TONNE
