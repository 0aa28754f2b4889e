"""Brings a register workbook in, or shows what bringing it in would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.catalogue.models import Sector
from linkage.intake import paths, services
from linkage.intake.management.ending import refused_in_one_line
from linkage.intake.planning.plan import plan
from linkage.intake.reading.mapping import Mapping, read_mapping
from linkage.intake.reading.records import read_records
from linkage.intake.reference import load_reference
from linkage.intake.services.batches import mapping_as_json
from linkage.intake.telling import in_words
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
        with refused_in_one_line():
            report = self._report(options)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(in_words(report))

    def _report(self, options: dict[str, Any]) -> dict[str, Any]:
        paths.require_readable(options["file"])
        if options["mapping"]:
            paths.require_readable(options["mapping"])
        mapping = read_mapping(options["mapping"]) if options["mapping"] else Mapping()
        if not Sector.objects.exists():
            # What words are looked up in: without it a preview would show what no import does.
            load_reference()
            self.stderr.write(_("The reference data was not there and is loaded now."))
        if options["apply"]:
            return _applied(options, mapping)
        file = read_records(options["file"], mapping)
        return plan(file, mapping=mapping, overrides={}, on=timezone.localdate()).report


def _applied(options: dict[str, Any], mapping: Mapping) -> dict[str, Any]:
    """Write the workbook into the register."""
    path, now = options["file"], timezone.now()
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
