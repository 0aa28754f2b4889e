"""The scan of a consent on paper: who puts it there, who opens it, and what is taken."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from linkage import files
from linkage.coverage.audit import audit
from linkage.errors import Conflict, NotFound
from linkage.jobs import outbox
from linkage.jobs.models import Event
from linkage.notices.models import Notice
from linkage.registry import services
from linkage.registry.access import Actor
from linkage.registry.models import ConsentScan, Role
from linkage.registry.services.consent_scans import MOST_SCANS, TooManyScans
from linkage.registry.services.officers import ConsentOver
from linkage.scans import HEADERS, NotAScan
from tests import scans
from tests.market import town
from tests.officers import field
from worker.handlers import CONSUMERS

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def today():
    return localdate()


@pytest.fixture
def consent(user, coop, today):
    return field.consent(
        user, coop, now=timezone.now(), given_on=today, until=today + timedelta(days=60),
        way="paper",
    )  # fmt: skip


@pytest.fixture
def officer(user, consent, today):
    return field.acting(user, on=today)


def attach(actor, consent, file=None, of=None):
    return services.attach_consent_scan(
        actor=actor, organisation_id=of or consent.organisation_id, consent_id=consent.pk,
        file=file or scans.scan("giấy"), now=timezone.now(),
    )  # fmt: skip


def opened(actor, made, of=None):
    of = of or made.consent.organisation_id
    return services.open_consent_scan(
        actor=actor, organisation_id=of, consent_id=made.consent_id, scan_id=made.pk,
        now=timezone.now(),
    )  # fmt: skip


def opened_by_member(actor, made, of=None):
    return services.open_own_consent_scan(
        actor=actor, organisation_id=of or made.consent.organisation_id,
        consent_id=made.consent_id, scan_id=made.pk,
    )  # fmt: skip


def test_the_officer_puts_it_beside_its_consent_and_the_organisation_is_told(
    officer, consent, coop
):
    member = town.person(coop)
    made = attach(officer, consent, scans.scan("giấy", "../../đồng ý.pdf"))
    assert (made.name, made.media_type) == ("đồng ý.pdf", "application/pdf")
    assert made.stored_as.startswith("consents/")
    event = Event.objects.get(kind="consent_scan_attached")
    assert (event.subject_id, event.actor_id) == (str(coop.pk), officer.user_id)
    # Its own name may be a person's.
    assert event.data == {"consent": consent.pk, "sha256": made.sha256}
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)
    assert Notice.objects.get(user=member, what="consent_scan_attached").data["person"]


def test_reading_it_is_noted_for_the_officer_and_not_for_its_own_people(officer, consent, coop):
    made = attach(officer, consent)
    assert opened(officer, made).path.read_bytes() == scans.PDF + "giấy".encode()
    noted = Event.objects.get(kind="read")
    assert (noted.actor_id, noted.data) == (
        officer.user_id,
        {"of": "organisation", "ids": [coop.pk], "what": ["consent_scan"]},
    )
    assert opened_by_member(town.actor(coop), made).name == "hợp đồng.pdf"
    assert Event.objects.filter(kind="read").count() == 1


def test_nobody_else_finds_it(officer, consent, coop, firm, elsewhere, today):
    made = attach(officer, consent)
    colleague = field.acting(field.officer("khac"), on=today)
    moved = replace(officer, area=frozenset({elsewhere.pk}))
    office = Actor(None, frozenset(set(Role) - {Role.FIELD_OFFICER}))
    for actor in (colleague, moved, office, town.actor(firm)):
        with pytest.raises(NotFound):
            opened(actor, made)
        with pytest.raises(NotFound):
            attach(actor, consent)
    for actor, of in ((town.actor(firm), coop), (town.actor(firm), firm), (officer, coop)):
        with pytest.raises(NotFound):
            opened_by_member(actor, made, of.pk)
    with pytest.raises(NotFound):
        opened(officer, ConsentScan(pk=made.pk + 1, consent=consent))
    assert (ConsentScan.objects.count(), Event.objects.filter(kind="read").count()) == (1, 0)


def test_beside_a_consent_that_was_withdrawn_none_comes(officer, consent, coop):
    services.withdraw_consent(
        actor=officer, organisation_id=coop.pk, consent_id=consent.pk, now=timezone.now()
    )
    with pytest.raises(ConsentOver):
        attach(officer, consent)


def test_what_is_no_scan_comes_twice_or_too_often_is_refused_and_no_file_stays(officer, consent):
    with pytest.raises(NotAScan):
        attach(officer, consent, scans.named(b"<svg/>", "giay.pdf"))
    attach(officer, consent)
    with pytest.raises(Conflict) as twice:
        attach(officer, consent)
    assert twice.value.code == "consent_scan_is_attached_once"
    for number in range(1, MOST_SCANS):
        attach(officer, consent, scans.scan(str(number)))
    with pytest.raises(TooManyScans):
        attach(officer, consent, scans.scan("một tờ nữa"))
    assert len(list(files.lying(files.CONSENTS))) == ConsentScan.objects.count() == MOST_SCANS


def test_the_database_refuses_to_change_it(officer, consent):
    rows = ConsentScan.objects.filter(pk=attach(officer, consent).pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(name="khác.pdf")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows._raw_delete("default")


def test_a_file_that_is_lost_and_one_without_a_row_are_named(officer, consent):
    made = attach(officer, consent)
    files.finish(made.stored_as)
    later = timezone.now() + timedelta(minutes=1)
    assert audit(now=later).checks["consent_rows_have_their_files"].ok
    assert audit(now=later).checks["consent_files_have_their_rows"].ok
    files.write("consents/la.bin", [b"x"])
    files.finish("consents/la.bin")
    assert audit(now=later).checks["consent_files_have_their_rows"].broken == ("consents/la.bin",)
    files.discard(made.stored_as)
    assert audit(now=later).checks["consent_rows_have_their_files"].broken == (made.pk,)


def test_what_an_upload_left_that_broke_off_is_cleared_away(officer, consent):
    attach(officer, consent)
    files.write("consents/ab/do.bin", [b"x"])
    now = timezone.now()
    assert services.clear_broken_uploads(now=now) == 0
    assert services.clear_broken_uploads(now=now + timedelta(days=1, minutes=1)) == 1
    assert len(list(files.lying(files.CONSENTS))) == 1


def client_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_the_pages_take_it_and_hand_it_out_as_an_attachment(user, consent, coop):
    browser = client_of(user)
    form = reverse("web:consent_scan_attach", args=[coop.pk, consent.pk])
    assert form in browser.get(reverse("web:call", args=[coop.pk])).content.decode()
    assert "giấy đồng ý" in browser.get(form).content.decode()
    refused = browser.post(form, {"file": scans.named(b"<html>", "a.pdf")})
    assert (refused.status_code, ConsentScan.objects.count()) == (200, 0)
    assert browser.post(form, {"file": scans.scan("giấy", "đồng ý.pdf")}).status_code == 302
    made = ConsentScan.objects.get()
    for who, name, page in (
        (browser, "consent_scan", "call"),
        (client_of(town.person(coop)), "own_consent_scan", "own_consents"),
    ):
        there = reverse(f"web:{name}", args=[coop.pk, consent.pk, made.pk])
        assert there in who.get(reverse(f"web:{page}", args=[coop.pk])).content.decode()
        answer = who.get(there)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert {name: answer[name] for name in HEADERS} == dict(HEADERS)


def test_the_api_takes_it_lists_it_and_hands_it_out(user, consent, coop):
    browser = client_of(user)
    there = reverse("api:call_consent_scans", args=[coop.pk, consent.pk])
    key = {"idempotency-key": uuid.uuid4().hex}
    made = browser.post(there, {"file": scans.scan("giấy")}, headers=key)
    assert made.status_code == 201, made.json()
    ids = [coop.pk, consent.pk, made.json()["id"]]
    for who, name, lists in (
        (browser, "call_consent_scan", "call"),
        (client_of(town.person(coop)), "own_consent_scan", "own_consents"),
    ):
        (listed,) = who.get(reverse(f"api:{lists}", args=[coop.pk])).json()["consents"]
        assert [one["sha256"] for one in listed["scans"]] == [made.json()["sha256"]]
        answer = who.get(reverse(f"api:{name}", args=ids))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
