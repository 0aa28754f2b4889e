"""`bench suggestions`: a whole night by one and by two workers, and what its pages take then.

`scale` offers and as many needs, of which half are of one commodity. Workers and web server are
real processes on PostgreSQL and Redis; `apart` makes the database. Equal: what each night left is,
to the row, what one process by itself leaves, and pages show what is stored.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from linkage.jobs.models import Heartbeat, Job
from linkage.market.models import MODELS, PostKind
from linkage.market.tree import Tree
from linkage.matching.bench.measured import digest, timed
from linkage.notices.models import Notice
from linkage.suggestions.bench import asking
from linkage.suggestions.bench.processes import Spent, name_of, server, spent, wait_until, workers
from linkage.suggestions.bench.stored import fill_market
from linkage.suggestions.models import LOOKS, Lane, Suggestion, Turn
from linkage.suggestions.services import refresh_all, submit_refresh
from linkage.suggestions.services.nightly import REFRESH
from linkage.suggestions.services.shards import A_POST, plan

NIGHT_SECONDS = 3 * 3600.0
# What a night leaves, in the order in which it is forgotten.
_LEFT = (Notice, Suggestion, *LOOKS.values(), Lane, Turn)
_SAID = ("offer", "need", "score", "facts", "offer_why", "need_why", "stale")
_LOOKED = ("post", "top", "last", "steady", "touched", "digest")


def measure(*, scale: int, seed: int, broken: bool) -> dict[str, Any]:
    """In the database of this process, which is to be empty and to have the reference data."""
    _let_the_last_night_pass()
    sides = fill_market(scale, seed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    shards = plan(Tree.load())
    _count, alone_s, alone_cpu = timed(lambda: refresh_all(now=timezone.now()))
    whole = _digest()
    nights = {many: _nights(many, broken=broken and many == 2) for many in (1, 2)}
    # A night that lost a shard has said what it is for.
    pages, shown = ({}, True) if broken else _pages(sides[PostKind.NEED])
    one, two = nights[1], nights[2]
    return {
        "name": "suggestions",
        "scale": scale,
        "equal": shown and {night["digest"] for night in nights.values()} == {whole},
        "digest": whole,
        "ours_s": two["s"],
        "peak_mb": two["peak_mb"],
        "runs": 1,
        "load": round(os.getloadavg()[0], 1),
        "shards": len(shards),
        "pairs": sum(shard.pairs for shard in shards) - 2 * scale * A_POST,
        "left": {model._meta.model_name: model._default_manager.count() for model in _LEFT},
        "bytes_each": _bytes_each(),
        "ms": pages,
        "p95_ratio": _ratio(pages),
        "two_workers": two,
        "peers": {
            "one worker": {**one, "ratio": round(one["s"] / two["s"], 2)},
            "one process, no worker": {
                "s": round(alone_s, 2),
                "cpu_s": round(alone_cpu, 2),
                "ratio": round(alone_s / two["s"], 2),
            },
        },
    }


def _let_the_last_night_pass() -> None:
    """A worker that starts does what the last night was for: before there are any posts."""
    with workers(1):
        wait_until(lambda: Job.objects.filter(state=Job.State.DONE).exists(), "no job was done")
        wait_until(_is_quiet, "the work of the last night does not end")


def _is_quiet() -> bool:
    open_ones = (Job.State.WAITING, Job.State.RUNNING)
    return not Job.objects.filter(state__in=open_ones).exists()


def _nights(many: int, *, broken: bool) -> dict[str, Any]:
    """A first night, of which nothing stands yet, and the same once more, which changes nothing."""
    for model in _LEFT:
        model._default_manager.all().delete()
    with workers(many) as pids:
        began = timezone.now() - timedelta(seconds=1)
        names = [name_of(number) for number in range(many)]
        alive = Heartbeat.objects.filter(worker__in=names, seen_at__gte=began)
        wait_until(lambda: alive.count() == many and _is_quiet(), "the workers do not start")
        before = spent(pids)
        # The days name the nights; they are no days on which workers look at their own.
        first_s = _night(date(2000 + many, 1, 1), broken=broken)
        after = spent(pids)
        found = _digest()
        again_s = _night(date(2000 + many, 1, 2), broken=False) if not broken else first_s
    return {"s": round(first_s, 2), "again_s": round(again_s, 2), "digest": found} | _used(
        before, after
    )


def _used(before: Spent, after: Spent) -> dict[str, Any]:
    return {"cpu_s": round(after.cpu_s - before.cpu_s, 2), "peak_mb": after.peak_mb}


def _night(day: date, *, broken: bool) -> float:
    """Seconds from asking for it to the end of its last shard; `broken` loses one."""
    started = time.perf_counter()
    submit_refresh(now=timezone.now(), day=day)
    shards = Job.objects.filter(kind=REFRESH, period__startswith=f"{day.isoformat()}:")
    if broken:
        # The smallest one, before anybody comes to it.
        shards.filter(state=Job.State.WAITING).order_by("-pk")[0].delete()
    left = shards.exclude(state=Job.State.DONE)
    wait_until(lambda: not left.exists(), "the night does not end", NIGHT_SECONDS)
    return time.perf_counter() - started


def _pages(buyers: list[int]) -> tuple[dict[str, dict[str, float]], bool]:
    asked = asking.clients(buyers)
    with server() as site:
        wait_until(lambda: asking.answers(site), "the server does not answer")
        took, stored = asking.ask(site, asked)
    return {name: asking.spread(seconds) for name, seconds in took.items()}, stored


def _ratio(pages: dict[str, dict[str, float]]) -> float | None:
    if not pages:
        return None
    return round(pages[asking.FULL]["p95"] / pages[asking.EMPTY]["p95"], 2)


def _digest() -> str:
    """Of all that a night leaves, without ids that rows happened to get and moments of writing."""
    rows = [*Suggestion.objects.order_by("offer", "need").values_list(*_SAID).iterator()]
    for model in LOOKS.values():
        rows += model._default_manager.order_by("post").values_list(*_LOOKED).iterator()
    told = Notice.objects.order_by("user", "dedupe_key").values_list("user", "dedupe_key", "data")
    return digest([*rows, *told.iterator()])


def _bytes_each() -> Mapping[str, float]:
    """With its indexes and what is stored apart."""
    tables = [*_LEFT[:-2], *MODELS.values()]
    with connection.cursor() as cursor:
        found = {}
        for model in tables:
            cursor.execute("SELECT pg_total_relation_size(%s)", [model._meta.db_table])
            size, rows = cursor.fetchone()[0], model._default_manager.count()
            found[str(model._meta.model_name)] = round(size / max(1, rows))
    return found
