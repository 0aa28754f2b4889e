"""One code entered by many at once makes one member, on both databases; with its control."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

from linkage.registry import access_codes
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import AccessCode, Membership, Organisation, User
from linkage.registry.services import approve_request, ask_for_new, enter_code, issue_code
from linkage.registry.services.codes import CodeNotValid
from linkage.registry.services.memberships import begin_membership
from tests.examples import examples
from tests.racing import at_once

PEOPLE = 8
NEW = {"name": "Công ty Mới", "kind": "enterprise", "tax_code": "", "commune_code": ""}


@pytest.fixture
def people(house):
    return [User.objects.create(username=f"person-{number}") for number in range(PEOPLE)]


@pytest.fixture
def secret(house):
    coop = Organisation.objects.create(name="HTX A", origin="staff")
    return lambda: (
        issue_code(
            actor=OPERATOR, organisation_id=coop.pk, role="admin", way="letter", now=timezone.now()
        ).secret
    )


def test_one_of_many_becomes_a_member(people, secret):
    for _round in range(examples(3, each=True)):
        code = secret()

        def attempt(user, code=code):
            try:
                enter_code(actor=Actor(user.pk, frozenset()), code=code, now=timezone.now())
            except CodeNotValid:
                return False
            return True

        got_in = at_once([lambda user=user: attempt(user) for user in people])
        assert sum(got_in) == Membership.objects.count() == 1
        Membership.objects.all().delete()


def test_the_control_that_looks_before_it_writes_lets_more_in(people, secret):
    looked, digest = Barrier(PEOPLE), access_codes.digest_of(secret())

    def attempt(user):
        code = AccessCode.objects.select_related("organisation").get(digest=digest)
        looked.wait()
        if code.used_at is None:
            with transaction.atomic():
                AccessCode.objects.filter(pk=code.pk).update(used_at=timezone.now())
                begin_membership(
                    user_id=user.pk, organisation=code.organisation, role="admin",
                    actor=OPERATOR, now=timezone.now(),
                )  # fmt: skip

    at_once([lambda user=user: attempt(user) for user in people])
    assert Membership.objects.count() > 1


def test_a_new_organisation_that_many_ask_for_is_entered_once(people):
    now = timezone.now()
    asked = [
        ask_for_new(actor=Actor(user.pk, frozenset()), asked=NEW, note="", now=now)
        for user in people
    ]
    at_once(
        [
            lambda pk=request.pk: approve_request(
                actor=OPERATOR, request_id=pk, role="admin", now=timezone.now()
            )
            for request in asked
        ]
    )
    assert Organisation.objects.count() == 1
    assert Membership.objects.count() == PEOPLE


def test_tries_at_the_same_moment_are_all_counted(people):
    lan, now = Actor(people[0].pk, frozenset()), timezone.now()

    def attempt():
        try:
            enter_code(actor=lan, code="AAAAA-AAAAA", now=now)
        except CodeNotValid:
            return "wrong"
        except Exception as error:
            return type(error).__name__
        return "in"

    found = at_once([attempt] * 16)
    assert sorted(found) == ["TooManyTries"] * 6 + ["wrong"] * 10
