"""Events of a subject's history in words: what, its values before and after, and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Side
from linkage.jobs.models import Event
from linkage.registry.models import ENDS_OF_ACTIVITY
from linkage.registry.services.behalf import ON_BEHALF
from web.eventnames import Names
from web.presentation import dated, exact_words, whole

WORDS: Mapping[str, str | Promise] = {
    "created": _("Added to the register"),
    "edited": _("Particulars changed"),
    "settled": _("Missing days given"),
    "took_in": _("Another organisation merged into this one"),
    "merged": _("Merged into another organisation"),
    "programme_added": _("Programme added"),
    "programme_changed": _("Programme changed"),
    "target_set": _("Target set"),
    "target_changed": _("Target changed"),
    "new_name_recorded": _("New name recorded"),
    "new_tax_code_recorded": _("New tax code recorded"),
    "move_recorded": _("Move recorded"),
    "split_recorded": _("Split recorded: another organisation came out of it"),
    "split_other": _("Came out of a split"),
    "merger_recorded": _("Merger recorded: it went into another organisation"),
    "merger_other": _("Merger recorded: another organisation went into it"),
    "new_name_withdrawn": _("New name withdrawn"),
    "new_tax_code_withdrawn": _("New tax code withdrawn"),
    "move_withdrawn": _("Move withdrawn"),
    "split_withdrawn": _("Split withdrawn"),
    "split_other_withdrawn": _("The split that it came out of was withdrawn"),
    "merger_withdrawn": _("Merger withdrawn"),
    "merger_other_withdrawn": _("The merger of another organisation into it was withdrawn"),
    "gave_back": _("A merge undone: the other organisation stands on its own again"),
    "unmerged": _("Stands on its own again: the merge was undone"),
    "certificate_added": _("Certificate recorded"),
    "certificate_removed": _("Certificate taken back"),
    "contact_added": _("Contact person added"),
    "contact_removed": _("Contact person erased"),
    "product_added": _("Product added"),
    "product_removed": _("Product removed"),
    "status_set": _("Status changed"),
    "kind_set": _("Kind changed"),
    "sector_set": _("Sector changed"),
    "commune_set": _("Commune changed"),
    "recorded": _("Linkage recorded"),
    "moved": _("State changed"),
    "verified": _("Linkage verified"),
    "verification_withdrawn": _("Verification withdrawn"),
    "code_issued": _("Access code issued"),
    "code_cancelled": _("Access code cancelled"),
    "member_joined": _("Somebody acts for it"),
    "member_left": _("Somebody left"),
    "member_ended": _("Somebody’s right to act for it ended"),
    "member_role_set": _("Somebody’s role changed"),
    "evidence_attached": _("Scan attached"),
    "evidence_read": _("Scan opened by the office"),
    "source_attached": _("Report attached to a value by hand"),
    "source_read": _("Report of a value by hand opened"),
    "termination_corrected": _("Day of termination corrected"),
    "sent_back": _("Sent back by the verifier"),
    "opened": _("Talks opened"),
    "countered": _("Other terms proposed"),
    "contact_shared": _("Contact shared"),
    "confirmed": _("Contract confirmed"),
    "denied": _("Contract said to be wrong"),
    "completed": _("Contract completed"),
    "delivery_entered": _("Delivery entered"),
    "delivery_confirmed": _("Delivery confirmed"),
    "delivery_disputed": _("Delivery disputed"),
    "delivery_withdrawn": _("Delivery taken back"),
    "post_drafted": _("Written as a draft"),
    "post_published": _("Published"),
    "post_edited": _("Changed"),
    "post_copied": _("Started from an earlier post"),
    "post_paused": _("Paused"),
    "post_resumed": _("Published again"),
    "post_confirmed": _("Confirmed: it still holds"),
    "post_withdrawn": _("Withdrawn"),
    "post_expired": _("Over: its last day has passed"),
    "imported": _("Written by an import"),
    "import_changed": _("Changed by an import"),
    "import_undone": _("As before an import, which was undone"),
    "limit_changed": _("Price limit changed (the number is kept nowhere else)"),
    "contacts_read": _("Contact people and telephone numbers read by a field officer"),
    "consent_recorded": _("A field officer recorded that the organisation lets it act for it"),
    "invited_to_post": _("Invited to write offers and needs"),
    "consent_scan_attached": _("A scan of the consent was put beside it"),
    "consent_withdrawn": _("The consent for a field officer was withdrawn"),
    "rang": _("Rung by a field officer"),
    "told_on_phone": _("Told on the telephone what a field officer did for it"),
    "wrote": _("Message written"),
    "limit_dropped": _("Price limit taken off: it was for another product"),
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
    "as_written": _("Product"),
    "contact": _("Contact person"),
    "certification": _("Certificate"),
    "number": _("Number"),
    "issuer": _("Issued by"),
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
    "quantity": _("Quantity in the base unit"),
    "quantity_in_words": _("Quantity"),
    "unit": _("Unit"),
    "terminated_on": _("Terminated on"),
    "verified_on": _("Verified on"),
    "period": _("Period"),
    "merged": _("Organisation merged"),
    "into": _("Merged into"),
    "other_organisation": _("Other organisation"),
    "source": _("Source"),
    "indicator": _("Line"),
    "comparison": _("How"),
    "minimum": _("Lower bound"),
    "maximum": _("Upper bound"),
    "official": _("Official value"),
    "name_vi": _("Name in Vietnamese"),
    "name_en": _("Name in English"),
    "from_date": _("Counts from"),
    "seller": _("Seller"),
    "buyer": _("Buyer"),
    "account": _("Account"),
    "role": _("Role"),
    "way": _("Way"),
    "paper": _("Paper that was seen"),
    "file": _("File number"),
    "sha256": _("Digest of the file (SHA-256)"),
    "side": _("Done by"),
    "commodity": _("Product"),
    "from_day": _("From day"),
    "until_day": _("Until day"),
    "max_km": _("At most so far away (km)"),
    "grade": _("Grade or size"),
    "packing": _("Packing"),
    "handover": _("Handover"),
    "payment_days": _("Payment within (days)"),
    "note": _("More to say"),
    "form_as_written": _("Form of linkage"),
    "batch": _("Number of the import"),
    "verified_mark": _("Mark of verification"),
    "certificates": _("Certificates"),
    "copied_from": _("Earlier post"),
    "consent": _("Number of the consent"),
    "how": _("How it was given"),
    "until": _("Until"),
    "outcome": _("Outcome"),
    "again_on": _("Call again on"),
}
_DATED = ("status_set", "kind_set", "sector_set", "commune_set")
_DAYS = frozenset(
    {"founded_on", "ended_on", "starts", "ends", "terminated_on", "verified_on", "period"}
    | {"from_date", "from_day", "until_day", "on", "until", "again_on"}
)
# What a service counts by; it says nothing to a reader.
_UNTOLD = frozenset({"root", ON_BEHALF})
_LONGEST = 200


@dataclass(frozen=True)
class Happening:
    """One line of a history."""

    at: datetime
    words: str
    who: str
    lines: Sequence[str]
    # The import that did it, where one did.
    batch: int | None = None


def told(events: Iterable[Event]) -> list[Happening]:
    """The events in their order; the names of all that they mention take a query a table."""
    rows = list(events)
    names = Names.of(rows)
    return [
        Happening(
            row.at,
            words_of(row.kind),
            _who(row, names),
            _lines(row, names),
            row.data.get("batch"),
        )
        for row in rows
    ]


def told_to_sides(events: Iterable[Event]) -> list[Happening]:
    """The events as both sides may read them: who did it is a side, and no person's name but that
    of a field officer who did it in the side's stead."""
    rows = list(events)
    names = Names.of(rows)
    return [
        Happening(row.at, words_of(row.kind), _side_of(row, names), _lines(row, names))
        for row in rows
    ]


