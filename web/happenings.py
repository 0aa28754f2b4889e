"""Events of a subject's history in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, str | Promise] = {
    "created": _("Added to the register"),
    "edited": _("Particulars changed"),
    "settled": _("Missing days given"),
    "took_in": _("Another organisation merged into this one"),
    "merged": _("Merged into another organisation"),
    "certificate_added": _("Certificate recorded"),
    "status_set": _("Status changed"),
    "kind_set": _("Kind changed"),
    "sector_set": _("Sector changed"),
    "commune_set": _("Commune changed"),
    "recorded": _("Linkage recorded"),
    "moved": _("State changed"),
    "verified": _("Linkage verified"),
    "verification_withdrawn": _("Verification withdrawn"),
    "post_drafted": _("Written as a draft"),
    "post_published": _("Published"),
    "post_edited": _("Changed"),
    "post_copied": _("Started from an earlier post"),
    "post_paused": _("Paused"),
    "post_resumed": _("Published again"),
    "post_confirmed": _("Confirmed: it still holds"),
    "post_withdrawn": _("Withdrawn"),
    "post_expired": _("Over: its last day has passed"),
    "limit_changed": _("Price limit changed (the number is kept nowhere else)"),
}
FIELDS: Mapping[str, str | Promise] = {
    "name": _("Name"),
    "tax_code": _("Tax code"),
    "founded_on": _("Founded on"),
    "ended_on": _("Activity ended on"),
    "members": _("Members"),
    "role_in_chain": _("Role in the chain"),
    "representative": _("Representative"),
    "phone": _("Telephone"),
    "product": _("Main product"),
    "kind": _("Kind"),
    "sector": _("Sector"),
    "commune": _("Commune"),
    "status": _("Status"),
    "since": _("Since"),
    "reason": _("Reason"),
    "on": _("Day"),
    "from": _("From"),
    "to": _("To"),
    "contract_number": _("Contract number"),
    "starts": _("In force from"),
    "ends": _("In force until"),
    "form": _("Form of linkage"),
    "quantity": _("Quantity"),
    "terminated_on": _("Terminated on"),
    "verified_on": _("Verified on"),
    "commodity": _("Product"),
    "from_day": _("From day"),
    "until_day": _("Until day"),
    "unit": _("Unit"),
    "period": _("In all or each"),
    "max_km": _("At most so far away (km)"),
    "grade": _("Grade or size"),
    "packing": _("Packing"),
    "handover": _("Handover"),
    "payment_days": _("Payment within (days)"),
    "note": _("More to say"),
    "certificates": _("Certificates"),
    "copied_from": _("Earlier post"),
}
_LONGEST = 200


def words_of(kind: str) -> str:
    """A kind of event in the reader's language; an unknown one as it stands."""
    return str(WORDS.get(kind, kind.replace("_", " ")))


def lines_of(data: Mapping[str, Any]) -> list[str]:
    """What the event says of itself: each field's value before and after, then the rest."""
    before, after = data.get("before"), data.get("after")
    lines = []
    if isinstance(after, Mapping):
        old = before if isinstance(before, Mapping) else {}
        lines = [_changed(field, old.get(field), value) for field, value in after.items()]
    rest = (
        f"{_field(key)}: {str(value)[:_LONGEST]}"
        for key, value in data.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    )
    return [*lines, *rest]


def _changed(field: str, before: Any, after: Any) -> str:
    new = _shown(after)
    return f"{_field(field)}: {_shown(before)} → {new}" if before else f"{_field(field)}: {new}"


def _shown(value: Any) -> str:
    return "—" if value in (None, "") else str(value)[:_LONGEST]


def _field(name: str) -> str:
    return str(FIELDS.get(name, name.replace("_", " ")))
