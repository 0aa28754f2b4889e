"""The yearly return on a co-op's phone and at the office's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from linkage.coverage.models import Target, YearReturn
from linkage.coverage.services import enter_value, take_snapshot
from linkage.registry.access import OPERATOR
from linkage.registry.models import Role
from tests.web import register

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year - 1
FACTS = {
    "workers": "1.200", "insured": "600", "profit_vnd": "-12,5", "income_vnd": "6", "land": "yes",
}  # fmt: skip


@pytest.fixture
def coop(db: None) -> object:
    register.indicators()
    return register.organisation()


def _own(coop: object) -> str:
    return f"/mine/{coop.pk}/returns/{YEAR}/"


def test_a_cooperative_fills_in_and_sends(acting_for: Callable[..., Client], coop: object) -> None:
    client = acting_for(coop)
    assert f"{YEAR}" in client.get(f"/mine/{coop.pk}/returns/").content.decode()
    client.post(_own(coop), {**FACTS, "send": "1"})
    row = YearReturn.objects.get()
    assert (row.state, row.workers, row.insured, row.land) == ("sent", 1200, 600, True)
    assert (row.profit_vnd, row.income_vnd, row.high_tech) == (-12_500_000, 6_000_000, None)
    body = client.get(_own(coop)).content.decode()
    assert "-12,5" in body
    assert 'name="send"' not in body


def test_a_draft_stays_its_own_and_the_office_does_not_see_it(
    acting_for: Callable[..., Client], staff: Client, coop: object
) -> None:
    acting_for(coop).post(_own(coop), FACTS)
    row = YearReturn.objects.get()
    assert row.state == "draft"
    assert coop.name not in staff.get("/programmes/returns/").content.decode()
    assert staff.get(f"/programmes/returns/{row.pk}/").status_code == 404


def test_last_years_people_are_filled_in_and_its_money_is_not(
    acting_for: Callable[..., Client], coop: object
) -> None:
    client = acting_for(coop)
    client.post(f"/mine/{coop.pk}/returns/{YEAR - 1}/", {**FACTS, "rating": "fair", "send": "1"})
    body = client.get(_own(coop)).content.decode()
    assert 'value="1.200"' in body
    assert "-12,5" not in body
    assert 'value="fair" selected' not in body


def test_what_is_refused_is_said_at_its_field(
    acting_for: Callable[..., Client], coop: object
) -> None:
    client = acting_for(coop)
    for field, value in (("insured", "1.201"), ("revenue_vnd", "-1"), ("income_vnd", "1,0000001")):
        body = client.post(_own(coop), {**FACTS, field: value}).content.decode()
        assert f'id="id_{field}_error"' in body
    assert not YearReturn.objects.exists()


def test_the_office_accepts_and_the_dashboard_says_from_how_many(
    acting_for: Callable[..., Client], staff: Client, coop: object
) -> None:
    register.organisation("HTX Khác")
    acting_for(coop).post(_own(coop), {**FACTS, "send": "1"})
    row = YearReturn.objects.get()
    assert coop.name in staff.get("/programmes/returns/?state=sent").content.decode()
    staff.post(f"/programmes/returns/{row.pk}/accept/", {"version": "1"})
    take_snapshot(as_of=timezone.localdate(), now=timezone.now())
    body = staff.get("/dashboard/").content.decode()
    line = body.split('title="INSURANCE"')[1].split("</tr>")[0]
    assert "50,0% (600/1.200)" in line
    assert "từ 1 trong 2 HTX nộp báo cáo" in line
    rows = staff.get(f"/programmes/returns/INSURANCE/{YEAR}/").content.decode()
    assert coop.name in rows
    assert "1.200" in rows


def test_a_unions_return_is_in_the_list_and_not_in_the_sum(
    acting_for: Callable[..., Client], staff: Client, coop: object
) -> None:
    union = register.organisation("LH HTX An Bình", kind="union")
    for one, facts in ((coop, FACTS), (union, {**FACTS, "workers": "10", "insured": "5"})):
        acting_for(one).post(_own(one), {**facts, "send": "1"})
    for row in YearReturn.objects.all():
        staff.post(f"/programmes/returns/{row.pk}/accept/", {"version": "1"})
    assert "50,0% (600/1.200)" in staff.get("/programmes/lines/").content.decode()
    body = staff.get(f"/programmes/returns/INSURANCE/{YEAR}/").content.decode()
    assert "600 trên 1.200, từ 1 báo cáo đã nhận" in body
    marked = [row for row in body.split("<tr>") if "không tính" in row]
    assert len(marked) == 1
    assert union.name in marked[0]


def test_beside_a_value_by_hand_the_programmes_own_is_marked(
    acting_for: Callable[..., Client], staff: Client, coop: object
) -> None:
    acting_for(coop).post(_own(coop), {**FACTS, "send": "1"})
    staff.post(f"/programmes/returns/{YearReturn.objects.get().pk}/accept/", {"version": "1"})
    enter_value(
        actor=OPERATOR, indicator="INSURANCE", as_of=date(YEAR, 12, 31), numerator=7,
        denominator=10, source="Báo cáo", now=timezone.now(),
    )  # fmt: skip

    def marked() -> str:
        body = staff.get("/programmes/lines/").content.decode()
        return body.split("chính thức")[0].split("<tr>")[-1]

    assert "50,0%" not in marked()
    Target.objects.filter(indicator="INSURANCE").update(official="returns")
    assert "50,0%" in marked()


def test_it_is_sent_back_with_a_reason_that_its_people_read(
    acting_for: Callable[..., Client], staff: Client, coop: object
) -> None:
    client = acting_for(coop)
    client.post(_own(coop), {**FACTS, "send": "1"})
    address = f"/programmes/returns/{YearReturn.objects.get().pk}/send-back/"
    body = staff.post(address, {"version": "1", "reason": ""}).content.decode()
    assert 'id="id_reason_error"' in body
    staff.post(address, {"version": "1", "reason": "Thiếu số lao động"})
    assert "Thiếu số lao động" in client.get(f"/mine/{coop.pk}/returns/").content.decode()
    assert "Thiếu số lao động" in client.get("/inbox/").content.decode()
    client.post(_own(coop), {**FACTS, "version": "2", "send": "1"})
    assert YearReturn.objects.get().state == "sent"


def test_the_office_files_for_a_cooperative(staff: Client, coop: object) -> None:
    address = f"/organisations/{coop.pk}/returns/{YEAR}/"
    assert staff.get(address).status_code == 200
    staff.post(address, {**FACTS, "send": "1"})
    assert YearReturn.objects.get().state == "sent"


def test_who_filed_it_is_told_that_another_officer_accepts(
    staff: Client, signed_in: Callable[..., Client], coop: object
) -> None:
    staff.post(f"/organisations/{coop.pk}/returns/{YEAR}/", {**FACTS, "send": "1"})
    address = f"/programmes/returns/{YearReturn.objects.get().pk}/"
    body = staff.get(address).content.decode()
    assert f'action="{address}accept/"' not in body
    assert "không được nhận" in body
    assert staff.post(f"{address}accept/", {"version": "1"}).status_code == 409
    other = signed_in(Role.ADMINISTRATOR)
    assert f'action="{address}accept/"' in other.get(address).content.decode()
    other.post(f"{address}accept/", {"version": "1"})
    assert YearReturn.objects.get().state == "accepted"


def test_a_members_draft_is_no_form_of_the_offices(
    acting_for: Callable[..., Client], staff: Client, coop: object
) -> None:
    acting_for(coop).post(_own(coop), FACTS)
    body = staff.get(f"/organisations/{coop.pk}/returns/{YEAR}/").content.decode()
    assert "1.200" not in body
    assert 'name="send"' not in body
    staff.post(f"/organisations/{coop.pk}/returns/{YEAR}/", {"workers": "1", "send": "1"})
    assert YearReturn.objects.get().state == "draft"


@pytest.mark.parametrize("year", [1999, timezone.localdate().year, 2090])
def test_a_year_without_returns_has_no_page(staff: Client, coop: object, year: int) -> None:
    assert staff.get(f"/organisations/{coop.pk}/returns/{year}/").status_code == 404
