"""The office's pages of plans, without script, and what a side finds among its suggestions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from linkage.market.models import Offer
from linkage.suggestions.models import Plan
from linkage.suggestions.services import propose_plan
from tests.market import town
from tests.market.town import NEED
from tests.suggestions import city
from tests.web.test_suggestions import posted
from web import cityplans

pytestmark = pytest.mark.django_db
TONNE = 1_000_000


@pytest.fixture
def market(db):
    town.catalogue()
    town.places()


@pytest.fixture
def posts(market):
    """Two co-ops' five tonnes each, for a firm's six."""
    coops = [town.organisation(f"HTX {n}", product="garlic") for n in (1, 2)]
    firm = town.organisation("Công ty Rau", "enterprise", commune="2")
    offers = [posted(coop, quantity=Decimal(5)) for coop in coops]
    return offers, posted(firm, NEED, quantity=Decimal(6))


def found(client, **settings):
    """A plan as the pages make it: the form, then the worker."""
    form = {"links": "5000", "top": "20", "seconds": "30", **settings}
    answer = client.post(reverse("web:plan_create"), form)
    plan = Plan.objects.latest("pk")
    assert answer["Location"] == reverse("web:job", args=[plan.job_id])
    assert city.work(plan, clock=timezone.now).state == "done"
    return plan


def read(client, name, *args):
    answer = client.get(reverse(f"web:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_plan_is_asked_for_watched_read_and_suggested_without_script(staff, posts):
    assert 'type="range"' in read(staff, "plan_create")
    plan = found(staff, least_lot="3.500,5", buyer_share="90", commodity="vegetables")
    asked = plan.links, plan.least_lot, plan.buyer_share, plan.commodity_id
    assert asked == (5_000, 3_500_500, 9_000, "vegetables")
    assert reverse("web:plan", args=[plan.pk]) in read(staff, "job", plan.job_id)
    body = read(staff, "plan", plan.pk)
    for words in (
        f"Phương án số {plan.pk}", "5 tấn", "Không phương án nào tốt hơn", "HTX 1", "Công ty Rau",
        "còn thiếu 2.500,5 kg", "mỗi lần giao từ 3.500,5 kg hoặc lít", "Nếu 70% đồng ý",
        "mới liên kết",
    ):  # fmt: skip
        assert words in body, words
    staff.post(reverse("web:plan_propose", args=[plan.pk]))
    body = read(staff, "plan", plan.pk)
    assert "Đã gợi ý cho hai bên" in body
    assert reverse("web:plan_propose", args=[plan.pk]) not in body
    assert "Đã gợi ý cho các bên" in read(staff, "plans")


def test_a_plan_that_is_not_there_yet_leads_to_its_progress(staff, posts):
    plan = city.asked()
    body = read(staff, "plan", plan.pk)
    assert "Đang tính phương án này" in body
    assert reverse("web:job", args=[plan.job_id]) in body
    assert reverse("web:job_cancel", args=[plan.job_id]) in read(staff, "job", plan.job_id)
    staff.post(reverse("web:job_cancel", args=[plan.job_id]))
    assert "đã bị hủy" in read(staff, "plan", plan.pk)


def test_a_market_where_nothing_fits_says_so(staff, market):
    body = read(staff, "plan", found(staff).pk)
    assert "chưa có tin bán nào khớp" in body


def test_two_plans_stand_side_by_side(staff, posts):
    one, other = found(staff, links="0", least_lot="3.500"), found(staff, links="10000")
    body = read(staff, "plan_compare", one.pk, other.pk)
    assert "1 cặp có trong cả hai" in body
    assert "Chỉ phương án này liên kết mới: 1" in body
    assert reverse("web:plan_compare", args=[other.pk, one.pk]) in read(staff, "plan", other.pk)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("links", "10001", "10000"),
        ("seconds", "0", "từ 1 đến 120"),
        ("top", "51", "từ 1 đến 50"),
        ("buyer_share", "101", "từ 1 đến 100."),
        ("least_lot", "0", "Lớn hơn 0"),
        ("least_lot", "1000001", "1.000.000"),
        ("commodity", "none-such", "Hãy chọn"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(staff, market, field, value, words):
    form = {"links": "5000", "top": "20", "seconds": "30", field: value}
    answer = staff.post(reverse("web:plan_create"), form)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Plan.objects.exists()


def test_both_sides_find_it_first_among_their_suggestions_with_the_quantity(
    acting_for, staff, posts
):
    _offers, need = posts
    plan = found(staff)
    assert plan.least_lot == 100_000
    propose_plan(actor=city.STAFF, plan_id=plan.pk, now=timezone.now())
    # The smaller one: more of that offer is left than the city suggests.
    line = plan.lines.order_by("quantity").first()
    assert line.quantity < line.offer.left
    client = acting_for(line.seller)
    body = read(client, "suggestions", line.seller_id)
    amount = cityplans.amount_of(line.quantity, "mass").split()[0]
    assert "Thành phố gợi ý" in body
    assert f"<strong>{amount} tan</strong>" in body
    ask = reverse("web:talk_about_need", args=[line.seller_id, need.pk])
    assert ask in body
    client.post(ask, {"post": line.offer_id, "text": "Bên em còn hàng."})
    talk = Offer.objects.get(pk=line.offer_id).linkages.get()
    start = read(client, "talk_propose", line.seller_id, talk.pk)
    assert f'name="quantity" value="{amount}"' in start


def test_amounts_are_said_as_people_say_them():
    with translation.override("vi"):
        assert cityplans.amount_of(3_500_000, "mass") == "3,5 tấn"
        assert cityplans.amount_of(500_000, "mass") == "500 kg"
        assert cityplans.amount_of(1_234_567_999, "mass") == "1.235 tấn"
        assert cityplans.amount_of(54_285_714, "mass") == "54,29 tấn"
        assert cityplans.amount_of(2_000, "count") == "2.000 quả/con"


def test_more_lines_and_more_plans_make_no_more_queries(staff, market):
    def asked(address):
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address).status_code == 200
        return len(captured)

    def counted(posts):
        for number in range(posts):
            posted(town.organisation(f"HTX {posts} {number}"), quantity=Decimal(5))
            firm = town.organisation(f"Công ty {posts} {number}", "enterprise", commune="2")
            posted(firm, NEED, quantity=Decimal(5))
        plan = found(staff, links="10000")
        assert plan.lines.count() >= posts
        propose_plan(actor=city.STAFF, plan_id=plan.pk, now=timezone.now())
        pages = [("plans", ()), ("plan", (plan.pk,)), ("plan_compare", (plan.pk, plan.pk))]
        return [asked(reverse(f"web:{name}", args=args)) for name, args in pages]

    found(staff)
    assert counted(2) == counted(12)
