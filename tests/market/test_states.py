"""Which act fits which state, and that of two who act at once one is told to look again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linkage.errors import StaleVersion
from linkage.jobs.models import Event, Outbox
from linkage.market.errors import OrganisationNotActive, StateDoesNotAllow, WindowIsOver
from linkage.market.models import MODELS, PostState
from linkage.market.services.states import ACTS
from linkage.registry.models import StatusFact
from tests.market import town
from tests.market.town import NEED, NOW, OFFER

pytestmark = pytest.mark.django_db
# act -> the states it is for, and where it leads (None: stays)
TABLE = {
    "publish": ({"draft"}, "published"),
    "pause": ({"published"}, "paused"),
    "resume": ({"paused"}, "published"),
    "withdraw": ({"draft", "published", "paused"}, "withdrawn"),
    "confirm": ({"published", "paused"}, None),
}


def in_state(organisation, kind, state):
    made = town.post(organisation, kind)
    published_at = None if state == "draft" else NOW
    MODELS[kind].objects.filter(pk=made.pk).update(state=state, published_at=published_at)
    return made


def do(act, post, kind, now=NOW, version=1):
    own = town.own(post, kind, version)
    return ACTS[act](actor=town.actor(post.organisation), own=own, now=now)


@pytest.mark.parametrize("kind", [OFFER, NEED])
@pytest.mark.parametrize("act", TABLE)
@pytest.mark.parametrize("state", PostState.values)
def test_an_act_fits_its_states_and_no_other(coop, kind, act, state):
    allowed, leads_to = TABLE[act]
    made = in_state(coop, kind, state)
    before = (Event.objects.count(), Outbox.objects.count())
    if state not in allowed:
        with pytest.raises(StateDoesNotAllow):
            do(act, made, kind)
        made.refresh_from_db()
        assert (made.state, made.version) == (state, 1)
        assert (Event.objects.count(), Outbox.objects.count()) == before
        return
    do(act, made, kind, now=NOW + timedelta(hours=1))
    made.refresh_from_db()
    assert (made.state, made.version) == (leads_to or state, 2)
    assert (Event.objects.count(), Outbox.objects.count()) == (before[0] + 1, before[1] + 1)


def test_acts_cover_the_table():
    assert set(ACTS) == set(TABLE)


@pytest.mark.parametrize(("act", "state"), [("publish", "draft"), ("resume", "paused")])
def test_what_is_over_is_not_published(coop, act, state):
    made = in_state(coop, OFFER, state)
    with pytest.raises(WindowIsOver):
        do(act, made, OFFER, now=NOW + timedelta(days=60))
    made.refresh_from_db()
    assert (made.state, made.version) == (state, 1)


@pytest.mark.parametrize("act", TABLE)
def test_of_two_who_read_the_same_version_the_second_looks_again(coop, act):
    state = sorted(TABLE[act][0])[0]
    made = in_state(coop, OFFER, state)
    do(act, made, OFFER)
    with pytest.raises(StaleVersion):
        do(act, made, OFFER)


def test_saying_that_it_still_holds_makes_it_fresh(coop):
    made = town.post(coop)
    later = NOW + timedelta(days=3)
    do("confirm", made, OFFER, now=later)
    made.refresh_from_db()
    assert made.confirmed_at == later


def test_pausing_does_not_say_that_it_still_holds(coop):
    made = town.post(coop)
    do("pause", made, OFFER, now=NOW + timedelta(days=3))
    made.refresh_from_db()
    assert made.confirmed_at == NOW


@pytest.mark.parametrize("status", ["suspended", "stopped", "dissolved"])
@pytest.mark.parametrize(("act", "state"), [("publish", "draft"), ("resume", "paused")])
def test_who_does_not_work_publishes_nothing(coop, act, state, status):
    made = in_state(coop, OFFER, state)
    StatusFact.objects.create(organisation=coop, status=status, since=NOW.date())
    before = (Event.objects.count(), Outbox.objects.count())
    with pytest.raises(OrganisationNotActive):
        do(act, made, OFFER)
    made.refresh_from_db()
    assert (made.state, made.version) == (state, 1)
    assert (Event.objects.count(), Outbox.objects.count()) == before


def test_who_does_not_work_writes_a_draft_and_no_published_post(coop):
    StatusFact.objects.create(organisation=coop, status="dissolved", since=NOW.date())
    with pytest.raises(OrganisationNotActive):
        town.post(coop)
    assert town.post(coop, publish=False).state == "draft"
