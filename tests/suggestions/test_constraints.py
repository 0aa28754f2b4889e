"""What the database refuses of a suggestion, alike on both databases, each with code and words."""

from __future__ import annotations

import pytest

from linkage.suggestions.models import FairnessCoOp, FairnessReport, Suggestion
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


REPORT = dict.fromkeys(
    (
        "preference", "co_ops", "suggestions", "nobody", "overlooked", "gini_num", "gini_den",
        "most", "least", "unlinked_suggestions", "unlinked_co_ops", "small_suggestions",
        "small_co_ops", "score_lost", "pairs",
    ),
    1,
)  # fmt: skip
WRONG = [
    ("fairness_preference_is_a_share", {"preference": 10_001}),
    *(
        ("fairness_part_is_within_its_whole", {part: 2})
        for part in REPORT
        if part not in {"preference", "co_ops", "suggestions", "most", "gini_den"}
        and part not in {"score_lost", "pairs"}
    ),
]


def _report(**changes):
    values = {"day": NOW.date(), "engine": "1", "measured_at": NOW, **REPORT, **changes}
    return FairnessReport.objects.create(**values)


def test_what_a_report_cannot_say_is_refused_with_its_code_and_words(db):
    for code, changes in WRONG:
        must_be_refused(code, lambda changes=changes: _report(**changes))
    made = _report()
    must_be_refused("fairness_is_reported_once_a_day", _report)
    row = {"report": made, "organisation_id": 1, "shown": 0, "told": 0}
    row |= {"has_partner": True, "unlinked": True, "small": True}
    FairnessCoOp.objects.create(**row)
    must_be_refused("fairness_counts_a_co_op_once", lambda: FairnessCoOp.objects.create(**row))


def test_every_constraint_of_suggestions_was_tried():
    assert constraints_of("suggestions") == {
        "suggestion_is_made_once",
        "fairness_is_reported_once_a_day",
        "fairness_counts_a_co_op_once",
        *(code for code, _ in WRONG),
        *(code for code, _ in REFUSED),
    }
