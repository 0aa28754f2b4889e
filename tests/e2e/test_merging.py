"""A clerk finds a co-op twice in the register and merges the two, in a real browser on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from linkage.registry.models import Organisation, User
from tests.e2e.test_pages import Watched, somebody
from tests.web import register

__all__ = ["somebody"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_rows_of_one_cooperative_become_one(
    browser: Browser, live_server: Any, somebody: User
) -> None:
    twice, kept = register.organisation("HTX Rau Sạch"), register.organisation("HTX Rau Sạch Mới")
    register.contact(twice)
    watched = Watched(browser, 360, live_server.url)
    watched.sign_in()
    watched.go(f"/organisations/{twice.pk}/")
    watched.page.get_by_role("link", name="Gộp vào đơn vị khác").click()
    watched.page.get_by_role("link", name="HTX Rau Sạch Mới").click()
    watched.page.get_by_label("Vì sao hai đơn vị này là một?").fill("Ghi hai lần")
    watched.page.get_by_role("button", name="Gộp", exact=True).click()
    watched.page.wait_for_url(f"**/organisations/{kept.pk}/")
    assert watched.page.get_by_role("link", name="Người Đại Diện").is_visible()
    assert Organisation.objects.get(pk=twice.pk).merged_into == kept
    assert watched.complaints == []
