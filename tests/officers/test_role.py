"""The office of a field officer: its area, and what is outside of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from linkage.agreements import queries as agreements
from linkage.errors import NotAllowed, NotFound, ValueUnknown
from linkage.jobs.models import Event
from linkage.market.sight import visible_to
from linkage.registry import queries
from linkage.registry.access import OPERATOR, Capability, reach, require
from linkage.registry.models import CommuneFact, ContactPerson, Membership, RoleGrant
from linkage.registry.services import (
    approve_request,
    ask_for_new,
    ask_to_join,
    end_membership,
    grant_role,
    merge_organisations,
    read_contacts,
    revoke_role,
    undo_merge,
)
from linkage.registry.services.accounts import AreaMissing, AreaNotForRole
from linkage.registry.services.memberships import OwnArea
from tests.market import town
from tests.officers import field

TODAY, NOW = town.TODAY, town.NOW


def granted(user, role="field_officer", communes=("1",), **period):
    values = {"starts": TODAY, "ends": None, **period}
    return grant_role(
        actor=OPERATOR, user_id=user.pk, role=role, communes=communes, now=NOW, **values
    )


@pytest.fixture
def newcomer(coop):
    return town.User.objects.create(username="moi", email="moi@example.org")


def test_an_administrator_grants_it_with_an_area_and_ends_it(newcomer, coop, elsewhere):
    grant = granted(newcomer)
    assert field.acting(newcomer).area == {coop.pk}
    assert Event.objects.get(kind="role_granted").data["communes"] == ["1"]
    revoke_role(actor=OPERATOR, grant_id=grant.pk, on=TODAY + timedelta(days=1), now=NOW)
    assert field.acting(newcomer, TODAY + timedelta(days=1)).area == set()


@pytest.mark.parametrize(
    ("role", "communes", "refusal"),
    [
        ("field_officer", (), AreaMissing),
        ("field_officer", ("1", "99"), ValueUnknown),
        ("city_staff", ("1",), AreaNotForRole),
    ],
)
def test_a_field_officer_has_an_area_and_nobody_else(newcomer, role, communes, refusal):
    with pytest.raises(refusal):
        granted(newcomer, role, communes)
    assert not RoleGrant.objects.filter(user=newcomer).exists()


def test_out_of_its_days_the_officer_has_no_area(coop):
    user = field.officer(ends=date(2026, 6, 14))
    assert field.acting(user).area == set()
    assert field.acting(user, date(2026, 6, 14)).area == {coop.pk}


def test_an_organisation_that_moved_away_leaves_the_area(coop, user):
    CommuneFact.objects.create(organisation=coop, commune_id="3", since=TODAY)
    assert field.acting(user).area == set()
    assert field.acting(user, TODAY - timedelta(days=1)).area == {coop.pk}


def test_a_merged_organisation_is_where_its_survivor_is(coop, elsewhere, user):
    elsewhere.refresh_from_db()
    merge_organisations(
        actor=OPERATOR, organisation_id=elsewhere.pk, version=elsewhere.version,
        merged_id=coop.pk, merged_version=coop.version, reason="Trùng", now=NOW,
    )  # fmt: skip
    assert field.acting(user).area == set()


def test_it_has_no_capability_over_all(coop, user):
    actor = field.acting(user)
    for capability in Capability:
        with pytest.raises(NotAllowed):
            require(actor, capability)
    assert reach(actor, Capability.READ_ORGANISATIONS) == {coop.pk}
    with pytest.raises(NotAllowed):
        reach(actor, Capability.WRITE_ORGANISATIONS)


def test_it_sees_the_organisations_of_the_area_alone(coop, elsewhere, user):
    actor = field.acting(user)
    assert list(queries.listing(actor=actor, on=TODAY)) == [coop]
    card = queries.detail(actor=actor, organisation_id=coop.pk, on=TODAY)
    assert card.contacts is None
    for read in (queries.detail, queries.history):
        asked = {"on": TODAY} if read is queries.detail else {}
        with pytest.raises(NotFound):
            read(actor=actor, organisation_id=elsewhere.pk, **asked)


def test_it_sees_the_posts_of_the_area_alone(coop, elsewhere, user):
    here, _there = town.post(coop), town.post(elsewhere)
    assert list(visible_to(field.acting(user), town.OFFER, on=TODAY)) == [here]


def test_it_sees_linkages_with_a_side_in_the_area_alone(coop, elsewhere, firm, user):
    def linkage(seller):
        return agreements.Linkage.objects.create(
            seller=seller, buyer=firm, contract_number="1", starts=TODAY, state="in_force",
            origin="register",
        )  # fmt: skip

    here, there = linkage(coop), linkage(elsewhere)
    actor = field.acting(user)
    assert list(agreements.listing(actor=actor)) == [here]
    assert agreements.detail(actor=actor, linkage_id=here.pk) == here
    assert agreements.history(actor=actor, linkage_id=here.pk) == []
    for read in (agreements.detail, agreements.history):
        with pytest.raises(NotFound):
            read(actor=actor, linkage_id=there.pk)


def test_contacts_are_read_one_organisation_at_a_time_and_each_reading_is_noted(
    coop, elsewhere, user
):
    for organisation in (coop, elsewhere):
        ContactPerson.objects.create(
            organisation=organisation, name="Bà Giám Đốc", phone="+84912345678"
        )
    actor = field.acting(user)
    (found,) = read_contacts(actor=actor, organisation_id=coop.pk, now=NOW)
    assert found.phone == "+84912345678"
    noted = Event.objects.get(kind="contacts_read")
    assert (noted.subject_id, noted.actor_id, localdate(noted.at)) == (
        str(coop.pk), user.pk, TODAY,
    )  # fmt: skip
    with pytest.raises(NotFound):
        read_contacts(actor=actor, organisation_id=elsewhere.pk, now=NOW)
    assert Event.objects.filter(kind="contacts_read").count() == 1


def test_the_command_grants_it_and_ends_it(newcomer, coop):
    call_command("grant_role", "moi", "field_officer", "--commune", "1", "--starts", "2026-06-01")
    assert field.acting(newcomer).area == {coop.pk}
    call_command("grant_role", "moi", "field_officer", "--end")
    assert not RoleGrant.objects.filter(user=newcomer, ends=None).exists()


@pytest.mark.parametrize("said", [("ai-do", "auditor"), ("moi", "field_officer")])
def test_the_command_says_in_one_line_why_not(newcomer, said):
    with pytest.raises(CommandError) as ending:
        call_command("grant_role", *said)
    assert ending.value.returncode == 2
    assert "\n" not in str(ending.value)


def test_of_a_history_it_reads_its_own_acts(coop, user):
    ContactPerson.objects.create(organisation=coop, name="Bà Giám Đốc")
    for who in (user, field.officer("khac")):
        read_contacts(actor=field.acting(who), organisation_id=coop.pk, now=NOW)
    seen = queries.history(actor=field.acting(user), organisation_id=coop.pk).events
    assert [event.actor_id for event in seen] == [user.pk]
    assert len(queries.history(actor=OPERATOR, organisation_id=coop.pk).events) == 2


def joins(user, organisation):
    """The person asks to act for the organisation, and staff approve."""
    asked = ask_to_join(actor=field.acting(user), organisation_id=organisation.pk, note="", now=NOW)
    return approve_request(actor=OPERATOR, request_id=asked.pk, role="admin", now=NOW)


def merged(kept, gone, **people):
    for one in (kept, gone):
        one.refresh_from_db()
    return merge_organisations(
        actor=OPERATOR, organisation_id=kept.pk, version=kept.version, merged_id=gone.pk,
        merged_version=gone.version, reason="Trùng", now=NOW, **people,
    )  # fmt: skip


def test_of_its_area_nobody_lets_it_act_for_an_organisation(coop, elsewhere, user):
    with pytest.raises(OwnArea):
        joins(user, coop)
    new = {"name": "Tổ Mới", "kind": "cooperative_group", "tax_code": "", "commune_code": "1"}
    asked = ask_for_new(actor=field.acting(user), asked=new, note="", now=NOW)
    with pytest.raises(OwnArea):
        approve_request(actor=OPERATOR, request_id=asked.pk, role="member", now=NOW)
    assert not Membership.objects.filter(user=user).exists()
    # Control: what it does not look after, and once its office is over.
    assert joins(user, elsewhere).organisation == elsewhere
    revoke_role(actor=OPERATOR, grant_id=user.role_grants.get().pk, on=TODAY, now=NOW)
    assert approve_request(actor=OPERATOR, request_id=asked.pk, role="member", now=NOW)


def test_nor_does_an_office_that_begins_later(coop):
    with pytest.raises(OwnArea):
        joins(field.officer(starts=TODAY + timedelta(days=30)), coop)
    # Control: one that is over.
    assert joins(field.officer("cu", ends=TODAY - timedelta(days=1)), coop)


def test_nor_does_a_merge_into_what_it_looks_after(coop, elsewhere, user):
    joins(user, elsewhere)
    for people in ({"members": [user.pk]}, {"admins": [user.pk]}):
        with pytest.raises(OwnArea):
            merged(coop, elsewhere, **people)
    # Control: without it.
    merged(coop, elsewhere)
    assert field.acting(user).memberships == {}


def test_nor_the_undoing_of_one(coop, elsewhere, newcomer):
    joins(newcomer, coop)
    merged(elsewhere, coop)
    granted(newcomer)
    elsewhere.refresh_from_db()
    undo_merge(actor=OPERATOR, merged_id=coop.pk, version=elsewhere.version, reason="Nhầm", now=NOW)
    assert field.acting(newcomer).area == {coop.pk}
    assert field.acting(newcomer).memberships == {}


@pytest.mark.parametrize("days", [-30, 0, 30])
def test_no_area_is_given_in_which_the_person_acts_for_an_organisation(
    newcomer, coop, elsewhere, days
):
    membership = joins(newcomer, coop)
    period = {"starts": TODAY + timedelta(days=days)}
    with pytest.raises(OwnArea):
        granted(newcomer, **period)
    assert not RoleGrant.objects.filter(user=newcomer).exists()
    # Control: another area, another office, and once the person acts for it no more.
    granted(newcomer, communes=["3"], ends=period["starts"], **period)
    granted(newcomer, "auditor", ())
    end_membership(
        actor=OPERATOR, organisation_id=coop.pk, membership_id=membership.pk,
        version=membership.version, now=NOW,
    )  # fmt: skip
    granted(newcomer, starts=period["starts"] + timedelta(days=1))
