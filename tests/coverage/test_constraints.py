"""What the database itself refuses of plans and snapshots, alike on both databases, by name.

Beside each rule stands what a person meets first: the domain's own error, or why nobody gets there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from linkage.coverage.models import (
    Indicator,
    ManualValue,
    Programme,
    Snapshot,
    SnapshotLinkage,
    SnapshotOrganisation,
    SnapshotReport,
    SnapshotReportedValue,
    SnapshotValue,
    SourceFile,
    Target,
    YearReturn,
)
from linkage.coverage.models.returns import PARTS
from linkage.coverage.services import (
    add_indicator,
    add_programme,
    attach_source,
    enter_value,
    save_return,
    set_target,
)
from linkage.coverage.services.plans import (
    BoundInvalid,
    ProgrammeEndsBeforeItStarts,
    TargetKnown,
)
from linkage.coverage.services.reporting import ValueInvalid, ValueKnown
from linkage.coverage.services.returns import FactInvalid
from linkage.coverage.targets import Bound
from linkage.errors import StaleVersion
from linkage.registry.access import OPERATOR
from linkage.registry.models import KindFact, Organisation
from linkage.registry.values import TextInvalid, ValueUnknown
from linkage.scans import NotAScan, ScanEmpty
from tests.constraints import constraints_of, must_be_refused
from tests.coverage.test_plans import NEXT, NOW, TARGET
from tests.scans import named

pytestmark = pytest.mark.django_db
DAY = NEXT["starts"]


@dataclass(frozen=True)
class Plan:
    """A programme with a line, and a snapshot that holds nothing yet."""

    programme: Programme
    indicator: Indicator
    snapshot: Snapshot
    organisation: Organisation

    def target(self, **values: Any) -> Target:
        base = {"comparison": "at_least", "min_num": 1, "from_date": DAY, "source": "x"}
        return Target.objects.create(
            programme=self.programme, indicator=self.indicator, **{**base, **values}
        )

    def value(self, **values: Any) -> SnapshotValue:
        base = {"indicator_code": "TRAINED", "evidence": "verified", "numerator": 1}
        return SnapshotValue.objects.create(snapshot=self.snapshot, **{**base, **values})

    def entered(self, **values: Any) -> ManualValue:
        base = {
            "as_of": DAY, "version": 1, "numerator": 1, "source": "x", "entered_at": NOW,
        }  # fmt: skip
        return ManualValue.objects.create(indicator=self.indicator, **{**base, **values})

    def source(self, **values: Any) -> SourceFile:
        value = ManualValue.objects.first() or self.entered()
        base = {
            "sha256": "a" * 64, "stored_as": f"sources/{SourceFile.objects.count()}.bin", "size": 1,
            "media_type": "application/pdf", "name": "x.pdf", "uploaded_at": NOW,
        }  # fmt: skip
        return SourceFile.objects.create(value=value, **{**base, **values})

    def report(self, **values: Any) -> SnapshotReport:
        base = {"basis": "manual", "row_id": 1, "fields": {}}
        return SnapshotReport.objects.create(snapshot=self.snapshot, **{**base, **values})

    def returned(self, **values: Any) -> YearReturn:
        base = {"organisation": self.organisation, "year": 2023, "saved_at": NOW}
        return YearReturn.objects.create(**{**base, **values})

    def told(self, **values: Any) -> SnapshotReportedValue:
        base = {"indicator_code": "TRAINED", "basis": "manual", "as_of": DAY, "numerator": 1}
        return SnapshotReportedValue.objects.create(snapshot=self.snapshot, **{**base, **values})


@pytest.fixture
def plan() -> Plan:
    said = {"source": "x", "actor": OPERATOR, "now": NOW}
    return Plan(
        add_programme(**NEXT),
        add_indicator(code="TRAINED", name_vi="x", name_en="x", measure="count", **said),
        Snapshot.objects.create(as_of=DAY, taken_at=NOW, territories={}),
        cooperative(),
    )


def cooperative() -> Organisation:
    made = Organisation.objects.create(name="HTX", name_key="htx", origin="staff")
    KindFact.objects.create(organisation=made, kind="cooperative")
    return made


def twice(make, **values):
    for _ in range(2):
        make(**values)


def programme_inverted(plan):
    Programme.objects.update(ends=DAY - timedelta(1))


def one_organisation_twice(plan):
    twice(SnapshotOrganisation.objects.create, snapshot=plan.snapshot, organisation_id=1, fields={})


def one_linkage_twice(plan):
    twice(SnapshotLinkage.objects.create, snapshot=plan.snapshot, linkage_id=1, fields={})


REFUSED = {
    "programme_does_not_end_before_it_starts": [programme_inverted],
    "target_is_set_once_a_day": [lambda plan: twice(plan.target)],
    "target_denominators_are_positive": [
        lambda plan: plan.target(min_den=0),
        lambda plan: plan.target(max_num=1, max_den=0),
    ],
    "target_upper_bound_is_whole_or_absent": [
        lambda plan: plan.target(max_num=1),
        lambda plan: plan.target(max_den=1),
    ],
    "snapshot_holds_an_organisation_once": [one_organisation_twice],
    "snapshot_holds_a_linkage_once": [one_linkage_twice],
    "snapshot_values_an_indicator_once": [lambda plan: twice(plan.value)],
    "snapshot_numerator_is_within_its_denominator": [lambda plan: plan.value(denominator=0)],
    "manual_value_has_one_row_a_version": [lambda plan: twice(plan.entered)],
    "manual_value_is_corrected_with_a_reason": [
        lambda plan: plan.entered(version=2),
        lambda plan: plan.entered(numerator=None),
    ],
    "manual_value_is_a_count_or_a_part_of_a_whole": [
        lambda plan: plan.entered(numerator=2, denominator=1),
        lambda plan: plan.entered(numerator=0, denominator=0),
        lambda plan: plan.entered(version=2, reason="x", numerator=None, denominator=1),
    ],
    "source_is_attached_once": [lambda plan: twice(plan.source)],
    "source_has_a_place_of_its_own": [
        lambda plan: [plan.source(sha256=one * 64, stored_as="x") for one in "ab"]
    ],
    "source_is_not_empty": [lambda plan: plan.source(size=0)],
    "source_is_a_scan": [lambda plan: plan.source(media_type="text/html")],
    "manual_value_has_a_source": [lambda plan: plan.entered(source="")],
    "target_comparison_is_known": [lambda plan: plan.target(comparison="below")],
    "indicator_way_is_known": [lambda plan: Indicator.objects.update(how="guessed")],
    "indicator_measure_is_known": [lambda plan: Indicator.objects.update(measure="mood")],
    "snapshot_value_evidence_is_known": [lambda plan: plan.value(evidence="hearsay")],
    "target_official_basis_is_known": [lambda plan: plan.target(official="x")],
    "year_return_is_one_a_year": [lambda plan: twice(plan.returned)],
    "year_return_state_is_known": [lambda plan: plan.returned(state="x")],
    "year_return_rating_is_known": [lambda plan: plan.returned(rating="x")],
    "year_return_is_sent_back_with_a_reason": [lambda plan: plan.returned(state="sent_back")],
    "year_return_money_is_not_negative": [
        lambda plan: plan.returned(revenue_vnd=-1),
        lambda plan: plan.returned(income_vnd=-1),
    ],
    **{
        f"year_return_{part}_is_within_its_whole": [
            lambda plan, part=part, whole=whole: plan.returned(**{part: 2, whole: 1}),
            lambda plan, part=part: plan.returned(**{part: 2}),
        ]
        for part, whole in PARTS.items()
    },
    "snapshot_report_basis_is_known": [lambda plan: plan.report(basis="x")],
    "snapshot_reported_basis_is_known": [lambda plan: plan.told(basis="x")],
    "snapshot_holds_a_report_once": [lambda plan: twice(plan.report)],
    "snapshot_reports_an_indicator_once": [lambda plan: twice(plan.told)],
    "snapshot_reported_numerator_is_within_its_denominator": [
        lambda plan: plan.told(denominator=0)
    ],
}
ATTEMPTS = [(name, attempt) for name, attempts in REFUSED.items() for attempt in attempts]


def said(**changes):
    return {**TARGET, "indicator": "TRAINED", "minimum": Bound(1, 1), **changes}


def entering(**changes):
    base = {
        "actor": OPERATOR, "indicator": "TRAINED", "as_of": DAY, "numerator": 1,
        "denominator": None, "source": "x", "now": NOW,
    }  # fmt: skip
    return enter_value(**{**base, **changes})


def returning(**changes):
    base = {
        "actor": OPERATOR, "organisation_id": Organisation.objects.get().pk, "year": 2023,
        "version": None, "facts": {"members": 9}, "send": False, "now": NOW,
    }  # fmt: skip
    return save_return(**{**base, **changes})


def attaching(file):
    value = entering()
    return attach_source(actor=OPERATOR, value_id=value.pk, file=file, now=NOW)


# The domain's own error, before the database is asked.
MET = {
    "programme_does_not_end_before_it_starts": (
        ProgrammeEndsBeforeItStarts,
        lambda: add_programme(**{**NEXT, "code": "other", "ends": DAY - timedelta(1)}),
    ),
    "target_is_set_once_a_day": (TargetKnown, lambda: twice(set_target, **said())),
    "target_denominators_are_positive": (
        BoundInvalid,
        lambda: set_target(**said(minimum=Bound(1, 0))),
    ),
    "manual_value_has_one_row_a_version": (ValueKnown, lambda: twice(entering)),
    "manual_value_is_a_count_or_a_part_of_a_whole": (
        ValueInvalid,
        lambda: entering(denominator=2),
    ),
    "year_return_is_one_a_year": (StaleVersion, lambda: twice(returning)),
    "year_return_rating_is_known": (ValueUnknown, lambda: returning(facts={"rating": "x"})),
    "year_return_money_is_not_negative": (
        FactInvalid,
        lambda: returning(facts={"revenue_vnd": -1}),
    ),
    **{
        f"year_return_{part}_is_within_its_whole": (
            FactInvalid,
            lambda part=part, whole=whole: returning(facts={part: 2, whole: 1}),
        )
        for part, whole in PARTS.items()
    },
    "source_is_not_empty": (ScanEmpty, lambda: attaching(named(b"", "x.pdf"))),
    "source_is_a_scan": (NotAScan, lambda: attaching(named(b"<html>", "x.pdf"))),
    "manual_value_has_a_source": (TextInvalid, lambda: entering(source=" ")),
}
UNREACHED = {
    "source_is_attached_once": "attach_source leaves it to the row, whose words the reader gets",
    "source_has_a_place_of_its_own": "a file is kept under a random name",
    "target_upper_bound_is_whole_or_absent": "set_target takes a Bound, which has both numbers",
    "snapshot_holds_an_organisation_once": "a snapshot copies rows by their own id, once",
    "snapshot_holds_a_linkage_once": "a snapshot copies rows by their own id, once",
    "snapshot_values_an_indicator_once": "the rule gives one value for each of its keys",
    "target_official_basis_is_known": "a page offers the two there are",
    "year_return_state_is_known": "services set the states there are",
    "year_return_is_sent_back_with_a_reason": "decide_return asks for a reason",
    "manual_value_is_corrected_with_a_reason": "the form and the service ask for a reason",
    "snapshot_holds_a_report_once": "a snapshot copies rows by their own id, once",
    "snapshot_reports_an_indicator_once": "of a line and a territory the last value counts, once",
    "snapshot_reported_numerator_is_within_its_denominator": "copied from rows that obey it",
    "indicator_way_is_known": "who adds a line does not say how it comes to be",
    "indicator_measure_is_known": "a form and the API offer two",
    "target_comparison_is_known": "a form and the API offer five",
    "snapshot_value_evidence_is_known": "the rule asks the three levels",
    "snapshot_report_basis_is_known": "a row is read of one of two tables",
    "snapshot_reported_basis_is_known": "a value is read of one of two tables",
    "snapshot_numerator_is_within_its_denominator": "the rule counts a part of the set it divides",
}


@pytest.mark.parametrize(("name", "attempt"), ATTEMPTS)
def test_the_row_is_refused_with_the_rules_name_as_code(plan, name, attempt):
    must_be_refused(name, lambda: attempt(plan))


@pytest.mark.parametrize("name", MET)
def test_whoever_would_break_it_meets_the_domains_error_first(plan, name):
    error, act = MET[name]
    with pytest.raises(error):
        act()


def test_every_constraint_of_this_package_was_tried_and_is_met_or_out_of_reach():
    assert constraints_of("coverage") == set(REFUSED)
    assert REFUSED.keys() == MET.keys() | UNREACHED.keys()
    assert not MET.keys() & UNREACHED.keys()
