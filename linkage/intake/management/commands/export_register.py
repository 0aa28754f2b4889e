"""Writes the register as a workbook in the office's own form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from linkage.errors import DatabaseNotReady, DomainError
from linkage.intake import paths
from linkage.intake.export import export_register


class Command(BaseCommand):
    help = "Write the register to a workbook in the office's own form."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            paths.require_place(path)
            counts = export_register(path)
        except DatabaseError as error:
            words = " ".join(str(error).split())
            raise CommandError(str(DatabaseNotReady(error=words)), returncode=2) from error
        except DomainError as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        except OSError as error:
            raise CommandError(str(paths.meaning(error, path)), returncode=2) from error
        rows = ", ".join(f"{sheet} {count}" for sheet, count in counts.items())
        self.stdout.write(
            _("Written to %(file)s, rows a sheet: %(rows)s.") % {"file": path, "rows": rows}
        )