def _who(event: Event, names: Names) -> str:
    person = names.person(event.actor_id)
    return by_officer(person) if ON_BEHALF in event.data else person


def by_officer(name: str) -> str:
    """Who it was, for what a field officer entered in an organisation's stead."""
    return gettext("entered by field officer %(name)s in its stead") % {"name": name}


def _side_of(event: Event, names: Names) -> str:
    side = event.data.get("side", Side.OFFICE)
    words = str(Side(side).label) if side in Side.values else ""
    # An officer's name stands on each act, for both sides.
    return f"{words}, {_who(event, names)}" if ON_BEHALF in event.data else words


def words_of(kind: str) -> str:
    """A kind of event in the reader's language; an unknown one as it stands."""
    return str(WORDS.get(kind, kind.replace("_", " ")))


def without_words(kind: str, data: Mapping[str, Any]) -> list[str]:
    """What a reader of such an event would see as its key: its kind, or fields of it."""
    if _is_dated(kind, data):
        return []
    wordless = [field for field in (*_after(data), *_rest(data)) if field not in FIELDS]
    return wordless if kind in WORDS else [kind, *wordless]


def _is_dated(kind: str, data: Mapping[str, Any]) -> bool:
    return kind in _DATED and isinstance(data.get("after"), list)


def _lines(event: Event, names: Names) -> list[str]:
    if _is_dated(event.kind, event.data):
        return _dated_lines(event.kind.removesuffix("_set"), event.data, names)
    return _plain_lines(event.data, names)


