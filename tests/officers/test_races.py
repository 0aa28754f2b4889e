"""An act of an officer beside a first account, a withdrawal or another act. With their controls."""

from __future__ import annotations

from functools import partial
from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

from linkage.errors import NotFound
from linkage.jobs import outbox
from linkage.market.models import Offer
from linkage.market.services import states
from linkage.notices.models import Notice
from linkage.registry.access import OPERATOR
from linkage.registry.models import ConsentScan, Membership, OfficerAct, RoleGrant, User
from linkage.registry.services import (
    accounts,
    attach_consent_scan,
    behalf,
    consent_scans,
    grant_role,
    memberships,
    withdraw_consent,
)
from linkage.registry.services.claims import hold
from linkage.registry.services.consent_scans import MOST_SCANS, TooManyScans
from linkage.registry.services.memberships import OwnArea, begin_membership
from linkage.registry.services.officers import ConsentOver
from tests import scans
from tests.market import town
from tests.officers import field
from tests.officers.test_on_behalf import post
from tests.racing import at_once, many_writers, while_it_waits
from worker.handlers import CONSUMERS

NOW = town.NOW

pytestmark = [pytest.mark.django_db(transaction=True), many_writers]


@pytest.fixture
def market(transactional_db):
    town.catalogue()
    town.places()


@pytest.fixture
def let(coop, user):
    """The officer's consent."""
    return field.consent(user, coop)


@pytest.fixture
def paused(let, coop, user):
    """The officer pauses a post: an act that writes no row of the organisation's."""
    offer = town.post(coop)
    return partial(states.ACTS["pause"], actor=field.acting(user), own=town.own(offer), now=NOW)


@pytest.fixture
def newcomer(market):
    return User.objects.create(username="moi", email="moi@example.org")


@pytest.fixture
def joins(coop, newcomer):
    def join():
        with transaction.atomic():
            begin_membership(
                user_id=newcomer.pk, organisation=coop, role="admin", actor=town.actor(coop),
                now=NOW,
            )  # fmt: skip

    return join


def told(person):
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)
    return Notice.objects.filter(user=person, what="officer_offer").count()


def test_who_joins_while_an_act_is_about_to_be_kept_is_told_of_it(paused, joins, newcomer):
    while_it_waits(paused, joins)
    assert told(newcomer) == 1
    assert OfficerAct.objects.get().told_at is not None


def test_an_act_while_the_first_is_about_to_join_is_told_too(paused, joins, newcomer):
    while_it_waits(joins, paused)
    assert told(newcomer) == 1
    assert OfficerAct.objects.get().told_at is not None


def test_the_control_that_does_not_wait_tells_nobody(paused, joins, newcomer, monkeypatch):
    monkeypatch.setattr(behalf, "hold", lambda pk: None)
    with transaction.atomic():
        paused()
        at_once([joins])
    assert told(newcomer) == 0
    assert OfficerAct.objects.get().told_at is None


@pytest.fixture
def withdraws(let, coop, user):
    return partial(
        withdraw_consent, actor=field.acting(user), organisation_id=coop.pk, consent_id=let.pk,
        now=NOW,
    )  # fmt: skip


def test_an_act_while_the_consent_is_about_to_end_is_undone(paused, withdraws):
    with pytest.raises(NotFound):
        while_it_waits(withdraws, paused)
    assert Offer.objects.get().state == "published"


def test_the_control_that_does_not_wait_is_carried_out(paused, withdraws, monkeypatch):
    monkeypatch.setattr(behalf, "hold", lambda pk: None)
    with transaction.atomic():
        withdraws()
        at_once([paused])
    assert Offer.objects.get().state == "paused"


def test_two_acts_that_each_wrote_a_row_do_not_wait_for_each_other_in_a_ring(
    let, coop, user, monkeypatch
):
    written = Barrier(2)

    def hold_when_both_wrote(organisation_id):
        written.wait(20)
        return hold(organisation_id)

    monkeypatch.setattr(behalf, "hold", hold_when_both_wrote)
    at_once([partial(post, field.acting(user), coop) for _ in range(2)])
    assert OfficerAct.objects.count() == 2


@pytest.fixture
def attaches(let, coop, user, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)

    def attach(text="giấy"):
        return attach_consent_scan(
            actor=field.acting(user), organisation_id=coop.pk, consent_id=let.pk,
            file=scans.scan(text), now=NOW,
        )  # fmt: skip

    return attach


@pytest.fixture
def all_but_one(attaches):
    for number in range(MOST_SCANS - 1):
        attaches(str(number))


@pytest.fixture
def last_two(all_but_one, attaches):
    return partial(attaches, "tờ này"), partial(attaches, "tờ kia")


def test_beside_a_consent_that_is_about_to_end_no_scan_comes(attaches, withdraws):
    with pytest.raises(ConsentOver):
        while_it_waits(withdraws, attaches)
    assert not ConsentScan.objects.exists()


def test_the_control_that_does_not_wait_attaches_it(attaches, withdraws, monkeypatch):
    monkeypatch.setattr(consent_scans, "hold", lambda pk: None)
    with transaction.atomic():
        withdraws()
        at_once([attaches])
    assert ConsentScan.objects.count() == 1


def test_of_two_last_scans_in_one_moment_one_is_attached(last_two):
    with pytest.raises(TooManyScans):
        while_it_waits(*last_two)
    assert ConsentScan.objects.count() == MOST_SCANS


def test_the_control_that_does_not_wait_attaches_one_too_many(last_two, monkeypatch):
    monkeypatch.setattr(consent_scans, "hold", lambda pk: None)
    one, other = last_two
    with transaction.atomic():
        one()
        at_once([other])
    assert ConsentScan.objects.count() == MOST_SCANS + 1


@pytest.fixture
def is_granted(newcomer):
    """The newcomer becomes field officer of where the co-op is."""
    return partial(
        grant_role, actor=OPERATOR, user_id=newcomer.pk, role="field_officer", communes=["1"],
        starts=town.TODAY, ends=None, now=NOW,
    )  # fmt: skip


def test_who_is_about_to_be_made_its_field_officer_does_not_join(joins, is_granted):
    with pytest.raises(OwnArea):
        while_it_waits(is_granted, joins)
    assert not Membership.objects.exists()


def test_who_is_about_to_join_is_not_made_its_field_officer(joins, is_granted):
    with pytest.raises(OwnArea):
        while_it_waits(joins, is_granted)
    assert not RoleGrant.objects.exists()


def test_the_control_that_does_not_wait_is_both(joins, is_granted, monkeypatch):
    for module in (accounts, memberships):
        monkeypatch.setattr(module, "hold_person", lambda pk: User.objects.get(pk=pk))
    with transaction.atomic():
        joins()
        at_once([is_granted])
    assert (Membership.objects.count(), RoleGrant.objects.count()) == (1, 1)
