"""Signing up: an account of one's own, with an e-mail address or a user name, that may nothing."""

from __future__ import annotations

import pytest

from linkage.jobs.models import Event
from linkage.registry.access import actor_of
from linkage.registry.models import User
from linkage.registry.phones import PhoneInvalid
from linkage.registry.services import sign_up
from linkage.registry.services.accounts import (
    AccountExists,
    EmailInvalid,
    PasswordTooWeak,
    UserNameInvalid,
)
from linkage.registry.values import TextInvalid

pytestmark = pytest.mark.django_db
PASSWORD = "vai-thieu-2026!"


@pytest.fixture
def sign(now):
    def do(**changed):
        given = {"full_name": "Nguyễn Thị Lan", "login": "lan", "password": PASSWORD, "phone": ""}
        return sign_up(**{**given, **changed}, now=now)

    return do


def test_with_a_user_name_there_is_no_address(sign, now):
    lan = sign(phone="0912.345.678")
    assert (lan.username, lan.email, lan.phone) == ("lan", "", "+84912345678")
    actor = actor_of(lan, on=now.date())
    assert (actor.roles, dict(actor.memberships)) == (frozenset(), {})
    assert sign(login="minh").email == ""


def test_an_address_is_the_user_name_too(sign):
    lan = sign(login="Lan@Example.org")
    assert lan.email == "lan@example.org"
    assert lan.check_password(PASSWORD)


@pytest.mark.parametrize("login", ["LAN", "lan@example.org", "Lan@Example.ORG"])
def test_a_name_or_an_address_in_use_is_refused(sign, login):
    User.objects.create(username="lan", email="lan@example.org")
    with pytest.raises(AccountExists):
        sign(login=login)


def test_nobody_takes_an_address_for_a_name_that_another_signs_in_with(sign):
    User.objects.create(username="lan@example.org", email="other@example.org")
    with pytest.raises(AccountExists):
        sign(login="lan@example.org")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"full_name": ""}, TextInvalid),
        ({"login": ""}, TextInvalid),
        ({"login": "chị lan"}, UserNameInvalid),
        ({"login": "lan@"}, EmailInvalid),
        ({"password": "12345"}, PasswordTooWeak),
        ({"phone": "113"}, PhoneInvalid),
    ],
)
def test_what_cannot_be_makes_no_account(sign, wrong, error):
    with pytest.raises(error):
        sign(**wrong)
    assert not User.objects.exists()


def test_the_history_has_the_account_and_no_password(sign):
    lan = sign()
    line = Event.objects.get(subject_kind="account", subject_id=str(lan.pk))
    assert (line.kind, line.actor_id) == ("account_signed_up", lan.pk)
    assert PASSWORD not in str(line.data)
