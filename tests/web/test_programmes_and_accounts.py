"""Programmes as data; accounts and roles."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linkage.coverage.models import Indicator, Programme, Target
from linkage.registry.models import Role, RoleGrant, User
from tests.web import register

pytestmark = pytest.mark.django_db
PLAN = {
    "code": "KH 2026-2030",
    "name_vi": "Kế hoạch mới",
    "name_en": "New plan",
    "starts": "2026-01-01",
    "ends": "2030-12-31",
    "territory": "",
    "source": "Công văn 1",
}


def test_the_plan_is_listed_with_its_targets_in_words(auditor: Client) -> None:
    register.indicators()
    body = auditor.get("/programmes/").content.decode()
    for words in ("60–70%", "khoảng 90%", "trên 400"):
        assert words in body


def test_the_next_plan_is_added_as_data(staff: Client) -> None:
    staff.post("/programmes/add/", PLAN)
    assert Programme.objects.get().code == "KH 2026-2030"


def test_a_plan_without_a_source_is_refused_at_its_field(staff: Client) -> None:
    body = staff.post("/programmes/add/", {**PLAN, "source": ""}).content.decode()
    assert 'id="id_source_error"' in body
    assert not Programme.objects.exists()


def test_a_target_is_set_as_two_integers(staff: Client) -> None:
    register.indicators()
    plan = Programme.objects.get()
    posted = {
        "indicator": "LINK-ALL",
        "comparison": "at_least",
        "min_num": 65,
        "min_den": 100,
        "from_date": "2024-01-01",
        "source": "Quyết định 2",
    }
    staff.post(f"/programmes/{plan.pk}/target/", posted)
    assert Target.objects.get(from_date="2024-01-01").min_num == 65


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_num": 3_000_000_000}, "min_num"),
        ({"min_num": 10**20}, "min_num"),
        ({"min_den": 2**31}, "min_den"),
        ({"max_num": 2**31, "max_den": 1}, "max_num"),
        ({"max_num": 1, "max_den": 2**31}, "max_den"),
        ({"source": "x" * 2001}, "source"),
    ],
)
def test_a_target_that_cannot_be_is_refused_at_its_field(
    staff: Client, changes: dict[str, object], field: str
) -> None:
    register.indicators()
    plan, before = Programme.objects.get(), Target.objects.count()
    posted = {
        "indicator": Indicator.objects.filter(measure="count").first().pk,
        "comparison": "at_least", "min_num": 1, "min_den": 1, "from_date": "2024-01-01",
        "source": "Quyết định 2", **changes,
    }  # fmt: skip
    answer = staff.post(f"/programmes/{plan.pk}/target/", posted)
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Target.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("starts", "0021-01-01"), ("ends", "2101-01-01"), ("name_vi", "\u200b"), ("code", "\u200b")],
)
def test_a_programme_that_cannot_be_meant_is_refused_at_its_field(
    staff: Client, field: str, value: str
) -> None:
    body = staff.post("/programmes/add/", {**PLAN, field: value}).content.decode()
    assert f'id="id_{field}_error"' in body
    assert not Programme.objects.exists()


def test_one_programme_has_its_page_with_what_was_changed(staff: Client) -> None:
    register.indicators()
    plan, target = Programme.objects.get(), Target.objects.get(indicator="INSURANCE")
    posted = {
        "comparison": "at_least", "min_num": 85, "min_den": 100, "source": "Nghị quyết 1",
        "official": "returns", "reason": "Điều chỉnh", "version": "1",
    }  # fmt: skip
    staff.post(f"/programmes/targets/{target.pk}/", posted)
    body = staff.get(f"/programmes/{plan.pk}/").content.decode()
    for words in ("85%", "Cộng từ báo cáo năm", "Điều chỉnh", "80/100", "85/100"):
        assert words in body
    posted = {
        **PLAN,
        "reason": "Kéo dài",
        "version": "1",
        "starts": "2021-01-01",
        "ends": "2026-12-31",
    }
    staff.post(f"/programmes/{plan.pk}/change/", posted)
    assert "31/12/2026" in staff.get(f"/programmes/{plan.pk}/").content.decode()


def test_a_change_of_a_target_says_why(staff: Client) -> None:
    register.indicators()
    target = Target.objects.get(indicator="LINK-ALL")
    posted = {"comparison": "at_least", "min_num": 85, "min_den": 100, "source": "x",
              "official": "manual", "reason": "", "version": "1"}  # fmt: skip
    body = staff.post(f"/programmes/targets/{target.pk}/", posted).content.decode()
    assert 'id="id_reason_error"' in body
    target.refresh_from_db()
    assert target.min_num == 60


def test_of_two_who_put_a_target_right_the_second_is_told(staff: Client) -> None:
    register.indicators()
    target = Target.objects.get(indicator="LINK-ALL")
    address = f"/programmes/targets/{target.pk}/"
    posted = {"comparison": "at_least", "min_num": 65, "min_den": 100, "source": "Nghị quyết 1",
              "official": "manual", "reason": "Điều chỉnh", "version": "1"}  # fmt: skip
    assert staff.post(address, posted).status_code == 302
    late = staff.post(address, {**posted, "min_num": 85})
    assert late.status_code == 412
    assert 'name="version" value="2"' in late.content.decode()
    assert Target.objects.get(pk=target.pk).min_num == 65
    assert staff.post(address, {**posted, "min_num": 85, "version": "2"}).status_code == 302
    assert Target.objects.get(pk=target.pk).min_num == 85


def test_an_account_is_made_and_given_a_role(administrator: Client) -> None:
    posted = {
        "username": "nguoi.moi",
        "full_name": "Người Mới",
        "email": "moi@example.invalid",
        "password": "mot-mat-khau-dai",
    }
    administrator.post("/people/add/", posted)
    made = User.objects.get(username="nguoi.moi")
    administrator.post(
        f"/people/{made.pk}/grant/", {"role": Role.AUDITOR, "starts": "2026-01-01", "ends": ""}
    )
    assert RoleGrant.objects.get(user=made).role == Role.AUDITOR


def test_a_weak_password_is_refused_at_its_field(administrator: Client) -> None:
    posted = {"username": "x", "full_name": "X", "email": "x@example.invalid", "password": "123"}
    assert 'id="id_password_error"' in administrator.post("/people/add/", posted).content.decode()


def test_a_role_is_revoked(administrator: Client, person: Callable[..., User]) -> None:
    grant = RoleGrant.objects.get(role=Role.ADMINISTRATOR)
    person(Role.ADMINISTRATOR, username="con-lai")
    administrator.post(f"/people/grants/{grant.pk}/revoke/")
    assert administrator.get("/people/").status_code == 404


def test_an_auditor_reads_accounts_and_has_no_buttons(auditor: Client) -> None:
    body = auditor.get("/people/").content.decode()
    assert "/people/add/" not in body
    assert "/revoke/" not in body


def test_sign_in_is_vietnamese_and_offers_to_sign_up(client: Client) -> None:
    body = client.get("/accounts/login/").content.decode()
    for words in ("Đăng nhập", "Mật khẩu", "Quên mật khẩu?"):
        assert words in body
    assert "/accounts/signup/" in body


def test_a_wrong_password_is_said_in_vietnamese(client: Client, person: object) -> None:
    person(Role.CITY_STAFF)
    body = client.post(
        "/accounts/login/", {"login": "city_staff", "password": "sai-mat-khau"}
    ).content.decode()
    assert "không đúng" in body


def test_signing_in_never_leads_away_from_this_site(client: Client, person: object) -> None:
    person(Role.CITY_STAFF)
    posted = {"login": "city_staff", "password": "mat-khau-thu-1", "next": "//evil.example/"}
    assert client.post("/accounts/login/", posted)["Location"] == "/dashboard/"
