"""Who acts for an organisation: roles change, people leave and are let go, and staff are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linkage.errors import NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event, Outbox
from linkage.registry import member_queries
from linkage.registry.access import Capability, staff_on
from linkage.registry.acting import people_of
from linkage.registry.models import Membership, Organisation, User
from linkage.registry.services import (
    end_membership,
    issue_code,
    leave,
    merge_organisations,
    redeem,
    set_member_role,
    undo_merge,
)
from linkage.registry.services.codes import CodeNotValid
from linkage.registry.services.merging_members import AlreadyThere, SurvivorIsManaged
from linkage.registry.values import ValueUnknown

pytestmark = pytest.mark.django_db


@pytest.fixture
def joined(clerk, coop, now, person, again):
    """Somebody who joined a hundred days ago."""

    def make(name, role="admin", organisation=coop, days=100):
        actor, then = person(name), now - timedelta(days=days)
        issued = issue_code(actor=clerk, organisation_id=organisation.pk, role=role,
                            way="letter", now=then)  # fmt: skip
        redeem(actor=actor, code=issued.secret, now=then)
        return again(actor)

    return make


def of(actor):
    return Membership.objects.get(user=actor.user_id)


@pytest.fixture
def end(coop, now):
    def do(actor, membership, version=None):
        end_membership(
            actor=actor, organisation_id=coop.pk, membership_id=membership.pk,
            version=version or membership.version, now=now,
        )  # fmt: skip

    return do


@pytest.fixture
def set_role(coop, now):
    def do(actor, membership, role, version=None):
        return set_member_role(
            actor=actor, organisation_id=coop.pk, membership_id=membership.pk, role=role,
            version=version or membership.version, now=now,
        )  # fmt: skip

    return do


def test_who_is_let_go_acts_no_more_today(joined, end, again, coop, now, facts):
    lan, minh = joined("lan"), joined("minh", "member")
    end(lan, of(minh))
    assert not again(minh).acts_for(coop.pk)
    assert of(minh).ends == now.date() - timedelta(days=1)
    assert facts()[-1] == ("ended", "named")


def test_who_came_today_and_is_let_go_today_is_gone(joined, end, again, coop):
    lan, minh = joined("lan"), joined("minh", days=0)
    end(lan, of(minh))
    assert not again(minh).acts_for(coop.pk)
    assert Event.objects.filter(kind="member_ended").exists()


def test_who_was_let_go_may_come_back_the_same_day(joined, end, clerk, coop, now, again):
    lan, minh = joined("lan"), joined("minh")
    end(lan, of(minh))
    issued = issue_code(actor=clerk, organisation_id=coop.pk, role="member", way="officer", now=now)
    redeem(actor=minh, code=issued.secret, now=now)
    assert again(minh).acts_for(coop.pk)


def test_staff_help_who_lost_the_telephone(joined, end, clerk, coop, again):
    lan = joined("lan")
    end(clerk, of(lan))
    assert not again(lan).acts_for(coop.pk)


def test_a_plain_member_and_a_stranger_change_nobody(joined, end, set_role, make, person):
    lan, minh = joined("lan"), joined("minh", "member")
    foreign = joined("hoa", organisation=make("HTX Khác"))
    for attempt in (end, lambda actor, row: set_role(actor, row, "member")):
        with pytest.raises(NotAllowed):
            attempt(minh, of(lan))
        for stranger in (person("who" + str(id(attempt))), foreign):
            with pytest.raises(NotFound):
                attempt(stranger, of(lan))


def test_a_member_of_another_organisation_is_not_there(joined, end, make):
    lan, foreign = joined("lan"), joined("hoa", organisation=make("HTX Khác"))
    with pytest.raises(NotFound):
        end(lan, of(foreign))


def test_a_role_changes_and_the_history_has_both(joined, set_role, again, coop, facts):
    lan, minh = joined("lan"), joined("minh", "member")
    set_role(lan, of(minh), "admin")
    assert again(minh).administers(coop.pk)
    changed = Event.objects.get(kind="member_role_set")
    assert changed.data["before"] == {"role": "member"}
    assert changed.data["after"] == {"role": "admin"}
    assert facts()[-1] == ("made_admin", "named")


def test_a_role_that_is_none_is_refused(joined, set_role):
    lan = joined("lan")
    with pytest.raises(ValueUnknown):
        set_role(lan, of(lan), "king")


def test_of_two_who_change_one_member_the_second_is_told(joined, set_role, end):
    lan, minh = joined("lan"), joined("minh", "member")
    before = of(minh)
    set_role(lan, before, "admin")
    with pytest.raises(StaleVersion):
        end(lan, before)


def test_a_person_leaves_and_the_others_are_told(joined, coop, now, again, facts):
    joined("lan")
    minh = joined("minh")
    leave(actor=minh, organisation_id=coop.pk, now=now)
    assert not again(minh).acts_for(coop.pk)
    assert facts()[-1] == ("left", "members")


def test_who_does_not_act_for_it_cannot_leave_it(person, coop, now):
    with pytest.raises(NotFound):
        leave(actor=person("lan"), organisation_id=coop.pk, now=now)


def test_the_last_manager_does_not_leave_silently(joined, coop, now, facts):
    lan = joined("lan")
    joined("minh", "member")
    leave(actor=lan, organisation_id=coop.pk, now=now)
    assert ("without_admin", "staff") in facts()


def test_the_last_manager_is_not_made_a_member_silently(joined, set_role, facts):
    lan = joined("lan")
    set_role(lan, of(lan), "member")
    assert ("without_admin", "staff") in facts()


def test_while_another_manager_is_left_staff_hear_nothing(joined, coop, now, facts):
    lan, _minh = joined("lan"), joined("minh")
    leave(actor=lan, organisation_id=coop.pk, now=now)
    assert ("without_admin", "staff") not in facts()


def test_members_of_what_was_merged_long_ago_are_the_survivors(joined, make, coop, now, again, end):
    gone = make("HTX Gộp")
    lan, minh = joined("lan"), joined("minh", organisation=gone)
    Organisation.objects.filter(pk=gone.pk).update(merged_into=coop)
    rows = member_queries.members_of(actor=again(lan), organisation_id=coop.pk, on=now.date())
    assert [row.user.username for row in rows] == ["lan", "minh"]
    end(lan, of(minh))
    assert not again(minh).memberships


def test_names_are_shown_to_members_and_staff_alone(joined, coop, now, person, clerk, auditor):
    lan = joined("lan")
    asked = {"organisation_id": coop.pk, "on": now.date()}
    for actor in (lan, clerk):
        assert member_queries.members_of(actor=actor, **asked).get().user.username == "lan"
    for actor in (person("who"), auditor):
        with pytest.raises(NotFound):
            member_queries.members_of(actor=actor, **asked)


def test_only_who_manages_sees_codes(joined, coop, clerk):
    lan, minh = joined("lan"), joined("minh", "member")
    for actor in (lan, clerk):
        assert member_queries.codes_of(actor=actor, organisation_id=coop.pk).count() == 2
    with pytest.raises(NotAllowed):
        member_queries.codes_of(actor=minh, organisation_id=coop.pk)


def test_staff_are_the_offices_of_the_day_that_have_the_capability(person, clerk, now):
    person("auditor", roles=["auditor"])
    chief = User.objects.create(username="chief", is_superuser=True)
    User.objects.create(username="gone", is_superuser=True, is_active=False)
    assert staff_on(now.date(), Capability.MANAGE_MEMBERS) == [clerk.user_id, chief.pk]
    before = now.date() - timedelta(days=1)
    assert staff_on(before, Capability.MANAGE_MEMBERS) == [chief.pk]


# --- A merge never widens anybody's rights by itself -------------------------------------------
@pytest.fixture
def gone(make):
    return make("HTX Gộp")


@pytest.fixture
def merge(officer, coop, gone, now):
    def do(**people):
        return merge_organisations(
            actor=officer, organisation_id=coop.pk, version=1, merged_id=gone.pk,
            merged_version=1, reason="x", now=now, **people,
        )  # fmt: skip

    return do


def told():
    rows = Outbox.objects.filter(topic="registry.members").order_by("pk")
    return {
        row.payload["what"]: row.payload["user_ids"]
        for row in rows
        if row.payload["what"].startswith("merge_")
    }


def as_kept():
    return sorted(Membership.objects.values_list("pk", "user", "organisation", "role", "ends"))


def test_a_merge_hands_the_survivor_to_nobody(joined, coop, gone, merge, again, now):
    lan, minh = joined("lan"), joined("minh", organisation=gone)
    merge()
    assert again(lan).administers(coop.pk)
    assert not again(minh).memberships
    assert people_of(coop.pk, now.date()) == {lan.user_id}
    assert told() == {"merge_ended": [minh.user_id], "merge_took_in": [lan.user_id]}


def test_a_code_of_what_was_merged_lets_nobody_in(joined, gone, merge, clerk, person, now):
    joined("minh", organisation=gone)
    issued = issue_code(actor=clerk, organisation_id=gone.pk, role="admin", way="letter", now=now)
    merge()
    with pytest.raises(CodeNotValid):
        redeem(actor=person("nam"), code=issued.secret, now=now)


def test_whom_the_office_names_comes_along_as_a_member(joined, coop, gone, merge, again):
    joined("lan")
    minh = joined("minh", organisation=gone)
    merge(members=[minh.user_id])
    assert again(minh).memberships == {coop.pk: "member"}
    assert told()["merge_came"] == [minh.user_id]


def test_nobody_comes_to_manage_an_organisation_that_is_managed(joined, gone, merge):
    joined("lan")
    minh = joined("minh", organisation=gone)
    with pytest.raises(SurvivorIsManaged):
        merge(admins=[minh.user_id])
    assert of(minh).ends is None


def test_one_that_nobody_manages_may_get_who_does(joined, coop, gone, merge, again):
    joined("lan", "member")
    minh = joined("minh", organisation=gone)
    merge(admins=[minh.user_id])
    assert again(minh).administers(coop.pk)


def test_a_member_of_the_survivor_does_not_come_to_manage_it_unsaid(
    joined, coop, gone, merge, again, clerk, now
):
    lan = joined("lan", "member")
    issued = issue_code(actor=clerk, organisation_id=gone.pk, role="admin", way="letter", now=now)
    redeem(actor=lan, code=issued.secret, now=now)
    with pytest.raises(AlreadyThere):
        merge(admins=[lan.user_id])
    assert again(lan).memberships == {coop.pk: "member", gone.pk: "admin"}


def test_a_stranger_does_not_come_along(joined, person, merge):
    joined("lan")
    with pytest.raises(ValueUnknown):
        merge(members=[person("who").user_id])


def test_who_acts_for_both_keeps_what_they_are_at_the_survivor(
    joined, coop, gone, merge, again, clerk, now
):
    lan = joined("lan", "member")
    issued = issue_code(actor=clerk, organisation_id=gone.pk, role="admin", way="letter", now=now)
    redeem(actor=lan, code=issued.secret, now=now)
    merge(members=[lan.user_id])
    assert again(lan).memberships == {coop.pk: "member"}


@pytest.mark.parametrize("days", [0, 100])
@pytest.mark.parametrize("along", [False, True])
def test_an_undone_merge_leaves_memberships_as_they_were(
    days, along, joined, coop, gone, merge, officer, now
):
    lan, minh = joined("lan", days=100), joined("minh", organisation=gone, days=days)
    before = as_kept()
    kept = merge(members=[minh.user_id] if along else ())
    assert as_kept() != before
    kept.refresh_from_db()
    undo_merge(actor=officer, merged_id=gone.pk, version=kept.version, reason="x", now=now)
    assert as_kept() == before
    assert told()["merge_undone_back"] == [minh.user_id]
    assert told()["merge_undone"] == [lan.user_id]
