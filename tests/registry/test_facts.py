"""Dated facts: changes with a day, corrections from the start, ends whose day is not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from linkage.errors import NotAllowed, StaleVersion
from linkage.jobs.models import Event
from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation, StatusFact
from linkage.registry.queries import listing, reasons_to_settle
from linkage.registry.services import (
    create_organisation,
    set_commune,
    set_kind,
    set_sector,
    set_status,
    settle,
)
from linkage.registry.services.facts import StatusBeforeFounding
from linkage.registry.services.settling import NothingToSettle
from linkage.registry.values import DayOutOfRange, ValueUnknown
from tests.registry.conftest import NOW

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2023, 5, 9), date(2024, 6, 1)


@pytest.fixture
def change(coop, officer, now):
    """Calls a service on the organisation at its present version."""

    def call(service, **arguments):
        version = Organisation.objects.get(pk=coop.pk).version
        return service(
            actor=officer, organisation_id=coop.pk, version=version, now=now, **arguments
        )

    return call


def statuses(organisation):
    rows = StatusFact.objects.filter(organisation=organisation)
    return sorted(rows.values_list("status", "since"), key=str)


def last_event():
    return Event.objects.order_by("-pk").first()


def test_a_change_with_a_day_counts_from_that_day_on(coop, officer, change):
    change(set_status, status="suspended", since=MAY)
    change(set_status, status="active", since=JUNE)
    on = {day: listing(actor=officer, on=day).get().status_on for day in (
        MAY - timedelta(1), MAY, JUNE - timedelta(1), JUNE)}  # fmt: skip
    assert list(on.values()) == ["active", "suspended", "suspended", "active"]


def test_a_second_value_of_a_day_replaces_the_first(coop, change):
    change(set_status, status="suspended", since=MAY)
    change(set_status, status="dissolved", since=MAY)
    assert statuses(coop) == [("active", None), ("dissolved", MAY)]


@pytest.mark.parametrize(
    ("service", "values", "facts"),
    [
        (set_kind, [{"kind": "union"}, {"kind": "cooperative_group"}], "kind_facts"),
        (
            set_sector,
            [{"sector_code": "transport"}, {"sector_code": "agriculture"}],
            "sector_facts",
        ),
        (set_commune, [{"commune_code": "2"}, {"commune_code": "1"}], "commune_facts"),
    ],
)
def test_a_change_without_a_day_is_a_correction_from_the_start(
    coop, change, service, values, facts
):
    change(service, since=MAY, **values[0])
    assert getattr(coop, facts).count() == 2
    assert last_event().data["correction"] is False
    change(service, since=None, **values[1])
    assert getattr(coop, facts).get().since is None
    assert last_event().data["correction"] is True
    assert len(last_event().data["before"]) == 2


def test_an_end_without_a_day_leaves_it_to_be_settled(coop, change):
    change(set_status, status="dissolved", since=None)
    assert statuses(coop) == [("active", None), ("dissolved", None)]
    assert "end_day_missing" in reasons_to_settle(coop, coop.kind_facts.get())


def test_the_day_of_an_end_settles_it(coop, change):
    change(set_status, status="dissolved", since=None)
    change(settle, founded_on=date(2020, 1, 1), ended_on=MAY)
    assert statuses(coop) == [("active", None), ("dissolved", MAY)]
    kept = Organisation.objects.get(pk=coop.pk)
    assert reasons_to_settle(kept, kept.kind_facts.get()) == ()


def test_an_end_with_its_day_takes_the_place_of_one_without(coop, change):
    change(set_status, status="stopped", since=None)
    change(set_status, status="dissolved", since=MAY)
    assert statuses(coop) == [("active", None), ("dissolved", MAY)]


def test_a_known_status_takes_the_place_of_a_word_that_said_nothing(coop, change):
    coop.status_facts.all().delete()
    StatusFact.objects.create(organisation=coop, status="unknown", as_written="??")
    change(set_status, status="dissolved", since=MAY)
    assert statuses(coop) == [("active", None), ("dissolved", MAY)]


def test_a_day_before_the_founding_is_taken_only_if_it_is_meant(coop, change):
    Organisation.objects.update(founded_on=JUNE)
    with pytest.raises(StatusBeforeFounding):
        change(set_status, status="dissolved", since=MAY)
    assert not StatusFact.objects.filter(status="dissolved").exists()
    change(set_status, status="dissolved", since=JUNE)
    change(set_status, status="dissolved", since=MAY, before_founding=True)
    assert ("dissolved", MAY) in statuses(coop)


def test_so_is_the_day_of_an_end_that_lacked_it(coop, change):
    Organisation.objects.update(founded_on=JUNE)
    change(set_status, status="dissolved", since=None)
    for founded_on in (None, JUNE + timedelta(1)):
        with pytest.raises(StatusBeforeFounding):
            change(settle, founded_on=founded_on, ended_on=MAY)
    assert Organisation.objects.get(pk=coop.pk).founded_on == JUNE
    assert ("dissolved", None) in statuses(coop)
    change(settle, ended_on=MAY, before_founding=True)
    assert ("dissolved", MAY) in statuses(coop)


def test_the_history_has_the_status_that_a_dated_end_took_the_place_of(coop, change):
    change(set_status, status="suspended", since=MAY)
    change(set_status, status="dissolved", since=None)
    # Control: both stand before.
    assert {("suspended", MAY), ("dissolved", None)} <= set(statuses(coop))
    change(settle, ended_on=MAY)
    said = Event.objects.filter(kind="status_set").order_by("-pk")[0].data
    assert [MAY.isoformat(), "suspended"] in said["before"]
    assert said["after"] == [[None, "active"], [MAY.isoformat(), "dissolved"]]


def test_what_the_plan_does_not_count_is_not_to_be_settled(coop, change):
    change(set_kind, kind="enterprise", since=None)
    coop.founded_on = None
    assert reasons_to_settle(coop, coop.kind_facts.get()) == ()
    change(set_kind, kind="union", since=None)
    assert "founding_day_missing" in reasons_to_settle(coop, coop.kind_facts.get())


def test_active_from_the_start_takes_back_an_end(coop, change):
    change(set_status, status="dissolved", since=MAY)
    change(set_status, status="active", since=None)
    assert statuses(coop) == [("active", None)]


def test_nothing_is_settled_where_nothing_lacks_its_day(change):
    with pytest.raises(NothingToSettle):
        change(settle, ended_on=MAY)
    with pytest.raises(NothingToSettle):
        change(settle)


@pytest.mark.parametrize(
    ("service", "arguments", "error"),
    [
        (set_status, {"status": "asleep", "since": MAY}, ValueUnknown),
        (set_status, {"status": "unknown", "since": MAY}, ValueUnknown),
        (set_kind, {"kind": "club", "since": None}, ValueUnknown),
        (set_sector, {"sector_code": "space", "since": None}, ValueUnknown),
        (set_commune, {"commune_code": "9", "since": None}, ValueUnknown),
        (set_status, {"status": "active", "since": date(1, 1, 1)}, DayOutOfRange),
        (settle, {"founded_on": date(9999, 1, 1)}, DayOutOfRange),
    ],
)
def test_what_cannot_be_changes_nothing(coop, change, service, arguments, error):
    with pytest.raises(error):
        change(service, **arguments)
    assert Organisation.objects.get(pk=coop.pk).version == 1


def test_an_old_version_is_refused(coop, officer, now):
    with pytest.raises(StaleVersion):
        set_kind(
            actor=officer, organisation_id=coop.pk, version=9, kind="union", since=None, now=now
        )


def test_those_who_only_read_cannot_change_facts(coop, auditor, verifier, now):
    for actor in (auditor, verifier):
        with pytest.raises(NotAllowed):
            settle(actor=actor, organisation_id=coop.pk, version=1, founded_on=MAY, now=now)


def test_fields_set_by_hand_are_marked(coop, change):
    change(set_status, status="suspended", since=MAY)
    change(set_commune, commune_code="2", since=None)
    assert {"status", "commune"} <= set(Organisation.objects.get(pk=coop.pk).hand_edited)


class TestFactsOnADay(TestCase):
    """The list's status on a day is the last on or before it, in whatever order they were set."""

    @given(
        st.dictionaries(
            st.dates(date(2020, 1, 1), date(2020, 1, 20)),
            st.sampled_from(["active", "suspended", "stopped"]),
            max_size=5,
        ),
        st.dates(date(2019, 12, 30), date(2020, 1, 22)),
        st.randoms(use_true_random=False),
    )
    def test_the_last_on_or_before_the_day_counts(self, changes, day, random):
        coop = create_organisation(
            actor=OPERATOR, kind="cooperative", details={"name": "HTX"}, now=NOW
        )
        days = list(changes)
        random.shuffle(days)
        for version, since in enumerate(days, start=1):
            set_status(
                actor=OPERATOR, organisation_id=coop.pk, version=version,
                status=changes[since], since=since, now=NOW,
            )  # fmt: skip
        before = [since for since in changes if since <= day]
        expected = changes[max(before)] if before else "active"
        assert listing(actor=OPERATOR, on=day).get(pk=coop.pk).status_on == expected
