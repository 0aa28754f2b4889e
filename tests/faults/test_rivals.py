"""Many at once on one offer, on real connections to both databases: nothing is sold twice.

EXAMPLES_TIMES multiplies the rounds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import combinations_with_replacement, pairwise
from threading import Barrier

import pytest
from django.db import transaction
from django.db.models import Sum

from linkage.agreements import invariants, services
from linkage.agreements.models import Consent, Linkage, Reservation, State, TermsVersion
from linkage.agreements.services import TRANSITIONS
from linkage.agreements.services.posts import expire_posts, withdraw_post
from linkage.jobs.models import Event
from linkage.market.models import Need, Offer, PostKind
from linkage.market.services import edit_post
from linkage.market.services.claims import Own
from tests.agreements import deals
from tests.examples import examples
from tests.racing import at_once, outcome

BUYERS, HANDS = 100, 16
TONNE = deals.TONNE
ROUNDS = examples(2, each=True)


@pytest.fixture
def deal(house):
    return deals.make(tonnes=10)


def proposed_by_all(deal) -> list[Linkage]:
    """A hundred buyers have each proposed to take one tonne of an offer of ten."""
    offer = deals.offer(deal.coop, 10)
    needs = [deals.need(deal.firm, 1) for _ in range(BUYERS)]
    linkages = Linkage.objects.bulk_create(
        Linkage(
            seller=deal.coop, buyer=deal.firm, commodity=offer.commodity, starts=date(2026, 7, 1),
            state=State.PROPOSED, origin="platform", offer=offer, need=need, opened_by="buyer",
        )
        for need in needs
    )  # fmt: skip
    terms = TermsVersion.objects.bulk_create(
        TermsVersion(
            linkage=linkage, number=1, side="buyer", quantity=TONNE, unit_id="tan",
            starts=date(2026, 7, 1), ends=date(2026, 9, 30), proposed_at=deal.now,
        )
        for linkage in linkages
    )  # fmt: skip
    Consent.objects.bulk_create(
        Consent(terms=version, side="buyer", given_at=deal.now) for version in terms
    )
    return linkages


def sold(offer_id: int) -> int:
    held = Reservation.objects.filter(offer=offer_id).aggregate(sum=Sum("held"))["sum"]
    return held or 0


def all_sound() -> dict[str, tuple[int, ...]]:
    return {name: check().broken for name, check in invariants.CHECKS.items() if not check().ok}


def test_of_a_hundred_buyers_exactly_those_are_served_for_whom_there_is_enough(deal):
    for _round in range(ROUNDS):
        one_round(deal)
    assert all_sound() == {}


def one_round(deal) -> None:
    linkages = proposed_by_all(deal)

    def accepting(linkage):
        own = deal.as_("seller")
        return lambda: outcome(lambda: services.accept(**own, linkage_id=linkage.pk, version=1))

    results = at_once([accepting(linkage) for linkage in linkages], HANDS)
    offer = Offer.objects.get(pk=linkages[0].offer_id)
    assert (results.count("done"), results.count("out_of_stock")) == (10, BUYERS - 10)
    assert offer.reserved == sold(offer.pk) == offer.total == 10 * TONNE
    assert Linkage.objects.filter(offer=offer, state="agreed").count() == 10


def test_the_control_without_the_guard_oversells(deal):
    linkages = proposed_by_all(deal)[:HANDS]
    seen = Barrier(HANDS)

    def buying(linkage):
        def attempt():
            """Looks first and takes then: what a conditional UPDATE does in one."""
            left = 10 * TONNE - sold(linkage.offer_id)
            seen.wait()
            if left < TONNE:
                return "out_of_stock"
            with transaction.atomic():
                Reservation.objects.create(
                    linkage=linkage, offer=linkage.offer, need=linkage.need, held=TONNE,
                    made_at=deal.now,
                )  # fmt: skip
            return "done"

        return attempt

    results = at_once([buying(linkage) for linkage in linkages], HANDS)
    assert results.count("done") == HANDS
    assert sold(linkages[0].offer_id) > 10 * TONNE


class Table:
    """A talk in which the buyer has proposed 3 tonnes, and what may be done to it at once.

    It is the morning after the need's last day, and nothing has ended the need yet.
    """

    def __init__(self, deal):
        deal.offer, deal.need = (
            deals.offer(deal.coop, 10),
            deals.need(deal.firm, 10, ends=deals.TODAY),
        )
        self.linkage = deal.ask()
        deal.propose("buyer", self.linkage, 3)
        self.deal = replace(deal, now=deal.now + timedelta(days=1))
        self.version = Linkage.objects.get(pk=self.linkage.pk).version

    def do(self, name: str) -> str:
        return outcome(getattr(self, name))

    def named(self, name: str) -> tuple[str, str]:
        return name, self.do(name)

    def _own(self, who, **values):
        return {
            **self.deal.as_(who), "linkage_id": self.linkage.pk, "version": self.version, **values
        }  # fmt: skip

    def accept(self):
        services.accept(**self._own("seller"))

    def counter(self):
        services.propose(**self._own("seller", proposal=deals.proposal(2)))

    def propose(self):
        services.propose(**self._own("buyer", proposal=deals.proposal(4)))

    def withdraw(self):
        services.withdraw(**self._own("buyer"))

    def decline(self):
        services.decline(**self._own("seller", reason="Hết hàng"))

    def edit(self):
        """The owner has only two tonnes left."""
        edit_post(**self._offer(), terms={"quantity": Decimal(2)})

    def take_back(self):
        withdraw_post(**self._offer())

    def expire(self):
        expire_posts(now=self.deal.now)

    def _offer(self):
        """The offer as its owner read it before."""
        offer = self.deal.offer
        own = Own(PostKind.OFFER, offer.organisation_id, offer.pk, offer.version)
        return {"actor": self.deal.seller, "own": own, "now": self.deal.now}

    def standing(self):
        offer = Offer.objects.get(pk=self.deal.offer.pk)
        need = Need.objects.get(pk=self.deal.need.pk)
        linkage = Linkage.objects.get(pk=self.linkage.pk)
        consents = Consent.objects.filter(terms__linkage=linkage)
        return (
            linkage.state, linkage.version, linkage.terms.count(), consents.count(),
            offer.state, offer.reserved, offer.total, offer.version,
            need.state, need.reserved, need.version, tuple(map(tuple, self.history())),
        )  # fmt: skip

    def history(self):
        """What the two posts' histories say was done, and how often."""
        for kind, post in (("offer", self.deal.offer), ("need", self.deal.need)):
            events = Event.objects.filter(subject_kind=kind, subject_id=str(post.pk))
            yield sorted(events.values_list("kind", flat=True))

    def moves(self):
        events = Event.objects.filter(subject_kind="linkage", subject_id=str(self.linkage.pk))
        rows = events.filter(kind="moved").order_by("pk")
        return [(State(row.data["from"]), State(row.data["to"])) for row in rows]


