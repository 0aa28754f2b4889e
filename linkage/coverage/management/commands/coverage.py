"""`manage.py coverage`: the figure, the bridge between two days, a snapshot recomputed."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any, TypeAlias

from django.core.management.base import BaseCommand
from django.utils import timezone

from linkage.coverage import asked, document, queries, sentences, snapshots
from linkage.coverage.asked import Asked
from linkage.ending import refused_in_one_line

# The document, the sentences, and whether what was checked holds.
Answer: TypeAlias = tuple[dict[str, Any], list[str], bool]


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
        with refused_in_one_line():
            found, words, ok = _answer(asked.read(options), members=options["members"])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(words))
        if not ok:
            sys.exit(1)


def _answer(question: Asked, *, members: bool) -> Answer:
    if question.snapshot_id is not None:
        checked = snapshots.recompute(snapshot_id=question.snapshot_id)
        return document.of_recomputation(checked), sentences.of_recomputation(checked), checked.ok
    if question.from_day is not None:
        return _change(question, question.from_day, members=members)
    return _report(question, members=members)


def _change(question: Asked, from_day: date, *, members: bool) -> Answer:
    change = queries.change(from_day=from_day, to_day=question.day, **_scope(question))
    return document.of_change(change, members=members), sentences.of_change(change), True


def _report(question: Asked, *, members: bool) -> Answer:
    report = queries.report(as_of=question.day, **_scope(question))
    return document.of_report(report, members=members), sentences.of_report(report), True


def _scope(question: Asked) -> dict[str, Any]:
    return {
        "evidence": question.evidence,
        "territory": question.territory,
        "known_at": question.known_at,
        "today": timezone.localdate(),
    }
