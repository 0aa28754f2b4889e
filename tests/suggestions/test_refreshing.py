"""Publishing a post brings suggestions and notices to both sides, once; ended ones go at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.jobs.models import Job, Outbox
from linkage.jobs.outbox import deliver_due
from linkage.jobs.runner import run_job
from linkage.market.models import MODELS, Offer
from linkage.market.queries import visible_to
from linkage.market.services import edit_post
from linkage.market.services.posts import Limit
from linkage.market.services.states import pause_post, resume_post, withdraw_post
from linkage.market.tree import Tree
from linkage.matching import WEIGHTS, explain
from linkage.notices.models import MessageChoice, Notice
from linkage.registry.models import Organisation, StatusFact
from linkage.suggestions import queries
from linkage.suggestions.facts import gather
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services import refresh_post, submit_refresh
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY
from worker.handlers import CONSUMERS, HANDLERS

pytestmark = pytest.mark.django_db


def deliver():
    """What a worker does of the messages; how many went."""
    delivered = deliver_due(consumers=CONSUMERS, clock=lambda: NOW)
    look()
    return delivered


def look():
    """What a worker does of the looks that messages asked for."""
    for job in Job.objects.filter(kind=queries.LOOK, state="waiting").order_by("pk"):
        run_job(job_id=job.pk, handlers=HANDLERS, worker="w", clock=lambda: NOW)
    assert not Job.objects.filter(kind=queries.LOOK).exclude(state="done").exists()


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    """The worker's clock stands where the posts are."""
    monkeypatch.setattr("worker.handlers.timezone.now", lambda: NOW)


@pytest.fixture
def offer(coop):
    return town.post(coop)


@pytest.fixture
def need(firm):
    return town.post(firm, NEED)


def shown(organisation):
    rows = queries.listing(
        actor=town.actor(organisation), organisation_id=organisation.pk, on=TODAY
    )
    return [(row.offer_id, row.need_id) for row in rows]


def test_both_sides_find_it_with_its_reasons(coop, firm, offer, need):
    assert deliver() == 2
    assert shown(coop) == shown(firm) == [(offer.pk, need.pk)]
    for side in (coop, firm):
        row = queries.listing(actor=town.actor(side), organisation_id=side.pk, on=TODAY).get()
        found = queries.as_own(row, side.pk)
        assert len(found.why) >= 2
        assert "cách 22,2 km" in explain(found.match, "vi")
        assert found.post.organisation == side
        assert found.other.organisation != side


def test_both_sides_are_told_once_however_often_the_message_comes(offer, need):
    for _ in range(2):
        deliver()
        Outbox.objects.update(state="pending", attempts=0, finished_at=None)
        Job.objects.update(state="waiting", attempts=0, finished_at=None)
    notices = Notice.objects.order_by("pk").values_list("what", "kind", "dedupe_key")
    pair = f"match:{offer.pk}:{need.pk}"
    assert sorted(notices) == [
        ("need_found", "match", f"{pair}:need"), ("offer_found", "match", f"{pair}:offer"),
    ]  # fmt: skip
    assert Suggestion.objects.count() == 1
    assert Notice.objects.first().subject_id == Suggestion.objects.get().pk


def test_a_post_that_suits_many_is_told_of_three(coop, offer, firm):
    for number in range(6):
        buyer = town.organisation(f"Công ty {number}", "enterprise", commune="2")
        town.post(buyer, NEED)
    refresh_post(kind=OFFER, post_id=offer.pk, now=NOW)
    assert Notice.objects.filter(organisation=coop).count() == 3
    # The others are no news later either.
    refresh_post(kind=OFFER, post_id=offer.pk, now=NOW + timedelta(hours=1))
    assert Notice.objects.filter(organisation=coop).count() == 3


def test_who_chose_a_message_gets_one(coop, offer, need):
    reader = coop.memberships.get().user
    MessageChoice.objects.create(user=reader, kind="match")
    deliver()
    assert Outbox.objects.filter(topic="notices.message").count() == 1


def test_an_old_message_that_comes_late_leaves_what_is_so_now(coop, offer, need):
    withdraw_post(actor=town.actor(coop), own=town.own(offer), now=NOW)
    first, second = Outbox.objects.filter(dedupe_key__startswith="offer").order_by("sequence")
    for message in (second, first):
        CONSUMERS[message.topic](message)
        look()
    assert shown(need.organisation) == []
    assert not Suggestion.objects.filter(stale=False).exists()


