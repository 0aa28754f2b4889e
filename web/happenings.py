"""Events of a subject's history in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, str | Promise] = {
    "organisation_created": _("Added to the register"),
    "organisation_edited": _("Particulars changed"),
    "status_set": _("Status changed"),
    "kind_set": _("Kind changed"),
    "sector_set": _("Sector changed"),
    "commune_set": _("Commune changed"),
    "linkage_recorded": _("Linkage recorded"),
    "linkage_edited": _("Linkage changed"),
    "linkage_terminated": _("Linkage terminated"),
    "linkage_verified": _("Linkage verified"),
    "verification_withdrawn": _("Verification withdrawn"),
}
_LONGEST = 200


def words_of(kind: str) -> str:
    """A kind of event in the reader's language; an unknown one as it stands."""
    return str(WORDS.get(kind, kind.replace("_", " ")))


def lines_of(data: Mapping[str, Any]) -> list[str]:
    """What the event says of itself, a line each; nested values are left to the API."""
    return [
        f"{key.replace('_', ' ')}: {str(value)[:_LONGEST]}"
        for key, value in data.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    ]
