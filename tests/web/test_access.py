"""Every page of the resolver: who is let in, and what everybody else sees."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.urls.converters import IntConverter

from linkage.registry.models import MemberRole, Role
from tests.web import register
from web.door import page_above

PUBLIC = {"home", "set_language"}
# Values that stand for "anything": ids that do not exist.
ARGUMENTS = {
    "snapshot_id": 999_999,
    "report_id": 999_999,
    "shown": "all",
    "indicator": "LINK-ALL",
    "evidence": "verified",
    "organisation_id": 999_999,
    "field": "status",
    "commodity": "khong-co",
    "form": "json",
    "part": "contacts",
    "part_id": 999_999,
    "into_id": 999_999,
    "linkage_id": 999_999,
    "batch_id": 999_999,
    "job_id": 999_999,
    "programme_id": 999_999,
    "value_id": 999_999,
    "source_id": 999_999,
    "target_id": 999_999,
    "event": "new_name",
    "event_id": 999_999,
    "return_id": 999_999,
    "year": 999_999,
    "user_id": 999_999,
    "grant_id": 999_999,
    "notice_id": 999_999,
    "request_id": 999_999,
    "membership_id": 999_999,
    "code_id": 999_999,
    "file_id": 999_999,
    "offer_id": 999_999,
    "need_id": 999_999,
    "delivery_id": 999_999,
    "post_id": 999_999,
    "token_id": 999_999,
    "name": "publish",
    "suggestion_id": 999_999,
    "plan_id": 999_999,
    "other_id": 999_999,
    "consent_id": 999_999,
    "scan_id": 999_999,
    "pool_id": 999_999,
}
DOOR = next(d for d in get_resolver().url_patterns if getattr(d, "app_name", None) == "web")
PAGES = {pattern.name: pattern for pattern in DOOR.url_patterns if isinstance(pattern, URLPattern)}
CLOSED = sorted(set(PAGES) - PUBLIC)


def _address(name: str) -> str:
    wanted = PAGES[name].pattern.converters
    return reverse(f"web:{name}", kwargs={key: ARGUMENTS[key] for key in wanted})


@pytest.mark.parametrize("name", [n for n in CLOSED if PAGES[n].pattern.converters])
def test_an_unknown_id_is_a_404_for_the_right_role_too(
    signed_in: Callable[..., Client], name: str
) -> None:
    client = signed_in(Role.ADMINISTRATOR, Role.VERIFIER)
    kwargs = {"on": "2026-01-01", "version": "1", "reason": "vì", "starts": "2026-01-01"}
    role = Role.AUDITOR if name == "role_grant" else MemberRole.MEMBER
    posted = {**kwargs, "role": role, "status": "active", "verdict": "same"}
    if PAGES[name].callback.is_read:
        answer = client.get(_address(name))
    else:
        answer = client.post(_address(name), posted)
    if name == "role_grant":
        answer = client.post(_address(name), posted)
    assert answer.status_code == 404


NUMBERED = [
    (name, key)
    for name in CLOSED
    for key in PAGES[name].pattern.converters
    if isinstance(ARGUMENTS[key], int)
]


def test_every_number_in_an_address_is_an_id_of_a_bounded_length() -> None:
    unbounded = {
        name
        for name, page in PAGES.items()
        for converter in page.pattern.converters.values()
        if isinstance(converter, IntConverter)
    }
    assert unbounded == set()
    assert len(NUMBERED) > 100


@pytest.mark.parametrize(("name", "key"), NUMBERED)
def test_a_number_of_thirty_digits_is_a_wrong_address(
    signed_in: Callable[..., Client], name: str, key: str
) -> None:
    route = str(PAGES[name].pattern)
    values = {k: 10**30 if k == key else ARGUMENTS[k] for k in PAGES[name].pattern.converters}
    for k, value in values.items():
        route = re.sub(f"<[a-z]+:{k}>", str(value), route)
    client = signed_in(Role.ADMINISTRATOR, Role.VERIFIER)
    assert str(10**30) in route
    for answer in (client.get(f"/{route}"), client.post(f"/{route}")):
        assert answer.status_code == 404


def test_every_closed_page_names_its_capability() -> None:
    assert [name for name in CLOSED if not hasattr(PAGES[name].callback, "needs")] == []


def test_a_form_without_its_token_is_refused(person: Callable[..., object]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.CITY_STAFF), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("web:recalculate"), {"as_of": "2025-12-31"})
    assert answer.status_code == 403


def test_the_language_switch_stays_on_this_site(client: Client, db: None) -> None:
    answer = client.post(reverse("web:set_language"), {"language": "en", "next": "//evil.example/"})
    assert answer["Location"] == "/"


def test_the_public_page_needs_no_account(client: Client, db: None) -> None:
    register.whole_register()
    assert client.get("/").status_code == 200


def _only_acts() -> list[str]:
    return [name for name in CLOSED if not PAGES[name].callback.is_read]


def test_who_comes_back_to_the_address_of_an_act_is_led_to_a_page_that_can_be_read() -> None:
    assert len(_only_acts()) > 20
    for name in _only_acts():
        above = page_above(_address(name))
        assert above is not None, name
        assert _address(name).startswith(above), name
        assert resolve(above).func.is_read, name


def test_it_is_led_there_by_a_link_and_by_a_switch_of_the_language(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in()
    for answer in (
        client.get("/mine/join/code/"),
        client.post("/language/", {"language": "en", "next": "/mine/join/code/"}, follow=True),
    ):
        last = answer["Location"] if answer.status_code == 302 else answer.redirect_chain[-1][0]
        assert last == "/mine/join/"
    assert client.put("/mine/join/code/").status_code == 405
