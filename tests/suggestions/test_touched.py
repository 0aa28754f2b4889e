"""A change has those posts looked at again that it touches; whoever is overtaken looks again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from functools import partial
from random import Random

import pytest
from django.db import connection
from django.db.models import Count, Q

from linkage.catalogue.models import Commodity, Unit
from linkage.market.models import MODELS, Need, NeedCeiling, Offer, OfferFloor
from linkage.market.services.states import withdraw_post
from linkage.suggestions.models import LOOKS, Suggestion, Turn
from linkage.suggestions.services import refresh_post, refreshing
from linkage.suggestions.services.turns import Turns
from tests.examples import examples
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY
from tests.suggestions.test_worlds import at_night
from tests.suggestions.worlds import HAI_PHONG

pytestmark = pytest.mark.django_db
COLUMNS = ("offer", "need", "score", "facts", "offer_why", "need_why", "stale")


def crowd(r, many):
    """So many offers and needs of garlic with few values each, so that their factors are even."""
    firms = [town.organisation(f"Công ty {n}", "enterprise", commune="2") for n in range(6)]
    coops = [town.organisation(f"HTX {n}", commune="1") for n in range(6)]
    for model, makers in ((Offer, coops), (Need, firms)):
        for _ in range(many):
            made = model.objects.create(organisation=r.choice(makers), **posted(r))
            limit(r, made)


def posted(r):
    total = r.choice((200_000, 900_000, 5_000_000))
    confirmed = TODAY - timedelta(days=r.choice((0, 20, 50)))
    return {
        "commodity": Commodity.objects.get(pk="garlic"), "state": "published", "quantity": total,
        "unit": Unit.objects.get(pk="g"), "period": "once", "total": total,
        "reserved": r.choice((0, 0, total // 2)), "starts": TODAY,
        "ends": TODAY + timedelta(days=r.choice((9, 29))), "commune_id": r.choice("1234"),
        "confirmed_at": datetime.combine(confirmed, time(9), HAI_PHONG),
        "published_at": NOW, "created_at": NOW,
    }  # fmt: skip


def limit(r, post):
    price = r.choice((None, 5_000, 7_000))
    if price:
        table, name = (OfferFloor, "offer") if isinstance(post, Offer) else (NeedCeiling, "need")
        table.objects.update_or_create(**{name: post}, defaults={"price": price})


def changed(r):
    """A post that is another now: in what it says, in its limit, in its product, or not open."""
    kind = r.choice((OFFER, NEED))
    post = r.choice(list(MODELS[kind].objects.order_by("pk")))
    what = r.choice(("says", "says", "says", "limit", "moves", "pauses"))
    rows = MODELS[kind].objects.filter(pk=post.pk)
    if what == "says":
        rows.update(**posted(r))
    elif what == "limit":
        limit(r, post)
    elif what == "moves":
        rows.update(commodity=r.choice(("vegetables", "onions", "garlic", "paddy", "eggs")))
    else:
        rows.update(state=r.choice(("paused", "published")))
    return kind, post.pk


def stored():
    return list(Suggestion.objects.order_by("offer", "need").values(*COLUMNS))


@pytest.fixture
def looked_at(monkeypatch):
    """How many posts were judged."""
    count = Counter()
    judge = refreshing.ranked

    def ranked(world, kind, rows):
        count[kind] += len(rows)
        return judge(world, kind, rows)

    monkeypatch.setattr(refreshing, "ranked", ranked)
    return count


@pytest.mark.parametrize("seed", range(examples(6)))
def test_changes_and_their_messages_leave_to_the_letter_what_a_night_would(market, looked_at, seed):
    r = Random(seed)
    crowd(r, 60)
    at_night()
    looked_at.clear()
    changes = r.choice((1, 5, 25))
    for _ in range(changes):
        kind, post_id = changed(r)
        refresh_post(kind=kind, post_id=post_id, now=NOW)
    assert looked_at.total() < 0.9 * 61 * changes
    found = stored()
    assert any(not row["stale"] for row in found)
    at_night()
    assert stored() == found


def test_a_post_that_is_nobodys_best_has_few_others_looked_at(market, looked_at):
    r = Random(3)
    crowd(r, 80)
    far = {"commune_id": "4", "quantity": 1, "total": 1, "ends": TODAY, "reserved": 0}
    post = Offer.objects.create(
        organisation=town.organisation("HTX Xa", commune="4"), **{**posted(r), **far}
    )
    at_night()
    looked_at.clear()
    refresh_post(kind=OFFER, post_id=post.pk, now=NOW)
    assert looked_at[OFFER] == 1
    assert looked_at[NEED] < 40


def test_a_look_of_yesterday_or_of_another_engine_holds_no_more(market, looked_at):
    crowd(Random(1), 20)
    at_night()
    for stale in ({"day": TODAY - timedelta(days=1)}, {"engine": "0"}):
        for model in LOOKS.values():
            model.objects.update(**stale)
        looked_at.clear()
        refresh_post(kind=OFFER, post_id=Offer.objects.first().pk, now=NOW)
        assert looked_at[NEED] == 20


def interrupted(monkeypatch, *acts):
    """Of the looks that follow, each is interrupted after it read by one of these."""
    touched_by, left, looks = refreshing.touched_by, list(acts), []

    def read(*args, **named):
        looks.append(1)
        found = touched_by(*args, **named)
        if left:
            left.pop(0)()
        return found

    monkeypatch.setattr(refreshing, "touched_by", read)
    return looks


def paused(post):
    Offer.objects.filter(pk=post.pk).update(state="paused")
    refresh_post(kind=OFFER, post_id=post.pk, now=NOW)


@pytest.mark.parametrize("guarded", [True, False])
def test_who_is_overtaken_looks_again(market, monkeypatch, guarded):
    """The control, which takes no turn, writes over what it has not seen."""
    crowd(Random(2), 12)
    at_night()
    wanted = Count("suggestions", filter=Q(suggestions__stale=False))
    first, second = Offer.objects.annotate(wanted=wanted).order_by("-wanted", "pk")[:2]
    if not guarded:
        monkeypatch.setattr(Turns, "claim", lambda *_: None)
    looks = interrupted(monkeypatch, partial(paused, second))
    paused(first)
    assert len(looks) == 2 + guarded
    found = stored()
    at_night()
    assert (stored() == found) is guarded


def test_a_post_that_is_withdrawn_while_it_is_looked_at_is_suggested_to_nobody(
    coop, firm, monkeypatch
):
    post = town.post(coop)
    town.post(firm, NEED)
    withdraw = partial(withdraw_post, actor=town.actor(coop), own=town.own(post), now=NOW)
    looks = interrupted(monkeypatch, withdraw)
    refresh_post(kind=OFFER, post_id=post.pk, now=NOW)
    assert len(looks) == 2
    assert not Suggestion.objects.exists()


def test_who_is_overtaken_three_times_waits_for_the_turn(coop, firm, monkeypatch):
    post = town.post(coop)
    town.post(firm, NEED)

    def overtake():
        Turn.objects.update_or_create(
            commodity_id="crops", defaults={"taken": Turn.objects.count() + taken.pop()}
        )

    taken = [30, 20, 10]
    looks = interrupted(monkeypatch, overtake, overtake, overtake)
    refresh_post(kind=OFFER, post_id=post.pk, now=NOW)
    assert len(looks) == 4
    assert Suggestion.objects.get().offer_id == post.pk


@pytest.mark.django_db(transaction=True)
def test_reading_and_judging_hold_no_transaction(coop, firm, monkeypatch):
    post = town.post(coop)
    town.post(firm, NEED)
    held = []
    for name in ("gather", "ranked"):
        does = getattr(refreshing, name)

        def watched(*args, does=does, **named):
            held.append(connection.in_atomic_block)
            return does(*args, **named)

        monkeypatch.setattr(refreshing, name, watched)
    refresh_post(kind=OFFER, post_id=post.pk, now=NOW)
    assert held == [False] * 3
    assert Suggestion.objects.count() == 1
