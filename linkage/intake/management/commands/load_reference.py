"""Brings communes, commodities, units, forms, programmes and targets in from the packaged files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from linkage.intake.reference import load_reference


class Command(BaseCommand):
    help = "Loads the reference data; run it again at any time, it changes only what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        for loaded in load_reference():
            self.stdout.write(
                f"{loaded.file}: created {loaded.created}, changed {loaded.changed}, "
                f"left {loaded.left}"
            )
