"""What a newer file's row does to the dated facts that are known."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from linkage.intake.planning import facts as rule
from linkage.intake.planning.entries import HistoryItem
from linkage.intake.planning.facts import Fact

DAYS = (date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1))
STARTED = (Fact(None, "active", id=1),)
STOPPED = (*STARTED, Fact(DAYS[0], "stopped", id=2))


def plain(facts: rule.Facts) -> list[tuple[date | None, str | None]]:
    return [(fact.since, fact.value) for fact in facts]


def test_an_end_with_its_day_comes_after_being_active_from_the_start() -> None:
    facts = rule.with_status((), "dissolved", DAYS[0], "")
    assert plain(facts) == [(None, "active"), (DAYS[0], "dissolved")]


def test_an_end_without_its_day_stands_alone_to_be_settled() -> None:
    assert plain(rule.with_status((), "stopped", None, "")) == [(None, "stopped")]


def test_a_dated_status_of_a_newer_file_adds_and_keeps_the_history() -> None:
    facts = rule.with_status(STOPPED, "dissolved", DAYS[1], "")
    assert plain(facts) == [(None, "active"), (DAYS[0], "stopped"), (DAYS[1], "dissolved")]


def test_the_same_change_on_another_day_corrects_the_day() -> None:
    facts = rule.with_status(STOPPED, "stopped", DAYS[1], "")
    assert plain(facts) == [(None, "active"), (DAYS[1], "stopped")]
    assert facts[1].id == 2


def test_the_day_of_an_undated_end_settles_it() -> None:
    facts = rule.with_status((Fact(None, "stopped", id=1),), "stopped", DAYS[0], "")
    assert plain(facts) == [(None, "active"), (DAYS[0], "stopped")]


def test_active_without_a_day_does_not_undo_a_known_end() -> None:
    assert rule.with_status(STOPPED, "active", None, "") == STOPPED


def test_an_older_file_says_nothing_new() -> None:
    resumed = (*STOPPED, Fact(DAYS[1], "active", id=3))
    assert rule.with_status(resumed, "stopped", DAYS[0], "") == resumed


def test_a_word_nobody_knows_changes_nothing_that_is_known() -> None:
    assert rule.with_status(STOPPED, "unknown", None, "?") == STOPPED
    known = (Fact(None, "agriculture", "Nông nghiệp", 1),)
    assert rule.with_value(known, None, "lạ lắm") == known


def test_an_undated_value_of_a_newer_file_corrects_from_the_start() -> None:
    known = (Fact(None, "agriculture", "Nông nghiệp", 1),)
    assert rule.with_value(known, "fishery", "Thủy sản") == (Fact(None, "fishery", "Thủy sản", 1),)


STATUS = st.sampled_from(["active", "suspended", "stopped", "dissolved", "unknown"])
DAY = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2030, 1, 1)))


@given(st.lists(st.tuples(STATUS, DAY), min_size=1, max_size=6))
def test_saying_it_again_changes_nothing_and_no_day_has_two(
    said: list[tuple[str, date | None]],
) -> None:
    facts: rule.Facts = ()
    for status, since in said:
        facts = rule.with_status(facts, status, since, "")
        assert rule.with_status(facts, status, since, "") == facts
    keys = [(f.since, f.value if f.since is None else None) for f in facts]
    assert len(set(keys)) == len(keys)


@given(st.lists(st.tuples(STATUS, DAY), min_size=1, max_size=6))
def test_a_told_history_gives_the_same_facts_in_an_empty_register(
    said: list[tuple[str, date | None]],
) -> None:
    facts: rule.Facts = ()
    for status, since in said:
        facts = rule.with_status(facts, status, since, "")
    items = [HistoryItem("status", fact.value, fact.since) for fact in facts]
    again = rule.with_history((), items)
    assert {f.since: f.value for f in again} == {f.since: f.value for f in facts}
    assert rule.with_history(facts, items) == facts
