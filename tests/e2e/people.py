"""Somebody's own browser, and what the people of these tests do with it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.caller import Caller
from tests.scans import PDF


class Person:
    """Somebody's own browser; `of` is the organisation acted for."""

    def __init__(self, browser: Browser, site: str, width: int) -> None:
        size = {"width": width, "height": 800}
        self.page: Page = browser.new_context(viewport=size, locale="vi-VN").new_page()
        self.site, self.of = site, 0

    def bring_session(self, session: str) -> None:
        """Be signed in already."""
        cookie = {"name": "sessionid", "value": session, "url": self.site}
        self.page.context.add_cookies([cookie])

    def go(self, address: str) -> None:
        assert self.page.goto(f"{self.site}{address}").status == 200, address

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

    def bring_scan(self, linkage: str, folder: Path) -> None:
        """Attach a scan to a linkage of one's own organisation."""
        self.mine(f"linkages/{linkage}/evidence/")
        scan = folder / "hop-dong.pdf"
        scan.write_bytes(PDF)
        self.page.locator("[name=file]").set_input_files(scan)
        self.send()

    def verify(self, linkage: str) -> None:
        """Take a linkage from the verifiers' queue and say that its evidence was seen."""
        self.go("/verification/")
        self.page.locator(f'a[href$="/linkages/{linkage}/verify/"]').first.click()
        self.send()


def claimed_by(director: Person, officer: Person, coop: int, name: str = "ba.lan") -> None:
    """The officer makes a letter's code; the director signs up by that name and enters it."""
    officer.go(f"/organisations/{coop}/")
    officer.page.get_by_role("link", name="Người dùng và quyền truy cập").click()
    officer.page.get_by_role("link", name="Cấp mã").click()
    officer.page.get_by_label("Cách gửi").select_option("letter")
    officer.press("Cấp mã")
    code = officer.page.locator(".letter-code").inner_text()
    director.go("/accounts/signup/")
    director.page.get_by_label("Họ và tên").focus()
    for words in ("Bà Lan (minh họa)", name, "mot-mat-khau-dai", "mot-mat-khau-dai"):
        director.page.keyboard.type(words)
        director.page.keyboard.press("Tab")
    director.page.keyboard.press("Enter")
    director.page.wait_for_url("**/mine/join/")
    director.page.get_by_label("Mã", exact=True).fill(code)
    director.press("Dùng mã")
    director.page.wait_for_url(f"**/mine/{coop}/")
    director.of = coop


def signed_in(browser: Browser, caller: Caller) -> Person:
    """Somebody who has an account already, at a desk."""
    person = Person(browser, caller.site, 1280)
    person.of = caller.of
    person.bring_session(caller.http.cookies["sessionid"])
    return person
