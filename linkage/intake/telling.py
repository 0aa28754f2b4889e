"""An import's report in words, for a terminal."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.intake.questions import asks_how_a_column_is_read
from linkage.intake.sentences import SKIPPED

# What happened to the database, and what is listed, by the report's key.
_CHANGES: dict[str, str | Promise] = {
    "created": gettext_lazy("New: %(organisations)s organisations, %(linkages)s linkages"),
    "updated": gettext_lazy("Changed: %(organisations)s organisations, %(linkages)s linkages"),
    "unchanged": gettext_lazy(
        "As they were: %(organisations)s organisations, %(linkages)s linkages"
    ),
}
_LISTS: dict[str, str | Promise] = {
    "duplicates": gettext_lazy("Duplicates merged: %(count)s"),
    "likely_duplicates": gettext_lazy("Likely duplicates to be decided: %(count)s"),
    "corrections": gettext_lazy("Values corrected with proof: %(count)s"),
    "warnings": gettext_lazy("Warnings: %(count)s"),
    "refused": gettext_lazy("Rows refused: %(count)s"),
}


def in_words(report: dict[str, Any]) -> str:
    """The report's figures, every refusal, and all that was left out or read without being sure."""
    kinds = ", ".join(f"{label} {count}" for label, count in report["organisations"].items())
    lines = [
        _("Organisations: %(kinds)s") % {"kinds": kinds},
        _("Linkages accepted: %(count)s") % {"count": report["linkages_accepted"]},
    ]
    if report["certificates"]["accepted"]:
        counts = {what: number_format(count) for what, count in report["certificates"].items()}
        lines.append(
            _(
                "Certificates accepted: %(accepted)s (new %(created)s, changed %(updated)s,"
                " as they were %(unchanged)s)"
            )
            % counts
        )
    for name, words in _CHANGES.items():
        counts = {what: number_format(count) for what, count in report[name].items()}
        lines.append(str(words) % counts)
    for name, words in _LISTS.items():
        lines.append(str(words) % {"count": number_format(len(report[name]))})
    lines += [_refusal(one) for one in report["refused"]]
    lines += [_held(one) for one in report["likely_duplicates"] if one["held"]]
    lines += _left_out(report)
    lines += _questions(report)
    return "\n".join(lines)


def _at(one: dict[str, Any]) -> str:
    at = _("%(sheet)s, row %(row)s") % one
    return at if one["stt"] is None else f"{at} (STT {one['stt']})"


def _refusal(one: dict[str, Any]) -> str:
    return f"  {_at(one)}: {one['message']} [{one['code']}]"


def _held(one: dict[str, Any]) -> str:
    like = {"sheet": one["same_as_sheet"], "row": one["same_as_row"]}
    if one.get("same_as_id"):
        words = _("held back until decided; not counted: like “%(name)s” of the register")
        return f"  {_at(one)}: " + words % {"name": one["same_as_name"]}
    return (
        f"  {_at(one)}: "
        + _("held back until decided; not counted: like %(sheet)s, row %(row)s") % like
    )


def _left_out(report: dict[str, Any]) -> list[str]:
    """Sheets, columns and rows of the file that nothing was taken from."""
    lines = [
        _("Sheet left out, no known table: %(sheet)s") % {"sheet": sheet}
        for sheet in report["ignored_sheets"]
    ]
    lines += [
        _("Column left out: %(sheet)s, %(header)s") % one for one in report["unmapped_columns"]
    ]
    for one in report["skipped"]:
        at, why = _("%(sheet)s, row %(row)s") % one, SKIPPED.get(one["why"], one["why"])
        lines.append(_("Row left out: %(at)s") % {"at": f"{at}: {why}: {one['text']}"})
    return lines


def _questions(report: dict[str, Any]) -> list[str]:
    """Columns that are asked about, and how to answer."""
    asked = [one for one in report["warnings"] if asks_how_a_column_is_read(one)]
    if not asked:
        return []
    told = _("Columns about which something must be said; say it with --mapping:")
    return [told, *(f"  {one['sheet']}, {one['field']}: {one['message']}" for one in asked)]
