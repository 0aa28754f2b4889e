"""`manage.py audit_verify`: the chain of events computed again, the first bad row named."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from linkage.ending import refused_in_one_line
from linkage.jobs import chain, heads
from linkage.jobs.chain import Head

_HEAD = re.compile(r"(?:(\d{1,18}):)?([0-9a-f]{64})")


class Command(BaseCommand):
    help = "Verify the chain of events, also against the heads that were kept."
    # It reads tables only: pages and templates need not be whole for it.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            type=_head,
            metavar="[SEQ:]HASH",
            help="an earlier head that the chain must still have; may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with refused_in_one_line():
            found = chain.verify(heads=[*heads.kept(), *options["head"]])
        if options["json"]:
            self.stdout.write(json.dumps(found.document()))
        elif found.bad is None:
            self.stdout.write(
                f"{found.seen} events, whole; head {found.head.seq}:{found.head.hash}"
            )
        else:
            self.stdout.write(f"BROKEN after {found.seen} events: {heads.named(found.bad)}")
        if not found.ok:
            sys.exit(1)


def _head(text: str) -> Head:
    found = _HEAD.fullmatch(text.lower())
    if found is None:
        raise ArgumentTypeError("a head is 64 hexadecimal digits, or NUMBER: before them")
    return Head(int(found[1]) if found[1] else None, found[2])
