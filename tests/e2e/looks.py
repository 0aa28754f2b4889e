"""What a person sees at once: whether a page fits its window."""

from __future__ import annotations

from playwright.sync_api import Page


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 if it fits.

    A click returns when the next page's first byte is there: its document may still be missing.
    """
    page.wait_for_load_state()
    found: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found
