"""From a printed letter to one's own page, in a real browser at 360 px: what a director does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from linkage.registry.models import Membership, Role, RoleGrant, User
from tests.e2e.test_pages import PASSWORD, WIDTHS, Watched
from tests.web import register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer() -> User:
    user = User.objects.create_user(
        "canbo", email="canbo@example.invalid", password=PASSWORD, full_name="Cán bộ thử nghiệm"
    )
    RoleGrant.objects.create(user=user, role=Role.CITY_STAFF, starts=date(2020, 1, 1))
    return user


def _press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def _letter(watched: Watched, organisation_id: int) -> str:
    """The officer makes a code and reads it off the letter."""
    watched.sign_in()
    watched.go(f"/organisations/{organisation_id}/")
    watched.page.get_by_role("link", name="Người dùng và quyền truy cập").click()
    watched.page.get_by_role("link", name="Cấp mã").click()
    watched.page.get_by_label("Cách gửi").select_option("letter")
    _press(watched.page, "Cấp mã")
    code = watched.page.locator(".letter-code").inner_text()
    assert watched.overflow() <= 0
    return code


def _sign_up(watched: Watched) -> None:
    """By the keyboard alone, from the public page."""
    watched.go("/")
    watched.page.get_by_role("link", name="Đăng ký").press("Enter")
    watched.page.get_by_label("Họ và tên").focus()
    for words in ("Nguyễn Thị Lan", "chi.lan", "mot-mat-khau-dai", "mot-mat-khau-dai"):
        watched.page.keyboard.type(words)
        watched.page.keyboard.press("Tab")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/mine/join/")
    assert watched.overflow() <= 0


@pytest.mark.parametrize("width", WIDTHS)
def test_a_director_claims_the_cooperative_with_the_code_of_the_letter(
    browser: Browser, live_server: Any, officer: User, width: int
) -> None:
    coop = register.organisation("HTX Tân Trào")
    register.whole_register()
    office = Watched(browser, width, live_server.url)
    code = _letter(office, coop.pk)

    director = Watched(browser, width, live_server.url)
    _sign_up(director)
    director.page.get_by_label("Mã", exact=True).fill(code.lower().replace("-", " "))
    _press(director.page, "Dùng mã")
    director.page.wait_for_url(f"**/mine/{coop.pk}/")
    director.page.get_by_role("heading", name="HTX Tân Trào").wait_for()
    assert Membership.objects.get().role == "admin"
    for page in ("people/", "people/invite/", "leave/", ""):
        director.go(f"/mine/{coop.pk}/{page}")
        assert director.overflow() <= 0, page
    assert office.complaints == director.complaints == []


def test_a_business_is_registered_and_approved(
    browser: Browser, live_server: Any, officer: User
) -> None:
    register.whole_register()
    buyer, office = (Watched(browser, 360, live_server.url) for _ in range(2))
    _sign_up(buyer)
    buyer.page.get_by_role("link", name="Đăng ký doanh nghiệp").click()
    buyer.page.get_by_label("Tên", exact=True).fill("Công ty Mới")
    buyer.page.get_by_label("Mã số thuế").fill("0205198368")
    _press(buyer.page, "Gửi yêu cầu")
    buyer.page.get_by_text("Đang chờ").wait_for()

    office.sign_in()
    office.page.get_by_role("link", name="Yêu cầu tham gia").click()
    office.page.get_by_role("link", name="Công ty Mới").click()
    assert office.overflow() <= 0
    _press(office.page, "Chấp thuận")
    office.page.get_by_text("Đã chấp thuận yêu cầu.").wait_for()
    buyer.go("/mine/")
    buyer.page.get_by_role("heading", name="Công ty Mới").wait_for()
    assert office.complaints == buyer.complaints == []
