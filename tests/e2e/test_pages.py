"""Pages in a real browser: sign in, no overflow at 360 and 1280 px, no console error, language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from linkage.jobs.services import submit
from linkage.registry.models import Organisation, Role, RoleGrant, User
from tests.e2e.looks import overflow
from tests.web import register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "mat-khau-thu-1"
WIDTHS = (360, 1280)


@pytest.fixture
def somebody() -> User:
    user = User.objects.create_user(
        "canbo", email="canbo@example.invalid", password=PASSWORD, full_name="Cán bộ thử nghiệm"
    )
    for role in Role.values:
        RoleGrant.objects.create(user=user, role=role, starts=date(2020, 1, 1))
    return user


class Watched:
    """A page that remembers what its console complained about."""

    def __init__(self, browser: Browser, width: int, base: str) -> None:
        context = browser.new_context(viewport={"width": width, "height": 800})
        self.page: Page = context.new_page()
        self.base = base
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def go(self, address: str) -> None:
        answer = self.page.goto(f"{self.base}{address}")
        assert answer is not None
        assert answer.status == 200, address

    def sign_in(self) -> None:
        self.go("/accounts/login/")
        self.page.get_by_label("Tên đăng nhập").fill("canbo")
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url("**/dashboard/")

    def overflow(self) -> int:
        return overflow(self.page)

    def cut_off(self, selector: str) -> list[str]:
        """The words of what lies wholly or partly beside the window, however it scrolls."""
        found: list[str] = self.page.evaluate(
            """selector => [...document.querySelectorAll(selector)].filter(one => {
              const box = one.getBoundingClientRect();
              return box.left < 0 || box.right > window.innerWidth;
            }).map(one => one.textContent.trim())""",
            selector,
        )
        return found


def _addresses(snapshot_id: int) -> list[str]:
    linked = Organisation.objects.get(name="HTX Liên Kết 0")
    job = submit(kind="coverage.series", args={}, now=timezone.now())
    return [
        "/",
        "/dashboard/",
        f"/coverage/{snapshot_id}/LINK-ALL/verified/",
        "/organisations/",
        f"/organisations/{linked.pk}/",
        f"/organisations/{linked.pk}/edit/",
        f"/organisations/{linked.pk}/status/",
        f"/organisations/{linked.pk}/certificates/add/",
        f"/organisations/{linked.pk}/merge/",
        f"/organisations/{linked.pk}/merge/{linked.sales.get().buyer_id}/",
        "/linkages/",
        f"/linkages/{linked.sales.get().pk}/",
        "/imports/",
        "/imports/add/",
        f"/jobs/{job.pk}/",
        "/programmes/",
        "/people/",
        "/inbox/",
        "/inbox/choices/",
        "/mine/join/",
        "/mine/join/find/?q=HTX",
        "/mine/join/new/",
        f"/mine/join/{linked.pk}/",
        "/members/",
        f"/members/{linked.pk}/",
        f"/members/{linked.pk}/code/",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_and_nothing_complains(
    browser: Browser, live_server: Any, somebody: User, width: int
) -> None:
    addresses = _addresses(register.whole_register().pk)
    watched = Watched(browser, width, live_server.url)
    watched.sign_in()
    for address in addresses:
        watched.go(address)
        assert watched.overflow() <= 0, address
        assert watched.cut_off("nav.site-nav a, .site-head button, .site-head summary") == []
    assert watched.complaints == []


def test_the_language_switch_turns_the_page_english_and_stays_on_it(
    browser: Browser, live_server: Any
) -> None:
    register.whole_register()
    watched = Watched(browser, 360, live_server.url)
    watched.go("/")
    assert watched.page.locator("html").get_attribute("lang") == "vi"
    watched.page.get_by_role("button", name="English").click()
    watched.page.get_by_role("heading", name="How many cooperatives").wait_for()
    assert watched.page.url == f"{live_server.url}/"


def test_the_first_tab_leads_to_the_content(browser: Browser, live_server: Any) -> None:
    register.whole_register()
    watched = Watched(browser, 1280, live_server.url)
    watched.go("/")
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.press("Enter")
    assert watched.page.evaluate("document.activeElement.id") == "main"


def test_progress_rises_without_a_reload(
    browser: Browser, live_server: Any, somebody: User
) -> None:
    register.indicators()
    job = submit(kind="coverage.series", args={}, now=timezone.now())
    watched = Watched(browser, 360, live_server.url)
    watched.sign_in()
    watched.go(f"/jobs/{job.pk}/")
    watched.page.evaluate("window.sameDocument = true")
    for done in (1, 2, 3):
        type(job).objects.filter(pk=job.pk).update(progress_done=done, progress_total=4)
        watched.page.wait_for_selector(f'progress[value="{done}"]')
    assert watched.page.evaluate("window.sameDocument") is True
    assert watched.complaints == []
