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
from playwright.sync_api import Browser

from tests.e2e.people import Person, claimed_by
from tests.e2e.test_demo import Demo, demo
from tests.faults.house import wait_for

__all__ = ["demo"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("processes")]


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


def test_a_cooperative_goes_from_a_letter_to_the_figure(
    demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    officer, verifier, buyer = (Person(browser, demo.url, 1280) for _ in range(3))
    demo.sign_in(officer.page, "canbo")
    demo.sign_in(verifier.page, "thamtra")
    director = Person(browser, demo.url, 360)
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

    director.bring_scan(talk, tmp_path)
    assert numerators(demo) == before
    verifier.verify(talk)

    assert numerators(demo) == (before[0] + 1, before[1] + 1)
    assert director.inbox_says("Thành phố đã kiểm tra")
    assert demo.manage("audit_invariants", "--json")["ok"]
