"""A scan sent from a phone, and the verifier's answers at a desk, in a real browser."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from linkage.agreements import services
from linkage.agreements.models import EvidenceFile, Linkage
from linkage.registry.access import Actor
from linkage.registry.models import Organisation, Role, RoleGrant, User
from tests.agreements import deals
from tests.e2e.test_talks import Phone
from tests.scans import PDF, PNG, scan
from tests.web import register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def linkage(settings, tmp_path) -> Linkage:
    settings.MEDIA_ROOT = tmp_path / "media"
    seller = register.organisation("HTX Nông nghiệp Tân Trào")
    buyer = register.organisation("Công ty Thu Mua", kind="enterprise")
    return register.linkage(seller, buyer, "77/HĐ", verified_on=None)


@pytest.fixture
def director(browser: Browser, live_server, linkage) -> Phone:
    lan = deals.member(linkage.seller, "lan")
    return Phone(browser, live_server.url, lan, linkage.seller)


@pytest.fixture
def desk(browser: Browser, live_server) -> Phone:
    user = User.objects.create(username="kiem", email="kiem@example.org", full_name="Người kiểm")
    RoleGrant.objects.create(user=user, role=Role.VERIFIER, starts=date(2020, 1, 1))
    return Phone(browser, live_server.url, Actor(user.pk, frozenset()), Organisation(), width=1280)


def send_scan(phone: Phone, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    phone.page.locator("[name=file]").set_input_files(path)
    phone.send()


def test_a_scan_is_sent_back_sent_again_and_verified(director, desk, linkage, tmp_path):
    director.go(f"linkages/{linkage.pk}/")
    director.follow("evidence")
    send_scan(director, tmp_path / "hợp đồng.pdf", b"<html>")
    assert director.page.get_by_role("alert").is_visible()
    send_scan(director, tmp_path / "hợp đồng trang 1.pdf", PDF + b"1")
    assert EvidenceFile.objects.get().name == "hợp đồng trang 1.pdf"

    desk.page.goto(f"{desk.base}/verification/")
    desk.look()
    desk.follow(f"linkages/{linkage.pk}/verify")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="hợp đồng trang 1.pdf").click()
    assert Path(download.value.path()).read_bytes() == PDF + b"1"
    desk.page.locator("summary", has_text="Còn thiếu").click()
    desk.fill(reason="Thiếu trang có chữ ký")
    desk.send("main details form")
    assert desk.page.url.endswith("/verification/")

    director.go(f"linkages/{linkage.pk}/evidence/")
    assert "Thiếu trang có chữ ký" in director.page.content()
    send_scan(director, tmp_path / "đủ trang.png", PNG)

    desk.page.goto(f"{desk.base}/verification/")
    desk.follow(f"linkages/{linkage.pk}/verify")
    desk.send()
    assert Linkage.objects.get().verified_on is not None
    director.go(f"linkages/{linkage.pk}/evidence/")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_queue_and_the_review_fit_the_screen(browser, live_server, desk, linkage, width):
    desk.page.set_viewport_size({"width": width, "height": 800})
    whom = {"actor": deals.member(linkage.seller, "lan"), "organisation_id": linkage.seller_id}
    long_name = "hop-dong-lien-ket-san-xuat-va-tieu-thu-nong-san-" * 4 + ".pdf"
    services.attach_evidence(
        **whom, linkage_id=linkage.pk, file=scan(name=long_name), now=deals.NOW
    )
    for address in ("verification/", f"linkages/{linkage.pk}/verify/", f"linkages/{linkage.pk}/"):
        desk.page.goto(f"{desk.base}/{address}")
        desk.look()
