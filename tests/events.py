"""Every event that any test has a service write is looked at: has it words for its readers?"""

from __future__ import annotations

from typing import Any

from linkage.jobs.models import Event
from web.happenings import without_words

# Whose histories are read on pages.
SHOWN = frozenset({"organisation", "linkage", "offer", "need"})


def must_have_words(sender: type[Any], instance: Any, **_: object) -> None:
    """Raises: AssertionError, for an event whose reader would see a key instead of words."""
    if sender is not Event or instance.pk is not None or instance.subject_kind not in SHOWN:
        return
    wordless = without_words(instance.kind, instance.data)
    assert not wordless, f"web.happenings has no words for {wordless} of {instance.kind}"
