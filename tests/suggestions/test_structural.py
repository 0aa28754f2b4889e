"""What the structure tells a member: read from a part of the register, as from the whole of it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.agreements import graph_columns as reading
from linkage.agreements.models import Linkage
from linkage.registry.models import CommuneFact, KindFact, Organisation, StatusFact
from linkage.suggestions import structural
from linkage.suggestions.structural import own_structure
from tests.examples import examples
from tests.market import town
from tests.market.town import TODAY

pytestmark = pytest.mark.django_db
SEEDS = range(examples(6))
TRADED = ("garlic", "onions", "red-onions", "vegetables", "paddy", "fertiliser", None)
KINDS = ("cooperative", "cooperative", "enterprise", "household_business", "individual")
STATES = ("in_force", "in_force", "agreed", "ended", "terminated", "negotiating")


@pytest.fixture(autouse=True)
def place(db):
    town.catalogue()
    town.places()


def linkage(r, seller, buyer, number):
    # Many begin or end on the very day.
    starts = r.choice([TODAY, TODAY - timedelta(days=r.randint(-40, 600))])
    state = r.choice(STATES)
    return Linkage(
        seller=seller, buyer=buyer, commodity_id=r.choice(TRADED), starts=starts, state=state,
        ends=r.choice([None, max(starts, TODAY), starts + timedelta(days=r.randint(0, 900))]),
        terminated_on=starts + timedelta(days=r.randint(0, 300)) if state == "terminated" else None,
        # Some say nothing, each in its own way.
        contract_number=f"HD-{number}" if number % 7 else " " * (number // 7),
        origin=r.choice(["register", "declared"]),
        verified_on=None if state == "negotiating" else r.choice([None, TODAY]),
    )  # fmt: skip


def register(r):
    """Some were merged, moved, became something else or stopped; posts and products say more."""
    made = [
        town.organisation(f"Đơn vị {n}", r.choice(KINDS), r.choice("1234"), r.choice(TRADED))
        for n in range(16)
    ]
    for one in r.sample(made, 4):
        since = TODAY - timedelta(days=r.randint(-10, 200))
        CommuneFact.objects.create(organisation=one, commune_id=r.choice("1234"), since=since)
        KindFact.objects.create(organisation=one, kind=r.choice(KINDS), since=since)
        StatusFact.objects.create(organisation=one, status="stopped", since=since)
    pairs = [r.sample(made, 2) for _ in range(140)]
    Linkage.objects.bulk_create(linkage(r, *pair, n) for n, pair in enumerate(pairs))
    for one, into in zip(made[:2], made[2:4], strict=True):
        Organisation.objects.filter(pk=one.pk).update(merged_into=into)
    for one in made[4:8]:
        StatusFact.objects.filter(organisation=one).delete()
        StatusFact.objects.create(organisation=one, status="active")
        town.post(one, r.choice([town.OFFER, town.NEED]), commodity=r.choice(["garlic", "paddy"]))
    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_of_the_register_tells_what_the_whole_of_it_does(seed, monkeypatch):
    # With three peers few would be told of anything.
    monkeypatch.setattr(structural, "FEWEST_PEERS", 1)
    told = 0
    for one in register(Random(seed)):
        asked = {"actor": town.actor(one), "organisation_id": one.pk, "on": TODAY}
        found = own_structure(**asked)
        with monkeypatch.context() as whole:
            whole.setattr(structural, "columns_around", lambda *_: reading.graph_columns())
            assert own_structure(**asked) == found
        told += len(found.told) + len(found.hidden)
    assert told > 25


def test_no_linkage_of_what_it_does_not_deal_in_is_read(monkeypatch):
    coop, buyer = town.organisation(product="garlic"), town.organisation("Công ty", "enterprise")
    for number, code in enumerate(["garlic", "paddy", "paddy", "fertiliser"]):
        peer = town.organisation(f"HTX {number}")
        Linkage.objects.create(
            seller=peer, buyer=buyer, commodity_id=code, starts=TODAY, state="in_force",
            origin="register", contract_number=str(number),
        )  # fmt: skip
    columns = reading.columns_around([coop.pk], ["garlic"], _tree(), TODAY)
    assert len(columns.linkages) == 1
    assert len(columns.organisations) == 3


def test_more_of_the_register_takes_no_more_queries(monkeypatch):
    coop = town.organisation(product="garlic")
    asked = {"actor": town.actor(coop), "organisation_id": coop.pk, "on": TODAY}

    def count():
        with CaptureQueriesContext(connection) as captured:
            own_structure(**asked)
        return len(captured)

    # Where nobody deals in it nothing is asked of anybody.
    assert count() == 8
    register(Random(1))
    before = count()
    register(Random(2))
    assert count() == before == 12
    # Where a query could not name all of them, it reads all instead, and that tells the same.
    found = own_structure(**asked)
    monkeypatch.setattr(reading, "MOST_NAMED", 0)
    assert count() == before
    assert own_structure(**asked) == found


def _tree():
    return [(code, parent, stage) for code, parent, _, _, _, stage in town.COMMODITIES]
