"""News reach everybody who acts for the organisation, once, and as messages those who chose so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.jobs.models import Outbox
from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.notices.services import News, Told, tell_all, tell_organisation
from linkage.registry.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
NEWS = News(Kind.PROPOSAL, "proposed", "linkage", 7, "linkage:7:terms:1", {"number": "1"})


@pytest.fixture
def coop():
    return Organisation.objects.create(name="HTX A", origin="staff")


def person(name, coop, starts=date(2026, 1, 1), ends=None):
    user = User.objects.create(username=name, email=f"{name}@example.org")
    Membership.objects.create(
        user=user, organisation=coop, role="member", starts=starts, ends=ends
    )  # fmt: skip
    return user


def told():
    return set(Notice.objects.values_list("user__username", flat=True))


def test_everybody_who_acts_for_it_today_is_told(coop):
    person("lan", coop)
    person("gone", coop, ends=date(2026, 6, 14))
    person("later", coop, starts=date(2026, 6, 16))
    blocked = person("blocked", coop)
    User.objects.filter(pk=blocked.pk).update(is_active=False)
    person("stranger", Organisation.objects.create(name="HTX B", origin="staff"))
    tell_organisation(organisation_id=coop.pk, news=NEWS, now=NOW)
    assert told() == {"lan"}


def test_who_did_it_is_not_told(coop):
    lan = person("lan", coop)
    person("minh", coop)
    tell_organisation(organisation_id=coop.pk, news=NEWS, now=NOW, except_user_id=lan.pk)
    assert told() == {"minh"}


def test_a_fact_is_told_once(coop):
    lan = person("lan", coop)
    MessageChoice.objects.create(user=lan, kind=Kind.PROPOSAL)
    for _ in range(2):
        tell_organisation(organisation_id=coop.pk, news=NEWS, now=NOW)
    assert (Notice.objects.count(), Outbox.objects.count()) == (1, 1)


def test_only_who_chose_the_kind_gets_a_message(coop):
    lan, minh = person("lan", coop), person("minh", coop)
    MessageChoice.objects.create(user=lan, kind=Kind.PROPOSAL)
    MessageChoice.objects.create(user=minh, kind=Kind.MATCH)
    tell_organisation(organisation_id=coop.pk, news=NEWS, now=NOW)
    assert [message.payload["user_id"] for message in Outbox.objects.all()] == [lan.pk]


def test_members_of_what_was_merged_are_told_too(coop):
    gone = Organisation.objects.create(name="HTX B", origin="staff", merged_into=coop)
    person("lan", gone)
    tell_organisation(organisation_id=coop.pk, news=NEWS, now=NOW)
    assert told() == {"lan"}


def test_much_is_told_at_once_in_a_few_statements_and_as_one_by_one(coop):
    lan, minh = person("lan", coop), person("minh", coop)
    MessageChoice.objects.create(user=lan, kind=Kind.PROPOSAL)
    tell_organisation(organisation_id=coop.pk, news=NEWS, now=NOW)
    each = [replace(NEWS, subject_id=n, key=f"linkage:{n}:terms:1") for n in range(1, 300)]
    much = [Told(one, {lan.pk, minh.pk}, coop.pk) for one in each]
    kept = MessageChoice.objects.filter(kind=Kind.PROPOSAL)
    with CaptureQueriesContext(connection) as captured:
        kept.delete()
        tell_all(much, now=NOW)
    assert len(captured) < 20
    # The seventh was told before.
    assert Notice.objects.count() == 2 * 299
    assert Outbox.objects.count() == 1
    MessageChoice.objects.create(user=lan, kind=Kind.PROPOSAL)
    more = replace(NEWS, key="linkage:300:terms:1")
    tell_all([Told(more, {lan.pk, minh.pk}), Told(more, {lan.pk})], now=NOW)
    assert Notice.objects.filter(dedupe_key=more.key).count() == 2
    assert Outbox.objects.filter(dedupe_key=f"{lan.pk}:{more.key}").count() == 1
