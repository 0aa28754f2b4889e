"""`manage.py coverage`: the figure, the bridge between two days, a snapshot recomputed."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from linkage.coverage import asked, document, queries, sentences, snapshots
from linkage.coverage.asked import Asked
from linkage.errors import DatabaseNotReady, DomainError

WRONG_USAGE = 2


class Command(BaseCommand):
    help = "The share of cooperatives linked in value chains, on any day."
    # It reads tables only: pages and templates need not be whole for it.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="D")
        parser.add_argument("--from", metavar="D1", dest="from_day")
        parser.add_argument("--to", metavar="D2", dest="to_day")
        parser.add_argument("--recompute", metavar="SNAPSHOT_ID")
        parser.add_argument("--evidence", metavar="verified|confirmed|declared")
        parser.add_argument("--territory", metavar="T")
        parser.add_argument("--known-at", metavar="T")
        parser.add_argument("--members", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found, words, ok = _answer(asked.read(options), members=options["members"])
        except DatabaseError as error:
            said = DatabaseNotReady(error=" ".join(str(error).split()))
            raise CommandError(str(said), returncode=WRONG_USAGE) from error
        except DomainError as error:
            raise CommandError(str(error), returncode=WRONG_USAGE) from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(words))
        if not ok:
            sys.exit(1)


def _answer(question: Asked, *, members: bool) -> tuple[dict[str, Any], list[str], bool]:
    """The document, the sentences, and whether what was checked holds."""
    if question.snapshot_id is not None:
        checked = snapshots.recompute(snapshot_id=question.snapshot_id)
        return document.of_recomputation(checked), sentences.of_recomputation(checked), checked.ok
    if question.from_day is not None:
        change = queries.change(
            from_day=question.from_day,
            to_day=question.day,
            evidence=question.evidence,
            territory=question.territory,
            known_at=question.known_at,
            today=timezone.localdate(),
        )
        return document.of_change(change, members=members), sentences.of_change(change), True
    report = queries.report(
        as_of=question.day,
        evidence=question.evidence,
        territory=question.territory,
        known_at=question.known_at,
        today=timezone.localdate(),
    )
    return document.of_report(report, members=members), sentences.of_report(report), True
