"""Two people on their phones, from a question to a confirmed delivery, in a real browser."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from linkage.agreements.models import Delivery, Linkage
from linkage.registry.models import User
from tests.agreements import deals
from tests.e2e.looks import overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Phone:
    """A signed-in person's browser, 360 px wide, that looks at each page it comes to."""

    def __init__(self, browser: Browser, base: str, actor, of, width: int = 360) -> None:
        client = Client()
        user = User.objects.get(pk=actor.user_id)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(viewport={"width": width, "height": 740})
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        self.page: Page = context.new_page()
        self.base, self.of = base, of
        self.complaints: list[str] = []
        self.page.on("console", self._heard)

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def go(self, address: str) -> None:
        self.page.goto(f"{self.base}/mine/{self.of.pk}/{address}")
        self.look()

    def look(self) -> None:
        assert overflow(self.page) == 0, self.page.url
        assert self.complaints == []

    def send(self, form: str = "main form.sheet") -> None:
        self.page.locator(f"{form} button[type=submit]").first.click()
        self.look()

    def press(self, act: str) -> None:
        """The button of an act, reached and pressed by keyboard."""
        button = self.page.locator(f'form[action$="/{act}/"] button')
        button.focus()
        button.press("Enter")
        self.look()

    def follow(self, act: str) -> None:
        self.page.locator(f'a[href$="/{act}/"]').first.click()
        self.look()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            field = self.page.locator(f"[name={name}]")
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)


def test_from_a_question_to_a_confirmed_delivery_on_two_phones(browser, live_server):
    deal = deals.make()
    for post in (deal.offer, deal.need):
        post.ends = date(2099, 12, 31)
        post.save()
    buyer = Phone(browser, live_server.url, deal.buyer, deal.firm)
    seller = Phone(browser, live_server.url, deal.seller, deal.coop)
    today = timezone.localdate()

    buyer.go(f"talks/offer/{deal.offer.pk}/")
    buyer.fill(text="HTX còn bí xanh loại 1 không?")
    buyer.send()
    linkage = Linkage.objects.get()

    seller.go("linkages/")
    seller.follow(f"linkages/{linkage.pk}")
    seller.fill(text="Còn 10 tấn, giao tại vườn.")
    seller.press("message")

    buyer.go(f"linkages/{linkage.pk}/")
    buyer.follow("propose")
    ends = (today + timedelta(days=60)).isoformat()
    buyer.fill(quantity="3,5", unit="tan", price="6.000", starts=today.isoformat(), ends=ends)
    buyer.send()

    seller.go(f"linkages/{linkage.pk}/")
    seller.follow("propose")
    seller.fill(price="6.500")
    seller.send()

    buyer.go(f"linkages/{linkage.pk}/")
    assert "6.500 đ/kg" in buyer.page.content()
    buyer.press("accept")
    assert "0912 345 678" in buyer.page.content()

    seller.go(f"linkages/{linkage.pk}/")
    seller.follow("deliver")
    seller.fill(quantity="500", unit="kg")
    seller.send()

    delivery = Delivery.objects.get()
    buyer.go(f"linkages/{linkage.pk}/")
    buyer.press(f"deliveries/{delivery.pk}/confirm")

    linkage.refresh_from_db()
    delivery.refresh_from_db()
    assert (linkage.state, linkage.quantity, delivery.state) == ("agreed", 3_500_000, "confirmed")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_contract_on_paper_is_entered(browser, live_server, width):
    deal = deals.make()
    seller = Phone(browser, live_server.url, deal.seller, deal.coop, width)
    seller.go("linkages/declare/")
    seller.fill(partner_name="Công ty Hà Nội", contract_number="07/HĐ", starts="2026-01-01")
    seller.send()
    assert Linkage.objects.get().buyer.name == "Công ty Hà Nội"
