"""From a contract on paper to the raised figure, through pages only, with the real worker.

A cooperative that no contract counts claims its place and declares a contract with a partner of the
register. Each says its part and one level rises: the co-op, the partner, the city's verifier.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from linkage.registry.models import Role
from tests.e2e.caller import claimed
from tests.e2e.figures import BY_ONE, LEVELS, NOT_AT_ALL, rise
from tests.e2e.people import Person, claimed_by, signed_in
from tests.e2e.town import FIRM, FIRM_CODE, Town

pytestmark = pytest.mark.browser
NUMBER = "07/2026/HĐ-LK"


def declared(director: Person) -> str:
    """A whole contract, entered on a telephone; the linkage's number."""
    today = timezone.localdate()
    director.mine("linkages/declare/")
    director.page.locator("main form.sheet summary").click()
    director.fill(
        side="seller", partner_name=FIRM, partner_tax_code=FIRM_CODE, contract_number=NUMBER,
        starts=(today - timedelta(days=30)).isoformat(),
        ends=(today + timedelta(days=335)).isoformat(),
        product="Tỏi", quantity="12,5", unit="tan", form="5",
    )  # fmt: skip
    director.send()
    return director.page.url.rstrip("/").rsplit("/", 1)[1]


def test_a_contract_on_paper_goes_from_its_declaration_to_the_figure(
    town: Town, browser: Browser, tmp_path: Path
) -> None:
    office, buyer = town.caller("canbo", Role.CITY_STAFF), town.caller("thumua")
    claimed(buyer, office, town.firm.pk)
    officer, partner = (signed_in(browser, who) for who in (office, buyer))
    verifier = signed_in(browser, town.caller("thamtra", Role.VERIFIER))
    director = Person(browser, town.site, 360)
    claimed_by(director, officer, town.coop.pk)
    before = town.figures()

    linkage = declared(director)
    assert rise(before, town.figures()) == {
        "declared": BY_ONE, "confirmed": NOT_AT_ALL, "verified": NOT_AT_ALL
    }  # fmt: skip
    director.bring_scan(linkage, tmp_path)

    assert partner.inbox_says(NUMBER)
    partner.mine(f"linkages/{linkage}/")
    partner.act("confirm")
    assert rise(before, town.figures()) == {
        "declared": BY_ONE, "confirmed": BY_ONE, "verified": NOT_AT_ALL
    }  # fmt: skip

    verifier.verify(linkage)
    assert rise(before, town.figures()) == dict.fromkeys(LEVELS, BY_ONE)
    assert director.inbox_says("Thành phố đã kiểm tra")
    assert town.is_sound()
