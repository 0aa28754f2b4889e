"""The audit log: what it lists, how it is narrowed, where its lines lead, what its banner says."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from linkage.jobs import heads
from linkage.jobs.models import Event, Job
from linkage.jobs.services import record_event
from linkage.registry.models import User
from tests.web import register
from web import auditwords
from web.paging import PER_PAGE
from web.views import audit as audit_views

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LOG = "/audit/"


def record(subject="thing", id_=1, kind="k", at=AT, actor=None, data=None):
    return record_event(
        subject_kind=subject, subject_id=id_, kind=kind, at=at, actor_id=actor, data=data or {}
    )


def numbers(answer):
    """The ids of a file's rows by their subjects, as "kind id"."""
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return [row[-1] for row in rows[1:]]


def test_a_line_leads_to_its_subject_if_there_is_one(auditor):
    coop = register.organisation("HTX Bí xanh")
    record("organisation", coop.pk, "status_set")
    record("organisation", 999_999, "status_set")
    page = auditor.get(LOG).content.decode()
    assert reverse("web:organisation", args=[coop.pk]) in page
    assert "HTX Bí xanh" in page
    assert "999999" in page and "/organisations/999999/" not in page


def test_a_reading_names_what_was_shown_of_whom(auditor):
    coops = [register.organisation(f"HTX {number}") for number in range(7)]
    data = {"of": "organisation", "ids": [one.pk for one in coops], "what": ["contacts"]}
    record("reading", "organisation", "read", data=data)
    page = auditor.get(LOG).content.decode()
    assert "Cán bộ đã xem: người liên hệ" in page
    assert page.count("/organisations/") - page.count('href="/organisations/"') == 5
    assert "và 2 nữa" in page
    (told,) = numbers(auditor.get(f"{LOG}csv/"))
    assert told.count("organisation ") == 7


def test_what_was_changed_stays_on_the_subjects_page(auditor):
    record("deal", 7, "countered", data={"after": {"price": 123_456_000}})
    for address in (LOG, f"{LOG}csv/"):
        assert "123" not in auditor.get(address).content.decode().split("<table")[-1]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["b 3", "a 2", "a 1"]),
        ("?on=2026-11-23", ["a 2"]),
        ("?on=2026-11-22", ["a 1"]),
        ("?username=lan", ["b 3"]),
        ("?username=khong-co", []),
        ("?subject=offer", []),
        ("?number=2", ["a 2"]),
        ("?kind=applied", ["b 3"]),
        ("?kind=khong-co&on=mai", ["b 3", "a 2", "a 1"]),
        # There is no day before the first one, nor after the last.
        ("?on=0001-01-01", ["b 3", "a 2", "a 1"]),
        ("?on=9999-12-31", ["b 3", "a 2", "a 1"]),
    ],
)
def test_it_is_narrowed(auditor, asked, found):
    lan = User.objects.create(username="lan")
    # Half an hour before and after midnight in Hai Phong.
    record("a", 1, at=datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    record("a", 2, at=datetime(2026, 11, 22, 17, 30, tzinfo=UTC))
    record("b", 3, "applied", at=datetime(2026, 11, 24, 3, tzinfo=UTC), actor=lan.pk)
    assert numbers(auditor.get(f"{LOG}csv/{asked}")) == found
    assert auditor.get(LOG + asked).content.decode().count('data-label="Thời gian"') == len(found)


def test_pages_follow_each_other_without_gap_or_repeat(auditor):
    for number in range(PER_PAGE + 3):
        record("a", number)
    first = auditor.get(LOG)
    assert len(first.context["rows"]) == PER_PAGE
    record("a", 1_000)
    second = auditor.get(f"{LOG}?before={first.context['next']}")
    seqs = [row.subjects[0].words for row in (*first.context["rows"], *second.context["rows"])]
    assert seqs == [f"a {number}" for number in reversed(range(PER_PAGE + 3))]
    assert second.context["next"] == ""


def test_a_file_holds_no_formula(auditor):
    record("=1+1", 1)
    assert numbers(auditor.get(f"{LOG}csv/")) == ["'=1+1 1"]


def test_a_file_that_leaves_older_rows_out_says_so(auditor, monkeypatch):
    monkeypatch.setattr(audit_views, "MOST_IN_A_FILE", 2)
    for number in range(3):
        record("a", number)
    shown = numbers(auditor.get(f"{LOG}csv/"))
    assert shown[:2] == ["a 2", "a 1"]
    assert len(shown) == 3 and shown[2].startswith("Còn những dòng cũ hơn")
    # All that there is: nothing to say.
    assert numbers(auditor.get(f"{LOG}csv/?number=1")) == ["a 1"]


def test_verifying_is_a_job_and_one_at_a_time(auditor):
    assert "chưa được kiểm tra" in auditor.get(LOG).content.decode()
    for _twice in range(2):
        answer = auditor.post(f"{LOG}verify/")
        job = Job.objects.get(kind=heads.KIND)
        assert answer["Location"] == reverse("web:job", args=[job.pk])
    assert reverse("web:job", args=[job.pk]) in auditor.get(LOG).content.decode()
    assert "Kiểm tra ngay" not in auditor.get(LOG).content.decode()


def ended(state, **values):
    moments = dict.fromkeys(("created_at", "due_at", "hinted_at", "finished_at"), AT)
    Job.objects.create(kind=heads.KIND, state=state, **moments, **values)


def test_the_banner_says_what_was_found(auditor):
    ended("done", result={"seen": 1234, "head": "f" * 64})
    assert "đến sự việc số 1.234" in auditor.get(LOG).content.decode()
    ended("failed", error_text="Dòng sai đầu tiên: seq 5: changed")
    page = auditor.get(LOG).content.decode()
    assert "seq 5: changed" in page and 'role="alert"' in page


def test_reading_the_log_leaves_no_line_in_it(auditor):
    record()
    auditor.get(LOG)
    assert Event.objects.count() == 1


def test_every_kind_has_words_of_its_own(auditor):
    assert not set(auditwords._MORE) & set(auditwords.WORDS)
    for kind in auditwords.KINDS:
        assert auditwords.kind_words(kind) != kind
