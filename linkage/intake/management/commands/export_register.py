"""Writes the register as a workbook in the office's own form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from linkage.intake import paths
from linkage.intake.export import export_register
from linkage.intake.management.ending import refused_in_one_line


class Command(BaseCommand):
    help = "Write the register to a workbook in the office's own form."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with refused_in_one_line():
            paths.require_place(path)
            counts = export_register(path)
        rows = ", ".join(f"{sheet} {count}" for sheet, count in counts.items())
        self.stdout.write(
            _("Written to %(file)s, rows a sheet: %(rows)s.") % {"file": path, "rows": rows}
        )
