"""Whom to ring today: what the list is made from, and what takes a co-op off it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.agreements import services
from linkage.agreements.models import Linkage
from linkage.errors import NotFound
from linkage.jobs.services import beat
from linkage.registry.access import OPERATOR
from linkage.registry.models import Call, StatusFact
from linkage.registry.services import note_call
from linkage.registry.services.officers import CallDayInvalid
from linkage.suggestions.ringing import dossier, to_ring
from linkage.suggestions.ringing_order import Why
from linkage.suggestions.services import open_talks, refresh_post
from tests.market import town
from tests.officers import field

TODAY, NOW = town.TODAY, town.NOW


def rung(user, on=TODAY):
    lines = to_ring(actor=field.acting(user, on), on=on)
    return {line.ring.organisation_id: line.ring.reasons for line in lines}


def whys(user, organisation, on=TODAY):
    return [reason.why for reason in rung(user, on).get(organisation.pk, ())]


def linked(seller, buyer, **changes):
    values = {"contract_number": "1", "starts": TODAY, "state": "in_force", **changes}
    return Linkage.objects.create(seller=seller, buyer=buyer, origin="register", **values)


def test_a_co_op_with_a_product_is_rung_when_buyers_look_for_it(coop, elsewhere, firm, user):
    assert rung(user) == {}
    town.post(firm, town.NEED)
    (reason,) = rung(user)[coop.pk]
    assert (reason.why, reason.number, reason.product) == (Why.BUYERS, 1, "garlic")
    assert elsewhere.pk not in rung(user)


def test_who_looks_for_all_vegetables_looks_for_garlic_and_who_wants_onions_does_not(
    coop, firm, user
):
    town.post(firm, town.NEED, commodity="onions")
    assert rung(user) == {}
    town.post(firm, town.NEED, commodity="vegetables")
    assert whys(user, coop) == [Why.BUYERS]


def test_a_good_suggestion_is_a_reason_for_the_unlinked(coop, firm, user):
    beat(worker="w", now=NOW)
    offer = town.post(coop)
    town.post(firm, town.NEED)
    refresh_post(kind=town.OFFER, post_id=offer.pk, now=NOW)
    assert whys(user, coop) == [Why.MATCH, Why.BUYERS]
    linked(coop, firm)
    assert whys(user, coop) == [Why.BUYERS]


def test_what_ends_within_thirty_days_is_a_reason(coop, firm, user):
    linked(coop, firm, ends=TODAY + timedelta(days=30))
    assert whys(user, coop) == [Why.LINKAGE_ENDS]
    Linkage.objects.update(ends=TODAY + timedelta(days=31))
    assert whys(user, coop) == []


def test_a_consent_that_runs_out_is_a_reason_unless_another_lasts(coop, user):
    field.consent(user, coop, until=TODAY + timedelta(days=30))
    assert whys(user, coop) == [Why.CONSENT_ENDS]
    field.consent(user, coop, until=TODAY + timedelta(days=31))
    assert whys(user, coop) == []


def test_a_question_waits_until_it_is_answered(coop, firm, user):
    offer, need = town.post(coop), town.post(firm, town.NEED)
    buyer, seller = ({"actor": town.actor(one), "organisation_id": one.pk} for one in (firm, coop))
    talk = open_talks(**buyer, offer_id=offer.pk, need_id=need.pk, text="Còn hàng?", now=NOW)
    assert Why.QUESTIONS in whys(user, coop)
    services.answer(**seller, linkage_id=talk.pk, text="Còn.", now=NOW + timedelta(minutes=1))
    assert Why.QUESTIONS not in whys(user, coop)


def test_what_nobody_was_told_is_a_reason(coop, user):
    field.consent(user, coop)
    town.create_post(
        actor=field.acting(user), kind=town.OFFER, organisation_id=coop.pk, terms=town.terms(),
        publish=False, now=NOW,
    )  # fmt: skip
    assert whys(user, coop) == [Why.UNTOLD]


def test_who_does_not_work_and_who_is_no_co_op_is_not_rung(coop, firm, user):
    town.post(firm, town.NEED)
    firm.commune_facts.update(commune_id="1")
    assert list(rung(user)) == [coop.pk]
    StatusFact.objects.filter(organisation=coop).update(status="stopped")
    assert rung(user) == {}


@pytest.mark.parametrize(
    ("outcome", "again_on", "back"),
    [
        ("no_answer", None, 1),
        ("again", TODAY + timedelta(days=10), 10),
        ("not_interested", None, 180),
    ],
)
def test_who_was_rung_is_off_the_list_until_the_day(coop, firm, user, outcome, again_on, back):
    town.post(firm, town.NEED, ends=TODAY + timedelta(days=400))
    note_call(
        actor=field.acting(user), organisation_id=coop.pk, outcome=outcome, again_on=again_on,
        note="Máy bận", now=NOW,
    )  # fmt: skip
    assert rung(user) == {}
    assert rung(user, TODAY + timedelta(days=back - 1)) == {}
    assert list(rung(user, TODAY + timedelta(days=back))) == [coop.pk]
    assert Call.objects.get().note == "Máy bận"


@pytest.mark.parametrize("again_on", [None, TODAY, TODAY + timedelta(days=366)])
def test_calling_again_names_a_later_day(coop, user, again_on):
    with pytest.raises(CallDayInvalid):
        note_call(
            actor=field.acting(user), organisation_id=coop.pk, outcome="again",
            again_on=again_on, now=NOW,
        )  # fmt: skip
    assert not Call.objects.exists()


def test_outside_the_area_nobody_is_rung(elsewhere, user):
    actor = field.acting(user)
    with pytest.raises(NotFound):
        note_call(actor=actor, organisation_id=elsewhere.pk, outcome="no_answer", now=NOW)
    with pytest.raises(NotFound):
        dossier(actor=actor, organisation_id=elsewhere.pk, on=TODAY)
    with pytest.raises(NotFound):
        to_ring(actor=OPERATOR, on=TODAY)


def test_a_longer_list_asks_the_database_no_more(coop, firm, user):
    town.post(firm, town.NEED)
    actor = field.acting(user)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(to_ring(actor=actor, on=TODAY)) == 1
    for number in range(30):
        linked(town.organisation(f"HTX Số {number}", product="garlic"), firm)
    actor = field.acting(user)
    with CaptureQueriesContext(connection) as many:
        assert len(to_ring(actor=actor, on=TODAY)) == 31
    assert len(many) == len(few) <= 14
