"""Checks the values that people type before they are stored. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _

from linkage import errors
from linkage.errors import Invalid
from linkage.text import clean

# One of the refusals of these checks; the catalogue, which lies below, raises it too.
ValueUnknown = errors.ValueUnknown
LONGEST_REASON = 500
EARLIEST, LATEST = date(1945, 1, 1), date(2100, 12, 31)


class TextInvalid(Invalid):
    """A text that is missing, too long, or holds characters that cannot be stored."""

    code = "text_invalid"
    words = _("The text is missing, longer than %(limit)s characters or holds unusable characters.")


class DayOutOfRange(Invalid):
    """A day that cannot be meant."""

    code = "date_out_of_range"
    words = _("The date lies outside the years %(first)s to %(last)s.")


def text(value: str, *, field: str, limit: int, required: bool = False) -> str:
    """Return the text as it is stored: NFC, single spaces. Raises: TextInvalid, naming `field`.

    >>> text("  HTX  An ", field="name", limit=10)
    'HTX An'
    """
    stored = clean(value)
    unusable = any(unicodedata.category(char) in ("Cc", "Cs") for char in stored)
    if unusable or len(stored) > limit or (required and not stored):
        raise TextInvalid(limit=limit, field=field)
    return stored


def day(value: date, *, field: str) -> date:
    """Return the day if it can be meant. Raises: DayOutOfRange, naming `field`."""
    if not EARLIEST <= value <= LATEST:
        raise DayOutOfRange(first=EARLIEST.year, last=LATEST.year, field=field)
    return value
