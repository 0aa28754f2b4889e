"""From a letter's code to the raised figure, through pages only, with the real worker.

A cooperative that no contract counts claims its place, posts, is matched, agrees with a buyer and
proves it; LINK-ALL and LINK-AGRI, verified, each rise by exactly one.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.e2e.test_demo import Demo, demo
from tests.faults.house import wait_for
from tests.scans import PDF

__all__ = ["demo"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("processes")]


class Person:
    """Somebody's own browser; `of` is the organisation acted for."""

    def __init__(self, browser: Browser, demo: Demo, width: int) -> None:
        size = {"width": width, "height": 800}
        self.page: Page = browser.new_context(viewport=size, locale="vi-VN").new_page()
        self.base, self.of = demo.url, 0

    def go(self, address: str) -> None:
        assert self.page.goto(f"{self.base}{address}").status == 200, address

    def mine(self, address: str) -> None:
        self.go(f"/mine/{self.of}/{address}")

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]:not([type=hidden])")
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def send(self, form: str = "main form.sheet") -> None:
        self.page.locator(f"{form} button[type=submit]").first.click()
        self.page.wait_for_load_state()

    def act(self, name: str) -> None:
        self.page.locator(f'form[action$="/{name}/"] button').click()
        self.page.wait_for_load_state()

    def inbox_says(self, words: str) -> bool:
        self.go("/inbox/")
        return words in self.page.get_by_role("main").inner_text()


def figures(demo: Demo) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    told = demo.manage("coverage", "--as-of", day, "--evidence", "verified", "--members", "--json")
    return dict(told["indicators"])


def numerators(demo: Demo) -> tuple[int, int]:
    found = figures(demo)
    return found["LINK-ALL"]["numerator"], found["LINK-AGRI"]["numerator"]


def uncounted(demo: Demo) -> int:
    """An agricultural cooperative that is in the denominators and in no numerator."""
    found = figures(demo)["LINK-AGRI"]["members"]
    return min(set(found["denominator"]) - set(found["numerator"]))


def claimed_by(director: Person, officer: Person, coop: int) -> None:
    officer.go(f"/organisations/{coop}/")
    officer.page.get_by_role("link", name="Người dùng và quyền truy cập").click()
    officer.page.get_by_role("link", name="Cấp mã").click()
    officer.page.get_by_label("Cách gửi").select_option("letter")
    officer.press("Cấp mã")
    code = officer.page.locator(".letter-code").inner_text()
    director.go("/accounts/signup/")
    director.page.get_by_label("Họ và tên").focus()
    for words in ("Bà Lan (minh họa)", "ba.lan", "mot-mat-khau-dai", "mot-mat-khau-dai"):
        director.page.keyboard.type(words)
        director.page.keyboard.press("Tab")
    director.page.keyboard.press("Enter")
    director.page.wait_for_url("**/mine/join/")
    director.page.get_by_label("Mã", exact=True).fill(code)
    director.press("Dùng mã")
    director.page.wait_for_url(f"**/mine/{coop}/")
    director.of = coop


def test_a_cooperative_goes_from_a_letter_to_the_figure(
    demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    officer, verifier = Person(browser, demo, 1280), Person(browser, demo, 1280)
    demo.sign_in(officer.page, "canbo")
    demo.sign_in(verifier.page, "thamtra")
    director, buyer = Person(browser, demo, 360), Person(browser, demo, 1280)
    before, coop = numerators(demo), uncounted(demo)

    claimed_by(director, officer, coop)
    demo.sign_in(buyer.page, "thumua", to="**/mine/**")
    buyer.of = int(buyer.page.url.rstrip("/").rsplit("/", 1)[1])

    director.mine("offers/add/")
    director.fill(commodity="Tỏi", quantity="3")
    director.press("Đăng bán")
    buyer.mine("needs/add/")
    buyer.fill(commodity="Tỏi", quantity="2")
    buyer.press("Đăng mua")

    wait_for(lambda: director.inbox_says("Tỏi"), "the suggestion in the co-op's inbox")
    wait_for(lambda: buyer.inbox_says("Tỏi"), "the suggestion in the buyer's inbox")
    buyer.mine("suggestions/")
    assert buyer.page.locator("main li").count() >= 2
    buyer.press("Gửi đề nghị")
    buyer.fill(text="HTX còn tỏi loại một không?")
    buyer.send()
    talk = buyer.page.url.rstrip("/").rsplit("/", 1)[1]

    today = timezone.localdate()
    terms = {"starts": today.isoformat(), "ends": (today + timedelta(days=60)).isoformat()}
    director.mine(f"linkages/{talk}/")
    director.fill(text="Còn 3 tấn, giao tại kho.")
    director.act("message")
    buyer.mine(f"linkages/{talk}/propose/")
    buyer.fill(quantity="2", unit="tan", price="25.000.000", **terms)
    buyer.send()
    director.mine(f"linkages/{talk}/propose/")
    director.fill(price="26.000.000")
    director.send()
    buyer.mine(f"linkages/{talk}/")
    assert "26.000.000" in buyer.page.content()
    buyer.act("accept")

    director.mine(f"linkages/{talk}/evidence/")
    scan = tmp_path / "hop-dong.pdf"
    scan.write_bytes(PDF)
    director.page.locator("[name=file]").set_input_files(scan)
    director.send()
    assert numerators(demo) == before
    verifier.go("/verification/")
    verifier.page.locator(f'a[href$="/linkages/{talk}/verify/"]').first.click()
    verifier.send()

    assert numerators(demo) == (before[0] + 1, before[1] + 1)
    assert director.inbox_says("Thành phố đã kiểm tra")
    assert demo.manage("audit_invariants", "--json")["ok"]
