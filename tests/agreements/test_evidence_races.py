"""The same scan sent twice at once, and a scan against a verdict, on connections of their own.

Each with a control that loses without the guard.
"""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import connection

from linkage.agreements import services
from linkage.agreements.models import EvidenceFile, Linkage
from linkage.jobs.models import Event
from linkage.registry.models import Role
from tests.agreements import deals
from tests.agreements.conftest import person
from tests.examples import examples
from tests.racing import many_writers, outcomes
from tests.scans import scan

SENDERS, ONCE = 8, "evidence_is_attached_once"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def without_the_constraint():
    """The table does not hold that a scan is attached once; put back after the test."""
    (once,) = (one for one in EvidenceFile._meta.constraints if one.name == ONCE)
    with connection.schema_editor() as editor:
        editor.remove_constraint(EvidenceFile, once)
    yield
    EvidenceFile.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(EvidenceFile, once)


def test_of_many_who_send_one_scan_exactly_one_attaches_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    deal = deals.make()
    linkage = deal.agreed()

    def send():
        services.attach_evidence(**deal.as_("seller"), linkage_id=linkage.pk, file=scan())

    answers = sorted(outcomes([send] * SENDERS))
    assert answers == ["done"] + [ONCE] * (SENDERS - 1)
    kept = EvidenceFile.objects.get()
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.bin*")]
    assert names == [kept.stored_as]


@many_writers
@pytest.mark.usefixtures("without_the_constraint")
def test_the_control_without_the_constraint_attaches_it_more_than_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    deal = deals.make()
    linkage = deal.agreed()

    def send():
        services.attach_evidence(**deal.as_("seller"), linkage_id=linkage.pk, file=scan())

    assert outcomes([send] * SENDERS).count("done") > 1
    assert EvidenceFile.objects.count() > 1


def test_nothing_is_verified_without_having_been_read(settings, tmp_path):
    """Whoever is first: a scan that comes after the reading makes the verdict stale."""
    settings.MEDIA_ROOT = tmp_path
    verifier = person("verifier", Role.VERIFIER)
    for number in range(examples(10, each=True)):
        deal = deals.make(suffix=f" {number}")
        linkage = deal.agreed()
        services.attach_evidence(**deal.as_("seller"), linkage_id=linkage.pk, file=scan("1"))
        read = Linkage.objects.get(pk=linkage.pk).version
        whom = {"actor": verifier, "linkage_id": linkage.pk, "version": read, "now": deals.NOW}

        def judge(whom=whom):
            services.verify_linkage(**whom, verified_on=deals.TODAY)

        def send(deal=deal, linkage=linkage):
            services.attach_evidence(**deal.as_("buyer"), linkage_id=linkage.pk, file=scan("2"))

        answers = sorted(outcomes([judge, send]))
        assert answers in (["done", "done"], ["done", "stale_version"])
        seen = linkage.reviews.first()
        if answers == ["done", "done"]:
            later = linkage.evidence_files.order_by("pk").last()
            assert seen is not None
            assert later.sha256 not in seen_in_verdict(linkage)
        else:
            assert seen is None


def test_the_control_that_judges_at_the_version_of_the_moment_verifies_what_was_not_read(
    settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    verifier = person("verifier", Role.VERIFIER)
    deal = deals.make()
    linkage = deal.agreed()
    services.attach_evidence(**deal.as_("seller"), linkage_id=linkage.pk, file=scan("1"))
    both = Barrier(2)

    def judge():
        both.wait()
        version = Linkage.objects.get(pk=linkage.pk).version
        services.verify_linkage(
            actor=verifier, linkage_id=linkage.pk, version=version, verified_on=deals.TODAY,
            now=deals.NOW,
        )  # fmt: skip

    def send():
        services.attach_evidence(**deal.as_("buyer"), linkage_id=linkage.pk, file=scan("2"))
        both.wait()

    assert outcomes([judge, send]) == ["done", "done"]
    assert linkage.evidence_files.order_by("pk").last().sha256 in seen_in_verdict(linkage)


def seen_in_verdict(linkage):
    """The digests that the verdict says were seen."""
    event = Event.objects.get(subject_kind="linkage", subject_id=linkage.pk, kind="verified")
    return event.data["scans"]
