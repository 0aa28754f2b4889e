"""Two who read the same version at once: one is saved, the others are told. With its control."""

from __future__ import annotations

from functools import partial
from threading import Barrier

import pytest
from django.db import OperationalError, transaction
from django.db.models import F

from linkage.errors import NotFound, StaleVersion
from linkage.registry.access import OPERATOR
from linkage.registry.acting import people_of
from linkage.registry.models import AccessCode, Organisation, RoleGrant, User
from linkage.registry.services import (
    codes,
    edit_organisation,
    issue_code,
    memberships,
    merge_organisations,
    merging,
    redeem,
    set_account_active,
)
from linkage.registry.services.claims import claim
from linkage.registry.services.codes import MOST_LIVE_CODES, CodeNotValid
from linkage.registry.services.merging_members import end_members
from tests.racing import at_once, many_writers, outcomes, while_it_waits

WRITERS = 8

pytestmark = pytest.mark.django_db(transaction=True)


def saved(attempt, writers=WRITERS):
    """How many of the writers, started together, were told that they saved."""
    return sum(at_once([partial(attempt, number) for number in range(writers)]))


def test_of_many_who_read_one_version_exactly_one_saves(coop, officer, now):
    def attempt(number):
        try:
            edit_organisation(actor=officer, organisation_id=coop.pk, version=1,
                              details={"members": number}, now=now)  # fmt: skip
        except StaleVersion:
            return False
        return True

    assert saved(attempt) == 1
    assert Organisation.objects.get(pk=coop.pk).version == 2


@many_writers
def test_the_control_without_the_guard_lets_more_than_one_save(coop):
    checked = Barrier(WRITERS)

    def attempt(number):
        with transaction.atomic():
            fresh = Organisation.objects.get(pk=coop.pk).version == 1
            checked.wait()
            rows = Organisation.objects.filter(pk=coop.pk)
            return fresh and rows.update(members=number, version=F("version") + 1) == 1

    assert saved(attempt) > 1


def test_of_many_who_merge_one_pair_both_ways_exactly_one_does_and_nobody_waits_for_ever(
    coop, make, officer, now
):
    pair = [coop.pk, make("HTX Hai").pk]

    def attempt(number):
        kept, merged = pair if number % 2 else reversed(pair)
        try:
            merge_organisations(actor=officer, organisation_id=kept, version=1, merged_id=merged,
                                merged_version=1, reason="Ghi hai lần", now=now)  # fmt: skip
        except (StaleVersion, NotFound):
            return False
        return True

    assert saved(attempt) == 1
    assert Organisation.objects.filter(pk__in=pair, merged_into=None).count() == 1


@many_writers
def test_the_control_that_takes_the_pair_in_the_order_of_the_question_waits_in_a_ring(coop, make):
    pair, taken = [coop.pk, make("HTX Hai").pk], Barrier(2)

    def attempt(number):
        first, second = pair if number else reversed(pair)
        try:
            with transaction.atomic():
                claim(first, 1)
                taken.wait()
                claim(second, 1)
        except OperationalError:
            return True
        except StaleVersion:
            return False
        return False

    assert saved(attempt, writers=2) == 1


@pytest.fixture
def gone(make):
    return make("HTX Gộp")


@pytest.fixture
def issue(gone, clerk, now):
    return partial(
        issue_code, actor=clerk, organisation_id=gone.pk, role="admin", way="letter", now=now
    )


@pytest.fixture
def merge(coop, gone, officer, now):
    return partial(
        merge_organisations, actor=officer, organisation_id=coop.pk, version=1, merged_id=gone.pk,
        merged_version=1, reason="Một", now=now,
    )  # fmt: skip


@pytest.fixture
def code_and_merge(issue, merge, person, now):
    """Somebody enters the code of what is merged in the same moment."""
    return partial(redeem, actor=person("minh"), code=issue().secret, now=now), merge


@many_writers
def test_a_code_entered_while_its_organisation_is_merged_lets_nobody_into_the_survivor(
    code_and_merge, coop, now
):
    while_it_waits(*code_and_merge)
    assert people_of(coop.pk, now.date()) == set()


