"""Certificates that an organisation holds for a period."""

from __future__ import annotations

from datetime import date

import pytest

from linkage.catalogue.models import Certification
from linkage.errors import Conflict, NotAllowed, NotFound
from linkage.jobs.models import Event
from linkage.registry.models import Certificate, User
from linkage.registry.services import add_certificate, remove_certificate
from linkage.registry.values import ValueUnknown

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(coop, officer, now):
    User.objects.create(pk=officer.user_id, username="lan", email="lan@example.org")
    Certification.objects.create(
        code="VIETGAP", name_vi="VietGAP", name_en="VietGAP", family="gap", issuer="", source=""
    )

    def call(version=1, actor=officer, code="VIETGAP", starts=date(2026, 1, 1), ends=None):
        return add_certificate(
            actor=actor, organisation_id=coop.pk, version=version, certification_code=code,
            number="01", issuer="Cục A", starts=starts, ends=ends, now=now,
        )  # fmt: skip

    return call


def test_a_certificate_is_recorded_with_who_did(add, coop):
    add()
    assert coop.certificates.get().recorded_by.username == "lan"


def test_periods_may_follow_each_other(add, coop):
    add(ends=date(2026, 6, 30))
    add(version=2, starts=date(2026, 7, 1))
    assert coop.certificates.count() == 2


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (date(2026, 6, 30), None, "certificate_periods_do_not_overlap"),
        (date(2027, 1, 2), date(2027, 1, 1), "certificate_does_not_end_before_it_starts"),
    ],
)
def test_a_period_that_cannot_be_is_refused(add, starts, ends, code):
    add(ends=date(2026, 6, 30))
    with pytest.raises(Conflict) as refusal:
        add(version=2, starts=starts, ends=ends)
    assert refusal.value.code == code
    assert Certificate.objects.count() == 1


def test_an_unknown_certification_is_refused(add):
    with pytest.raises(ValueUnknown):
        add(code="GOLD")


def test_those_who_only_read_cannot_record_one(add, auditor):
    with pytest.raises(NotAllowed):
        add(actor=auditor)


def remove(actor, organisation, certificate, now):
    return remove_certificate(
        actor=actor, organisation_id=organisation.pk, version=2, certificate_id=certificate.pk,
        now=now,
    )  # fmt: skip


def test_one_recorded_by_mistake_is_taken_back_and_stays_in_the_history(add, coop, officer, now):
    remove(officer, coop, add(ends=date(2026, 6, 30)), now)
    assert not Certificate.objects.exists()
    assert Event.objects.get(kind="certificate_removed").data == {
        "certification": "VIETGAP",
        "number": "01",
        "issuer": "Cục A",
        "starts": "2026-01-01",
        "ends": "2026-06-30",
    }


def test_another_organisations_certificate_is_not_there(add, coop, make, officer, now):
    made, other = add(), make("HTX B")
    with pytest.raises(NotFound):
        remove_certificate(actor=officer, organisation_id=other.pk, version=1,
                           certificate_id=made.pk, now=now)  # fmt: skip
    assert Certificate.objects.exists()


def test_those_who_only_read_cannot_take_one_back(add, coop, auditor, now):
    with pytest.raises(NotAllowed):
        remove(auditor, coop, add(), now)
