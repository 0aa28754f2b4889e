"""A clerk brings in a workbook that nobody knows, by page alone, down to its last refused row."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from linkage.agreements.models import Linkage
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Job
from linkage.jobs.runner import run_job
from linkage.registry.models import Organisation, Role, RoleGrant, User
from tests.e2e.looks import overflow
from tests.intake.workbooks import CODES, coop, firm, link, workbook
from worker.handlers import HANDLERS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "mat-khau-thu-1"


@pytest.fixture(autouse=True)
def _world(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"
    call_command("load_reference", stdout=open(os.devnull, "w"))  # noqa: SIM115
    user = User.objects.create_user(
        "canbo", email="canbo@example.invalid", password=PASSWORD, full_name="Cán bộ thử nghiệm"
    )
    RoleGrant.objects.create(user=user, role=Role.CITY_STAFF, starts=date(2020, 1, 1))


class Clerk:
    """Who works with the pages; the worker does what was asked for as soon as it is asked."""

    def __init__(self, browser: Browser, base: str) -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.base = base
        self.page.goto(f"{base}/accounts/login/")
        self.page.get_by_label("Tên đăng nhập").fill("canbo")
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.press("Đăng nhập")
        self.page.wait_for_url("**/dashboard/")

    def press(self, name: str) -> None:
        main = self.page.get_by_role("main")
        main.get_by_role("button", name=name, exact=True).first.click()

    def work_is_done(self) -> None:
        """The job that the page is at is worked on; then its result is looked at."""
        self.page.wait_for_url("**/jobs/*/")
        number = int(self.page.url.rstrip("/").rsplit("/", 1)[-1])
        assert Job.objects.get(pk=number).state == "waiting"
        run_job(job_id=number, handlers=HANDLERS, worker="thử", clock=timezone.now)
        self.page.get_by_role("link", name="Xem kết quả").click()
        self.page.wait_for_url("**/imports/*/")
        self.fits()

    def fits(self) -> None:
        """Nothing stands out of the page at the width of a telephone either."""
        for width in (360, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            assert overflow(self.page) <= 0, (width, self.page.url)
            if folder := os.environ.get("SCREENSHOTS"):
                count = len(list(Path(folder).iterdir()))
                self.page.screenshot(path=f"{folder}/{count:02}-{width}.png", full_page=True)

    def may_apply(self) -> bool:
        return self.page.get_by_role("button", name="Đưa vào sổ theo dõi").count() > 0

    def upload(self, path: Path) -> None:
        self.page.goto(f"{self.base}/imports/add/")
        self.page.locator("[name=file]").set_input_files(path)
        self.page.locator("[name=came_from]").fill("Huyện gửi ngày 20/11")
        self.page.locator("[name=legal_basis]").fill("KH 215/KH-UBND")
        self.press("Đọc và cho xem trước")
        self.work_is_done()

    def answer(self, **answers: str) -> None:
        for question, said in answers.items():
            self.page.get_by_label(question.replace("__", ": ").replace("_", " ")).select_option(
                said
            )
        self.press("Xem trước với các câu trả lời này")
        self.work_is_done()

    def do(self, button: str) -> None:
        self.press(button)
        self.work_is_done()


def the_office_s_workbook(path: Path) -> Path:
    """Everything that needs a person: a header, two ways of writing, a blank, a pair, a party."""
    links = [
        link(starts="12/25/2020"),
        link(number=None, starts="03/04/2021"),
        link(
            number="03/HĐ",
            starts="05/06/2021",
            quantity="1,234.56",
            buyer="Công ty Vắng Mặt",
            buyer_code=CODES[3],
        ),
    ]
    coops = [coop(members=5), coop("HTX Hai", members=5), coop("HTX Hai", founded="01/01/2016")]
    made = load_workbook(workbook(path, coops, [firm()], links))
    made["Liên kết"]["C5"], made["HTX"]["B5"] = "MST bên bán", "Cơ sở ABC"
    made.save(path)
    return path


def test_a_clerk_brings_in_an_unknown_workbook_by_page_alone(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    clerk = Clerk(browser, live_server.url)
    path = the_office_s_workbook(tmp_path / "so.xlsx")
    clerk.upload(path)
    _tell_the_columns(clerk)
    _mend_the_rows(clerk)
    _take_it_in_undo_it_and_take_it_in_again(clerk)

    clerk.upload(path)
    clerk.page.get_by_text("Chính tệp này đã được nhập trước đây").wait_for()
    report = ImportBatch.objects.latest("pk").report
    assert (report["refused"], report["linkages_accepted"]) == ([], 3)
    assert sum(report["created"].values()) + sum(report["updated"].values()) == 0


def _tell_the_columns(clerk: Clerk) -> None:
    clerk.page.get_by_text("không có cột “Tên đơn vị”").wait_for()
    assert not clerk.may_apply()
    clerk.answer(HTX__Cơ_sở_ABC="name")
    assert not clerk.may_apply()
    clerk.page.get_by_text("Có cột đọc được theo hai cách").wait_for()
    clerk.answer(Liên_kết__Hiệu_lực_từ="month_first", Liên_kết__Sản_lượng="point")
    assert clerk.may_apply()


def _mend_the_rows(clerk: Clerk) -> None:
    page = clerk.page
    page.get_by_role("link", name="Sửa", exact=True).first.click()
    clerk.fits()
    assert page.locator("#id_contract_number_reason").count() == 1
    page.locator("[name=contract_number]").fill("02/HĐ")
    clerk.do("Lưu và xem trước lại")

    clerk.press("Là hai, khác nhau")
    page.get_by_text("Đã ghi nhớ").wait_for()
    assert not clerk.may_apply()
    clerk.fits()
    clerk.do("Xem trước lại")

    page.get_by_role("link", name="Tạo đơn vị còn thiếu").click()
    assert page.locator("[name=name]").input_value() == "Công ty Vắng Mặt"
    page.locator("[name=kind]").select_option("enterprise")
    clerk.press("Lưu")
    page.get_by_text("Sổ đã thay đổi từ sau lần xem trước này").wait_for()
    clerk.do("Xem trước lại")
    assert ImportBatch.objects.get().report["refused"] == []


def _take_it_in_undo_it_and_take_it_in_again(clerk: Clerk) -> None:
    clerk.do("Đưa vào sổ theo dõi")
    starts = list(Linkage.objects.order_by("starts").values_list("starts", flat=True))
    assert starts == [date(2020, 12, 25), date(2021, 3, 4), date(2021, 5, 6)]
    assert Linkage.objects.get(contract_number="03/HĐ").quantity == 1_234_560_000
    assert Organisation.objects.filter(name="HTX Hai").count() == 2
    clerk.page.locator("summary", has_text="Hoàn tác toàn bộ lần nhập").click()
    clerk.do("Đúng, hoàn tác")
    assert not Linkage.objects.exists()
    clerk.do("Xem trước lại")
    clerk.do("Đưa vào sổ theo dõi")
    assert Linkage.objects.count() == 3
