"""The night cut into shards: any cut leaves what one look at all would, and nothing is left out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.jobs.models import Job
from linkage.market.models import MODELS, Need, Offer
from linkage.market.tree import Tree
from linkage.notices.models import Notice
from linkage.suggestions.models import LOOKS, Lane, Suggestion, Turn
from linkage.suggestions.services import nightly, refresh_all, storing, submit_refresh
from linkage.suggestions.services.shards import Shard, plan
from linkage.suggestions.services.turns import LANES, Overtaken, Turns
from tests.examples import examples
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY
from tests.suggestions import test_touched as crowds
from tests.suggestions import worlds

pytestmark = pytest.mark.django_db
WHOLE = {"most": 10**12, "a_post": 1, "fewest": 1}
LOOKED = ("post", "commodity", "day", "engine", "top", "last", "steady", "touched", "digest")


def look_at(shards):
    for lane, shard in enumerate(shards):
        nightly.refresh_shard(shard=shard, lane=lane, now=NOW)


def forget():
    for model in (Suggestion, Notice, Turn, Lane, *LOOKS.values()):
        model.objects.all().delete()


def stored():
    """All that a night leaves, without the ids that rows happened to get."""
    looks = [list(model.objects.order_by("post").values_list(*LOOKED)) for model in LOOKS.values()]
    told = Notice.objects.order_by("user", "dedupe_key").values_list("user", "dedupe_key", "data")
    return crowds.stored(), looks, list(told)


def lopsided(r, many=30):
    """A market of which garlic has half, with people in each organisation."""
    worlds.random_market(r, many, many)
    crowds.crowd(r, many)
    for maker in {post.organisation for model in MODELS.values() for post in model.objects.all()}:
        town.person(maker)


cuts = st.fixed_dictionaries(
    {"most": st.integers(1, 3_000), "a_post": st.integers(1, 50), "fewest": st.integers(1, 40)}
)


# A large market now and then, small ones often.
@pytest.mark.parametrize(("many", "pairs", "often"), [(30, 200, 5), (6, 20, 200)])
def test_any_cut_in_any_order_leaves_what_one_look_at_all_does(market, many, pairs, often):
    lopsided(Random(7), many)
    tree = Tree.load()
    look_at(plan(tree, **WHOLE))
    whole = stored()
    assert len(whole[0]) > pairs
    assert len(whole[2]) > pairs // 2

    @settings(max_examples=examples(often))
    @given(cuts, st.randoms(use_true_random=False))
    def cut(sizes, r):
        forget()
        shards = plan(tree, **sizes)
        r.shuffle(shards)
        # Some are begun a second time.
        look_at([*shards, *r.sample(shards, len(shards) // 4)])
        assert stored() == whole

    cut()


def test_control_a_shard_that_is_dropped_is_missed(market):
    lopsided(Random(7))
    shards = plan(Tree.load(), most=400, a_post=1, fewest=5)
    look_at(shards)
    whole = stored()
    forget()
    look_at(shards[1:])
    assert stored() != whole
    look_at(shards[:1])
    assert stored() == whole


def test_each_post_is_in_one_shard_and_none_is_larger_than_asked(market):
    lopsided(Random(3))
    tree = Tree.load()
    posts = {(kind, post.pk) for kind, model in MODELS.items() for post in model.objects.all()}

    @settings(max_examples=examples(200))
    @given(cuts)
    def cut(sizes):
        shards, seen = plan(tree, **sizes), Counter()
        for shard in shards:
            assert len({tree.top(code) for code in shard.codes}) == 1
            rows = MODELS[shard.kind].objects.filter(shard.condition(), commodity__in=shard.codes)
            seen.update((shard.kind, post.pk) for post in rows)
            published = sum(post.state == "published" for post in rows)
            assert shard.pairs <= sizes["most"] or published <= sizes["fewest"]
        # Of what nobody publishes there is nothing to look at.
        assert {one for one in posts if one not in seen} <= unpublished
        assert max(seen.values()) == 1
        assert [Shard.of_args(shard.as_args()) for shard in shards] == shards

    unpublished = {
        (kind, post.pk)
        for kind, model in MODELS.items()
        for post in model.objects.exclude(state="published")
    }
    cut()


def test_what_has_half_of_all_is_cut_and_what_is_rare_is_joined_the_largest_first(market):
    lopsided(Random(3))
    shards = plan(Tree.load(), most=300, a_post=1, fewest=5)
    assert [shard.pairs for shard in shards] == sorted((s.pairs for s in shards), reverse=True)
    assert sum(shard.codes == ("garlic",) for shard in shards) > 4
    assert any(len(shard.codes) > 1 for shard in shards)


def test_what_is_published_after_the_cut_is_in_the_last_range(market):
    crowds.crowd(Random(1), 20)
    shards = plan(Tree.load(), most=50, a_post=1, fewest=5)
    crowds.crowd(Random(2), 3)
    look_at(shards)
    found = crowds.stored()
    assert Offer.objects.filter(look=None).count() == Need.objects.filter(look=None).count() == 0
    refresh_all(now=NOW)
    assert crowds.stored() == found


def test_the_suggestions_of_what_is_not_posted_any_more_go(coop, firm):
    town.post(coop)
    town.post(firm, NEED)
    refresh_all(now=NOW)
    for model in MODELS.values():
        model.objects.update(state="withdrawn")
    refresh_all(now=NOW)
    assert Suggestion.objects.get().stale


def test_a_day_is_cut_once_however_often_it_is_asked_for(market):
    crowds.crowd(Random(1), 20)
    assert submit_refresh(now=NOW, day=TODAY) == 2
    crowds.crowd(Random(2), 200)
    first = list(Job.objects.order_by("pk").values("pk", "period", "args"))
    assert submit_refresh(now=NOW + timedelta(hours=1), day=TODAY) == 2
    assert list(Job.objects.order_by("pk").values("pk", "period", "args")) == first


def test_a_market_without_posts_is_no_work(market):
    assert submit_refresh(now=NOW, day=TODAY) == 0
    assert not Job.objects.exists()


# --- Turns ----------------------------------------------------------------------------------
def of_garlic(kind, *, first=None, last=None):
    return Shard(kind, ("garlic",), first, last)


def interrupted(monkeypatch, act):
    """The first look of a shard is interrupted by `act` after it read; how many looks there are."""
    judge, looks = nightly.ranked, []

    def ranked(*args):
        looks.append(1)
        found = list(judge(*args))
        if len(looks) == 1:
            act()
        return found

    monkeypatch.setattr(nightly, "ranked", ranked)
    return looks


def test_shards_of_one_commodity_do_not_overtake_each_other(market, monkeypatch):
    crowds.crowd(Random(1), 20)
    middle = Offer.objects.order_by("pk")[10].pk
    other = partial(nightly.refresh_shard, shard=of_garlic(OFFER, first=middle), lane=1, now=NOW)
    looks = interrupted(monkeypatch, other)
    nightly.refresh_shard(shard=of_garlic(OFFER, last=middle - 1), lane=0, now=NOW)
    assert len(looks) == 2
    found = crowds.stored()
    forget()
    nightly.refresh_shard(shard=of_garlic(OFFER), lane=0, now=NOW)
    assert crowds.stored() == found


@pytest.mark.parametrize("guarded", [True, False])
def test_a_shard_that_a_changed_post_overtook_looks_again(market, monkeypatch, guarded):
    """The control, which takes no turn, writes what it read before the change."""
    crowds.crowd(Random(2), 12)
    refresh_all(now=NOW)
    if not guarded:
        monkeypatch.setattr(Turns, "join", lambda *_: None)
    paused = partial(crowds.paused, Offer.objects.first())
    looks = interrupted(monkeypatch, paused)
    nightly.refresh_shard(shard=of_garlic(NEED), lane=0, now=NOW)
    assert len(looks) == 1 + guarded
    found = crowds.stored()
    monkeypatch.undo()
    refresh_all(now=NOW)
    assert (crowds.stored() == found) is guarded


def test_a_changed_post_that_a_shard_overtook_looks_again(market, monkeypatch):
    crowds.crowd(Random(2), 12)
    refresh_all(now=NOW)
    shard = partial(nightly.refresh_shard, shard=of_garlic(NEED), lane=5, now=NOW)
    looks = crowds.interrupted(monkeypatch, shard)
    crowds.paused(Offer.objects.first())
    assert len(looks) == 2


def test_who_waits_for_the_turn_holds_all_lanes_and_a_shard_one(market):
    Turns.read().join("crops", LANES + 3)
    assert list(Lane.objects.values_list("commodity", "number", "written")) == [("crops", 3, 1)]
    before = Turns.read()
    before.claim(["crops", "inputs"])
    assert Lane.objects.count() == 2 * LANES
    with pytest.raises(Overtaken):
        before.claim(["crops"])
    with pytest.raises(Overtaken):
        before.join("crops", 0)


def test_what_both_sides_bring_back_in_one_moment_keeps_what_people_did(coop, firm, monkeypatch):
    """A shard of the other side writes between what a shard reads of what stands and what stood."""
    offer, need = town.post(coop), town.post(firm, NEED)
    refresh_all(now=NOW)
    Offer.objects.update(state="paused")
    refresh_all(now=NOW)
    Offer.objects.update(state="published")
    before = Suggestion.objects.get()
    assert before.stale
    assert before.need_told_at == NOW

    reopen = storing._reopen

    def overtaken(judged, drafts):
        monkeypatch.setattr(storing, "_reopen", reopen)
        nightly.refresh_shard(shard=of_garlic(OFFER), lane=1, now=NOW + timedelta(hours=1))
        reopen(judged, drafts)

    monkeypatch.setattr(storing, "_reopen", overtaken)
    nightly.refresh_shard(shard=of_garlic(NEED), lane=0, now=NOW + timedelta(hours=2))
    after = Suggestion.objects.get()
    assert (after.offer, after.need, after.stale) == (offer, need, False)
    assert after.offer_why
    assert after.need_why
    assert (after.offer_told_at, after.need_told_at) == (NOW, NOW)
