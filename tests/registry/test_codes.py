"""A code makes whoever enters it a member: once, for thirty days, and it cannot be guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linkage.errors import NotAllowed, NotFound
from linkage.jobs.models import Event, IdempotentAnswer, Outbox
from linkage.registry import access_codes
from linkage.registry.access import Actor
from linkage.registry.models import AccessCode, CodeTries, Membership, Role
from linkage.registry.phones import PhoneInvalid
from linkage.registry.services import cancel_code, enter_code, issue_code, merge_organisations
from linkage.registry.services.accounts import EmailInvalid
from linkage.registry.services.codes import (
    MOST_LIVE_CODES,
    TRIES_AN_HOUR,
    CodeNotValid,
    CodeOver,
    TooManyCodes,
    TooManyTries,
)
from linkage.registry.services.memberships import AlreadyMember
from linkage.registry.values import ValueUnknown

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(clerk, coop, now):
    def make(actor=clerk, role="admin", way="letter", address="", organisation=coop, at=now):
        return issue_code(
            actor=actor, organisation_id=organisation.pk, role=role, way=way, address=address,
            now=at,
        )  # fmt: skip

    return make


@pytest.fixture
def enter(now):
    return lambda actor, code, at=now: enter_code(actor=actor, code=code, now=at)


def test_who_enters_it_acts_for_the_organisation_as_the_code_says(
    issue, enter, person, coop, again
):
    lan = person("lan")
    enter(lan, issue().secret)
    assert again(lan).administers(coop.pk)


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), " {} ".format])
def test_it_may_be_typed_as_people_type(issue, enter, person, coop, typed):
    enter(person("lan"), typed(issue().secret))
    assert Membership.objects.get().organisation == coop


def test_it_has_no_letters_that_look_alike_and_is_grouped(issue):
    secret = issue().secret
    assert len(secret) == 11
    assert secret[5] == "-"
    assert not set(secret) & set("0O1IL")


def test_no_code_is_kept_anywhere(issue, enter, person):
    secrets = [issue().secret.replace("-", ""), issue(way="officer").secret.replace("-", "")]
    issue(way="email", address="lan@example.org")
    enter(person("lan"), secrets[0])
    models = (AccessCode, Event, Outbox, IdempotentAnswer)
    kept = str([list(model.objects.values()) for model in models])
    nonce = Outbox.objects.get(topic="registry.access_code").payload["nonce"]
    secrets.append(access_codes.spelled(nonce))
    assert not any(secret in kept for secret in secrets)


def test_without_the_servers_key_a_nonce_spells_another_code(settings):
    here = access_codes.spelled("a nonce")
    settings.SECRET_KEY = "another"
    assert access_codes.spelled("a nonce") != here


def test_it_works_once(issue, enter, person):
    secret = issue().secret
    enter(person("lan"), secret)
    with pytest.raises(CodeNotValid):
        enter(person("minh"), secret)
    assert Membership.objects.count() == 1


def test_who_sends_it_twice_has_one_membership(issue, enter, person):
    lan, secret = person("lan"), issue().secret
    assert enter(lan, secret) == enter(lan, secret)
    assert Membership.objects.count() == 1


def test_a_used_code_does_not_bring_back_who_left(issue, enter, person):
    lan, secret = person("lan"), issue().secret
    enter(lan, secret).delete()
    with pytest.raises(CodeNotValid):
        enter(lan, secret)


def test_it_is_good_for_thirty_days_and_no_moment_longer(issue, enter, person, now):
    secret = issue().secret
    last = now + timedelta(days=30)
    with pytest.raises(CodeNotValid):
        enter(person("lan"), secret, last)
    enter(person("minh"), secret, last - timedelta(seconds=1))


def test_a_cancelled_code_is_void(issue, enter, person, clerk, coop, now):
    issued = issue()
    cancel_code(actor=clerk, organisation_id=coop.pk, code_id=issued.code.pk, now=now)
    with pytest.raises(CodeNotValid):
        enter(person("lan"), issued.secret)


def test_a_used_code_cannot_be_cancelled(issue, enter, person, clerk, coop, now):
    issued = issue()
    enter(person("lan"), issued.secret)
    with pytest.raises(CodeOver):
        cancel_code(actor=clerk, organisation_id=coop.pk, code_id=issued.code.pk, now=now)


def test_a_code_of_another_organisation_is_not_there(issue, make, clerk, now):
    other, issued = make("HTX Khác"), issue()
    with pytest.raises(NotFound):
        cancel_code(actor=clerk, organisation_id=other.pk, code_id=issued.code.pk, now=now)


def test_who_acts_for_it_already_does_not_use_it_up(issue, enter, person):
    lan = person("lan")
    enter(lan, issue().secret)
    second = issue()
    with pytest.raises(AlreadyMember):
        enter(lan, second.secret)
    second.code.refresh_from_db()
    assert second.code.used_at is None


def test_the_code_of_a_merged_organisation_lets_nobody_in(issue, enter, person, make, officer, now):
    kept, merged, lan = make("HTX Giữ"), make("HTX Gộp"), person("lan")
    secret = issue(organisation=merged).secret
    merge_organisations(
        actor=officer, organisation_id=kept.pk, version=1, merged_id=merged.pk,
        merged_version=1, reason="x", now=now,
    )  # fmt: skip
    with pytest.raises(CodeNotValid):
        enter(lan, secret)


def test_ten_wrong_tries_an_hour_shut_the_right_one_out_too(issue, enter, person, now):
    lan, secret = person("lan"), issue().secret
    for _ in range(TRIES_AN_HOUR):
        with pytest.raises(CodeNotValid):
            enter(lan, "AAAAA-AAAAA")
    with pytest.raises(TooManyTries):
        enter(lan, secret)
    assert CodeTries.objects.get().tries == TRIES_AN_HOUR
    enter(lan, secret, now + timedelta(hours=1))


def test_tries_are_counted_for_each_account_apart(enter, issue, person):
    for _ in range(TRIES_AN_HOUR):
        with pytest.raises(CodeNotValid):
            enter(lan := person(f"lan-{_}"), "AAAAA-AAAAA")
    enter(lan, issue().secret)


def test_nobody_is_no_member(enter, issue):
    with pytest.raises(NotAllowed):
        enter(Actor(None, frozenset()), issue().secret)


def test_who_manages_the_accounts_invites_by_message_alone(issue, enter, person, again):
    lan = person("lan")
    enter(lan, issue().secret)
    lan = again(lan)
    assert issue(actor=lan, way="phone", address="0912 345 678").secret is None
    for way in ("letter", "officer"):
        with pytest.raises(NotAllowed):
            issue(actor=lan, way=way)


def test_who_only_acts_for_it_and_a_stranger_make_none(issue, enter, person, again):
    lan = person("lan")
    enter(lan, issue(role="member").secret)
    with pytest.raises(NotAllowed):
        issue(actor=again(lan), way="email", address="a@example.org")
    with pytest.raises(NotFound):
        issue(actor=person("minh"), way="email", address="a@example.org")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.VERIFIER])
def test_other_offices_make_none(issue, person, role):
    with pytest.raises(NotFound):
        issue(actor=person("somebody", roles=[role]))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"role": "king"}, ValueUnknown),
        ({"way": "pigeon"}, ValueUnknown),
        ({"way": "phone", "address": "123"}, PhoneInvalid),
        ({"way": "email", "address": "nobody"}, EmailInvalid),
    ],
)
def test_what_cannot_be_makes_no_code(issue, wrong, error):
    with pytest.raises(error):
        issue(**wrong)
    assert not AccessCode.objects.exists()


def test_unused_codes_do_not_pile_up(issue, now):
    for _ in range(MOST_LIVE_CODES):
        issue()
    with pytest.raises(TooManyCodes):
        issue()
    issue(at=now + timedelta(days=31))


def test_making_and_cancelling_in_turn_ends_for_the_day(issue, clerk, coop, now):
    for _ in range(MOST_LIVE_CODES):
        code = issue().code
        cancel_code(actor=clerk, organisation_id=coop.pk, code_id=code.pk, now=now)
    with pytest.raises(TooManyCodes):
        issue()
    issue(at=now + timedelta(days=1))


def test_the_history_says_who_made_which_code_and_who_came(issue, enter, person, clerk, coop):
    lan = person("lan")
    enter(lan, issue().secret)
    found = Event.objects.filter(subject_kind="organisation", subject_id=str(coop.pk))
    lines = list(found.order_by("pk").values_list("kind", "actor_id"))[-2:]
    assert lines == [("code_issued", clerk.user_id), ("member_joined", lan.user_id)]