@many_writers
def test_nor_one_entered_a_moment_after(code_and_merge, coop, now):
    enter, merge = code_and_merge
    with pytest.raises(CodeNotValid):
        while_it_waits(merge, enter)
    assert people_of(coop.pk, now.date()) == set()


@many_writers
def test_the_control_that_holds_no_organisation_lets_the_code_in(
    code_and_merge, coop, now, monkeypatch
):
    enter, merge = code_and_merge
    for module in (codes, memberships):
        monkeypatch.setattr(module, "hold", lambda pk: Organisation.objects.get(pk=pk))

    def and_then_somebody_enters(merged, now):
        ended = end_members(merged, now)
        at_once([enter])
        return ended

    monkeypatch.setattr(merging, "end_members", and_then_somebody_enters)
    merge()
    assert people_of(coop.pk, now.date()) != set()


def read_without_a_lock(organisation_id):
    return Organisation.objects.get(pk=organisation_id, merged_into=None)


@many_writers
def test_of_what_is_about_to_be_merged_nobody_makes_a_code(issue, merge):
    with pytest.raises(NotFound):
        while_it_waits(merge, issue)
    assert not AccessCode.objects.exists()


@many_writers
def test_a_code_that_is_about_to_be_made_is_void_after_the_merge(issue, merge, person, now):
    issued = while_it_waits(issue, merge)
    with pytest.raises(CodeNotValid):
        redeem(actor=person("minh"), code=issued.secret, now=now)


@many_writers
def test_the_control_that_reads_without_a_lock_makes_somebody_manager_of_the_survivor(
    issue, merge, coop, person, now, monkeypatch
):
    monkeypatch.setattr(codes, "hold_unmerged", read_without_a_lock)
    monkeypatch.setattr(codes, "_refuse_many", lambda *asked: at_once([merge]))
    newcomer = person("minh")
    redeem(actor=newcomer, code=issue().secret, now=now)
    assert people_of(coop.pk, now.date()) == {newcomer.user_id}


@many_writers
def test_of_two_who_make_the_last_code_one_does(issue, gone):
    for _ in range(MOST_LIVE_CODES - 1):
        issue()
    assert sorted(outcomes([issue, issue])) == ["done", "too_many_codes"]
    assert AccessCode.objects.filter(organisation=gone).count() == MOST_LIVE_CODES


@many_writers
def test_the_control_that_counts_without_a_lock_makes_one_too_many(issue, gone, monkeypatch):
    for _ in range(MOST_LIVE_CODES - 1):
        issue()
    counted, refuse_many = Barrier(2), codes._refuse_many

    def count_and_wait(*asked):
        refuse_many(*asked)
        counted.wait()

    monkeypatch.setattr(codes, "hold_unmerged", read_without_a_lock)
    monkeypatch.setattr(codes, "_refuse_many", count_and_wait)
    assert outcomes([issue, issue]) == ["done", "done"]
    assert AccessCode.objects.filter(organisation=gone).count() == MOST_LIVE_CODES + 1


@pytest.fixture
def administrators():
    found = []
    for name in ("lan", "hoa"):
        user = User.objects.create(username=name, email=f"{name}@example.org")
        RoleGrant.objects.create(user=user, role="administrator", starts="2020-01-01")
        found.append(user.pk)
    return found


def test_of_two_administrators_who_lock_each_other_one_stays(administrators, now):
    def lock(user_id):
        return partial(set_account_active, actor=OPERATOR, user_id=user_id, active=False, now=now)

    told = outcomes([lock(user_id) for user_id in administrators])
    assert sorted(told) == ["done", "last_administrator"]
    assert User.objects.filter(is_active=True).count() == 1


@many_writers
def test_the_control_that_locks_nobody_leaves_none(administrators):
    counted = Barrier(2)

    def attempt(number):
        with transaction.atomic():
            mine = administrators[number]
            others = User.objects.filter(is_active=True).exclude(pk=mine).exists()
            counted.wait()
            return others and User.objects.filter(pk=mine).update(is_active=False) == 1

    assert saved(attempt, writers=2) == 2
