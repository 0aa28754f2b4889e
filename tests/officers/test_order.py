"""The order of the ringing list, and its reasons."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from linkage.suggestions.ringing_order import Known, Reason, Why, in_order, reasons_of

ON = date(2026, 6, 15)
UNLINKED = {"linked": False}


def ids(*known):
    return [ring.organisation_id for ring in in_order(known)]


def test_unlinked_with_a_match_then_buyers_then_what_runs_out_then_questions_then_the_untold():
    wanted = [
        Known(9, matches=1, best=7_000, **UNLINKED),
        Known(8, buyers=5, product="garlic"),
        Known(7, linkage_ends=date(2026, 6, 20)),
        Known(6, questions=3),
        Known(5, untold=1),
    ]
    for mixed in permutations(wanted):
        assert ids(*mixed) == [9, 8, 7, 6, 5]


def test_who_has_no_reason_is_not_rung():
    assert ids(Known(1), Known(2, **UNLINKED)) == []


def test_a_match_is_no_reason_for_who_is_linked():
    assert ids(Known(1, matches=4, best=9_900)) == []


def test_of_the_unlinked_the_one_with_the_best_match_comes_first_and_ties_go_by_id():
    known = [Known(n, matches=1, best=best, **UNLINKED) for n, best in ((1, 7), (3, 9), (2, 9))]
    assert ids(*known) == [2, 3, 1]


def test_of_those_with_buyers_the_unlinked_come_first_then_the_most_sought():
    known = [Known(1, buyers=9), Known(2, buyers=2), Known(3, buyers=1, **UNLINKED)]
    assert ids(*known) == [3, 1, 2]


def test_consents_and_linkages_that_run_out_are_one_group_by_their_days():
    known = [
        Known(1, linkage_ends=date(2026, 7, 1)),
        Known(2, consent_ends=date(2026, 6, 30)),
        Known(3, consent_ends=date(2026, 7, 10), linkage_ends=date(2026, 6, 16)),
    ]
    assert ids(*known) == [3, 2, 1]


def test_all_reasons_are_told_the_most_urgent_first():
    known = Known(
        1, linked=False, matches=2, best=8_000, buyers=3, product="garlic",
        consent_ends=ON, questions=1,
    )  # fmt: skip
    assert reasons_of(known) == (
        Reason(Why.MATCH, 2, share=8_000),
        Reason(Why.BUYERS, 3, product="garlic"),
        Reason(Why.CONSENT_ENDS, day=ON),
        Reason(Why.QUESTIONS, 1),
    )
