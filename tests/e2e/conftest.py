"""A real Chromium against live pages (without one, CI fails; elsewhere it is reported); a town."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.e2e.town import Town
from tests.faults.conftest import database, house, prepared
from tests.faults.house import House

__all__ = ["database", "house"]
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@pytest.fixture(scope="session")
def browser(live_server: LiveServer) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        words = f"no Chromium at {CHROMIUM}: set CHROMIUM; the pages were NOT looked at"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    # Playwright keeps an event loop running in this thread; Django's database calls are ordinary.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()
    # The pages' connections end before the server does, which lends its threads the database.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database that holds the reference data and no organisation."""
    with prepared(tmp_path_factory.mktemp("template"), "migrate", "load_reference") as name:
        yield name


@pytest.fixture
def town(house: House) -> Town:
    """A town of a test's own."""
    return Town(house)
