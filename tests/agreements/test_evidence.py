"""Scans come to a linkage: who brings, who reads, what is kept, and what a failure leaves."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from linkage import files, scans
from linkage.agreements import evidence, queries, services
from linkage.agreements.models import COUNTING_STATES, EvidenceFile, Linkage, State
from linkage.agreements.services import evidence as attaching
from linkage.coverage.audit import audit
from linkage.errors import Conflict, NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.notices.models import Notice
from linkage.registry.access import Actor
from linkage.registry.models import Role
from tests.agreements import deals
from tests.agreements.conftest import person
from tests.scans import scan

pytestmark = pytest.mark.django_db
NOW = deals.NOW


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def deal():
    return deals.make()


@pytest.fixture
def linkage(deal):
    return deal.agreed()


@pytest.fixture
def attach(deal, linkage):
    def call(who="seller", words="", now=NOW, of=None):
        whom = {**deal.as_(who), "now": now}
        return services.attach_evidence(**whom, linkage_id=(of or linkage).pk, file=scan(words))

    return call


def lying(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


class TestAttaching:
    @pytest.mark.parametrize("who", ["seller", "buyer"])
    def test_either_side_attaches_and_the_other_is_told(self, deal, linkage, attach, who):
        Notice.objects.all().delete()
        kept = attach(who)
        assert (kept.side, kept.media_type, kept.name) == (who, "application/pdf", "hợp đồng.pdf")
        other = deal.firm if who == "seller" else deal.coop
        assert list(Notice.objects.values_list("organisation", "kind", "what")) == [
            (other.pk, "verification", "evidence_attached")
        ]
        event = Event.objects.latest("pk")
        assert (event.kind, event.data) == (
            "evidence_attached", {"file": kept.pk, "sha256": kept.sha256, "side": who},
        )  # fmt: skip

    def test_the_office_attaches_what_it_holds(self, linkage, officer):
        kept = services.attach_evidence_by_office(
            actor=officer, linkage_id=linkage.pk, file=scan(), now=NOW
        )
        assert kept.side == "office"

    def test_who_only_reads_attaches_nothing(self, linkage, verifier, auditor, media):
        for actor in (verifier, auditor):
            with pytest.raises(NotAllowed):
                services.attach_evidence_by_office(
                    actor=actor, linkage_id=linkage.pk, file=scan(), now=NOW
                )
        assert lying(media) == []

    def test_a_stranger_learns_nothing_and_leaves_nothing(self, deal, linkage, media):
        outside = deals.make(suffix=" khác")
        for organisation_id in (outside.coop.pk, deal.coop.pk):
            with pytest.raises(NotFound):
                services.attach_evidence(
                    actor=outside.seller, organisation_id=organisation_id,
                    linkage_id=linkage.pk, file=scan(), now=NOW,
                )  # fmt: skip
        assert lying(media) == []

    @pytest.mark.parametrize("state", sorted(set(State) - COUNTING_STATES))
    def test_there_is_no_evidence_of_what_is_not_agreed(self, deal, linkage, attach, media, state):
        Linkage.objects.update(state=state, pool=deals.pool(deal.need))
        with pytest.raises(services.NotInThatState):
            attach()
        assert lying(media) == []

    def test_the_same_file_is_attached_once(self, attach, media):
        attach()
        with pytest.raises(Conflict) as refusal:
            attach("buyer")
        assert refusal.value.code == "evidence_is_attached_once"
        assert len(lying(media)) == EvidenceFile.objects.count() == 1

    def test_a_linkage_has_so_many_files_and_no_more(self, attach, monkeypatch, media):
        monkeypatch.setattr(attaching, "MOST_FILES", 2)
        attach(words="1")
        attach(words="2")
        with pytest.raises(services.TooManyFiles):
            attach(words="3")
        assert len(lying(media)) == 2

    def test_a_verifier_who_read_without_the_new_file_is_told(self, linkage, attach, verifier):
        read = Linkage.objects.get(pk=linkage.pk)
        attach()
        with pytest.raises(StaleVersion):
            services.verify_linkage(
                actor=verifier, linkage_id=linkage.pk, version=read.version,
                verified_on=deals.TODAY, now=NOW,
            )  # fmt: skip

    @pytest.mark.filterwarnings("ignore:.*received a naive datetime:RuntimeWarning")
    def test_what_fails_after_the_file_was_written_leaves_none(self, attach, media):
        """A moment without its zone has no day: that fails when the other side is told."""
        with pytest.raises(ValueError, match="naive"):
            attach(now=NOW.replace(tzinfo=None))
        assert lying(media) == []
        assert not EvidenceFile.objects.exists()


class TestReading:
    def test_both_sides_read(self, deal, linkage, attach):
        kept = attach("seller")
        for who in ("seller", "buyer"):
            whose = {**deal.as_(who), "linkage_id": linkage.pk}
            del whose["now"]
            assert [one.name for one in evidence.own_evidence(**whose).scans] == [kept.name]
            opened = services.open_own_evidence(**whose, file_id=kept.pk)
            assert opened.path.read_bytes() == scan().getvalue()

    @pytest.mark.parametrize("role", [Role.CITY_STAFF, Role.VERIFIER, Role.ADMINISTRATOR])
    def test_each_opening_by_the_office_leaves_a_line(self, linkage, attach, role):
        kept, actor = attach(), person("reader", role)
        for _twice in range(2):
            services.open_evidence(actor=actor, linkage_id=linkage.pk, file_id=kept.pk, now=NOW)
        lines = Event.objects.filter(kind="evidence_read", actor_id=actor.user_id)
        assert [line.data for line in lines] == [{"file": kept.pk}] * 2

    def test_an_auditor_reads_the_digest_and_opens_nothing(self, linkage, attach, auditor):
        kept = attach()
        shown = evidence.evidence_of(
            actor=auditor, linkage=queries.detail(actor=auditor, linkage_id=linkage.pk)
        ).scans[0]
        assert shown.sha256 == kept.sha256
        assert (shown.name, shown.media_type, shown.size, shown.elsewhere) == (None, None, None, ())
        with pytest.raises(NotAllowed):
            services.open_evidence(actor=auditor, linkage_id=linkage.pk, file_id=kept.pk, now=NOW)

    def test_nobody_else_reads(self, deal, linkage, attach):
        kept, outside = attach(), deals.make(suffix=" khác")
        for organisation_id in (outside.coop.pk, deal.coop.pk):
            whose = {"actor": outside.seller, "organisation_id": organisation_id}
            with pytest.raises(NotFound):
                evidence.own_evidence(**whose, linkage_id=linkage.pk)
            with pytest.raises(NotFound):
                services.open_own_evidence(**whose, linkage_id=linkage.pk, file_id=kept.pk)

    def test_a_file_of_another_linkage_is_not_found_by_this_one(self, deal, attach, officer):
        kept, other = attach(), deals.make(suffix=" khác").agreed()
        with pytest.raises(NotFound):
            services.open_evidence(actor=officer, linkage_id=other.pk, file_id=kept.pk, now=NOW)

    def test_the_office_sees_the_same_scan_under_another_contract(
        self, deal, linkage, attach, verifier
    ):
        elsewhere = deals.make(suffix=" khác")
        attach(words="chung")
        attach(words="riêng")
        other = elsewhere.agreed()
        services.attach_evidence(
            **elsewhere.as_("buyer"), linkage_id=other.pk, file=scan("chung", "ten khac.pdf")
        )
        shown = evidence.under_review(actor=verifier, linkage_id=linkage.pk).scans
        assert [[one.pk for one in found.elsewhere] for found in shown] == [[other.pk], []]
        # A side is told nothing of other people's contracts.
        own = evidence.own_evidence(
            actor=deal.seller, organisation_id=deal.coop.pk, linkage_id=linkage.pk
        )
        assert [found.elsewhere for found in own.scans] == [(), ()]


class TestTheDisk:
    def test_it_gets_its_name_once_its_row_is_committed(
        self, attach, media, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            attach()
            assert lying(media)[0].endswith(".bin.new")
        assert lying(media)[0].endswith(".bin")

    def test_broken_uploads_go_after_a_day_and_files_with_rows_stay(self, attach, media):
        kept = attach()
        left = scans.take_in(scan("hỏng"))
        now = timezone.now()
        assert services.clear_broken_uploads(now=now) == 0
        assert services.clear_broken_uploads(now=now + timedelta(days=1, minutes=1)) == 1
        assert lying(media) == [kept.stored_as.rpartition("/")[2]]
        with pytest.raises(NotFound):
            files.path_of(left.stored_as)

    def test_the_audit_finds_a_row_without_its_file_and_one_cut_short(self, attach):
        lost, cut = attach(words="1"), attach(words="2")
        assert audit(now=timezone.now()).checks["evidence_rows_have_their_files"].broken == ()
        files.discard(lost.stored_as)
        os.truncate(files.path_of(cut.stored_as), 3)
        found = audit(now=timezone.now()).checks["evidence_rows_have_their_files"]
        assert (found.seen, found.broken) == (2, (lost.pk, cut.pk))

    def test_the_audit_finds_a_file_without_its_row(self, attach, media):
        files.finish(attach().stored_as)
        scans.take_in(scan("đang gửi"))
        later = timezone.now() + timedelta(seconds=1)
        assert audit(now=later).checks["evidence_files_have_their_rows"].broken == ()
        (media / "evidence" / "00").mkdir(exist_ok=True)
        (media / "evidence" / "00" / "la.bin").write_bytes(b"%PDF-")
        found = audit(now=later).checks["evidence_files_have_their_rows"]
        assert (found.seen, found.broken) == (2, ("evidence/00/la.bin",))

    def test_a_file_finished_after_the_audit_began_is_no_finding(self, media):
        began = timezone.now()
        files.finish(scans.take_in(scan()).stored_as)
        earlier = began - timedelta(seconds=1)
        assert audit(now=earlier).checks["evidence_files_have_their_rows"].broken == ()


class TestVerifying:
    """Evidence in, verdict out: who judges, the queue, and what both sides are told."""

    def waiting(self, verifier):
        return [linkage.pk for linkage in evidence.queue(actor=verifier)]

    def review(self, service, actor, linkage, now=NOW, **values):
        version = Linkage.objects.get(pk=linkage.pk).version
        return service(actor=actor, linkage_id=linkage.pk, version=version, now=now, **values)

    def test_what_has_evidence_waits_the_oldest_first(self, linkage, attach, verifier):
        other = deals.make(suffix=" khác")
        later = other.agreed()
        assert self.waiting(verifier) == []
        whom = {**other.as_("seller"), "now": NOW + timedelta(hours=1)}
        services.attach_evidence(**whom, linkage_id=later.pk, file=scan("2"))
        attach(now=NOW + timedelta(hours=2))
        assert self.waiting(verifier) == [later.pk, linkage.pk]

    def test_only_verifiers_see_the_queue(self, officer, auditor, deal):
        for actor in (officer, auditor, deal.seller):
            with pytest.raises(NotAllowed):
                evidence.queue(actor=actor)

    def test_verified_it_leaves_the_queue_and_both_sides_are_told(
        self, deal, linkage, attach, verifier
    ):
        kept = attach()
        Notice.objects.all().delete()
        self.review(services.verify_linkage, verifier, linkage, verified_on=deals.TODAY)
        assert self.waiting(verifier) == []
        told = Notice.objects.values_list("organisation", "kind", "what")
        assert set(told) == {
            (deal.coop.pk, "verification", "verified"),
            (deal.firm.pk, "verification", "verified"),
        }
        assert Event.objects.latest("pk").data["scans"] == [kept.sha256]
        review = linkage.reviews.get()
        assert (review.verdict, review.reviewed_by_id) == ("verified", verifier.user_id)

    def test_sent_back_it_leaves_the_queue_and_comes_again_with_new_evidence(
        self, deal, linkage, attach, verifier
    ):
        attach(words="1")
        hour = timedelta(hours=1)
        self.review(services.send_back, verifier, linkage, now=NOW + hour, reason="Thiếu trang ký")
        assert self.waiting(verifier) == []
        own = {"actor": deal.seller, "organisation_id": deal.coop.pk, "linkage_id": linkage.pk}
        assert evidence.own_evidence(**own).refusal.reason == "Thiếu trang ký"
        attach(words="2", now=NOW + 2 * hour)
        assert self.waiting(verifier) == [linkage.pk]
        standing = evidence.own_evidence(**own)
        assert (standing.waits, standing.refusal) == (True, None)
        assert [row.waiting_since for row in evidence.queue(actor=verifier)] == [NOW + 2 * hour]

    def test_withdrawn_it_waits_for_new_evidence(self, linkage, attach, verifier, officer):
        attach(words="1")
        hour = timedelta(hours=1)
        self.review(services.verify_linkage, verifier, linkage, verified_on=deals.TODAY)
        self.review(
            services.withdraw_verification, officer, linkage, now=NOW + hour, reason="Bản giả"
        )
        assert self.waiting(verifier) == []
        attach(words="2", now=NOW + 2 * hour)
        assert self.waiting(verifier) == [linkage.pk]
        verdicts = linkage.reviews.order_by("pk").values_list("verdict", flat=True)
        assert list(verdicts) == ["verified", "withdrawn"]

    def test_what_waits_on_a_page_is_what_stands_in_the_queue(self, linkage, attach, verifier):
        for act in (
            lambda: attach(words="1"),
            lambda: self.review(services.send_back, verifier, linkage, reason="Mờ"),
            lambda: attach(words="2", now=NOW + timedelta(minutes=1)),
            lambda: self.review(
                services.verify_linkage, verifier, linkage, verified_on=deals.TODAY
            ),
        ):
            act()
            page = evidence.under_review(actor=verifier, linkage_id=linkage.pk)
            assert page.waits == (self.waiting(verifier) == [linkage.pk])

    def test_without_a_scan_the_paper_is_named(self, linkage, verifier):
        with pytest.raises(services.NothingSeen):
            self.review(services.verify_linkage, verifier, linkage, verified_on=deals.TODAY)
        with pytest.raises(services.NothingSeen):
            self.review(
                services.verify_linkage, verifier, linkage, verified_on=deals.TODAY, paper=" "
            )
        self.review(
            services.verify_linkage, verifier, linkage, verified_on=deals.TODAY, paper="Tủ 3"
        )
        assert linkage.reviews.get().reason == "Tủ 3"

    @pytest.mark.parametrize("side", ["coop", "firm"])
    def test_a_verifier_belongs_to_neither_party(self, deal, linkage, attach, verifier, side):
        attach()
        involved = replace(verifier, memberships={getattr(deal, side).pk: "member"})
        for service, said in (
            (services.verify_linkage, {"verified_on": deals.TODAY}),
            (services.send_back, {"reason": "Mờ"}),
        ):
            with pytest.raises(services.VerifiedByParty):
                self.review(service, involved, linkage, **said)
        assert Linkage.objects.get(pk=linkage.pk).verified_on is None

    def test_who_brought_the_evidence_does_not_judge_it(self, linkage):
        both = person("both", Role.CITY_STAFF, Role.VERIFIER)
        services.attach_evidence_by_office(actor=both, linkage_id=linkage.pk, file=scan(), now=NOW)
        with pytest.raises(services.VerifiedByRecorder):
            self.review(services.verify_linkage, both, linkage, verified_on=deals.TODAY)

    def test_only_verifiers_send_back_and_only_with_a_reason(
        self, linkage, verifier, officer, auditor
    ):
        for actor in (officer, auditor, Actor(None, frozenset({Role.ADMINISTRATOR}))):
            with pytest.raises(NotAllowed):
                self.review(services.send_back, actor, linkage, reason="Mờ")
        with pytest.raises(services.ReasonMissing):
            self.review(services.send_back, verifier, linkage, reason=" ")

    def test_of_talks_the_office_knows_nothing(self, deal, verifier, officer, media):
        talk = deal.ask()
        with pytest.raises(NotFound):
            self.review(services.send_back, verifier, talk, reason="Mờ")
        with pytest.raises(NotFound):
            self.review(services.verify_linkage, verifier, talk, verified_on=deals.TODAY)
        with pytest.raises(NotFound):
            services.attach_evidence_by_office(
                actor=officer, linkage_id=talk.pk, file=scan(), now=NOW
            )
        assert lying(media) == []

    def test_a_stale_verdict_is_refused(self, linkage, verifier):
        with pytest.raises(StaleVersion):
            services.send_back(
                actor=verifier, linkage_id=linkage.pk, version=99, reason="Mờ", now=NOW
            )

    def test_what_is_verified_or_not_agreed_is_not_sent_back(self, linkage, verifier):
        Linkage.objects.update(verified_on=date(2026, 6, 1))
        with pytest.raises(services.NotYetVerifiable):
            self.review(services.send_back, verifier, linkage, reason="Mờ")
        Linkage.objects.update(verified_on=None, state="proposed", origin="declared")
        with pytest.raises(services.NotYetVerifiable):
            self.review(services.send_back, verifier, linkage, reason="Mờ")
