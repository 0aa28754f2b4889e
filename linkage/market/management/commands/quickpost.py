"""`manage.py quickpost`: one post a line on stdin, what was understood of it a line on stdout."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from linkage.market.quickpost import of_reading, read
from linkage.registry import values


class Command(BaseCommand):
    help = "Read quick posts: one a line on stdin, what was understood a line on stdout, in order."
    # It reads no table and no page.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--today", metavar="D", type=_today, help="by default today in Hai Phong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        for line in _lines():
            found = of_reading(read(line, today=today))
            words = json.dumps(found, ensure_ascii=False) if options["json"] else _in_words(found)
            self.stdout.write(words)


def _today(text: str) -> date:
    day = date.fromisoformat(text)
    # The lunar calendar ends too, and "next Tết" can be in the year after.
    first, last = values.EARLIEST.year, values.LATEST.year - 1
    if not first <= day.year <= last:
        raise ArgumentTypeError(f"not within the years {first} to {last}: {text}")
    return day


def _lines() -> Iterator[str]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise CommandError(f"line {number} is not UTF-8", returncode=2) from error


def _in_words(found: dict[str, Any]) -> str:
    """What is known, without what is not."""
    known = {key: value for key, value in found.items() if value not in (None, [])}
    return "; ".join(f"{key}: {value}" for key, value in known.items())
