"""A night on several workers: shards write beside each other, and one worker may be killed."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from io import StringIO
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from linkage.jobs.models import Job
from linkage.market.models import MODELS, Offer, PostKind
from linkage.market.tree import Tree
from linkage.notices.models import Notice
from linkage.suggestions.services import (
    in_turn,
    nightly,
    refresh_all,
    storing,
    submit_refresh,
)
from linkage.suggestions.services.shards import Shard, plan
from tests import postgres
from tests.examples import at_night
from tests.faults.house import House, wait_for
from tests.market import town
from tests.racing import at_once, many_writers
from tests.suggestions import test_touched as crowds
from tests.suggestions.test_shards import forget, stored
from worker.schedule import last_night


@pytest.fixture
def crowd(house: House) -> House:
    """Thirty offers and needs of garlic, open today, of organisations with people."""
    town.catalogue()
    town.places()
    crowds.crowd(Random(1), 30)
    today = timezone.localdate()
    for model in MODELS.values():
        model.objects.update(starts=today, ends=today + timedelta(days=20))
        for number, post in enumerate(model.objects.select_related("organisation")):
            # Some have few days left, so that not all are alike.
            model.objects.filter(pk=post.pk).update(ends=today + timedelta(days=9 + number % 3))
    for maker in {post.organisation for model in MODELS.values() for post in model.objects.all()}:
        town.person(maker)
    return house


@many_writers
def test_shards_of_one_commodity_write_in_the_same_moment(crowd: House, monkeypatch) -> None:
    """Each waits in its transaction, its lane held, until the other one is in its own."""
    store, inside = in_turn.store, Barrier(2, timeout=60)

    def both_are_inside(judged, *, now):
        inside.wait()
        store(judged, now=now)

    monkeypatch.setattr(in_turn, "store", both_are_inside)
    now = timezone.now()
    shards = [Shard(kind, ("garlic",)) for kind in PostKind]
    looks = (
        partial(nightly.refresh_shard, shard=shard, lane=lane, now=now)
        for lane, shard in enumerate(shards)
    )
    at_once(list(looks))
    found = stored()
    assert len(found[0]) > 50
    monkeypatch.undo()
    forget()
    refresh_all(now=now)
    assert stored() == found


def shuffled(r: Random) -> None:
    """Some posts close, some come back, of some less is left: pairs go, come and come again."""
    for model in MODELS.values():
        for post in model.objects.all():
            state = r.choice(("published", "published", "published", "paused"))
            reserved = r.choice((0, post.quantity // 2))
            model.objects.filter(pk=post.pk).update(state=state, reserved=reserved)


def three_shards() -> list[partial[None]]:
    now, middle = timezone.now(), Offer.objects.order_by("pk")[15].pk
    shards = [
        Shard(PostKind.OFFER, ("garlic",), last=middle),
        Shard(PostKind.OFFER, ("garlic",), first=middle + 1),
        Shard(PostKind.NEED, ("garlic",)),
    ]
    return [
        partial(nightly.refresh_shard, shard=shard, lane=lane, now=now)
        for lane, shard in enumerate(shards)
    ]


@at_night
@many_writers
def test_shards_that_lock_each_others_pairs_all_come_to_their_end(crowd: House) -> None:
    r = Random(1)
    for _ in range(12):
        shuffled(r)
        at_once(three_shards())
        found = crowds.stored()
        for shard in three_shards():
            shard()
        assert crowds.stored() == found


@at_night
@many_writers
def test_control_shards_that_lock_pairs_in_any_order_break_each_other_off(
    crowd: House, monkeypatch
) -> None:
    locked, r = storing._locked, Random(1)
    monkeypatch.setattr(storing, "_locked", lambda condition: locked(condition).order_by("?"))

    def nights() -> None:
        for _ in range(30):
            shuffled(r)
            at_once(three_shards())

    with pytest.raises(OperationalError, match="deadlock"):
        nights()


@many_writers
def test_who_ask_for_a_night_at_once_get_one_cut(crowd: House, monkeypatch) -> None:
    """Each would cut otherwise: of two cuts that are mixed a range would be missing."""
    now, cut = timezone.now(), partial(plan, a_post=1, fewest=3)
    sizes = iter((50, 100, 200, 400))
    monkeypatch.setattr(nightly, "plan", lambda tree: cut(tree, most=next(sizes)))
    day = timezone.localdate()
    many = at_once([partial(submit_refresh, now=now, day=day) for _ in range(4)])
    shards = [Shard.of_args(_without_lane(job.args)) for job in Job.objects.order_by("pk")]
    assert many == [len(shards)] * 4
    monkeypatch.undo()
    assert shards in [cut(Tree.load(), most=most) for most in (50, 100, 200, 400)]


def _without_lane(args: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in args.items() if name != "lane"}


@many_writers
def test_a_night_ends_alike_though_one_of_two_workers_is_killed(crowd: House, monkeypatch) -> None:
    refresh_all(now=timezone.now())
    whole, told = stored(), Notice.objects.count()
    assert told > 50
    forget()
    monkeypatch.setattr(nightly, "plan", partial(plan, most=100, a_post=1, fewest=3))
    # The day of the night that workers catch up with when they start: its cut is this one.
    now = timezone.now()
    many = submit_refresh(now=now, day=last_night(now).date())
    shards = Job.objects.filter(kind=nightly.REFRESH)
    assert shards.count() == many >= 20

    held = {"JOBS_EXTRA_HANDLERS": "tests.faults.held_suggestions"}
    first = crowd.worker("first", "--concurrency", "1", **held)
    wait_for((crowd.folder / "telling").exists, "the first worker is inside a shard")
    crowd.worker_with_beat("second", "--concurrency", "1", JOBS_FORGOTTEN_SECONDS="1")
    wait_for(shards.filter(state="done").exists, "the second one goes on beside it")
    first.kill()
    wait_for(lambda: shards.filter(state="done").count() == many, "all are done")
    assert max(shards.values_list("attempts", flat=True)) == 2
    assert stored() == whole
    assert Notice.objects.count() == told


@at_night
@many_writers
@pytest.mark.skipif(not settings.REDIS_URL, reason="needs Redis")
def test_the_bench_finds_a_night_equal_and_one_that_lost_a_shard_not() -> None:
    out, url = StringIO(), postgres.url_of("postgres")
    with pytest.raises(SystemExit) as ended:
        call_command(
            *("bench", "suggestions", "--scale", "40", "--break", "prune", "--json"),
            *("--postgres", url), stdout=out,
        )  # fmt: skip
    found = json.loads(out.getvalue())
    assert (ended.value.code, found["equal"]) == (1, False)
    assert found["peers"]["one worker"]["digest"] == found["digest"]
    assert found["two_workers"]["digest"] != found["digest"]
    assert found["left"]["suggestion"] > 50
