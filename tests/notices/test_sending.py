"""Messages go by e-mail, else by telephone; sent again they are the same message."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from linkage.jobs import outbox
from linkage.jobs.models import Job, Outbox
from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.notices.sending import send_code, send_notice
from linkage.notices.services import News, mark_read, tell_people
from linkage.registry import access_codes
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import AccessCode, Organisation, User
from linkage.registry.services import cancel_code, issue_code
from tests.notices.test_telling import NOW
from worker import tasks
from worker.handlers import CONSUMERS

pytestmark = pytest.mark.django_db
NEWS = News(Kind.MEMBERS, "ended", "organisation", 1, "k", {"organisation": "HTX A"})


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MESSAGE_DIR = tmp_path / "messages"
    return settings.MESSAGE_DIR


def tell(**account):
    user = User.objects.create(username="lan", **account)
    MessageChoice.objects.create(user=user, kind=Kind.MEMBERS)
    tell_people(user_ids=[user.pk], news=NEWS, now=NOW)
    return user


def test_who_has_an_address_gets_an_e_mail_in_vietnamese():
    user = tell(email="lan@example.org", phone="+84912345678")
    assert send_notice(user_id=user.pk, key="k")
    (sent,) = mail.outbox
    assert sent.to == ["lan@example.org"]
    assert "Bạn không còn đại diện cho HTX A." in sent.body
    assert "/inbox/" in sent.body


def test_sent_again_it_has_the_same_name():
    user = tell(email="lan@example.org")
    for _ in range(2):
        send_notice(user_id=user.pk, key="k")
    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == second


def test_a_telephones_message_is_written_once_for_the_owners_eyes(folder):
    user = tell(phone="+84912345678")
    for _ in range(2):
        assert send_notice(user_id=user.pk, key="k")
    (written,) = folder.iterdir()
    assert written.read_text().startswith("+84912345678\n")
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_the_console_prints_it(settings, capsys):
    settings.MESSAGE_SENDER = "console"
    user = tell(phone="+84912345678")
    send_notice(user_id=user.pk, key="k")
    assert "+84912345678: " in capsys.readouterr().out


def test_what_was_read_and_who_has_no_address_or_is_closed_is_passed_over():
    user = tell()
    assert not send_notice(user_id=user.pk, key="k")
    User.objects.update(email="lan@example.org", is_active=False)
    assert not send_notice(user_id=user.pk, key="k")
    User.objects.update(is_active=True)
    mark_read(actor=Actor(user.pk, frozenset()), now=NOW)
    assert not send_notice(user_id=user.pk, key="k")
    assert mail.outbox == []


@pytest.fixture
def coop():
    return Organisation.objects.create(name="HTX A", origin="staff")


def invite(coop, way="email", address="moi@example.org"):
    issue_code(actor=OPERATOR, organisation_id=coop.pk, role="admin", way=way, address=address,
               now=timezone.now())  # fmt: skip
    return Outbox.objects.get(topic="registry.access_code").payload


def test_a_code_goes_to_its_address_and_works(coop):
    payload = invite(coop)
    assert send_code(**payload, now=timezone.now())
    (sent,) = mail.outbox
    assert sent.to == ["moi@example.org"]
    secret = access_codes.grouped(access_codes.spelled(payload["nonce"]))
    assert secret in sent.body
    assert AccessCode.objects.get().digest == access_codes.digest_of(secret)


def test_a_code_goes_to_a_telephone(coop, folder):
    assert send_code(**invite(coop, "phone", "0912345678"), now=timezone.now())
    assert "+84912345678" in next(folder.iterdir()).read_text()


def test_a_code_that_is_over_is_not_sent(coop):
    payload = invite(coop)
    assert not send_code(**payload, now=timezone.now() + timedelta(days=31))
    code = AccessCode.objects.get()
    cancel_code(actor=OPERATOR, organisation_id=coop.pk, code_id=code.pk, now=timezone.now())
    assert not send_code(**payload, now=timezone.now())
    assert mail.outbox == []


def deliver_all():
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)
    for job in Job.objects.filter(state=Job.State.WAITING):
        tasks.run_job.apply((job.pk,), throw=True)


def test_the_worker_sends_what_the_outbox_holds_once(coop):
    tell(email="lan@example.org")
    invite(coop)
    deliver_all()
    deliver_all()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["lan@example.org", "moi@example.org"]
    assert set(Job.objects.values_list("kind", "state")) == {
        ("notices.send", "done"), ("notices.send_code", "done"),
    }  # fmt: skip


def test_a_mail_server_that_is_down_is_tried_again_and_the_message_is_not_lost(coop, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.JOBS_RETRY_SECONDS = 0
    tell(email="lan@example.org")
    deliver_all()
    assert Job.objects.get().state == Job.State.WAITING
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_all()
    assert (Job.objects.get().state, len(mail.outbox)) == (Job.State.DONE, 1)
    assert Notice.objects.get().read_at is None
