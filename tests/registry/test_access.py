"""The table role x capability, and the roles in force on a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from linkage.errors import NotAllowed
from linkage.registry.access import OPERATOR, TABLE, Actor, Capability, actor_of, allows, require
from linkage.registry.models import Role, RoleGrant, User

DAY = date(2026, 6, 15)

READS = ["organisations", "linkages", "imports", "coverage", "jobs", "events"]
OFFICE = [
    *(f"read_{what}" for what in READS),
    "read_contacts", "write_organisations", "write_linkages", "withdraw_verifications",
    "write_imports", "compute_coverage", "write_programmes", "write_jobs",
]  # fmt: skip
EXPECTED = {
    Role.CITY_STAFF: set(OFFICE),
    Role.VERIFIER: {*(f"read_{what}" for what in READS), "read_contacts",
                    "read_personal_tax_codes", "verify_linkages"},
    Role.AUDITOR: {*(f"read_{what}" for what in READS), "read_accounts"},
    Role.ADMINISTRATOR: {*OFFICE, "read_personal_tax_codes", "read_accounts", "manage_accounts"},
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
