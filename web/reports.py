"""An import's report (the JSON of the batch) grouped and worded for the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linkage.intake.headers import FIELDS, TableKind

# Rows of one group that a page shows; the count beside it is of all.
SHOWN = 200

KINDS_OF_ROW: Mapping[str, str | Promise] = {
    "linkage": _("linkage"),
    "organisation": _("organisation"),
}

WORDS: Mapping[str, str | Promise] = {
    # Why a row is refused.
    "missing_field": _("A required value is missing"),
    "no_such_date": _("A day that does not exist or cannot be read"),
    "tax_code_invalid": _("The tax code is not valid"),
    "ends_before_starts": _("The end is before the start"),
    "self_link": _("Both sides are one organisation"),
    "party_unknown": _("A side is not in the register"),
    "party_ambiguous": _("It cannot be told which organisation a side is"),
    "unknown_kind": _("The kind of organisation is not known"),
    # Rules of correction.
    "leading_zero": _("A leading zero that Excel ate is put back"),
    "unicode_nfc": _("Letters and their marks joined"),
    "nfc": _("Letters and their marks joined"),
    "spaces": _("Spaces put right"),
    "whitespace": _("Spaces put right"),
    "kind_word": _("Another spelling of a kind"),
    "excel_date": _("A bare day number read as a date"),
    "date_number": _("A bare day number read as a date"),
    "date_text": _("A date written as text"),
    "number_text": _("A number written as text"),
    "phone": _("A telephone number put into one form"),
    "tax_code_text": _("A tax code put into one form"),
    # Why two rows look alike.
    "tax_code": _("the same tax code"),
    "name": _("the same name"),
    "similar_name": _("similar names"),
}


MEANINGS: Mapping[str, str | Promise] = {
    "stt": _("Number in the list"),
    "name": _("Name"),
    "kind": _("Kind"),
    "sector": _("Sector"),
    "tax_code": _("Tax code"),
    "commune": _("Commune"),
    "founded_on": _("Founded on"),
    "status": _("Status"),
    "status_on": _("Day of the status"),
    "representative": _("Representative"),
    "phone": _("Telephone"),
    "members": _("Members"),
    "product": _("Product"),
    "role": _("Role in the chain"),
}


def meanings() -> list[tuple[str, str]]:
    """What a column can mean: every field of the register's tables, once."""
    fields = dict.fromkeys(field for kind in TableKind for field in FIELDS[kind])
    return [(field, str(MEANINGS.get(field, field.replace("_", " ")))) for field in fields]


def words_of(code: str) -> str:
    """A code of the report in the reader's language; an unknown one as it stands."""
    return str(WORDS.get(code, code.replace("_", " ")))


@dataclass(frozen=True)
class Group:
    """Entries of the report with one code."""

    code: str
    words: str
    count: int
    entries: Sequence[Mapping[str, Any]]

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.entries)


@dataclass(frozen=True)
class Tally:
    """One line of the preview's counts."""

    label: str
    count: int


@dataclass(frozen=True)
class ReportView:
    """The report as the page shows it."""

    tallies: Sequence[Tally]
    effects: Sequence[Mapping[str, Any]]
    refused: Sequence[Group]
    corrections: Sequence[Group]
    warnings: Sequence[Group]
    duplicates: Group
    likely_duplicates: Group
    unmapped_columns: Sequence[Mapping[str, Any]]
    not_in_file: Group
    conflicts: Group


def view_of(report: Mapping[str, Any]) -> ReportView:
    """Group a report; keys it lacks read as empty."""
    return ReportView(
        tallies=_tallies(report),
        effects=_effects(report),
        refused=_groups(report, "refused", "code"),
        corrections=_groups(report, "corrections", "rule"),
        warnings=_groups(report, "warnings", "code"),
        duplicates=_whole(report, "duplicates"),
        likely_duplicates=_whole(report, "likely_duplicates"),
        unmapped_columns=report.get("unmapped_columns", []),
        not_in_file=_flat(report, "not_in_file"),
        conflicts=_whole(report, "conflicts"),
    )


def _tallies(report: Mapping[str, Any]) -> list[Tally]:
    organisations: Mapping[str, int] = report.get("organisations", {})
    found = [Tally(kind, count) for kind, count in organisations.items()]
    if "linkages_accepted" in report:
        found.append(Tally(str(_("Linkages accepted")), report["linkages_accepted"]))
        found.append(Tally(str(_("Rows refused")), len(report.get("refused", []))))
    return found


def _effects(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = (
        ("created", _("Created")),
        ("updated", _("Updated")),
        ("unchanged", _("Unchanged")),
    )
    return [
        {
            "label": str(label),
            "organisations": report[key].get("organisations", 0),
            "linkages": report[key].get("linkages", 0),
        }
        for key, label in names
        if key in report
    ]


def _groups(report: Mapping[str, Any], key: str, by: str) -> list[Group]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entry in report.get(key, []):
        found.setdefault(str(entry.get(by, "")), []).append(entry)
    return [_group(code, entries) for code, entries in sorted(found.items())]


def _group(code: str, entries: Sequence[Mapping[str, Any]]) -> Group:
    return Group(code, words_of(code), len(entries), [_worded(entry) for entry in entries[:SHOWN]])


def _worded(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers become text (a cell's value is shown as the file has it), codes become words."""
    shown: dict[str, Any] = {key: _as_text(value) for key, value in entry.items()}
    if "why" in entry:
        shown["why"] = words_of(str(entry["why"]))
    shown["creates"] = str(entry.get("value", "")) if entry.get("code") == "party_unknown" else ""
    if "kind" in entry:
        shown["kind_words"] = KINDS_OF_ROW.get(str(entry["kind"]), entry["kind"])
    return shown


def _as_text(value: Any) -> Any:
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) else value


def _whole(report: Mapping[str, Any], key: str) -> Group:
    return _group(key, report.get(key, []))


def _flat(report: Mapping[str, Any], key: str) -> Group:
    """`not_in_file` may come as one list or as lists by kind."""
    value = report.get(key, [])
    entries: Iterable[Any] = value
    if isinstance(value, Mapping):
        entries = [entry for part in value.values() if isinstance(part, list) for entry in part]
    rows = [entry if isinstance(entry, Mapping) else {"name": str(entry)} for entry in entries]
    return _group(key, rows)
