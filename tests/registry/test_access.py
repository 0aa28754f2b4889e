"""The table role x capability, and the roles in force on a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from linkage.errors import NotAllowed, NotFound
from linkage.registry.access import (
    OPERATOR,
    TABLE,
    Actor,
    Capability,
    actor_of,
    allows,
    require,
    require_admin,
    require_member,
)
from linkage.registry.models import MemberRole, Membership, Role, RoleGrant, User

DAY = date(2026, 6, 15)

READS = ["organisations", "linkages", "imports", "coverage", "jobs", "events", "posts", "plans"]
OFFICE = [
    *(f"read_{what}" for what in READS),
    "read_contacts", "read_agreed", "write_organisations", "write_linkages",
    "withdraw_verifications", "write_imports", "compute_coverage", "write_programmes",
    "write_jobs", "write_plans", "manage_members",
    "read_evidence", "invite", "issue_codes",
]  # fmt: skip
EXPECTED = {
    Role.CITY_STAFF: set(OFFICE),
    Role.VERIFIER: {*(f"read_{what}" for what in READS), "read_contacts",
                    "read_personal_tax_codes", "verify_linkages", "read_evidence", "read_agreed"},
    Role.AUDITOR: {*(f"read_{what}" for what in READS), "read_accounts", "read_audit",
                   "verify_audit"},
    # Over all organisations nothing: its area is asked otherwise.
    Role.FIELD_OFFICER: set(),
    Role.ADMINISTRATOR: {
        *OFFICE,
        *("read_personal_tax_codes", "read_accounts", "manage_accounts"),
        *("read_audit", "verify_audit"),
    },
}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_the_table_says_and_nothing_else(role):
    may = {each.value for each in Capability if allows(Actor(1, frozenset({role})), each)}
    assert may == EXPECTED[role]


def test_only_a_verifier_verifies():
    assert [role for role in Role if Capability.VERIFY_LINKAGES in TABLE[role]] == [Role.VERIFIER]


def test_no_role_may_do_nothing():
    nobody = Actor(1, frozenset())
    assert not any(allows(nobody, capability) for capability in Capability)
    with pytest.raises(NotAllowed):
        require(nobody, Capability.READ_ORGANISATIONS)


def test_the_operator_of_the_server_is_an_administrator():
    require(OPERATOR, Capability.MANAGE_ACCOUNTS)


@pytest.mark.django_db
class TestRolesOnADay:
    @pytest.fixture
    def user(self):
        return User.objects.create(username="lan", email="lan@example.org")

    @pytest.mark.parametrize(
        ("starts", "ends", "held"),
        [
            (DAY, DAY, True),
            (date(2026, 1, 1), None, True),
            (date(2026, 1, 1), date(2026, 6, 14), False),
            (date(2026, 6, 16), None, False),
        ],
    )
    def test_a_grant_counts_on_its_first_and_last_day(self, user, starts, ends, held):
        RoleGrant.objects.create(user=user, role=Role.AUDITOR, starts=starts, ends=ends)
        assert actor_of(user, on=DAY).roles == ({Role.AUDITOR} if held else set())

    def test_a_superuser_is_an_administrator(self, user):
        user.is_superuser = True
        assert actor_of(user, on=DAY).roles == {Role.ADMINISTRATOR}

    def test_an_account_that_is_switched_off_has_no_role(self, user):
        user.is_active, user.is_superuser = False, True
        assert actor_of(user, on=DAY) == Actor(None, frozenset())

    def test_a_visitor_has_no_role(self):
        assert actor_of(AnonymousUser(), on=DAY).roles == frozenset()


@pytest.mark.django_db
class TestMembershipsOnADay:
    @pytest.fixture
    def user(self):
        return User.objects.create(username="lan", email="lan@example.org")

    @pytest.fixture
    def join(self, user, make):
        def call(name="HTX Tân Trào", role=MemberRole.MEMBER, starts=DAY, ends=None):
            organisation = make(name)
            Membership.objects.create(
                user=user, organisation=organisation, role=role, starts=starts, ends=ends
            )
            return organisation

        return call

    @pytest.mark.parametrize(
        ("starts", "ends", "acts"),
        [
            (DAY, DAY, True),
            (date(2026, 1, 1), None, True),
            (date(2026, 1, 1), date(2026, 6, 14), False),
            (date(2026, 6, 16), None, False),
        ],
    )
    def test_a_membership_counts_on_its_first_and_last_day(self, user, join, starts, ends, acts):
        organisation = join(starts=starts, ends=ends)
        assert actor_of(user, on=DAY).acts_for(organisation.pk) is acts

    def test_a_member_of_what_was_merged_acts_for_the_survivor(self, user, join, make):
        gone, kept = join(), make("HTX Khác")
        gone.merged_into = kept
        gone.save()
        actor = actor_of(user, on=DAY)
        assert actor.acts_for(kept.pk)
        assert not actor.acts_for(gone.pk)

    def test_of_two_memberships_in_one_organisation_the_wider_counts(self, user, join):
        kept = join("HTX A", MemberRole.ADMIN)
        gone = join("HTX B")
        gone.merged_into = kept
        gone.save()
        assert actor_of(user, on=DAY).administers(kept.pk)

    def test_a_stranger_is_told_what_is_told_of_what_is_not_there(self, user, make):
        with pytest.raises(NotFound):
            require_member(actor_of(user, on=DAY), make().pk)

    def test_a_member_who_does_not_manage_accounts_is_refused(self, user, join):
        organisation = join()
        with pytest.raises(NotAllowed):
            require_admin(actor_of(user, on=DAY), organisation.pk)
