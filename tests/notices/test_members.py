"""What happens to people's access becomes notices of whom it concerns, once."""

from __future__ import annotations

from datetime import date

import pytest

from linkage.jobs.models import Outbox
from linkage.notices.members import tell_of_members
from linkage.notices.models import Notice
from linkage.registry.access import actor_of
from linkage.registry.models import Membership, Organisation, Role, RoleGrant, User
from linkage.registry.services import (
    approve_request,
    ask_to_join,
    leave,
    refuse_request,
)
from tests.notices.test_telling import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def coop():
    return Organisation.objects.create(name="HTX A", origin="staff")


@pytest.fixture
def people(coop):
    """A clerk, a manager of the cooperative, and somebody who asks to act for it."""
    for name in ("clerk", "manager", "lan"):
        User.objects.create(username=name, full_name=name.title())
    clerk, manager = User.objects.get(username="clerk"), User.objects.get(username="manager")
    RoleGrant.objects.create(user=clerk, role=Role.CITY_STAFF, starts=date(2026, 1, 1))
    Membership.objects.create(
        user=manager, organisation=coop, role="admin", starts=date(2026, 1, 1)
    )
    return {user.username: actor_of(user, on=NOW.date()) for user in User.objects.all()}


def deliver():
    for message in Outbox.objects.filter(topic="registry.members").order_by("pk"):
        tell_of_members(message)


def told():
    deliver()
    rows = Notice.objects.order_by("pk").values_list("user__username", "what", "subject_kind")
    return set(rows)


def test_a_request_is_told_to_staff_and_its_answer_to_who_asked(people, coop):
    request = ask_to_join(actor=people["lan"], organisation_id=coop.pk, note="", now=NOW)
    assert told() == {("clerk", "asked", "join_request")}
    approve_request(actor=people["clerk"], request_id=request.pk, role="member", now=NOW)
    assert told() - {("clerk", "asked", "join_request")} == {
        ("lan", "approved", "join_request"),
        ("manager", "joined", "organisation"),
    }


def test_a_refusal_brings_its_reason(people, coop):
    request = ask_to_join(actor=people["lan"], organisation_id=coop.pk, note="", now=NOW)
    refuse_request(actor=people["clerk"], request_id=request.pk, reason="Không quen", now=NOW)
    deliver()
    assert Notice.objects.get(what="refused").data["reason"] == "Không quen"


def test_staff_hear_that_nobody_manages_it_any_more(people, coop):
    leave(actor=people["manager"], organisation_id=coop.pk, now=NOW)
    assert ("clerk", "without_admin", "organisation") in told()


def test_delivered_twice_it_is_told_once(people, coop):
    ask_to_join(actor=people["lan"], organisation_id=coop.pk, note="", now=NOW)
    deliver()
    deliver()
    assert Notice.objects.count() == 1