ACTS = ("accept", "counter", "propose", "withdraw", "decline", "edit", "take_back", "expire")


def test_two_acts_at_once_end_as_one_after_the_other_would(deal):
    illegal = {}
    for pair in combinations_with_replacement(ACTS, 2):
        legal = {in_order(deal, order, pair) for order in (pair, pair[::-1])}
        for _round in range(ROUNDS):
            ended = side_by_side(deal, pair)
            if ended not in legal:
                illegal[pair] = ended
    assert illegal == {}
    assert all_sound() == {}


class Unguarded(Table):
    """Acts that look first, all of them, and write then: what a version to claim prevents."""

    def __init__(self, deal):
        super().__init__(deal)
        self.seen = Barrier(2)

    def decline(self):
        self._look_then_write("declined")

    def withdraw(self):
        self._look_then_write("negotiating")

    def _look_then_write(self, to):
        linkage = Linkage.objects.get(pk=self.linkage.pk)
        self.seen.wait()
        assert linkage.state == State.PROPOSED
        Linkage.objects.filter(pk=linkage.pk).update(state=to, version=linkage.version + 1)


def test_the_control_without_the_guard_tells_both_that_they_were_first(deal):
    pair = ("decline", "withdraw")
    legal = {in_order(deal, order, pair) for order in (pair, pair[::-1])}
    table = Unguarded(deal)
    results = at_once([partial(table.named, name) for name in pair], 2)
    assert (told(pair, results), table.standing()) not in legal


def in_order(deal, order, pair):
    table = Table(deal)
    results = [(name, table.do(name)) for name in order]
    return told(pair, results), table.standing()


def side_by_side(deal, pair):
    table = Table(deal)
    results = at_once([partial(table.named, name) for name in pair], 2)
    moves = table.moves()
    assert all(to in TRANSITIONS[before] for before, to in moves)
    assert all(first[1] == then[0] for first, then in pairwise(moves))
    return told(pair, results), table.standing()


def told(pair, results):
    """What each was told; of two equal acts it does not matter which."""
    return tuple(
        tuple(sorted(said for name, said in results if name == one)) for one in sorted(set(pair))
    )
