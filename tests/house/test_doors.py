"""What stands in front of all doors: whose address it is, which pages are shut, where errors go."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client, RequestFactory

from config.callers import address_of

PROXY, CALLER, LIE = "172.18.0.1", "203.0.113.7", "198.51.100.1"


def asked(forwarded: str) -> Any:
    return RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forwarded)


def test_behind_the_proxy_the_caller_is_the_one_it_appended(settings: Any) -> None:
    settings.BEHIND_HTTPS_PROXY = True
    assert address_of(asked(CALLER)) == CALLER
    assert address_of(asked(f"{LIE}, {CALLER}")) == CALLER


def test_without_a_proxy_nobody_names_an_address_of_his_choice(settings: Any) -> None:
    settings.BEHIND_HTTPS_PROXY = False
    assert address_of(asked(LIE)) == PROXY


@pytest.mark.parametrize("forwarded", ["", "unknown", f"{CALLER}, nobody"])
def test_what_is_no_address_is_not_taken_for_one(forwarded: str, settings: Any) -> None:
    settings.BEHIND_HTTPS_PROXY = True
    assert address_of(asked(forwarded)) == PROXY


@pytest.mark.parametrize("page", ["email/", "confirm-email/", "confirm-email/abc/"])
def test_pages_of_allauth_that_change_addresses_are_shut(page: str, client: Client) -> None:
    assert client.get(f"/accounts/{page}").status_code == 404


@pytest.mark.parametrize("name", ["django.request", "django.security", "axes", "linkage.jobs"])
def test_an_error_is_written_to_standard_error_with_debug_off(name: str) -> None:
    logger: logging.Logger | None = logging.getLogger(name)
    found: list[logging.Handler] = []
    while logger is not None:
        found += logger.handlers
        logger = logger.parent if logger.propagate else None
    assert any(type(handler) is logging.StreamHandler and not handler.filters for handler in found)
    assert not any("Admin" in type(handler).__name__ for handler in found)
