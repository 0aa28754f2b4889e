"""A sealed limit changes nothing that anybody but its owner can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from linkage.market.models import NeedCeiling, Offer, OfferFloor
from linkage.market.services import set_limit
from linkage.registry.models import Role, RoleGrant, User
from tests.market import town
from tests.market.sealed import ANONYMOUS, Readers, addresses, differences, everything_read
from tests.market.town import NEED, NOW, OFFER

pytestmark = pytest.mark.django_db
# An administrator reads all that city staff read.
OFFICES = (Role.ADMINISTRATOR, Role.VERIFIER, Role.AUDITOR)
OTHERS = (*OFFICES, "rival", "counterpart", "nobody", ANONYMOUS)
SEARCHES = ["?q=toi&near=1", "?quantity=1&unit=tan"]


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def town_of_readers(coop, firm):
    """The owner's posts (an offer, a need), and everybody who might look at them."""
    rival = town.organisation("HTX Tỏi Khác", product="garlic")
    offer = town.post(coop, limit=None)
    need = town.post(firm, NEED, limit=None)
    town.post(rival)
    people = {ANONYMOUS: Client()}
    people |= {"coop": signed_in(town.person(coop)), "counterpart": signed_in(town.person(firm))}
    people["rival"] = signed_in(town.person(rival))
    for role in (*OFFICES, "nobody"):
        user = User.objects.create(username=role, email=f"{role}@example.org", full_name=role)
        if role != "nobody":
            RoleGrant.objects.create(user=user, role=role, starts=date(2020, 1, 1))
        people[role] = signed_in(user)
    names = ("search_offers", "market_offers", "seen_offers",
             "search_needs", "market_needs", "seen_needs")  # fmt: skip
    readers = Readers(
        clients=people,
        arguments=[
            {"organisation_id": coop.pk, "post_id": offer.pk},
            {"organisation_id": firm.pk, "post_id": offer.pk},
            {"organisation_id": firm.pk, "post_id": need.pk},
            {"organisation_id": coop.pk, "post_id": need.pk},
        ],
        queries=dict.fromkeys(names, SEARCHES),
    )
    return offer, need, readers


def change(post, kind, price):
    post.refresh_from_db()
    set_limit(
        actor=town.actor(post.organisation), own=town.own(post, kind), price=price,
        unit_code="kg", now=NOW,
    )  # fmt: skip


@pytest.mark.slow
def test_a_limit_is_read_by_its_owner_alone(town_of_readers):
    """Not given; given; and another in the bare row, with nothing else done."""
    offer, need, readers = town_of_readers
    worlds = [everything_read(readers)]
    change(offer, OFFER, 25_000)
    change(need, NEED, 31_000)
    worlds.append(everything_read(readers))
    OfferFloor.objects.update(price=1)
    NeedCeiling.objects.update(price=10**13)
    worlds.append(everything_read(readers))
    for world in worlds[1:]:
        found = differences(worlds[0], world)
        own = {"coop": offer, "counterpart": need}
        others = {
            (who, address)
            for who, address in found
            if who not in own or not _of_owner(own[who], address)
        }
        assert others == set()
        assert found


def _of_owner(post, address):
    """The owner's own pages: the post's, its list, their API."""
    side = "offers" if isinstance(post, Offer) else "needs"
    return re.search(rf"/{post.organisation_id}/{side}\b", address) is not None


def test_the_walk_goes_to_the_pages_that_matter(town_of_readers):
    offer, _need, readers = town_of_readers
    walked = addresses(readers)
    coop, firm = (one["organisation_id"] for one in readers.arguments[:2])
    for address in (
        f"/mine/{coop}/offers/{offer.pk}/",
        f"/mine/{firm}/search/offers/{offer.pk}/",
        f"/mine/{firm}/search/offers/?q=toi&near=1",
        f"/market/offers/{offer.pk}/",
        f"/api/v1/organisations/{firm}/market/offers?q=toi&near=1",
        f"/api/v1/market/offers/{offer.pk}",
        "/organisations/",
    ):
        assert address in walked
    page = f"/mine/{firm}/search/offers/{offer.pk}/"
    answers = everything_read(readers, at=[page])
    assert answers["counterpart", page].status == 200
    assert {who for who, _address in answers} == {*OTHERS, "coop"}


def test_the_walk_would_see_a_leak(town_of_readers):
    offer, _need, readers = town_of_readers
    at = [address for address in addresses(readers) if f"/{offer.pk}" in address]
    before = everything_read(readers, at=at)
    type(offer).objects.filter(pk=offer.pk).update(note="25.000 đồng")
    found = differences(before, everything_read(readers, at=at))
    assert {"counterpart", "auditor"} <= {who for who, _address in found}
