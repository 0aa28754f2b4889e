"""An organisation lets an officer act for it: what is recorded, how it ends, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from linkage.errors import DomainError, NotFound
from linkage.jobs import outbox
from linkage.jobs.models import Event
from linkage.notices.models import Notice
from linkage.registry.models import ConsentEnd, OfficerConsent
from linkage.registry.services import withdraw_consent
from linkage.registry.services.officers import (
    ConsentDayInvalid,
    ConsentForNothing,
    ConsentGivenBeforeEnd,
    ConsentOver,
    ConsentRanOut,
    ConsentTooLong,
)
from tests.market import town
from tests.officers import field
from worker.handlers import CONSUMERS

TODAY, NOW = town.TODAY, town.NOW
WEEK_AGO = TODAY - timedelta(days=7)


def withdraw(actor, consent, organisation):
    return withdraw_consent(
        actor=actor, organisation_id=organisation.pk, consent_id=consent.pk, now=NOW
    )


def test_a_consent_says_who_gave_it_how_when_for_what_and_until_when(coop, user):
    made = field.consent(user, coop, deeds=["posts"], note="Gọi lúc 8 giờ")
    assert (made.given_by, made.way, made.deeds) == ("Bà Giám Đốc", "phone", ["posts"])
    assert field.acting(user).on_behalf == {coop.pk: {"posts"}}
    event = Event.objects.get(kind="consent_recorded")
    assert event.subject_id == str(coop.pk)
    assert "Bà Giám Đốc" not in str(event.data)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"until": TODAY + timedelta(days=366)}, ConsentTooLong),
        ({"given_on": TODAY + timedelta(days=1)}, ConsentDayInvalid),
        ({"given_on": TODAY - timedelta(days=31)}, ConsentDayInvalid),
        ({"deeds": []}, ConsentForNothing),
        ({"deeds": ["agree"]}, DomainError),
        ({"way": "letter"}, DomainError),
        ({"given_by": " "}, DomainError),
        ({"until": TODAY - timedelta(days=1)}, DomainError),
        ({"given_on": WEEK_AGO, "until": WEEK_AGO}, ConsentRanOut),
    ],
    ids=str,
)
def test_what_cannot_be_a_consent_is_refused(coop, user, changes, refusal):
    with pytest.raises(refusal):
        field.consent(user, coop, **changes)
    assert not OfficerConsent.objects.exists()


def test_outside_the_area_no_consent_is_recorded(elsewhere, user):
    with pytest.raises(NotFound):
        field.consent(user, elsewhere)


def test_it_holds_from_its_day_to_its_last_day(coop, user):
    made = field.consent(user, coop)
    assert coop.pk in field.acting(user, made.until).on_behalf
    assert not field.acting(user, made.until + timedelta(days=1)).on_behalf


def test_it_is_the_officers_who_recorded_it(coop, user):
    field.consent(user, coop)
    assert not field.acting(field.officer("khac")).on_behalf


def test_it_ends_with_the_officers_area(coop, user):
    field.consent(user, coop)
    user.role_grants.get().communes.set([])
    assert not field.acting(user).on_behalf


def test_the_officer_and_the_organisation_each_withdraw_it_at_once(coop, user):
    people = town.actor(coop, town.person(coop).pk)
    for actor in (field.acting(user), people):
        made = field.consent(user, coop)
        withdraw(actor, made, coop)
        assert not field.acting(user).on_behalf
        with pytest.raises(ConsentOver):
            withdraw(actor, made, coop)


def test_withdrawing_one_ends_all_that_the_officer_has_of_the_organisation(coop, firm, user):
    firm.commune_facts.update(commune_id="1")
    two, elsewhere = [field.consent(user, coop) for _ in range(2)], field.consent(user, firm)
    others = field.consent(other := field.officer("khac"), coop)
    withdraw(town.actor(coop, town.person(coop).pk), two[0], coop)
    assert set(field.acting(user).on_behalf) == {firm.pk}
    assert set(field.acting(other).on_behalf) == {coop.pk}
    ended = ConsentEnd.objects.values_list("consent", flat=True)
    assert sorted(ended) == [consent.pk for consent in two]
    assert not {elsewhere.pk, others.pk} & set(ended)
    event = Event.objects.get(kind="consent_withdrawn")
    assert event.data == {"consent": two[0].pk, "with_it": [two[1].pk]}
    with pytest.raises(ConsentOver):
        withdraw(field.acting(user), two[1], coop)


def test_what_was_said_before_a_withdrawal_is_no_consent_after_it(coop, user):
    withdraw(field.acting(user), field.consent(user, coop), coop)
    with pytest.raises(ConsentGivenBeforeEnd):
        field.consent(user, coop, given_on=TODAY - timedelta(days=1))
    # It was this officer's that was withdrawn.
    field.consent(field.officer("khac"), coop, given_on=TODAY - timedelta(days=1))
    # Asked anew, the organisation may let the officer again.
    field.consent(user, coop)


def test_nobody_else_withdraws_it(coop, firm, user):
    made = field.consent(user, coop)
    stranger, other = town.actor(firm, firm.memberships.get().user_id), field.officer("khac")
    for actor, of in ((stranger, firm), (stranger, coop), (field.acting(other), coop)):
        with pytest.raises(NotFound):
            withdraw(actor, made, of)
    assert not ConsentEnd.objects.exists()


def test_the_database_refuses_to_change_a_consent_or_its_end(coop, user):
    made = field.consent(user, coop)
    end = withdraw(field.acting(user), made, coop)
    for row, change in ((made, {"until": TODAY}), (end, {"reason": "khác"})):
        rows = type(row).objects.filter(pk=row.pk)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows._raw_delete("default")


def test_its_people_are_told_of_both(coop, user):
    member = town.person(coop)
    withdraw(field.acting(user), field.consent(user, coop), coop)
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)
    told = Notice.objects.filter(user=member).order_by("pk").values_list("what", flat=True)
    assert list(told) == ["consent_recorded", "consent_withdrawn"]
