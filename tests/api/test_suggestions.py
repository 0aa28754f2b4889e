"""Suggestions at the REST door: what the structure of the linkages says for one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linkage.market.models import PostKind
from linkage.suggestions.services import refresh_post
from tests.api.conftest import MEMBER, PARTNER, make_linkage, make_organisation


@pytest.fixture
def address(world):
    world.linkage.delete()
    refresh_post(kind=PostKind.OFFER, post_id=world.coop.offers.get().pk, now=timezone.now())
    return f"/api/v1/organisations/{world.coop.pk}/suggestions"


def peers(world, many):
    """And one more who makes it there, so that not all of them are told of."""
    make_organisation("HTX Cũng Trồng", product="Bí xanh")
    for number in range(many):
        found = make_linkage(make_organisation(f"HTX Bạn {number}"), world.firm, f"HD-1{number}")
        found.commodity_id, found.confirmed_on = "bi-xanh", found.starts
        found.save()


def test_it_says_where_others_like_the_owner_deal_with_the_other_side(world, address, client_of):
    peers(world, 3)
    client = client_of(MEMBER)
    answer = client.get(address)
    (row,) = answer.json()["results"]
    said = row["structure"]
    assert said["near"] == "commune"
    assert "peers" not in said
    assert said["words_vi"] == (
        f"một số đơn vị ở Vĩnh Bảo cùng bán bí xanh đang bán cho {world.firm.name}"
    )
    assert said["words_en"].endswith(f"sellers of bi-xanh who sell to {world.firm.name}: several")
    assert "HTX Bạn" not in answer.content.decode()
    # Also where it is put aside, and to the one side alone.
    kept = client.post(f"{address}/{row['id']}/dismiss", {"reason": "too_far"}, "application/json")
    assert kept.json()["structure"] == said
    theirs = client_of(PARTNER).get(f"/api/v1/organisations/{world.firm.pk}/suggestions")
    assert [one["structure"] for one in theirs.json()["results"]] == [None]


def test_fewer_than_three_are_told_of_nobody(world, address, client_of):
    peers(world, 2)
    (row,) = client_of(MEMBER).get(address).json()["results"]
    assert row["structure"] is None
