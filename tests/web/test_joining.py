"""From signing up to acting for an organisation: by code, by request, and what staff decide."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from linkage.registry.access import OPERATOR
from linkage.registry.models import JoinRequest, Membership, Organisation, User
from linkage.registry.services import issue_code
from tests.web import register

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai"
ACCOUNT = {"full_name": "Nguyễn Thị Lan", "login": "chi.lan", "password": PASSWORD,
           "again": PASSWORD, "phone": ""}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    cache.clear()


@pytest.fixture
def coop():
    return register.organisation("HTX Tân Trào", tax_code="0205198368")


def letter(coop, role="admin"):
    return issue_code(
        actor=OPERATOR, organisation_id=coop.pk, role=role, way="letter", now=timezone.now()
    ).secret


def test_signing_up_signs_in_and_asks_for_the_organisation(client: Client) -> None:
    answer = client.post("/accounts/signup/", ACCOUNT, follow=True)
    assert answer.redirect_chain[-1][0] == "/mine/join/"
    made = User.objects.get(username="chi.lan")
    assert not made.role_grants.exists()
    assert not made.memberships.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("again", "khac-mat-khau"), ("phone", "113"), ("password", "123"), ("full_name", "")],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, field: str, value: str) -> None:
    posted = {**ACCOUNT, field: value}
    if field == "password":
        posted["again"] = value
    body = client.post("/accounts/signup/", posted).content.decode()
    assert f'id="id_{field}_error"' in body
    assert not User.objects.exists()


def test_sign_ups_are_limited_as_allauth_limits_them(client: Client) -> None:
    answers = [
        client.post("/accounts/signup/", {**ACCOUNT, "again": ""}).status_code for _ in range(21)
    ]
    assert answers == [*[200] * 20, 429]


def test_a_form_without_its_token_makes_no_account() -> None:
    assert Client(enforce_csrf_checks=True).post("/accounts/signup/", ACCOUNT).status_code == 403
    assert not User.objects.exists()


def test_who_signs_in_without_an_office_comes_to_the_own_page(client: Client, person) -> None:
    person(username="lan")
    answer = client.post("/accounts/login/", {"login": "lan", "password": "mat-khau-thu-1"})
    assert answer["Location"] == "/mine/"


def test_a_forgotten_password_is_set_anew_by_a_letter_in_vietnamese(client: Client, person) -> None:
    person(username="lan")
    asked = client.get("/accounts/password/reset/").content.decode()
    assert "không ai đặt lại mật khẩu được" in asked
    client.post("/accounts/password/reset/", {"email": "lan@example.invalid"})
    (sent,) = mail.outbox
    assert sent.subject == "Nối Chuỗi: đặt lại mật khẩu"
    assert "/accounts/password/reset/key/" in sent.body
    assert "Tên đăng nhập của bạn là lan." in sent.body
    assert "example.com" not in sent.body


def test_an_address_without_an_account_is_told_so_in_vietnamese(client: Client, db) -> None:
    client.post("/accounts/password/reset/", {"email": "ai-do@example.invalid"})
    (sent,) = mail.outbox
    assert sent.subject == "Nối Chuỗi: không có tài khoản nào dùng địa chỉ này"
    assert "ai-do@example.invalid" in sent.body
    assert "signup" not in sent.body


def test_a_code_opens_the_organisation(nobody: Client, coop: Organisation) -> None:
    answer = nobody.post("/mine/join/code/", {"code": letter(coop).lower()}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/mine/{coop.pk}/"
    assert "HTX Tân Trào" in answer.content.decode()
    assert Membership.objects.get().role == "admin"


def test_a_wrong_code_is_said_at_its_field_and_limited(nobody: Client, coop: Organisation) -> None:
    for _ in range(10):
        body = nobody.post("/mine/join/code/", {"code": "AAAAA-AAAAA"}).content.decode()
        assert 'id="id_code_error"' in body
    nobody.post("/mine/join/code/", {"code": letter(coop)})
    assert not Membership.objects.exists()


def test_an_organisation_is_found_asked_for_and_taken_back(
    nobody: Client, coop: Organisation
) -> None:
    assert f"/mine/join/{coop.pk}/" in nobody.get("/mine/join/find/?q=tan+trao").content.decode()
    nobody.post(f"/mine/join/{coop.pk}/", {"note": "tôi là kế toán"})
    asked = JoinRequest.objects.get()
    assert (asked.organisation, asked.note) == (coop, "tôi là kế toán")
    nobody.post(f"/mine/join/requests/{asked.pk}/")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_a_long_answer_says_how_many_more_there_are(nobody: Client, db) -> None:
    for number in range(23):
        register.organisation(f"HTX An Hòa {number:02}")
    body = nobody.get("/mine/join/find/?q=an+hoa").content.decode()
    assert "Còn 3 tổ chức nữa. Hãy gõ thêm tên." in body
    assert "gõ thêm" not in nobody.get("/mine/join/find/?q=an+hoa+01").content.decode()


def test_a_business_that_is_not_there_is_registered(nobody: Client, staff: Client) -> None:
    posted = {"name": "Công ty Mới", "kind": "enterprise", "tax_code": "0205198368",
              "commune": register.commune().pk, "note": ""}  # fmt: skip
    nobody.post("/mine/join/new/", posted)
    asked = JoinRequest.objects.get()
    assert "Công ty Mới" in staff.get("/members/").content.decode()
    assert "0205198368" in staff.get(f"/members/requests/{asked.pk}/").content.decode()
    staff.post(f"/members/requests/{asked.pk}/approve/", {"role": "admin", "organisation": ""})
    assert Organisation.objects.get().origin == "member"
    assert nobody.get("/mine/", follow=True).status_code == 200


def test_a_wrong_tax_code_is_said_at_its_field(nobody: Client) -> None:
    posted = {"name": "Công ty Mới", "kind": "enterprise", "tax_code": "123", "note": ""}
    assert 'id="id_tax_code_error"' in nobody.post("/mine/join/new/", posted).content.decode()


def test_what_was_typed_into_the_search_is_no_markup(nobody: Client) -> None:
    body = nobody.get("/mine/join/find/?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in body


def test_staff_choose_the_one_that_is_meant(nobody: Client, staff: Client, coop) -> None:
    nobody.post("/mine/join/new/", {"name": "Tân Trào", "kind": "cooperative", "note": ""})
    asked = JoinRequest.objects.get()
    assert f'id="is-{coop.pk}"' in staff.get(f"/members/requests/{asked.pk}/").content.decode()
    staff.post(f"/members/requests/{asked.pk}/approve/", {"role": "admin", "organisation": coop.pk})
    assert Membership.objects.get().organisation == coop


def test_a_refusal_needs_a_reason_and_is_read_by_who_asked(nobody: Client, staff, coop) -> None:
    nobody.post(f"/mine/join/{coop.pk}/", {"note": ""})
    address = f"/members/requests/{JoinRequest.objects.get().pk}/refuse/"
    assert 'id="id_reason_error"' in staff.post(address, {"reason": ""}).content.decode()
    staff.post(address, {"reason": "Không quen biết"})
    assert "Không quen biết" in nobody.get("/mine/join/").content.decode()


def test_a_decided_request_says_so(nobody: Client, staff, coop) -> None:
    nobody.post(f"/mine/join/{coop.pk}/", {"note": ""})
    address = f"/members/requests/{JoinRequest.objects.get().pk}/"
    staff.post(f"{address}refuse/", {"reason": "x"})
    assert "đã được xử lý" in staff.post(
        f"{address}approve/", {"role": "admin", "organisation": ""}
    ).content.decode()  # fmt: skip


def test_the_letter_is_shown_once_and_its_code_works(
    staff: Client, nobody: Client, coop: Organisation
) -> None:
    register.contact(coop)
    page = f"/members/{coop.pk}/code/"
    answer = staff.post(page, {"way": "letter", "role": "admin", "address": ""})
    body = answer.content.decode()
    secret = re.search(r'class="letter-code">([A-Z0-9]{5}-[A-Z0-9]{5})<', body)
    assert secret is not None
    for words in ("HTX Tân Trào", "Người Đại Diện", "Xã Vĩnh Bảo", "0205198368", "/mine/join/"):
        assert words in body
    assert "no-store" in answer["Cache-Control"]
    for address in (page, f"/members/{coop.pk}/", f"/organisations/{coop.pk}/"):
        assert secret[1] not in staff.get(address).content.decode()
    nobody.post("/mine/join/code/", {"code": secret[1]})
    assert Membership.objects.get().organisation == coop


def test_the_first_one_manages_and_the_next_acts(staff: Client, nobody: Client, coop) -> None:
    page = f"/members/{coop.pk}/code/"
    assert '<option value="admin" selected>' in staff.get(page).content.decode()
    nobody.post("/mine/join/code/", {"code": letter(coop)})
    assert '<option value="member" selected>' in staff.get(page).content.decode()


def test_a_message_without_an_address_is_refused_at_its_field(staff: Client, coop) -> None:
    posted = {"way": "phone", "role": "admin", "address": ""}
    body = staff.post(f"/members/{coop.pk}/code/", posted).content.decode()
    assert 'id="id_address_error"' in body
