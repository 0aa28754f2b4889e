"""From a letter's code to the raised figure, through pages only, with the real worker.

A cooperative that no contract counts claims its place, posts, is matched, agrees with a buyer and
proves it; LINK-ALL and LINK-AGRI, verified, each rise by exactly one.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from linkage.registry.models import Role
from tests.e2e.figures import BY_ONE, LEVELS, NOT_AT_ALL, rise
from tests.e2e.people import Person, claimed_by, signed_in
from tests.e2e.town import Town
from tests.faults.house import wait_for

pytestmark = pytest.mark.browser


def test_a_cooperative_goes_from_a_letter_to_the_figure(
    town: Town, browser: Browser, tmp_path: Path
) -> None:
    officer = signed_in(browser, town.caller("canbo", Role.CITY_STAFF))
    verifier = signed_in(browser, town.caller("thamtra", Role.VERIFIER))
    director, buyer = Person(browser, town.site, 360), Person(browser, town.site, 1280)
    before = town.figures()

    claimed_by(director, officer, town.coop.pk)
    claimed_by(buyer, officer, town.firm.pk, "thumua")

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
    buyer.page.get_by_role("link", name="Hỏi hoặc đề nghị").first.click()
    buyer.fill(text="HTX còn tỏi loại một không?")
    buyer.send()
    talk = buyer.page.url.rstrip("/").rsplit("/", 1)[1]

    today = timezone.localdate()
    terms = {"starts": today.isoformat(), "ends": (today + timedelta(days=60)).isoformat()}
    director.mine(f"linkages/{talk}/")
    director.fill(text="Còn 3 tấn, giao tại kho.")
    director.act("message")
    buyer.mine(f"linkages/{talk}/propose/")
    buyer.fill(quantity="2", unit="tan", price="25.000", **terms)
    buyer.send()
    director.mine(f"linkages/{talk}/propose/")
    director.fill(price="26.000")
    director.send()
    buyer.mine(f"linkages/{talk}/")
    assert "26.000 đ/kg" in buyer.page.content()
    buyer.act("accept")

    director.bring_scan(talk, tmp_path)
    assert rise(before, town.figures()) == {
        "declared": BY_ONE, "confirmed": BY_ONE, "verified": NOT_AT_ALL
    }  # fmt: skip
    verifier.verify(talk)

    assert rise(before, town.figures()) == dict.fromkeys(LEVELS, BY_ONE)
    assert director.inbox_says("Thành phố đã kiểm tra")
    assert town.is_sound()
