"""The yearly return: filed by the organisation or the office, decided, summed with its coverage."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from linkage.coverage import document, queries, reported, reported_read, returns_read
from linkage.coverage.models import SnapshotReport, SnapshotReportedValue, YearReturn
from linkage.coverage.reported import SUMMED, Reported, ReturnRow, values_on
from linkage.coverage.services import (
    add_indicator,
    decide_return,
    enter_value,
    save_return,
    take_snapshot,
)
from linkage.coverage.services.returns import (
    AcceptedByWhoFiled,
    DraftIsItsOwn,
    FactInvalid,
    NotAskedOf,
    ReturnEmpty,
    ReturnIsSent,
    ReturnNotSent,
    YearNotOver,
)
from linkage.coverage.snapshots import recompute
from linkage.errors import NotAllowed, NotFound, StaleVersion
from linkage.jobs.queries import events_of
from linkage.notices.models import Notice
from linkage.notices.words import sentence_of
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import (
    KindFact,
    MemberRole,
    Membership,
    Organisation,
    Role,
    RoleGrant,
    User,
)
from linkage.registry.values import TextInvalid

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 5, 3, 0, tzinfo=UTC)
YEAR = 2023
YEAR_END = date(2023, 12, 31)
FACTS = {"workers": 20, "insured": 9, "land": True, "rating": "fair", "profit_vnd": -5_000_000}


def of(coop: int, **changes: Any) -> dict[str, Any]:
    """What its own people send."""
    own = Actor(None, frozenset(), {coop: MemberRole.MEMBER})
    base = {
        "actor": own, "organisation_id": coop, "year": YEAR, "version": None, "facts": FACTS,
        "send": True, "now": NOW,
    }  # fmt: skip
    return {**base, **changes}


def accepted(coop: int, **facts: Any) -> YearReturn:
    sent = save_return(**of(coop, facts=facts or FACTS))
    return decide_return(
        actor=OPERATOR, return_id=sent.pk, version=sent.version, accept=True, now=NOW
    )


def values(on: date = YEAR_END, **asked: Any) -> dict[str, tuple[int, int | None, int, int]]:
    found = queries.report(as_of=on, evidence="verified", today=on, **asked).reported
    return {
        one.indicator: (one.numerator, one.denominator, one.answered, one.asked)
        for one in found
        if one.basis == "returns"
    }


def test_accepted_returns_are_summed_and_say_from_how_many(register: list[int]) -> None:
    accepted(register[0])
    accepted(register[1], workers=10, insured=10)
    # Four of five cooperatives are active at the year's end.
    assert values() == {
        "INSURANCE": (19, 30, 2, 4),
        "LAND": (1, 1, 1, 4),
        "RATED-GOOD": (1, 1, 1, 4),
        "RATED-WEAK": (0, 1, 1, 4),
    }


def test_what_was_not_answered_counts_nowhere(register: list[int]) -> None:
    accepted(register[0], workers=20)
    assert values() == {}


def test_a_territory_sums_its_own(register: list[int]) -> None:
    accepted(register[0])
    accepted(register[1], workers=10, insured=10)
    assert values(territory="hai-duong-old") == {"INSURANCE": (10, 10, 1, 1)}
    assert values(territory="hai-phong-old")["INSURANCE"] == (9, 20, 1, 3)


def test_a_sum_begins_at_the_end_of_its_year_and_the_last_year_counts(register: list[int]) -> None:
    accepted(register[0])
    assert values(date(2023, 12, 30)) == {}
    assert values(date(2024, 6, 30))["INSURANCE"] == (9, 20, 1, 4)
    later = datetime(2025, 1, 5, tzinfo=UTC)
    sent = save_return(**of(register[1], year=2024, now=later))
    decide_return(actor=OPERATOR, return_id=sent.pk, version=1, accept=True, now=later)
    assert values(date(2024, 12, 31))["INSURANCE"] == (9, 20, 1, 4)
    assert values(date(2024, 12, 30))["INSURANCE"] == (9, 20, 1, 4)


def test_who_was_no_active_cooperative_then_is_in_no_sum(register: list[int]) -> None:
    stopped, firm = register[3], register[5]
    accepted(stopped)
    # Of a firm none is taken any more; one from before counts nowhere.
    YearReturn.objects.create(
        organisation_id=firm, year=YEAR, state="accepted", saved_at=NOW, decided_at=NOW, **FACTS
    )
    assert values() == {}


def test_only_what_is_accepted_is_summed(register: list[int]) -> None:
    sent = save_return(**of(register[0]))
    assert values() == {}
    taken = decide_return(actor=OPERATOR, return_id=sent.pk, version=1, accept=True, now=NOW)
    assert values()
    decide_return(
        actor=OPERATOR, return_id=sent.pk, version=taken.version, accept=False, reason="Sai",
        now=NOW,
    )  # fmt: skip
    assert values() == {}


def test_a_value_by_hand_and_a_sum_stand_side_by_side(register: list[int]) -> None:
    add_indicator(
        code="LAND", name_vi="Đất", name_en="Land", measure="share", source="I.2", actor=OPERATOR,
        now=NOW,
    )  # fmt: skip
    enter_value(
        actor=OPERATOR, indicator="LAND", as_of=YEAR_END, numerator=3, denominator=4,
        source="Báo cáo", now=NOW,
    )  # fmt: skip
    accepted(register[0])
    report = queries.report(as_of=YEAR_END, evidence="verified", today=YEAR_END)
    both = [one for one in document.of_report(report)["reported"] if one["indicator"] == "LAND"]
    assert [(one["basis"], one["numerator"], one["denominator"]) for one in both] == [
        ("manual", 3, 4),
        ("returns", 1, 1),
    ]


def test_the_return_of_what_was_merged_is_its_survivors(register: list[int]) -> None:
    accepted(register[0])
    Organisation.objects.filter(pk=register[0]).update(merged_into=register[1])
    assert values()["INSURANCE"] == (9, 20, 1, 3)
    accepted(register[1], workers=10, insured=10)
    assert values()["INSURANCE"] == (10, 10, 1, 3)


def test_the_list_behind_a_sum_is_that_sum_and_the_rest_below(register: list[int]) -> None:
    first, second, third, stopped = register[:4]
    accepted(first)
    accepted(second, workers=30, insured=3)
    # Of its survivor's return and that of what was merged into it one alone counts.
    Organisation.objects.filter(pk=second).update(merged_into=third)
    accepted(third, workers=10, insured=10)
    accepted(stopped, workers=7, insured=7)
    union = Organisation.objects.create(name="LH HTX", name_key="lh htx", origin="staff")
    KindFact.objects.create(organisation=union, kind="union")
    accepted(union.pk, workers=10, insured=5)
    rows = reported_read.rows_of_line(actor=OPERATOR, indicator="INSURANCE", year=YEAR)
    summed = [row for row in rows if row.is_counted]
    assert [row.found.organisation_id for row in summed] == [first, third]
    assert rows[: len(summed)] == summed
    rest = {row.found.organisation_id for row in rows if not row.is_counted}
    assert rest == {second, stopped, union.pk}
    part, whole = sum(row.part for row in summed), sum(row.whole for row in summed)
    assert values()["INSURANCE"] == (part, whole, len(summed), 3) == (19, 30, 2, 3)


# --- Filing and deciding ----------------------------------------------------------------------
def test_a_draft_is_kept_changed_and_sent(register: list[int]) -> None:
    coop = register[0]
    draft = save_return(**of(coop, send=False, facts={"workers": 5}))
    assert (draft.state, draft.version) == ("draft", 1)
    sent = save_return(**of(coop, version=1))
    assert (sent.state, sent.workers, sent.version) == ("sent", 20, 2)
    kinds = [event.kind for event in events_of("year_return", sent.pk)]
    assert sorted(kinds) == ["return_saved", "return_sent"]


def test_what_was_sent_is_nobodys_to_change_until_it_is_sent_back(register: list[int]) -> None:
    coop = register[0]
    sent = save_return(**of(coop))
    with pytest.raises(ReturnIsSent):
        save_return(**of(coop, version=sent.version))
    back = decide_return(
        actor=OPERATOR, return_id=sent.pk, version=1, accept=False, reason="Thiếu số", now=NOW
    )
    assert (back.state, back.reason) == ("sent_back", "Thiếu số")
    again = save_return(**of(coop, version=back.version))
    assert (again.state, again.reason) == ("sent", "")


def test_its_people_are_told_what_was_decided(register: list[int]) -> None:
    user = User.objects.create(username="giam-doc")
    Membership.objects.create(
        user=user, organisation_id=register[0], role="member", starts=date(2020, 1, 1)
    )
    sent = save_return(**of(register[0]))
    decide_return(
        actor=OPERATOR, return_id=sent.pk, version=1, accept=False, reason="Thiếu số", now=NOW
    )
    told = sentence_of(Notice.objects.get(user=user))
    assert "2023" in told
    assert "Thiếu số" in told


@pytest.mark.parametrize("accept", [True, False])
def test_of_one_that_was_merged_since_the_survivors_people_are_told_and_answer_with_their_own(
    register: list[int], accept: bool
) -> None:
    merged, kept = register[:2]
    sent = save_return(**of(merged))
    Organisation.objects.filter(pk=merged).update(merged_into=kept)
    own = member(kept)
    decide_return(
        actor=OPERATOR, return_id=sent.pk, version=1, accept=accept, reason="Thiếu số", now=NOW
    )
    told = Notice.objects.get()
    assert (told.user_id, told.organisation_id) == (own.user_id, kept)
    years = returns_read.own_years(actor=own, organisation_id=kept, today=NOW.date())
    assert [one.found for one in years if one.year == YEAR] == [None]
    accepted(kept, workers=10, insured=10)
    assert values()["INSURANCE"] == (10, 10, 1, 3)


def test_the_office_files_for_it(register: list[int]) -> None:
    assert save_return(**of(register[0], actor=OPERATOR)).state == "sent"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"actor": Actor(None, frozenset({Role.VERIFIER}))}, NotFound),
        ({"actor": Actor(None, frozenset(), {999: MemberRole.ADMIN})}, NotFound),
        ({"organisation_id": 999, "actor": OPERATOR}, NotFound),
        ({"year": 2024}, YearNotOver),
        ({"year": 1999}, YearNotOver),
        ({"facts": {}}, ReturnEmpty),
        ({"facts": {"rating": ""}}, ReturnEmpty),
        ({"facts": {"workers": 1, "insured": 2}}, FactInvalid),
        ({"facts": {"insured": 2}}, FactInvalid),
        ({"facts": {"members": -1}}, FactInvalid),
        ({"facts": {"members": 2**31}}, FactInvalid),
        ({"facts": {"revenue_vnd": -1}}, FactInvalid),
        ({"version": 1}, NotFound),
    ],
)
def test_a_return_that_cannot_be_is_refused_and_nothing_written(
    register: list[int], changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        save_return(**of(register[0], **changes))
    assert not YearReturn.objects.exists()


def test_of_two_who_write_the_same_version_the_second_is_told(register: list[int]) -> None:
    save_return(**of(register[0], send=False))
    with pytest.raises(StaleVersion):
        save_return(**of(register[0], send=False))
    save_return(**of(register[0], send=False, version=1))
    with pytest.raises(StaleVersion):
        save_return(**of(register[0], send=False, version=1))


def test_only_the_office_decides_and_once(register: list[int]) -> None:
    sent = save_return(**of(register[0]))
    said: dict[str, Any] = {"return_id": sent.pk, "accept": True, "now": NOW}
    with pytest.raises(NotAllowed):
        decide_return(actor=of(register[0])["actor"], version=1, **said)
    taken = decide_return(actor=OPERATOR, version=1, **said)
    with pytest.raises(StaleVersion):
        decide_return(actor=OPERATOR, version=1, **said)
    with pytest.raises(ReturnNotSent):
        decide_return(actor=OPERATOR, version=taken.version, **said)
    with pytest.raises(TextInvalid):
        decide_return(actor=OPERATOR, version=taken.version, **{**said, "accept": False})


def officer(name: str, memberships: dict[int, MemberRole] | None = None) -> Actor:
    user = User.objects.create(username=name)
    return Actor(user.pk, frozenset({Role.CITY_STAFF}), memberships or {})


def test_whoever_filed_a_return_cannot_accept_it_and_may_send_it_back(register: list[int]) -> None:
    one, another = officer("mot"), officer("hai")
    sent = save_return(**of(register[0], actor=one))
    said: dict[str, Any] = {"return_id": sent.pk, "now": NOW}
    with pytest.raises(AcceptedByWhoFiled):
        decide_return(actor=one, version=1, accept=True, **said)
    back = decide_return(actor=one, version=1, accept=False, reason="Sai", **said)
    assert back.state == "sent_back"
    # What another one sends anew is another's.
    again = save_return(**of(register[0], actor=another, version=back.version))
    assert decide_return(actor=one, version=again.version, accept=True, **said).state == "accepted"


def test_an_officer_does_not_accept_for_a_cooperative_that_it_acts_for(register: list[int]) -> None:
    sent = save_return(**of(register[0]))
    own = officer("hai-vai", {register[0]: MemberRole.MEMBER})
    said: dict[str, Any] = {"return_id": sent.pk, "version": 1, "accept": True, "now": NOW}
    with pytest.raises(AcceptedByWhoFiled):
        decide_return(actor=own, **said)
    # Also of what was merged into theirs.
    Organisation.objects.filter(pk=register[0]).update(merged_into=register[1])
    with pytest.raises(AcceptedByWhoFiled):
        decide_return(actor=officer("ba", {register[1]: MemberRole.MEMBER}), **said)
    assert YearReturn.objects.get().state == "sent"


# --- In the snapshot --------------------------------------------------------------------------
def test_a_snapshot_keeps_the_sums_and_the_rows_they_are_of(register: list[int]) -> None:
    taken = accepted(register[0])
    snapshot = take_snapshot(as_of=date(2024, 2, 1), now=NOW)
    stored = SnapshotReportedValue.objects.get(
        snapshot=snapshot, indicator_code="INSURANCE", territory="hai-phong-old"
    )
    assert (stored.numerator, stored.denominator, stored.answered, stored.asked) == (9, 20, 1, 3)
    decide_return(
        actor=OPERATOR, return_id=taken.pk, version=taken.version, accept=False, reason="Sai",
        now=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert recompute(snapshot_id=snapshot.pk).ok
    row = SnapshotReport.objects.get(snapshot=snapshot)
    SnapshotReport.objects.filter(pk=row.pk).update(fields={**row.fields, "insured": 8})
    checked = recompute(snapshot_id=snapshot.pk)
    assert not checked.inputs_ok
    assert {one.evidence for one in checked.differences} == {"returns"}


_FACTS = st.builds(
    ReturnRow,
    id=st.integers(1, 10**6),
    organisation=st.integers(1, 6),
    year=st.sampled_from([2022, 2023]),
    workers=st.none() | st.integers(0, 50),
    insured=st.none() | st.integers(0, 50),
    land=st.none() | st.booleans(),
    rating=st.sampled_from(["", "good", "fair", "average", "weak"]),
)


@given(
    st.lists(_FACTS, unique_by=lambda row: (row.organisation, row.year)),
    st.frozensets(st.integers(1, 6)),
)
def test_every_sum_is_the_sum_of_its_rows_and_of_no_others(
    rows: list[ReturnRow], active: frozenset[int]
) -> None:
    told = Reported(returns=tuple(rows))
    year = reported.returns_year(told, YEAR_END)
    found = {one.indicator: one for one in values_on(told, YEAR_END, {"": active})}
    own = [row for row in rows if row.year == year and row.organisation in active]
    both = [row for row in own if row.workers is not None and row.insured is not None]
    if sum(row.workers for row in both):
        said = found["INSURANCE"]
        assert said.numerator == sum(row.insured for row in both)
        assert said.denominator == sum(row.workers for row in both)
        assert (said.answered, said.asked) == (len(both), len(active))
    answers = [row.land for row in own if row.land is not None]
    assert ("LAND" in found) == bool(answers)
    if answers:
        assert found["LAND"].numerator == answers.count(True)
    assert found.keys() <= set(SUMMED)


# --- Whose a draft is, and who files ----------------------------------------------------------
def member(coop: int, name: str = "xa-vien") -> Actor:
    user = User.objects.create(username=name)
    Membership.objects.create(
        user=user, organisation_id=coop, role=MemberRole.MEMBER, starts=date(2020, 1, 1)
    )
    return Actor(user.pk, frozenset(), {coop: MemberRole.MEMBER})


@pytest.mark.parametrize("version", [None, 1])
def test_the_office_neither_reads_nor_overwrites_a_draft_of_its_organisation(
    register: list[int], version: int | None
) -> None:
    coop, office = register[0], officer("mot")
    save_return(**of(coop, actor=member(coop), send=False))
    asked: dict[str, Any] = {"actor": office, "organisation_id": coop, "year": YEAR}
    begun = returns_read.to_fill(**asked, today=NOW.date())
    assert (begun.found, begun.is_closed) == (None, True)
    with pytest.raises(NotFound):
        returns_read.filed(**asked)
    with pytest.raises(DraftIsItsOwn):
        save_return(**of(coop, actor=office, version=version, facts={"workers": 1}))
    row = YearReturn.objects.get()
    assert (row.state, row.workers, row.version) == ("draft", FACTS["workers"], 1)


def test_nor_is_a_draft_of_the_year_before_filled_in_for_it(register: list[int]) -> None:
    coop, office = register[0], officer("mot")
    own = member(coop)
    save_return(**of(coop, actor=own, send=False, year=YEAR - 1))
    asked: dict[str, Any] = {"organisation_id": coop, "year": YEAR, "today": NOW.date()}
    assert returns_read.to_fill(actor=office, **asked).before is None
    assert returns_read.to_fill(actor=own, **asked).before is not None


def test_a_draft_that_an_office_began_is_every_clerks_until_its_people_take_it_over(
    register: list[int],
) -> None:
    coop, one, another = register[0], officer("mot"), officer("hai")
    save_return(**of(coop, actor=one, send=False))
    save_return(**of(coop, actor=another, send=False, version=1))
    save_return(**of(coop, actor=member(coop), send=False, version=2))
    with pytest.raises(DraftIsItsOwn):
        save_return(**of(coop, actor=one, send=False, version=3))


def test_a_draft_stays_its_organisations_when_who_wrote_it_was_removed_the_same_day(
    register: list[int],
) -> None:
    coop, office = register[0], officer("mot")
    save_return(**of(coop, actor=member(coop), send=False))
    Membership.objects.all().delete()
    with pytest.raises(NotFound):
        returns_read.filed(actor=office, organisation_id=coop, year=YEAR)
    with pytest.raises(DraftIsItsOwn):
        save_return(**of(coop, actor=office, version=1, facts={"workers": 1}))
    assert returns_read.filed(actor=member(coop, "khac"), organisation_id=coop, year=YEAR)


def test_whose_a_draft_from_before_is_the_accounts_say(register: list[int]) -> None:
    clerk, both, gone = (User.objects.create(username=name) for name in ("mot", "hai", "ba"))
    former = Organisation.objects.create(
        name="HTX cũ", name_key="htx cu", origin="staff", merged_into_id=register[1]
    )
    for user in (clerk, both):
        RoleGrant.objects.create(user=user, role=Role.CITY_STAFF, starts=date(2020, 1, 1))
    Membership.objects.create(
        user=both, organisation=former, role="member", starts=date(2020, 1, 1)
    )
    for coop, user in zip(register, (clerk, both, gone, None), strict=False):
        YearReturn.objects.create(organisation_id=coop, year=YEAR, saved_at=NOW, saved_by=user)
    migration = import_module("linkage.coverage.migrations.0003_whose_a_draft_is_is_kept")
    migration.tell(apps, None)
    assert [row.saved_by for row in YearReturn.objects.filter(by_office=True)] == [clerk]


def test_a_firm_and_who_was_not_founded_yet_are_asked_for_no_return(register: list[int]) -> None:
    *_coops, later, firm = register
    for one, year in ((firm, YEAR), (later, YEAR - 1)):
        with pytest.raises(NotAskedOf):
            save_return(**of(one, year=year))
        with pytest.raises(NotFound):
            returns_read.to_fill(actor=OPERATOR, organisation_id=one, year=year, today=NOW.date())
    years = returns_read.own_years(
        actor=of(later)["actor"], organisation_id=later, today=NOW.date()
    )
    assert [one.year for one in years] == [YEAR]
    assert not YearReturn.objects.exists()


@pytest.mark.parametrize("year", [1999, 2024, 2030])
def test_a_year_of_which_no_return_is_has_no_form(register: list[int], year: int) -> None:
    with pytest.raises(NotFound):
        returns_read.to_fill(
            actor=OPERATOR, organisation_id=register[0], year=year, today=NOW.date()
        )


@pytest.mark.parametrize(
    "facts", [{"workers": 3.5}, {"workers": True}, {"profit_vnd": 0.5}, {"land": "có"}, {"land": 1}]
)
def test_a_count_is_a_whole_number_and_an_answer_yes_or_no(
    register: list[int], facts: dict[str, Any]
) -> None:
    with pytest.raises(FactInvalid):
        save_return(**of(register[0], facts=facts))
    assert not YearReturn.objects.exists()
