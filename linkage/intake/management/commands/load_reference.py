"""Brings communes, commodities, units, forms, programmes and targets in from the packaged files."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from linkage.intake.management.ending import refused_in_one_line
from linkage.intake.reference import load_reference


class Command(BaseCommand):
    help = "Loads the reference data; run it again at any time, it changes only what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        with refused_in_one_line():
            files = load_reference()
        for loaded in files:
            self.stdout.write(
                _("%(file)s: created %(created)s, changed %(changed)s, left %(left)s")
                % asdict(loaded)
            )
