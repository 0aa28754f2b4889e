"""What the database refuses of a suggestion, alike on both databases, each with code and words."""

from __future__ import annotations

from functools import partial

import pytest

from linkage.suggestions.models import PoolSuggestion, Suggestion
from tests.constraints import constraints_of, must_be_refused
from tests.market import town
from tests.market.town import NEED, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def values(coop, firm):
    return {
        "offer": town.post(coop), "need": town.post(firm, NEED), "engine": "1", "score": 9_000,
        "facts": {}, "offer_why": "nearness,window", "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip


REFUSED = [
    ("suggestion_score_is_a_share", {"score": 10_001}),
    ("suggestion_view_is_known", {"offer_view": "liked"}),
    ("suggestion_view_is_known", {"need_view": ""}),
    ("suggestion_reason_is_known", {"need_view": "dismissed", "need_reason": "mood"}),
    ("suggestion_reason_is_known", {"offer_view": "dismissed", "offer_reason": "mood"}),
    ("suggestion_has_a_reason_only_if_dismissed", {"offer_reason": "other"}),
    ("suggestion_has_a_reason_only_if_dismissed", {"need_reason": "other"}),
    ("suggestion_is_stale_if_it_is_nobodys_best", {"stale": True}),
    ("suggestion_is_stale_if_it_is_nobodys_best", {"offer_why": ""}),
]


@pytest.mark.parametrize(("code", "changes"), REFUSED)
def test_each_constraint_refuses_with_its_code_and_words(values, code, changes):
    must_be_refused(code, lambda: Suggestion.objects.create(**{**values, **changes}))


def test_a_pair_is_suggested_once_by_an_engine(values):
    Suggestion.objects.create(**values)
    must_be_refused("suggestion_is_made_once", lambda: Suggestion.objects.create(**values))


def suggested(offer, need, *quantities, **said):
    row = PoolSuggestion.objects.create(
        need=need, **{"asked_at": NOW, "need_version": 1, "wanted": 1, **said}
    )
    for quantity in quantities:
        row.parts.create(offer=offer, quantity=quantity)


OF_POOLS = {
    "pool_suggestion_why_is_known": ((), {"why": "mood"}),
    "pool_suggestion_closes_only_what_is_open": ((), {"closing_why": "too_little"}),
    "pool_part_is_of_another_offer": ((1, 1), {}),
    "pool_part_quantity_is_positive": ((0,), {}),
}


@pytest.mark.parametrize("code", OF_POOLS)
def test_each_constraint_of_pools_refuses_with_its_code_and_words(values, code):
    quantities, said = OF_POOLS[code]
    attempt = partial(suggested, values["offer"], values["need"], *quantities, **said)
    must_be_refused(code, attempt)


def test_every_constraint_of_suggestions_was_tried():
    assert constraints_of("suggestions") == {
        "suggestion_is_made_once",
        *OF_POOLS,
        *(code for code, _ in REFUSED),
    }