@pytest.mark.parametrize("how", ["withdrawn", "paused", "used_up", "expired", "moved"])
def test_what_no_longer_stands_is_gone_before_the_worker_looks_and_stale_after(
    coop, firm, offer, need, how
):
    deliver()
    rows = Offer.objects.filter(pk=offer.pk)
    if how == "moved":
        edit_post(
            actor=town.actor(coop), own=town.own(offer), terms={"commodity": "paddy"}, now=NOW
        )
    elif how == "used_up":
        rows.update(reserved=offer.total)
    else:
        rows.update(state=how)
    if how != "moved":
        assert shown(coop) == shown(firm) == []
    refresh_post(kind=OFFER, post_id=offer.pk, now=NOW)
    assert Suggestion.objects.get().stale
    assert shown(coop) == shown(firm) == []


def test_what_comes_back_keeps_what_was_done_with_it_and_is_no_news(coop, firm, offer, need):
    deliver()
    Suggestion.objects.update(need_view="dismissed", need_reason="too_far", offer_view="seen")
    told = Notice.objects.count()
    pause_post(actor=town.actor(coop), own=town.own(offer), now=NOW)
    deliver()
    resume_post(actor=town.actor(coop), own=town.own(offer, version=2), now=NOW)
    deliver()
    row = Suggestion.objects.get()
    assert not row.stale
    assert (row.offer_view, row.need_view, row.need_reason) == ("seen", "dismissed", "too_far")
    assert Notice.objects.count() == told


def test_a_post_that_does_not_exist_is_no_work(market):
    refresh_post(kind=OFFER, post_id=999, now=NOW)
    assert not Suggestion.objects.exists()


def test_rivals_are_never_suggested(coop, offer):
    other = town.organisation("HTX Khác", product="garlic")
    theirs = town.post(other)
    deliver()
    assert not Suggestion.objects.exists()
    assert theirs.pk not in [row[0] for row in shown(coop)]


def test_one_who_sells_and_buys_meets_counterparts_by_its_own_posts(coop, offer, need):
    """The rivals' rule hides the offer from it; its own need is the way to see it."""
    trader = town.organisation("HTX Thương mại", product="garlic")
    town.person(trader)
    town.post(trader)
    wanted = town.post(trader, NEED)
    deliver()
    visible = visible_to(town.actor(trader), OFFER, on=TODAY, organisation_id=trader.pk)
    assert offer not in visible
    assert (offer.pk, wanted.pk) in shown(trader)


@pytest.mark.parametrize("change", ["status", "tax_code", "merged"])
def test_who_may_not_deal_is_not_suggested(coop, firm, offer, need, change):
    if change == "status":
        StatusFact.objects.create(organisation=firm, status="suspended", since=TODAY)
    elif change == "tax_code":
        Organisation.objects.filter(pk=coop.pk).update(tax_code="0201234567")
        Organisation.objects.filter(pk=firm.pk).update(tax_code="0201234567-001")
    else:
        Organisation.objects.filter(pk=firm.pk).update(merged_into=coop)
    deliver()
    assert not Suggestion.objects.exists()


def test_a_limit_out_of_range_takes_the_pair_away_and_leaves_no_number(coop, firm):
    town.post(coop, limit=Limit(7_654, "kg"))
    town.post(firm, NEED, limit=Limit(7_653, "kg"))
    deliver()
    assert not Suggestion.objects.exists()
    town.post(firm, NEED, limit=Limit(7_655, "kg"))
    deliver()
    row = Suggestion.objects.get()
    everything = str(list(Suggestion.objects.values())) + str(list(Notice.objects.values()))
    assert "7654" not in everything.replace("_", "")
    assert "7655" not in everything
    assert row.score > 0


def test_suggestions_of_an_earlier_engine_go_at_night(coop, offer, need):
    deliver()
    Suggestion.objects.update(engine="0")
    assert shown(coop) == []
    submit_refresh(now=NOW, day=TODAY)
    assert Suggestion.objects.get(engine="0").stale
    refresh_post(kind=OFFER, post_id=offer.pk, now=NOW)
    assert Suggestion.objects.get(stale=False).engine == WEIGHTS.version


def test_a_look_reads_the_facts_in_as_many_queries_for_many_posts_as_for_few(
    coop, firm, offer, need
):
    tree = Tree.load()

    def count():
        with CaptureQueriesContext(connection) as captured:
            gather(tree=tree, offered=set(tree.nodes), needed=set(tree.nodes), today=TODAY)
        return len(captured)

    few = count()
    for _ in range(20):
        town.post(coop)
        town.post(firm, NEED)
    assert count() == few <= 14
    assert {model.objects.count() for model in MODELS.values()} == {21}
