"""Accounts, the roles granted to them, and the command that makes the first administrator."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from linkage.errors import Conflict, NotAllowed, NotFound
from linkage.jobs.models import Event
from linkage.registry.access import OPERATOR, actor_of
from linkage.registry.models import Role, RoleGrant, User
from linkage.registry.queries import accounts
from linkage.registry.services import (
    create_account,
    grant_role,
    revoke_role,
    set_account_active,
)
from linkage.registry.services.accounts import (
    AccountExists,
    EmailInvalid,
    LastAdministrator,
    PasswordTooWeak,
    RoleOver,
    SwitchedAlready,
)
from linkage.registry.values import TextInvalid, ValueUnknown

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
PASSWORD = "vai-thieu-2026!"


def make_account(now, actor=OPERATOR, **changed):
    values = {"username": "lan", "email": "Lan@Example.org", "full_name": "Lan",
              "password": PASSWORD, **changed}  # fmt: skip
    return create_account(actor=actor, now=now, **values)


@pytest.fixture
def user(now):
    return make_account(now)


def grant(user, now, starts=TODAY, ends=None, role="auditor"):
    return grant_role(actor=OPERATOR, user_id=user.pk, role=role, starts=starts, ends=ends, now=now)


def test_a_new_account_can_sign_in_and_may_nothing(user):
    assert user.check_password(PASSWORD)
    assert user.email == "lan@example.org"
    assert actor_of(user, on=TODAY).roles == frozenset()


def test_no_password_is_in_the_history(user):
    assert PASSWORD not in str([event.data for event in Event.objects.all()])


@pytest.mark.parametrize("taken", [{"username": "LAN"}, {"username": "x"}])
def test_a_name_or_an_address_in_use_is_refused(user, now, taken):
    with pytest.raises(AccountExists):
        make_account(now, **taken)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"username": ""}, TextInvalid),
        ({"email": "nobody"}, EmailInvalid),
        ({"password": "12345"}, PasswordTooWeak),
    ],
)
def test_what_cannot_be_makes_no_account(now, wrong, error):
    with pytest.raises(error):
        make_account(now, **wrong)
    assert not User.objects.exists()


def test_only_an_administrator_makes_accounts(officer, auditor, verifier, now):
    for actor in (officer, auditor, verifier):
        with pytest.raises(NotAllowed):
            make_account(now, actor=actor)


def test_a_granted_role_is_held_on_its_days(user, now):
    grant(user, now, ends=TODAY + timedelta(1))
    held = [bool(actor_of(user, on=TODAY + timedelta(days)).roles) for days in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]


def test_a_role_is_not_granted_twice_in_one_period(user, now):
    grant(user, now)
    with pytest.raises(Conflict) as refusal:
        grant(user, now, starts=TODAY + timedelta(9))
    assert refusal.value.code == "role_grant_periods_do_not_overlap"


def test_an_unknown_role_or_person_is_refused(user, now):
    with pytest.raises(ValueUnknown):
        grant(user, now, role="king")
    user.pk += 1
    with pytest.raises(NotFound):
        grant(user, now)


def test_a_revoked_role_is_not_held_on_that_day(user, now):
    granted = grant(user, now, starts=TODAY - timedelta(9))
    revoke_role(actor=OPERATOR, grant_id=granted.pk, on=TODAY, now=now)
    assert actor_of(user, on=TODAY - timedelta(1)).roles == {Role.AUDITOR}
    assert actor_of(user, on=TODAY).roles == frozenset()


def test_a_grant_that_has_not_begun_is_taken_back(user, now):
    granted = grant(user, now)
    revoke_role(actor=OPERATOR, grant_id=granted.pk, on=TODAY, now=now)
    assert not RoleGrant.objects.exists()
    assert Event.objects.filter(kind="role_revoked").exists()


def test_a_grant_that_ended_cannot_be_revoked(user, now):
    granted = grant(user, now, starts=date(2026, 1, 1), ends=date(2026, 1, 2))
    with pytest.raises(RoleOver):
        revoke_role(actor=OPERATOR, grant_id=granted.pk, on=TODAY, now=now)


def test_an_account_that_is_switched_off_has_no_role(user, now):
    grant(user, now)
    switched = set_account_active(actor=OPERATOR, user_id=user.pk, active=False, now=now)
    assert actor_of(switched, on=TODAY).roles == frozenset()
    with pytest.raises(SwitchedAlready):
        set_account_active(actor=OPERATOR, user_id=user.pk, active=False, now=now)


def test_accounts_are_listed_with_their_roles_and_areas_in_three_queries(
    user, auditor, now, django_assert_num_queries
):
    grant(user, now)
    make_account(now, username="an", email="an@example.org")
    with django_assert_num_queries(3):
        roles = {each.username: list(each.role_grants.all()) for each in accounts(actor=auditor)}
    assert [grant.role for grant in roles["lan"]] == ["auditor"]
    assert list(roles) == ["an", "lan"]


def test_city_staff_do_not_see_accounts(officer):
    with pytest.raises(NotAllowed):
        accounts(actor=officer)


class TestCreateAdmin:
    def run(self, *options):
        out = io.StringIO()
        call_command("createadmin", "--username=an", "--email=an@example.org", *options,
                     stdout=out, stderr=io.StringIO())  # fmt: skip
        return out.getvalue()

    def test_a_password_is_made_and_printed_once(self):
        printed = self.run().strip().rpartition(" ")[2]
        assert User.objects.get(username="an").check_password(printed)

    def test_the_account_is_an_administrator(self):
        self.run()
        today = RoleGrant.objects.get().starts
        assert actor_of(User.objects.get(), on=today).roles == {Role.ADMINISTRATOR}

    def test_a_given_password_is_not_printed(self, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        assert self.run("--password-stdin") == ""
        assert User.objects.get().check_password(PASSWORD)

    def test_a_second_one_of_that_name_is_wrong_usage(self):
        self.run()
        with pytest.raises(CommandError) as refusal:
            self.run()
        assert refusal.value.returncode == 2

    def test_on_a_database_without_tables_it_is_one_line(self, monkeypatch):
        def no_table(**_how):
            raise DatabaseError("no such table: registry_user")

        where = "linkage.registry.management.commands.createadmin.create_administrator"
        monkeypatch.setattr(where, no_table)
        with pytest.raises(CommandError, match="no such table") as refusal:
            self.run()
        assert refusal.value.returncode == 2

    def test_a_weak_password_makes_no_account(self, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
        with pytest.raises(CommandError):
            self.run("--password-stdin")
        assert not User.objects.exists()


class TestTheLastAdministrator:
    """Nobody shuts the last one out who could let others in again."""

    @pytest.fixture
    def last(self, user, now):
        return grant(user, now, role="administrator")

    def second(self, now, **values):
        other = make_account(now, username="hoa", email="hoa@example.org", full_name="Hoa")
        grant(other, now, role="administrator", **values)
        return other

    def refused(self, act, now):
        before = Event.objects.count()
        with pytest.raises(LastAdministrator):
            act()
        assert Event.objects.count() == before

    def switch_off(self, user, now):
        set_account_active(actor=OPERATOR, user_id=user.pk, active=False, now=now)

    def revoke(self, role, now):
        revoke_role(actor=OPERATOR, grant_id=role.pk, on=TODAY, now=now)

    def test_is_not_switched_off(self, user, last, now):
        self.refused(lambda: self.switch_off(user, now), now)
        assert User.objects.get(pk=user.pk).is_active

    def test_keeps_the_role(self, user, last, now):
        self.refused(lambda: self.revoke(last, now), now)
        assert Role.ADMINISTRATOR in actor_of(user, on=TODAY).roles

    def test_is_the_last_beside_one_who_cannot_sign_in(self, user, last, now):
        self.switch_off(self.second(now), now)
        self.refused(lambda: self.switch_off(user, now), now)

    def test_is_the_last_beside_one_whose_role_begins_later(self, user, last, now):
        self.second(now, starts=TODAY + timedelta(days=1))
        self.refused(lambda: self.revoke(last, now), now)

    def test_goes_when_there_is_another(self, user, last, now):
        self.second(now)
        self.revoke(last, now)
        self.switch_off(user, now)
        assert not User.objects.get(pk=user.pk).is_active

    def test_may_lose_another_role(self, user, last, now):
        self.revoke(grant(user, now), now)

    def test_nobody_is_kept_where_there_was_none(self, user, now):
        self.switch_off(user, now)
