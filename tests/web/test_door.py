"""What stands behind every page: how it answers when it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404
from django.test import Client, RequestFactory

from linkage import errors
from linkage.registry.models import User
from tests.statuses import STATUSES
from web.door import refusal

WORDS = "Cơ sở dữ liệu không trả lời"


def _away(_execute: Callable[..., Any], *_args: Any) -> None:
    raise OperationalError("the server closed the connection")


@pytest.fixture
def database_away(staff: Client) -> Iterator[Client]:
    """A person of the office, signed in; from here on no statement reaches the database."""
    staff.raise_request_exception = False
    with connection.execute_wrapper(_away):
        yield staff


@pytest.mark.parametrize("page", ["/", "/imports/", "/no-such-page/", "/accounts/password/change/"])
def test_without_a_database_every_page_says_so(page: str, database_away: Client) -> None:
    answer = database_away.get(page)
    assert answer.status_code == 503
    assert WORDS in answer.content.decode()


def test_without_a_database_nobody_signs_in(database_away: Client) -> None:
    form = {"login": "ai-do", "password": "mat-khau"}
    answer = Client(raise_request_exception=False).post("/accounts/login/", form)
    assert answer.status_code == 503
    assert WORDS in answer.content.decode()


def test_a_connection_that_was_lost_is_no_defect_of_ours(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_args: Any, **_kwargs: Any) -> None:
        raise InterfaceError("connection already closed")

    staff.raise_request_exception = False
    with connection.execute_wrapper(lost):
        assert staff.get("/imports/").status_code == 503


def test_what_nobody_foresaw_is_still_a_defect(staff: Client) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    staff.raise_request_exception = False
    with connection.execute_wrapper(broken):
        answer = staff.get("/imports/")
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.content.decode()


HIDDEN = (errors.NotFound, errors.NotAllowed)


@pytest.mark.parametrize(("error", "status"), [one for one in STATUSES if one[0] not in HIDDEN])
def test_a_refusal_has_the_status_of_its_meaning_as_at_the_other_door(
    error: type[errors.DomainError], status: int, staff: Client
) -> None:
    request = RequestFactory().post("/")
    request.user = User.objects.get()
    assert refusal(request, error()).status_code == errors.status_of(error()) == status


@pytest.mark.parametrize("error", HIDDEN)
def test_what_may_not_be_seen_is_answered_as_what_is_not_there(
    error: type[errors.DomainError],
) -> None:
    with pytest.raises(Http404):
        refusal(RequestFactory().post("/"), error())


@pytest.mark.django_db
def test_a_part_of_a_page_asked_for_by_nobody_leads_the_whole_page_to_signing_in(
    client: Client,
) -> None:
    """The page of signing in would stand inside of the page that was left open."""
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/mine/7/quick/?item=a"}
    answer = client.post("/mine/7/quick/", {"text": "bán 3 tạ tỏi"}, headers=asked)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accounts/login/?next=/mine/7/quick/%3Fitem%3Da"
    assert answer.content == b""
    asked["HX-Current-URL"] = "http://elsewhere.invalid/mine/7/"
    answer = client.get("/mine/7/quick/", headers=asked)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/"
