"""An import's report (the JSON of the batch) grouped and worded for the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.intake.models import PairDecision
from linkage.intake.planning.corrections import DAY_RULES
from linkage.registry.phones import national
from web.presentation import exact_words
from web.reportwords import KINDS_OF_ROW, field_words, proof_words, words_of

# Rows of one group that a page shows; the count beside it is of all.
SHOWN = 200


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
    decided: Group
    skipped: Sequence[Group]
    ignored_sheets: Sequence[str]
    unmapped_columns: Sequence[Mapping[str, Any]]
    not_in_file: Group
    conflicts: Group
    changes: Group

    @property
    def has_certificates(self) -> bool:
        return any(effect["certificates"] for effect in self.effects)


def view_of(
    report: Mapping[str, Any], decisions: Mapping[frozenset[str], PairDecision] | None = None
) -> ReportView:
    """Group a report; keys it lacks read as empty. `decisions` are those on its pairs by now."""
    asked, decided = _pairs(report, decisions or {})
    return ReportView(
        tallies=_tallies(report),
        effects=_effects(report),
        refused=_groups(report, "refused", "code"),
        corrections=_groups(report, "corrections", "rule"),
        warnings=_groups(report, "warnings", "code"),
        duplicates=_whole(report, "duplicates"),
        likely_duplicates=asked,
        decided=decided,
        skipped=_groups(report, "skipped", "why"),
        ignored_sheets=report.get("ignored_sheets", []),
        unmapped_columns=report.get("unmapped_columns", []),
        not_in_file=_flat(report, "not_in_file"),
        conflicts=_whole(report, "conflicts"),
        changes=_whole(report, "changes"),
    )


def _tallies(report: Mapping[str, Any]) -> list[Tally]:
    organisations: Mapping[str, int] = report.get("organisations", {})
    found = [Tally(kind, count) for kind, count in organisations.items()]
    if "linkages_accepted" in report:
        found.append(Tally(_("Linkages accepted"), report["linkages_accepted"]))
        certificates = report.get("certificates", {}).get("accepted", 0)
        if certificates:
            found.append(Tally(_("Certificates accepted"), certificates))
        found.append(Tally(_("Rows refused"), len(report.get("refused", []))))
        held = {
            (one["sheet"], one["row"])
            for one in report.get("likely_duplicates", [])
            if one["held"] and not _needs_number(one)
        }
        found.append(Tally(_("Rows held back"), len(held)))
        second = sum(map(_needs_number, report.get("likely_duplicates", [])))
        found += [Tally(_("Contracts that need a number of their own"), second)] if second else []
        found.append(Tally(_("Rows left out as no data"), len(report.get("skipped", []))))
    return found


def _effects(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = (
        ("created", _("Created")),
        ("updated", _("Updated")),
        ("unchanged", _("Unchanged")),
    )
    return [
        {
            "label": label,
            "organisations": report[key].get("organisations", 0),
            "linkages": report[key].get("linkages", 0),
            "certificates": report.get("certificates", {}).get(key, 0),
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
    """Numbers become text (a cell's value is shown as the file has it), codes and days words."""
    shown: dict[str, Any] = {key: _as_text(value) for key, value in entry.items()}
    for key in _days_of(entry):
        shown[key] = _as_day(shown[key])
    if entry.get("rule") in ("decimal_comma", "decimal_point"):
        # The report holds it as computers write it.
        shown["after"] = exact_words(shown["after"])
    if entry.get("name_of_field") == "phone":
        shown |= {key: national(shown[key]) for key in ("before", "after")}
    if entry.get("field"):
        shown["field"] = field_words(str(entry["field"]))
    if entry.get("proof"):
        shown["proof"] = proof_words(str(entry["proof"]))
    if "held" in entry:
        shown["standing"] = _standing(entry)
        shown["needs_number"] = _needs_number(entry)
    if "why" in entry:
        shown["why"] = words_of(str(entry["why"]))
    shown["creates"] = str(entry.get("value", "")) if entry.get("code") == "party_unknown" else ""
    if "kind" in entry:
        shown["kind_words"] = KINDS_OF_ROW.get(str(entry["kind"]), entry["kind"])
    return shown


def _standing(entry: Mapping[str, Any]) -> str:
    """What the report did with the second of two that look alike, whatever was said since."""
    decision, held = entry.get("decision"), entry["held"]
    if _needs_number(entry):
        return _("Held back: a second contract needs a number of its own. Not counted, not written")
    if decision == PairDecision.Verdict.SAME:
        return _("Taken as one")
    if decision == PairDecision.Verdict.DIFFERENT and not held:
        return _("Taken as two")
    return _waiting(held=held, is_decided=bool(entry.get("is_newer")))


def _needs_number(entry: Mapping[str, Any]) -> bool:
    """Whether a person said that the row is a second contract, and its number is the first's."""
    said = entry.get("decision") == PairDecision.Verdict.DIFFERENT
    return bool(entry["held"]) and said and entry.get("why") == "contract"


def _waiting(*, held: bool, is_decided: bool) -> str:
    """What the report did with a pair of which it knew no word; by now there may be one."""
    if is_decided and held:
        return _("Held back in this report: not counted and not written")
    if is_decided:
        return _("Counted and taken as two in this report")
    if held:
        return _("Held back: not counted and not written until you decide")
    return _("Counted and taken as two until you decide")


def _days_of(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the entry holds days, as ISO text; `before` stays as the file has it."""
    if entry.get("is_day"):
        return tuple(key for key in ("ours", "file", "before", "after") if key in entry)
    return ("after",) if entry.get("rule") in DAY_RULES else ()


def _as_day(text: str) -> str:
    """A day as people here write it; empty or hidden as it stands."""
    try:
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:
        return text


def _as_text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return value  # "False" would be true to a template.
    return str(value) if isinstance(value, int | float) else value


def _pairs(
    report: Mapping[str, Any], decisions: Mapping[frozenset[str], PairDecision]
) -> tuple[Group, Group]:
    """Pairs that wait for a word, and those that a person decided, with who did.

    `decision` is the word that the report went by, `said` the one that holds now.
    """
    asked: list[Mapping[str, Any]] = []
    decided: list[Mapping[str, Any]] = []
    for entry in report.get("likely_duplicates", []):
        said = decisions.get(frozenset((entry["first_key"], entry["second_key"])))
        if said is None:
            asked.append(entry)
        else:
            by = {"said": said.verdict, "by": said.decided_by, "at": said.decided_at}
            decided.append({**entry, **by, "is_newer": said.verdict != entry.get("decision")})
    return _group("likely_duplicates", asked), _group("decided", decided)


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
