"""A real Chromium against the live pages. Without one, CI fails; elsewhere it is reported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
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
