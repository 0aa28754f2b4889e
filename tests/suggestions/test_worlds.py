"""Random markets: stored is what each pair by itself deserves, however it came about."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from linkage.market.models import MODELS, PostKind
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services import refresh_all, refresh_post
from tests.examples import examples
from tests.market.town import NOW
from tests.suggestions import worlds

pytestmark = pytest.mark.django_db
SEEDS = range(examples(3))


def at_night(now=NOW):
    refresh_all(now=now)


def by_messages(r, now=NOW):
    """Every post is looked at, in any order, some twice."""
    posts = [
        (kind, pk) for kind, m in MODELS.items() for pk in m.objects.values_list("pk", flat=True)
    ]
    posts += r.sample(posts, len(posts) // 4)
    r.shuffle(posts)
    for kind, pk in posts:
        refresh_post(kind=kind, post_id=pk, now=now)


def same(stored, expected):
    assert set(stored) == set(expected)
    for pair, row in stored.items():
        wanted = expected[pair]
        assert row.score == wanted["score"]
        for side, why in (("offer", row.offer_why), ("need", row.need_why)):
            assert bool(why) == (side in wanted), (pair, side)
            if why:
                said = why.split(",")
                telling = wanted[side]
                # Two reasons at least, and nothing untold while something tells.
                assert len(said) == len(set(said)) == max(2, min(4, len(telling)))
                assert set(said) <= telling if len(telling) >= 2 else telling <= set(said)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_night_stores_what_the_oracle_says(market, monkeypatch, seed):
    worlds.random_market(Random(seed), 40, 40)
    at_night()
    found = worlds.stored()
    assert len(found) > 30
    same(found, worlds.expected(monkeypatch))


@pytest.mark.parametrize("seed", SEEDS)
def test_messages_in_any_order_and_number_leave_the_same(market, monkeypatch, seed):
    r = Random(seed)
    worlds.random_market(r, 40, 40)
    by_messages(r)
    same(worlds.stored(), worlds.expected(monkeypatch))
    before = list(Suggestion.objects.order_by("pk").values())
    at_night(NOW + timedelta(minutes=5))
    assert list(Suggestion.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_one_change_and_its_message_leave_what_a_whole_night_would(market, monkeypatch, seed):
    r = Random(seed)
    worlds.random_market(r, 40, 40)
    at_night()
    for _ in range(4):
        kind = r.choice(list(PostKind))
        changed = r.choice(list(MODELS[kind].objects.order_by("pk")))
        what = r.choice(("withdraw", "take", "move", "publish", "limit", "new"))
        if what == "new":
            changed = worlds.random_post(r, MODELS[kind], changed.organisation)
        rows = MODELS[kind].objects.filter(pk=changed.pk)
        if what == "withdraw":
            rows.update(state="withdrawn")
        elif what == "take":
            rows.update(reserved=changed.total)
        elif what == "move":
            rows.update(commodity=r.choice(("garlic", "vegetables", "crops", "paddy", "seed")))
        elif what == "publish":
            rows.update(state="published", reserved=0)
        elif what == "limit":
            limit = "floor" if kind is PostKind.OFFER else "ceiling"
            field = rows.model._meta.get_field(limit).related_model
            field.objects.update_or_create(pk=changed.pk, defaults={"price": r.choice((1, 10**9))})
        refresh_post(kind=kind, post_id=changed.pk, now=NOW)
        same(worlds.stored(), worlds.expected(monkeypatch))
