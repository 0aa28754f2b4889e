"""What the database refuses of a suggestion, alike on both databases, each with code and words."""

from __future__ import annotations

import pytest
from django.apps import apps

from linkage.registry.constraints import refusals
from linkage.suggestions.models import Suggestion
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
    ("suggestion_has_a_reason_only_if_dismissed", {"offer_reason": "other"}),
    ("suggestion_has_a_reason_only_if_dismissed", {"need_reason": "other"}),
    ("suggestion_is_stale_if_it_is_nobodys_best", {"stale": True}),
    ("suggestion_is_stale_if_it_is_nobodys_best", {"offer_why": ""}),
]


@pytest.mark.parametrize(("code", "changes"), REFUSED)
def test_each_constraint_refuses_with_its_code_and_words(values, code, changes):
    with pytest.raises(Exception) as caught, refusals():  # noqa: PT011  # the code says which
        Suggestion.objects.create(**{**values, **changes})
    assert caught.value.code == code
    assert str(caught.value)


def test_a_pair_is_suggested_once_by_an_engine(values):
    Suggestion.objects.create(**values)
    with pytest.raises(Exception) as caught, refusals():  # noqa: PT011  # the code says which
        Suggestion.objects.create(**values)
    assert caught.value.code == "suggestion_is_made_once"


def test_every_constraint_of_suggestions_was_tried():
    names = {
        constraint.name
        for model in apps.get_app_config("suggestions").get_models()
        for constraint in model._meta.constraints
    }
    assert names == {"suggestion_is_made_once", *(code for code, _ in REFUSED)}
