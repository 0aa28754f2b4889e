"""Times a look at a changed post, and how long of it the database is held."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from linkage.catalogue.models import Commodity
from linkage.market.invented import invent_organisations
from linkage.market.models import LIMITS, MODELS, AnyPost, PostKind, PostState
from linkage.registry.models import Commune
from linkage.suggestions.services import refresh_all, refresh_post

ORGANISATIONS = 200
COMMODITY = "garlic"
# Of so many posts one has a price limit.
LIMITED = 3


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
    communes = list(Commune.objects.order_by("pk").values_list("pk", flat=True))
    makers = invent_organisations(ORGANISATIONS, communes, chance)
    sides = {PostKind.OFFER: makers[::2], PostKind.NEED: makers[1::2]}
    commodity = Commodity.objects.get(pk=COMMODITY)
    found = []
    for kind, model in MODELS.items():
        rows: list[Any] = [
            _post(kind, chance, sides[kind], commodity, communes) for _ in range(many)
        ]
        made = model._default_manager.bulk_create(rows, batch_size=1_000)
        limits: Any = LIMITS[kind]
        limits._default_manager.bulk_create(
            limits(pk=row.pk, price=chance.randint(10, 40) * 1_000_000) for row in made[::LIMITED]
        )
        found += [(kind, row.pk) for row in made]
    return found


def _post(
    kind: PostKind,
    chance: random.Random,
    makers: list[int],
    commodity: Commodity,
    communes: list[str],
) -> AnyPost:
    quantity, now = chance.randint(1, 50) * 100_000, timezone.now()
    starts = timezone.localdate(now) + timedelta(days=chance.randint(-20, 60))
    return MODELS[kind](
        organisation_id=chance.choice(makers),
        state=PostState.PUBLISHED,
        commodity=commodity,
        quantity=quantity,
        unit_id="kg",
        period="once",
        total=quantity,
        starts=starts,
        ends=starts + timedelta(days=chance.randint(25, 120)),
        commune_id=chance.choice(communes),
        confirmed_at=now - timedelta(days=chance.randint(0, 50)),
        published_at=now,
        created_at=now,
    )


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
