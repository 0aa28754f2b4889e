"""What the database refuses of notices, alike on both databases, each with its code and words."""

from __future__ import annotations

import pytest

from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.registry.models import User
from tests.constraints import constraints_of, must_be_refused
from tests.notices.test_telling import NOW

pytestmark = pytest.mark.django_db


def notices(*kinds):
    user = User.objects.create(username="lan")
    for kind in kinds:
        Notice.objects.create(
            user=user, kind=kind, what="joined", subject_kind="organisation", subject_id=1,
            dedupe_key="k", created_at=NOW,
        )  # fmt: skip


def choices(*kinds):
    user = User.objects.create(username="lan")
    for kind in kinds:
        MessageChoice.objects.create(user=user, kind=kind)


REFUSED = {
    "notice_is_told_once": lambda: notices(Kind.MATCH, Kind.MATCH),
    "notice_kind_is_known": lambda: notices("gossip"),
    "message_choice_is_made_once": lambda: choices(Kind.MATCH, Kind.MATCH),
    "message_choice_kind_is_known": lambda: choices("gossip"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_row_is_refused_with_the_rules_name_as_code(name):
    must_be_refused(name, REFUSED[name])


def test_every_constraint_of_the_notices_was_tried():
    assert constraints_of("notices") == set(REFUSED)
