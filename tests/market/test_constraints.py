"""What the database itself refuses of posts, alike on both databases, each with its code."""

from __future__ import annotations

import pytest

from linkage.market.models import MODELS, NeedCeiling, OfferFloor
from tests.constraints import constraints_of, must_be_refused
from tests.market import town
from tests.market.town import NEED, OFFER, TODAY

pytestmark = pytest.mark.django_db
BROKEN = {
    "quantity_is_positive": {"quantity": 0},
    "reserves_no_more_than_it_has": {"reserved": 3_000_001},
    "window_not_inverted": {"starts": TODAY.replace(year=2030)},
    "state_is_known": {"state": "asleep"},
    "period_is_known": {"period": "year"},
    "handover_is_known": {"handover": "pigeon"},
    "distance_is_within_bounds": {"max_km": 2_001},
    "beyond_draft_was_published": {"published_at": None},
}
ROWS = [(kind, f"{kind.value}_{rule}", values) for kind in (OFFER, NEED)
        for rule, values in BROKEN.items()]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "values"), ROWS, ids=[row[1] for row in ROWS])
def test_a_row_that_breaks_the_rule_is_refused_with_its_name(coop, kind, name, values):
    made = town.post(coop, kind)
    must_be_refused(name, lambda: MODELS[kind].objects.filter(pk=made.pk).update(**values))


@pytest.mark.parametrize(
    ("kind", "table", "name"),
    [
        (OFFER, OfferFloor, "offer_floor_is_positive"),
        (NEED, NeedCeiling, "need_ceiling_is_positive"),
    ],
)
def test_a_limit_is_more_than_nothing(coop, kind, table, name):
    made = town.post(coop, kind)
    must_be_refused(name, lambda: table.objects.create(pk=made.pk, price=0))


def test_a_draft_can_be_thrown_away(coop):
    made = town.post(coop, publish=False)
    rows = MODELS[OFFER].objects.filter(pk=made.pk)
    rows.update(state="withdrawn")
    assert rows.get().published_at is None


def test_every_constraint_of_posts_was_tried():
    assert constraints_of("market") == {name for _, name, _ in ROWS} | {
        "offer_floor_is_positive", "need_ceiling_is_positive",
        # In test_quick.
        "quick_correction_field_is_known",
    }  # fmt: skip
