"""The public figure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from tests.web import register

pytestmark = pytest.mark.django_db
SOON_AFTER = datetime(2026, 1, 1, 5, 0, tzinfo=UTC)


def _body(client: Client, address: str = "/") -> str:
    return client.get(address).content.decode()


def test_it_shows_the_count_beside_the_percent_and_what_is_missing(client: Client) -> None:
    register.whole_register(linked=3, alone=6)
    with time_machine.travel(SOON_AFTER, tick=False):
        body = _body(client)
    assert "33,3%" in body
    assert "3 trên 9 HTX" in body
    assert "còn thiếu 3 HTX để đạt 60%" in body
    assert "còn thiếu 6 HTX để đạt 90%" in body
    assert "31/12/2025" in body


def test_declared_linkages_and_members_are_not_public(client: Client) -> None:
    register.whole_register()
    body = _body(client)
    assert "HTX Liên Kết" not in body
    assert "/coverage/" not in body


def test_it_says_loudly_that_the_nightly_computation_did_not_run(client: Client) -> None:
    register.whole_register()
    with time_machine.travel(datetime(2026, 2, 1, tzinfo=UTC), tick=False):
        assert "lần tính hằng đêm không chạy" in _body(client)


def test_a_fresh_figure_is_not_called_old(client: Client) -> None:
    register.whole_register()
    register.snapshot(as_of=date(2026, 1, 1), taken_at=SOON_AFTER)
    with time_machine.travel(SOON_AFTER, tick=False):
        assert "hằng đêm không chạy" not in _body(client)


def test_before_the_first_computation_there_is_no_figure_and_no_nought(client: Client) -> None:
    register.indicators()
    body = _body(client)
    assert "Chưa tính lần nào" in body
    assert "0,0%" not in body


def test_a_day_to_come_is_not_the_public_figure(client: Client) -> None:
    register.whole_register()
    register.snapshot(as_of=date(2030, 12, 31), taken_at=SOON_AFTER)
    with time_machine.travel(SOON_AFTER, tick=False):
        assert "31/12/2030" not in _body(client)


def test_english_is_one_switch_away_and_a_browser_in_english_still_sees_vietnamese(
    client: Client,
) -> None:
    register.whole_register()
    first = client.get("/", headers={"accept-language": "en-US"}).content.decode()
    assert 'lang="vi"' in first.split("<body")[0]
    client.post("/language/", {"language": "en", "next": "/"})
    assert "How many cooperatives" in _body(client)


def test_no_inline_script_or_style_and_nothing_from_elsewhere(client: Client) -> None:
    register.whole_register()
    body = _body(client)
    assert " style=" not in body
    assert "<style" not in body
    assert "//cdn" not in body
    assert 'src="http' not in body
    assert "default-src 'self'" in client.get("/").headers["Content-Security-Policy"]
