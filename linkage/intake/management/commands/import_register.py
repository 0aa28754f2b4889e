"""Brings a register workbook in, or shows what bringing it in would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.catalogue.models import Sector
from linkage.errors import DatabaseNotReady, DomainError
from linkage.intake import paths, services
from linkage.intake.planning.plan import plan
from linkage.intake.reading.mapping import Mapping, read_mapping
from linkage.intake.reading.records import read_records
from linkage.intake.reference import load_reference
from linkage.intake.services.batches import mapping_as_json
from linkage.registry.access import OPERATOR

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


class Command(BaseCommand):
    help = "Show what a register workbook would change; with --apply, change it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--apply", action="store_true", help="write it into the register")
        parser.add_argument("--mapping", type=Path, help="what unknown columns mean (JSON)")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
        parser.add_argument("--from", dest="came_from", default="", help="who sent the file")
        parser.add_argument("--legal-basis", default="", help="on what ground it is held")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._report(options)
        except DatabaseError as error:
            raise CommandError(
                str(DatabaseNotReady(error=_one_line(error))), returncode=2
            ) from error
        except DomainError as error:
            raise CommandError(_one_line(error), returncode=2) from error
        except OSError as error:
            said = paths.meaning(error, options["file"])
            raise CommandError(_one_line(said), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(_in_words(report))

    def _report(self, options: dict[str, Any]) -> dict[str, Any]:
        paths.require_readable(options["file"])
        if options["mapping"]:
            paths.require_readable(options["mapping"])
        mapping = read_mapping(options["mapping"]) if options["mapping"] else Mapping()
        if options["apply"]:
            return _applied(options, mapping)
        if not Sector.objects.exists():
            self.stderr.write(_("The reference data is not loaded: run load_reference first."))
        file = read_records(options["file"], mapping)
        return plan(file, mapping=mapping, overrides={}, on=timezone.localdate()).report


def _applied(options: dict[str, Any], mapping: Mapping) -> dict[str, Any]:
    """Write the workbook into the register; what words are looked up in is loaded if it lacks."""
    path, now = options["file"], timezone.now()
    if not Sector.objects.exists():
        load_reference()
    with path.open("rb") as content:
        batch = services.upload(
            actor=OPERATOR,
            file=content,
            came_from=options["came_from"] or path.name,
            legal_basis=options["legal_basis"],
            mapping=mapping_as_json(mapping),
            now=now,
        )
    return services.apply_at_once(batch_id=batch.pk, now=now)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _in_words(report: dict[str, Any]) -> str:
    """The report's figures and every refusal, for a terminal."""
    kinds = ", ".join(f"{label} {count}" for label, count in report["organisations"].items())
    lines = [
        _("Organisations: %(kinds)s") % {"kinds": kinds},
        _("Linkages accepted: %(count)s") % {"count": report["linkages_accepted"]},
    ]
    for name, words in _CHANGES.items():
        counts = {what: number_format(count) for what, count in report[name].items()}
        lines.append(str(words) % counts)
    for name, words in _LISTS.items():
        lines.append(str(words) % {"count": number_format(len(report[name]))})
    lines += [_refusal(one) for one in report["refused"]]
    lines += [_held(one) for one in report["likely_duplicates"] if one["held"]]
    return "\n".join(lines)


def _refusal(one: dict[str, Any]) -> str:
    at = _("%(sheet)s, row %(row)s") % one
    numbered = at if one["stt"] is None else f"{at} (STT {one['stt']})"
    return f"  {numbered}: {one['message']} [{one['code']}]"


def _held(one: dict[str, Any]) -> str:
    at = _("%(sheet)s, row %(row)s") % one
    like = {"sheet": one["same_as_sheet"], "row": one["same_as_row"]}
    return f"  {at}: " + _("held back until decided; not counted: like %(sheet)s %(row)s") % like
