"""The whole demonstration as its user has it: real processes and a real browser.

A figure is computed while one watches; a status and a linkage are changed on pages, and the
workbook that the page gives back brings the same figures into an empty database.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e import handlers
from tests.faults.house import ROOT, free_port, wait_for

pytestmark = pytest.mark.browser
DAYS = ("2021-12-31", "2022-12-31", "2023-12-31", "2024-06-30", "2024-12-31", "2025-12-31",
        "2026-10-31")  # fmt: skip
# Keeps every value that the progress bar shows, through the swaps of the partial.
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const bar = document.querySelector("progress");
    if (bar && Number(bar.max) > 1 && seen[seen.length - 1] !== bar.value) seen.push(bar.value);
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
  look();
}"""


class Demo:
    """An installation under one folder, on SQLite and the embedded broker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "MEDIA_DIR"},
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
            "REDIS_URL": "",
            "JOBS_EXTRA_HANDLERS": "tests.e2e.handlers",
        }

    def start(self) -> subprocess.Popen[bytes]:
        log = (self.folder / "demo.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(self.port)],
            cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        # The first start makes the whole demonstration, beside other tests.
        log_file = self.folder / "demo.log"
        wait_for(lambda: "Ctrl-C" in log_file.read_text(), "the address", seconds=400)
        return process

    def run(self, *command: str, database: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT, env={**self.env, "DATABASE_URL": database or self.env["DATABASE_URL"]},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def figures(self, database: str | None = None) -> Any:
        return json.loads(self.run("-m", "tests.e2e.said_of_days", *DAYS, database=database))

    def import_into(self, database: str, workbook: str) -> Any:
        command = ("manage.py", "import_register", workbook, "--apply", "--json")
        return json.loads(self.run(*command, database=database))

    def job_after(self, figure: int) -> int:
        """The job that computes the trend after a figure's own."""
        with closing(sqlite3.connect(self.folder / "demo.sqlite3")) as database:
            asked = "SELECT id FROM jobs_job WHERE period = ?"
            row = database.execute(asked, (f"after-job-{figure}",)).fetchone()
        return int(row[0])

    def contracts_of(self, username: str) -> int:
        """How many contracts the organisation has that the person acts for."""
        with closing(sqlite3.connect(self.folder / "demo.sqlite3")) as database:
            asked = """
                SELECT count(*) FROM agreements_linkage linkage
                JOIN registry_membership own
                  ON own.organisation_id IN (linkage.seller_id, linkage.buyer_id)
                JOIN registry_user person ON person.id = own.user_id
                WHERE person.username = ? AND linkage.state IN ('agreed', 'in_force')
            """
            return int(database.execute(asked, (username,)).fetchone()[0])

    def sign_in(self, page: Page, username: str, to: str = "**/dashboard/") -> None:
        passwords = json.loads((self.folder / "demo_accounts.json").read_text())
        page.goto(f"{self.url}/accounts/login/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(passwords[username])
        page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(to)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path)
    process = demo.start()
    yield demo
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)


def test_a_clerk_works_with_the_demonstration(demo: Demo, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN").new_page()
    demo.sign_in(page, "canbo")

    _work_shows_rising_progress(demo, page)
    _change_on_pages(demo, page)
    assert page.goto(f"{demo.url}/imports/").status == 200
    assert page.get_by_role("button", name="Lấy lại sổ").count() == 0
    other = browser.new_context(locale="vi-VN").new_page()
    demo.sign_in(other, "quantri")
    _get_the_workbook_back(demo, other, tmp_path / "back.xlsx")

    for member in ("giamdoc", "thumua"):
        own = browser.new_context(locale="vi-VN").new_page()
        demo.sign_in(own, member, to="**/mine/*/")
        assert own.get_by_role("link", name="Người dùng và quyền truy cập").count() == 1

    # So the figure rises once its director agrees and the contract is verified.
    assert demo.contracts_of("giamdoc") == 0

    _comes_back_from_its_workbook(demo, tmp_path, demo.figures())


def _work_shows_rising_progress(demo: Demo, page: Page) -> None:
    """The trend that follows a new figure is held at some steps until its page has shown them."""
    page.goto(f"{demo.url}/dashboard/")
    page.get_by_role("button", name="Tính lại").click()
    page.wait_for_url(re.compile(r"/jobs/\d+/"))
    page.get_by_role("link", name="Xem kết quả").wait_for(timeout=120_000)
    figure = int(re.findall(r"/jobs/(\d+)/", page.url)[0])
    page.goto(f"{demo.url}/jobs/{demo.job_after(figure)}/")
    page.evaluate(WATCH)
    for step in handlers.HELD_AT:
        page.locator(f'progress[value="{step}"]').wait_for(timeout=120_000)
        handlers.gate(demo.folder, step).touch()
    page.get_by_role("link", name="Xem kết quả").wait_for(timeout=120_000)
    assert "các ngày cuối quý" in page.locator("p.figure-line").inner_text()
    seen = page.evaluate("window.seen")
    assert set(handlers.HELD_AT) <= set(seen), seen
    assert seen == sorted(seen)


def _get_the_workbook_back(demo: Demo, page: Page, workbook: Path) -> None:
    page.goto(f"{demo.url}/imports/")
    page.get_by_role("button", name="Lấy lại sổ").click()
    page.wait_for_url(re.compile(r"/jobs/\d+/"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Xem kết quả").click(timeout=120_000)
    download.value.save_as(workbook)


def _change_on_pages(demo: Demo, page: Page) -> None:
    before = demo.figures()
    page.goto(f"{demo.url}/organisations/1/status/")
    page.locator("[name=status]").select_option("suspended")
    page.locator("[name=since]").fill("2022-06-30")
    page.get_by_role("main").locator("form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/organisations/1/$"))
    page.goto(f"{demo.url}/linkages/1/edit/")
    page.locator("[name=ends]").fill("2023-01-15")
    page.locator("[name=reason]").fill("Thanh lý sớm")
    page.get_by_role("main").locator("form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/linkages/1/$"))
    assert demo.figures() != before


def _comes_back_from_its_workbook(demo: Demo, folder: Path, changed: list[Any]) -> None:
    workbook, empty = str(folder / "back.xlsx"), f"sqlite:///{folder / 'empty.sqlite3'}"
    demo.run("manage.py", "migrate", "-v0", database=empty)
    demo.import_into(empty, workbook)
    assert demo.figures(empty) == changed
    again = demo.import_into(empty, workbook)
    assert sum(again["created"].values()) + sum(again["updated"].values()) == 0
    assert again["organisations"]["HTX"] == 532
