"""Brings a register workbook in, or shows what bringing it in would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.catalogue.models import Sector
from linkage.errors import DatabaseNotReady, DomainError
from linkage.intake import services
from linkage.intake.planning.plan import plan
from linkage.intake.reading.mapping import Mapping, read_mapping
from linkage.intake.reading.records import read_records
from linkage.intake.reference import load_reference
from linkage.intake.services.batches import mapping_as_json
from linkage.registry.access import OPERATOR


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
        except (DomainError, OSError) as error:
            raise CommandError(_one_line(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(_in_words(report))

    def _report(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": path}, returncode=2)
        mapping = read_mapping(options["mapping"]) if options["mapping"] else Mapping()
        now = timezone.now()
        if options["apply"] and not Sector.objects.exists():
            load_reference()
        if not options["apply"]:
            if not Sector.objects.exists():
                self.stderr.write(_("The reference data is not loaded: run load_reference first."))
            today = timezone.localdate(now)
            file = read_records(path, mapping)
            return plan(file, mapping=mapping, overrides={}, on=today).report
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
    for name in ("created", "updated", "unchanged"):
        lines.append(f"{name}: {report[name]['organisations']} + {report[name]['linkages']}")
    for name in ("duplicates", "likely_duplicates", "corrections", "warnings", "refused"):
        lines.append(f"{name}: {len(report[name])}")
    for one in report["refused"]:
        lines.append(
            f"  {one['sheet']} {one['row']} (STT {one['stt']}) {one['code']}: {one['message']}"
        )
    for one in report["likely_duplicates"]:
        if one["held"]:
            words = _("held back until decided; not counted: like %(sheet)s %(row)s") % {
                "sheet": one["same_as_sheet"],
                "row": one["same_as_row"],
            }
            lines.append(f"  {one['sheet']} {one['row']} (STT {one['stt']}) {words}")
    return "\n".join(lines)
