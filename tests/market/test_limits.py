"""The sealed limit: exact, its owner's alone, nowhere but in its row, and not moved too often."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import serializers

from linkage.errors import NotFound, StaleVersion
from linkage.jobs.models import Event, Outbox
from linkage.market import errors
from linkage.market.models import NeedCeiling, OfferFloor
from linkage.market.services import edit_post, set_limit
from linkage.market.services.claims import Own
from linkage.market.services.posts import Limit
from linkage.registry.models import Organisation
from linkage.registry.values import ValueUnknown
from tests.market import town
from tests.market.town import NEED, NOW, OFFER

pytestmark = pytest.mark.django_db


def change(post, price, unit="kg", kind=OFFER, *, now=NOW, organisation=None):
    post.refresh_from_db()
    actor = town.actor(organisation or post.organisation)
    own = town.own(post, kind)
    return set_limit(actor=actor, own=own, price=price, unit_code=unit, now=now)


@pytest.mark.parametrize(
    ("unit", "price", "kept"),
    [("kg", 25_000, 25_000_000), ("ta", 2_500_000, 25_000_000), ("tan", 1, 1), ("g", 3, 3_000_000)],
)
def test_a_price_is_kept_exactly_for_a_tonne(coop, unit, price, kept):
    made = town.post(coop)
    change(made, price, unit)
    assert OfferFloor.objects.get(offer=made).price == kept


def test_a_price_of_pieces_is_kept_for_a_thousand(coop):
    made = town.post(coop, NEED, commodity="eggs", unit="van")
    change(made, 2_800, "qua", NEED)
    assert NeedCeiling.objects.get(need=made).price == 2_800_000
    change(made, 28_000_010, "van", NEED)
    assert NeedCeiling.objects.get(need=made).price == 2_800_001


@pytest.mark.parametrize(
    ("price", "unit", "error"),
    [
        (0, "kg", errors.PriceOutOfRange),
        (-5, "kg", errors.PriceOutOfRange),
        (10**12 + 1, "tan", errors.PriceOutOfRange),
        (10**12, "g", errors.PriceOutOfRange),
        (25_000, "qua", errors.UnitNotOfCommodity),
        (25_000, "none", ValueUnknown),
    ],
)
def test_a_price_that_cannot_be_is_refused_and_changes_nothing(coop, price, unit, error):
    made = town.post(coop)
    with pytest.raises(error) as refused:
        change(made, price, unit)
    made.refresh_from_db()
    assert (made.version, OfferFloor.objects.count()) == (1, 0)
    assert str(price) not in str(refused.value) or price == 0


def test_a_price_finer_than_a_thousand_pieces_is_refused(coop):
    made = town.post(coop, commodity="eggs", unit="van")
    with pytest.raises(errors.PriceNotExact):
        change(made, 28_000_001, "van")


def test_it_is_taken_away_again(coop):
    made = town.post(coop, limit=Limit(25_000, "kg"))
    change(made, None)
    assert not OfferFloor.objects.exists()


def test_five_changes_a_post_and_day_and_no_more(coop):
    made, other = town.post(coop), town.post(coop)
    for price in range(1, 6):
        change(made, price)
    with pytest.raises(errors.LimitChangedTooOften) as refused:
        change(made, 6)
    assert refused.value.code == "limit_changed_too_often"
    with pytest.raises(errors.LimitChangedTooOften):
        change(made, None)
    made.refresh_from_db()
    assert (OfferFloor.objects.get(offer=made).price, made.version) == (5_000, 6)
    change(other, 6)
    change(made, 6, now=NOW + timedelta(days=1))


def test_ten_limits_for_a_product_and_day_in_however_many_posts(coop, firm):
    for price in range(1, 11):
        town.post(coop, limit=Limit(price, "kg"))
    with pytest.raises(errors.LimitsOfProductChangedTooOften) as refused:
        town.post(coop, limit=Limit(11, "kg"))
    assert refused.value.code == "limits_of_product_changed_too_often"
    assert coop.offers.count() == 10
    town.post(coop)
    with pytest.raises(errors.LimitsOfProductChangedTooOften):
        town.post(coop, commodity="onions", limit=Limit(11, "kg"))
    town.post(coop, commodity="eggs", unit="qua", limit=Limit(11, "qua"))
    town.post(firm, limit=Limit(11, "kg"))
    town.post(coop, NEED, limit=Limit(11, "kg"))
    town.post(coop, limit=Limit(11, "kg"), now=NOW + timedelta(days=1))


@pytest.mark.parametrize("first", ["own", "of_the_merged"])
def test_what_was_merged_into_an_organisation_shares_its_ten_limits(coop, first):
    twin = town.organisation("HTX Tỏi cũ", product="garlic")
    merged = [town.post(twin) for _ in range(3)]
    Organisation.objects.filter(pk=twin.pk).update(merged_into=coop)
    posts = [town.post(coop), town.post(coop), *merged]
    moves = [made for made in (posts if first == "own" else posts[::-1]) for _ in range(5)]

    def move(made, price):
        made.refresh_from_db()
        own = Own(OFFER, coop.pk, made.pk, made.version)
        set_limit(actor=town.actor(coop), own=own, price=price, unit_code="kg", now=NOW)

    for price, made in enumerate(moves[:10], start=1):
        move(made, price)
    with pytest.raises(errors.LimitsOfProductChangedTooOften):
        move(moves[10], 11)


def test_a_post_that_moves_to_another_product_takes_its_count_along_and_loses_its_limit(coop):
    """Its limit was for the old product; and moving it away makes no room for the next one."""
    for price in range(1, 11):
        made = town.post(coop, limit=Limit(price, "kg"))
        eggs = {"commodity": "eggs", "unit": "qua", "quantity": Decimal(100)}
        edit_post(actor=town.actor(coop), own=town.own(made), terms=eggs, now=NOW)
        assert not OfferFloor.objects.exists()
    assert Event.objects.filter(kind="limit_dropped").count() == 10
    with pytest.raises(errors.LimitsOfProductChangedTooOften):
        town.post(coop, limit=Limit(11, "kg"))


def test_the_limit_that_a_post_begins_with_counts(coop):
    made = town.post(coop, limit=Limit(9, "kg"))
    for price in range(1, 5):
        change(made, price)
    with pytest.raises(errors.LimitChangedTooOften):
        change(made, 6)


def test_a_day_ends_at_midnight_in_hai_phong(coop):
    made = town.post(coop)
    late = NOW.replace(hour=23, minute=59)
    for price in range(1, 6):
        change(made, price, now=late)
    with pytest.raises(errors.LimitChangedTooOften):
        change(made, 6, now=late)
    change(made, 6, now=late + timedelta(minutes=1))


def test_nobody_else_sets_it_and_no_stale_version_does(coop, firm):
    made = town.post(coop)
    with pytest.raises(NotFound):
        change(made, 5, organisation=firm)
    own = town.own(made, version=0)
    with pytest.raises(StaleVersion):
        set_limit(actor=town.actor(coop), own=own, price=5, unit_code="kg", now=NOW)


def test_the_number_is_in_its_row_and_nowhere_else(coop):
    made = town.post(coop, limit=Limit(73_915, "kg"))
    change(made, 73_917)
    rows = serializers.serialize("json", [*Event.objects.all(), *Outbox.objects.all()])
    assert "limit_changed" in rows
    assert "7391" not in rows
    assert Outbox.objects.filter(dedupe_key=f"offer:{made.pk}:2").exists()


def test_a_change_has_the_post_matched_anew_and_leaves_its_freshness(coop):
    made = town.post(coop)
    change(made, 5, now=NOW + timedelta(days=1))
    made.refresh_from_db()
    assert made.confirmed_at == NOW
    assert Outbox.objects.filter(dedupe_key=f"offer:{made.pk}:2").exists()