# --- A dated fact: its whole time line, before and after --------------------------------------
def _dated_lines(field: str, data: Mapping[str, Any], names: Names) -> list[str]:
    if data.get("since"):
        when = gettext("From %(day)s on.") % {"day": _day(data["since"])}
    elif data.get("correction"):
        when = gettext("A correction from the start: it replaced all that was recorded before.")
    else:
        when = gettext("The day is not known: until it is given, in no denominator on any date.")
    return [
        gettext("Before: %(facts)s") % {"facts": _time_line(field, data.get("before"), names)},
        gettext("After: %(facts)s") % {"facts": _time_line(field, data["after"], names)},
        when,
    ]


def _time_line(field: str, facts: Any, names: Names) -> str:
    if not facts:
        return gettext("nothing recorded")
    return "; ".join(_fact(field, since, value, names) for since, value in facts)


def _fact(field: str, since: str | None, value: Any, names: Names) -> str:
    what = gettext("not known") if value is None else _shown(field, value, names)
    ends = field == "status" and value in ENDS_OF_ACTIVITY
    return dated(what, date.fromisoformat(since) if since else None, day_unknown=ends)


# --- Anything else: each field before and after, then the rest --------------------------------
def _plain_lines(data: Mapping[str, Any], names: Names) -> list[str]:
    before = data.get("before")
    old = before if isinstance(before, Mapping) else {}
    lines = (
        _changed(field, old.get(field), value, names)
        for field, value in _after(data).items()
        if _says(value) or _says(old.get(field))
    )
    rest = (f"{_field(key)}: {_shown(key, value, names)}" for key, value in _rest(data).items())
    return [*lines, *rest]


def _after(data: Mapping[str, Any]) -> Mapping[str, Any]:
    after = data.get("after")
    return after if isinstance(after, Mapping) else {}


def _rest(data: Mapping[str, Any]) -> dict[str, str | int]:
    return {
        key: value
        for key, value in data.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and _says(value)
        if key not in _UNTOLD
    }


def _says(value: Any) -> bool:
    return value not in (None, "", [])


def _changed(field: str, before: Any, after: Any, names: Names) -> str:
    new, name = _shown(field, after, names), _field(field)
    if field == "quantity" and isinstance(after, str):
        # A post's is in its own unit; a contract's is counted in the base unit.
        name = _field("quantity_in_words")
    if not _says(before):
        return f"{name}: {new}"
    return f"{name}: {_shown(field, before, names)} → {new}"


def _shown(field: str, value: Any, names: Names) -> str:
    if not _says(value):
        return "—"
    if isinstance(value, list):
        return " – ".join(_shown(field, one, names) for one in value)
    named = names.value(field, value)
    if named is not None:
        return named
    if isinstance(value, int):
        return whole(value)
    if field == "quantity":
        return exact_words(value)
    return _day(value) if field in _DAYS else str(value)[:_LONGEST]


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")


def _field(name: str) -> str:
    return str(FIELDS.get(name, name.replace("_", " ")))
