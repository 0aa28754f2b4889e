"""What the database itself refuses of negotiations, alike on both databases, by the rule's name."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from linkage.agreements.models import (
    Consent,
    Delivery,
    EvidenceFile,
    Linkage,
    Message,
    Reservation,
    Review,
    TermsVersion,
)
from tests.agreements import deals
from tests.agreements.test_linkage import REFUSED as OF_LINKAGES
from tests.constraints import constraints_of, must_be_refused

pytestmark = pytest.mark.django_db
DAY = deals.TODAY


@pytest.fixture
def deal():
    return deals.make()


def linkage(deal, **values):
    base = {"seller": deal.coop, "buyer": deal.firm, "starts": DAY, "state": "negotiating",
            "origin": "platform", "offer": deal.offer, "need": deal.need}  # fmt: skip
    return Linkage.objects.create(**{**base, **values})


def terms(deal, **values):
    base = {"number": 1, "side": "buyer", "quantity": 1, "unit_id": "kg", "starts": DAY,
            "ends": DAY, "proposed_at": deal.now}  # fmt: skip
    return TermsVersion.objects.create(
        **{**base, "linkage": values.pop("of", None) or linkage(deal), **values}
    )


def consent(deal, **values):
    base = {"side": "buyer", "given_at": deal.now}
    return Consent.objects.create(**{**base, **values, "terms": values.get("terms") or terms(deal)})


def message(deal, **values):
    base = {"side": "buyer", "text": "?", "written_at": deal.now}
    return Message.objects.create(linkage=linkage(deal), **{**base, **values})


def reservation(deal, **values):
    base = {"offer": deal.offer, "need": deal.need, "held": 1, "made_at": deal.now}
    return Reservation.objects.create(linkage=linkage(deal), **{**base, **values})


def delivery(deal, **values):
    base = {"on": DAY, "quantity": 1, "side": "buyer", "entered_at": deal.now}
    return Delivery.objects.create(linkage=linkage(deal), **{**base, **values})


def scan(deal, **values):
    base = {"sha256": "0" * 64, "stored_as": uuid4().hex, "media_type": "application/pdf",
            "size": 1, "name": "x", "side": "buyer", "uploaded_at": deal.now}  # fmt: skip
    of = values.pop("of", None) or linkage(deal)
    return EvidenceFile.objects.create(linkage=of, **{**base, **values})


def two_scans_in_one_place(deal):
    of = linkage(deal)
    for digest in ("0", "1"):
        scan(deal, of=of, sha256=digest * 64, stored_as="x")


def review(deal, **values):
    base = {"verdict": "verified", "reviewed_at": deal.now}
    return Review.objects.create(linkage=linkage(deal), **{**base, **values})


def twice(deal, make, **values):
    of = linkage(deal)
    make(deal, of=of, **values)
    make(deal, of=of, **values)


def consented_twice(deal):
    said = terms(deal)
    consent(deal, terms=said)
    consent(deal, terms=said)


REFUSED = {
    "linkage_is_open_once_for_a_pair": lambda d: [linkage(d), linkage(d, state="agreed",
        agreed_terms=terms(d, of=Linkage.objects.get()), confirmed_on=DAY)],
    "linkage_of_the_platform_has_its_posts": lambda d: linkage(d, need=None),
    "linkage_agreed_here_has_its_terms": lambda d: linkage(d, state="agreed", confirmed_on=DAY),
    "linkage_that_waits_for_its_pool_has_one": lambda d: linkage(d, state="pool_pending"),
    "pool_price_is_positive": lambda d: deals.pool(d.need, price=0),
    "pool_state_is_known": lambda d: deals.pool(d.need, state="lost", ended_at=d.now),
    "pool_has_an_end_when_it_ended": lambda d: deals.pool(d.need, state="agreed"),
    "pool_waits_once_for_a_need": lambda d: [deals.pool(d.need), deals.pool(d.need)],
    "terms_have_one_number": lambda d: twice(d, terms),
    "terms_quantity_is_positive": lambda d: terms(d, quantity=0),
    "terms_price_is_positive": lambda d: terms(d, price=0),
    "terms_do_not_end_before_they_start": lambda d: terms(d, ends=DAY - timedelta(1)),
    "terms_are_of_a_party": lambda d: terms(d, side="office"),
    "terms_handover_is_known": lambda d: terms(d, handover="by air"),
    "consent_is_given_once": consented_twice,
    "consent_is_of_a_party": lambda d: consent(d, side="office"),
    "message_says_something": lambda d: message(d, text=""),
    "message_is_of_a_party": lambda d: message(d, side="office"),
    "reservation_is_not_negative": lambda d: reservation(d, held=-1),
    "reservation_has_an_end_when_it_ended": lambda d: reservation(d, state="settled"),
    "delivery_quantity_is_positive": lambda d: delivery(d, quantity=0),
    "delivery_is_of_a_party": lambda d: delivery(d, side="office"),
    "delivery_state_is_known": lambda d: delivery(d, state="lost", answered_at=d.now),
    "delivery_has_an_answer_when_it_was_answered": lambda d: delivery(d, state="confirmed"),
    "evidence_is_attached_once": lambda d: twice(d, scan),
    "evidence_has_a_place_of_its_own": two_scans_in_one_place,
    "evidence_is_not_empty": lambda d: scan(d, size=0),
    "evidence_side_is_known": lambda d: scan(d, side="middle"),
    "evidence_is_a_scan": lambda d: scan(d, media_type="text/html"),
    "review_verdict_is_known": lambda d: review(d, verdict="maybe", reason="x"),
    "review_that_refuses_has_a_reason": lambda d: review(d, verdict="sent_back"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_the_row_is_refused_with_the_rules_name_as_code(deal, name):
    must_be_refused(name, lambda: REFUSED[name](deal))


def test_every_constraint_of_this_package_was_tried():
    assert constraints_of("agreements") == {*REFUSED, *OF_LINKAGES}


def test_a_pair_that_was_declined_may_talk_again(deal):
    linkage(deal, state="declined")
    assert linkage(deal).pk
