"""Near misses tell of two limits whether they meet, and nothing else of them to anybody."""

from __future__ import annotations

import json
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from linkage.market.models import NeedCeiling, OfferFloor
from tests.market.town import NEED, OFFER
from tests.sealed.walk import answered
from tests.suggestions.test_sealed import look, traders

__all__ = ["traders"]
pytestmark = pytest.mark.django_db
TOP = 9_000_000
# An owner reads its own limit on its post's page.
OWN_LIMIT = re.compile(rb'<p class="figure-line">.*?</p>', re.DOTALL)


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages_of(organisation):
    """All that shows the organisation's people near misses, or how many there are."""
    at = [organisation.pk]
    yield reverse("web:suggestions", args=at)
    for kind, posts in ((OFFER, organisation.offers), (NEED, organisation.needs)):
        for post in posts.all():
            yield reverse(f"web:{kind}", args=[*at, post.pk])
            yield reverse(f"api:own_{kind}_near_misses", args=[*at, post.pk])


def world(traders, limits):
    """What everybody reads where the limits are these, with what was asked for it; taken back."""
    coops, firms = traders
    floors, ceilings = limits
    with transaction.atomic():
        for coop, price in zip(coops, floors, strict=True):
            OfferFloor.objects.filter(offer__organisation=coop).update(price=price)
        for firm, price in zip(firms, ceilings, strict=True):
            NeedCeiling.objects.filter(need__organisation=firm).update(price=price)
        look()
        found = {}
        for organisation in (*coops, *firms):
            client = signed_in(organisation.memberships.get().user)
            for page in pages_of(organisation):
                read, answer = answered(lambda: client.get(page))  # noqa: B023
                assert answer.status_code == 200
                body = OWN_LIMIT.sub(b"", read.content)
                found[organisation.name, page] = (body, read.asked)
        transaction.set_rollback(True)
    return found


def lacks(traders, found, organisation, kind):
    (post,) = getattr(organisation, f"{kind}s").all()
    page = reverse(f"api:own_{kind}_near_misses", args=[organisation.pk, post.pk])
    return found[organisation.name, page][0]


def test_how_far_limits_are_apart_shows_to_nobody(traders):
    """Limits that do not meet, by one đồng or by far, this one's or that one's the farthest."""
    apart = [
        ((TOP + 1, TOP + 2, TOP + 3), (TOP, TOP - 1, TOP - 2)),
        ((TOP * 1_000, TOP + 1, TOP * 50), (1, TOP, 70)),
        ((TOP + 1,) * 3, (1, TOP, TOP // 2)),
    ]
    first, *others = [world(traders, limits) for limits in apart]
    coop = traders[0][0]
    assert lacks(traders, first, coop, OFFER).count(b'"condition":"price"') == 3
    for other in others:
        assert other == first


def test_a_limit_that_crosses_turns_the_bit_of_its_pairs_and_nothing_else(traders):
    coops, firms = traders
    floors, ceilings = (5_000_000, TOP + 1, TOP + 1), (TOP, TOP, TOP)
    within = world(traders, (floors, ceilings))
    beyond = world(traders, ((TOP + 1, *floors[1:]), ceilings))
    differ = {key for key in within if within[key] != beyond[key]}
    # Nothing on the pages of its rivals.
    assert {name for name, _page in differ} == {coops[0].name, *(firm.name for firm in firms)}
    assert lacks(traders, within, coops[0], OFFER) == b'{"results":[]}'
    rows = lacks(traders, beyond, coops[0], OFFER)
    said = re.findall(rb'"lacking":(\{.*?\})', rows)
    assert len(said) == 3
    assert {tuple(json.loads(bit).values()) for bit in said} == {
        ("price", None, "giá chưa gặp nhau", "prices do not meet yet")
    }
    # To each firm it is one line of the same kind more.
    for firm in firms:
        counts = [lacks(traders, one, firm, NEED).count(b'"price"') for one in (within, beyond)]
        assert counts == [2, 3]


def test_no_limit_is_in_what_is_read(traders):
    """Not even its digits."""
    floor, ceiling = 777_123_000, 333_456_000
    found = world(traders, ((floor,) * 3, (ceiling,) * 3))
    for body, _asked in found.values():
        assert b"333456" not in body.replace(b".", b"") and b"777123" not in body.replace(b".", b"")
