"""A director posts three tonnes of garlic on a phone: taps and seconds are counted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from linkage.market.models import Offer
from linkage.registry.models import Membership, Organisation, User
from tests.e2e.test_pages import PASSWORD, Watched
from tests.market import town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TAPS, MOST_SECONDS = 6, 60


@pytest.fixture
def coop() -> Organisation:
    town.catalogue()
    town.places()
    made = town.organisation(product="paddy")
    user = User.objects.create_user(
        "canbo", email="gd@example.invalid", password=PASSWORD, full_name="Giám đốc thử nghiệm"
    )
    Membership.objects.create(
        user=user, organisation=made, role="admin", starts=date(2020, 1, 1)
    )  # fmt: skip
    return made


class Thumb:
    """Counts what the director touches; typing is on the keyboard that a touch brought up."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        box = what.bounding_box()
        assert box is not None
        assert box["height"] >= 40, what
        what.click()


def signed_in(browser: Browser, base: str, width: int = 360) -> Watched:
    watched = Watched(browser, width, base)
    watched.go("/accounts/login/")
    watched.page.get_by_label("Tên đăng nhập").fill("canbo")
    watched.page.get_by_label("Mật khẩu").fill(PASSWORD)
    watched.page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    watched.page.wait_for_load_state()
    return watched


def at_rest(page: Page) -> None:
    """Nothing is on its way to the page, and nothing of it still changes."""
    expect(page.locator(".htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)


@contextmanager
def without_script(browser: Browser, watched: Watched) -> Iterator[Page]:
    """A page of the same person in a browser that runs no script."""
    session = watched.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=session)
    yield context.new_page()
    context.close()


def test_three_tonnes_of_garlic_in_six_taps_and_a_minute(
    browser: Browser, live_server: Any, coop: Organisation
) -> None:
    watched = signed_in(browser, live_server.url)
    watched.complaints.clear()
    page: Page = watched.page
    watched.go(f"/mine/{coop.pk}/")
    thumb, started = Thumb(), time.monotonic()
    thumb.tap(page.get_by_role("link", name="Đăng bán", exact=True))
    thumb.tap(page.locator("#id_commodity"))
    with page.expect_response(lambda answer: answer.url.endswith("commodity=toi")):
        page.keyboard.type("toi", delay=80)
    at_rest(page)
    thumb.tap(page.locator(".pick", has_text="Tỏi"))
    thumb.tap(page.locator("#id_quantity"))
    page.keyboard.type("3", delay=80)
    assert watched.overflow() <= 0
    thumb.tap(page.get_by_role("button", name="Đăng bán"))
    page.get_by_text("Đã đăng").first.wait_for()
    seconds = time.monotonic() - started
    made = Offer.objects.get()
    assert (made.state, made.commodity_id, made.total) == ("published", "garlic", 3_000_000)
    assert thumb.taps <= MOST_TAPS
    assert seconds < MOST_SECONDS
    assert watched.complaints == []


def test_it_works_by_keyboard_alone_and_without_script(
    browser: Browser, live_server: Any, coop: Organisation
) -> None:
    watched = signed_in(browser, live_server.url)
    with without_script(browser, watched) as page:
        page.goto(f"{live_server.url}/mine/{coop.pk}/needs/add/")
        page.focus("#id_commodity")
        page.keyboard.type("củ tỏi")
        for _ in range(10):
            page.keyboard.press("Tab")
            if page.locator("#id_quantity:focus").count():
                break
        page.keyboard.type("1,5")
        page.keyboard.press("Enter")
        page.get_by_text("Đã đăng").first.wait_for()
        assert coop.needs.get().total == 1_500_000


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_posts_fit(
    browser: Browser, live_server: Any, coop: Organisation, width: int
) -> None:
    made = town.post(coop, grade="Loại một, củ to đều, không dập", packing="Túi lưới 10 kg")
    buyer = town.organisation("Công ty Chế biến Nông sản Xuất khẩu Rất Dài Tên", "enterprise")
    need = town.post(buyer, town.NEED, commodity="paddy", ends=date(2099, 12, 31))
    watched = signed_in(browser, live_server.url, width)
    watched.complaints.clear()
    for rest in (
        "offers/", "offers/add/", f"offers/{made.pk}/", f"offers/{made.pk}/edit/",
        f"offers/{made.pk}/limit/", "needs/", "needs/add/", "search/offers/",
        "search/needs/?near=1", f"search/needs/{need.pk}/",
    ):  # fmt: skip
        watched.go(f"/mine/{coop.pk}/{rest}")
        assert watched.overflow() <= 0, rest
    assert watched.complaints == []
