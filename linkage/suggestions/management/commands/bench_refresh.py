"""Times a look at a changed post, and how long of it the database is held."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from linkage.catalogue.models import Commodity
from linkage.market.invented import invent_organisations
from linkage.market.models import MODELS, PostKind
from linkage.suggestions.bench.stored import COMMONEST, communes, fill_side
from linkage.suggestions.services import refresh_all, refresh_post

ORGANISATIONS = 200


class Command(BaseCommand):
    help = "Time a look at a changed post among many of one commodity, over no other posts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--posts", type=int, default=1_000, help="offers, and as many needs")
        parser.add_argument("--runs", type=int, default=9)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if any(model._default_manager.exists() for model in MODELS.values()):
            raise CommandError("This database has posts: give DATABASE_URL one of its own.")
        chance = random.Random(options["seed"])  # noqa: S311
        posts = fill(options["posts"], chance)
        refresh_all(now=timezone.now())
        looks, watch = [], _Watch()
        with connection.execute_wrapper(watch):
            for kind, post_id in chance.sample(posts, options["runs"]):
                _change(kind, post_id, chance)
                started, worked = time.perf_counter(), time.process_time()
                refresh_post(kind=kind, post_id=post_id, now=timezone.now())
                looks.append((time.perf_counter() - started, time.process_time() - worked))
        clock, cpu = zip(*looks, strict=True)
        found = {"clock_s": _spread(clock), "cpu_s": _spread(cpu)}
        found["longest_held_s"] = [round(watch.longest_s, 3)]
        self.stdout.write(json.dumps({"posts": options["posts"], "runs": len(looks), **found}))


def _spread(values: tuple[float, ...]) -> list[float]:
    return [round(pick(values), 3) for pick in (min, median, max)]


def fill(many: int, chance: random.Random) -> list[tuple[PostKind, int]]:
    """Make so many offers and so many needs of one commodity; return them all."""
    makers = invent_organisations(ORGANISATIONS, communes(), chance)
    sides = {PostKind.OFFER: makers[::2], PostKind.NEED: makers[1::2]}
    of = [Commodity.objects.get(pk=COMMONEST)] * many
    return [(kind, id_) for kind in MODELS for id_ in fill_side(kind, of, sides[kind], chance)]


def _change(kind: PostKind, post_id: int, chance: random.Random) -> None:
    quantity = chance.randint(1, 50) * 100_000
    rows = MODELS[kind]._default_manager.filter(pk=post_id)
    rows.update(quantity=quantity, total=quantity, confirmed_at=timezone.now())


class _Watch:
    """The longest transaction, from its first statement to the end of its last one."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._began: float | None = None

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        started = time.perf_counter()
        result = execute(sql, params, many, context)
        if not connection.in_atomic_block:
            self._began = None
            return result
        self._began = self._began or started
        self.longest_s = max(self.longest_s, time.perf_counter() - self._began)
        return result
