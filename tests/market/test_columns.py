"""What the engine is given: what is left, limits, certificates with their last days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from linkage.market.models import Need, Offer
from linkage.market.queries import need_columns, offer_columns
from linkage.market.services.posts import Limit
from linkage.registry.models import Organisation
from tests.market import town
from tests.market.town import NEED, NOW, TODAY

pytestmark = pytest.mark.django_db


def test_an_offer_as_columns(coop, firm):
    Organisation.objects.filter(pk=firm.pk).update(tax_code="0201234567")
    later, never = town.certificate(coop), town.certificate(coop, "HACCP", ends=None)
    town.certificate(coop, "OCOP-3")
    made = town.post(
        coop, limit=Limit(25_000, "kg"), max_km=40, certificates=[later.pk, never.pk],
        period="week", commune="2",
    )  # fmt: skip
    Offer.objects.filter(pk=made.pk).update(reserved=made.total // 2)
    Organisation.objects.filter(pk=coop.pk).update(merged_into=firm)
    assert offer_columns(on=TODAY) == {
        "id": [made.pk], "organisation": [firm.pk], "tax_code": ["0201234567"],
        "commodity": ["garlic"], "dimension": ["mass"], "quantity": [1_500_000],
        "period": ["week"], "starts": [TODAY], "ends": [date(2026, 7, 14)], "limit": [25_000_000],
        "certificates": [{"VIETGAP": date(2027, 1, 1)}], "latitude": [20.9],
        "longitude": [106.5], "max_km": [40], "confirmed_on": [NOW.date()],
    }  # fmt: skip


def test_a_need_as_columns(firm):
    made = town.post(firm, NEED, certifications=["VIETGAP", "HACCP"], quantity=Decimal("0.5"))
    found = need_columns(on=TODAY)
    assert (found["id"], found["quantity"], found["limit"]) == ([made.pk], [500_000], [None])
    assert found["certificates"] == [["HACCP", "VIETGAP"]]


def test_only_what_is_published_and_has_something_left(coop):
    taken, draft, kept = town.post(coop), town.post(coop, publish=False), town.post(coop)
    Offer.objects.filter(pk=taken.pk).update(reserved=taken.total)
    assert offer_columns(on=TODAY)["id"] == [kept.pk]
    assert draft.pk not in offer_columns(on=TODAY)["id"]
    assert offer_columns(on=TODAY, only=Q(pk=taken.pk))["id"] == []
    assert offer_columns(on=TODAY, commodities=["onions"])["id"] == []
    assert offer_columns(on=TODAY, commodities=["garlic"], only=Q(pk=kept.pk))["id"] == [kept.pk]


@pytest.mark.parametrize("columns", [offer_columns, need_columns])
def test_more_posts_make_no_more_queries(coop, columns):
    for number in (1, 20):
        for _ in range(number):
            town.post(coop)
            town.post(coop, NEED)
        with CaptureQueriesContext(connection) as captured:
            columns(on=TODAY)
        assert len(captured) == 3
    assert Need.objects.count() == 21
