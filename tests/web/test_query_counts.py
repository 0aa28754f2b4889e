"""A query count is a promise: a golden file a page, and no growth with the number of rows.

UPDATE_QUERY_COUNTS=1 rewrites the file; the change is then seen in review.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.agreements.models import EvidenceFile, Linkage
from linkage.coverage.models import Programme, Snapshot
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Outbox
from linkage.jobs.services import beat, submit
from linkage.market.models import PostKind
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_organisation
from linkage.registry.access import Actor
from linkage.registry.models import (
    AccessCode,
    JoinRequest,
    Membership,
    Organisation,
    Role,
    User,
)
from linkage.suggestions.models import FairnessCoOp, FairnessReport, Suggestion
from linkage.suggestions.services import refresh_post
from tests.agreements import deals
from tests.web import register

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).with_name("query_counts.json")


def _batch() -> ImportBatch:
    return ImportBatch.objects.create(
        file_name="so.xlsx",
        stored_as="x",
        sha256="0" * 64,
        came_from="x",
        legal_basis="x",
        state=ImportBatch.State.PREVIEWED,
        created_at=timezone.now(),
    )


def _pages(snapshot: Snapshot) -> dict[str, str]:
    linked = Organisation.objects.get(name="HTX Liên Kết 0")
    buyer = linked.sales.get().buyer_id
    job = submit(kind="coverage.series", args={}, now=timezone.now())
    traded = register.commodity().pk
    Linkage.objects.update(commodity=traded)
    return {
        "home": "/",
        "dashboard": "/dashboard/",
        "members": f"/coverage/{snapshot.pk}/LINK-ALL/verified/",
        "members_csv": f"/coverage/{snapshot.pk}/LINK-ALL/verified/csv/",
        "organisations": "/organisations/",
        "organisation": f"/organisations/{linked.pk}/",
        "organisation_edit": f"/organisations/{linked.pk}/edit/",
        "organisation_merge": f"/organisations/{linked.pk}/merge/",
        "organisation_merge_into": f"/organisations/{linked.pk}/merge/{buyer}/",
        "registry_events": f"/organisations/{linked.pk}/events/",
        "organisation_part_add": f"/organisations/{linked.pk}/certificates/add/",
        "organisation_chain": f"/organisations/{linked.pk}/chain/",
        "chains": "/chains/",
        "chain": f"/chains/{traded}/",
        "chain_file": f"/chains/{traded}/json/",
        "chain_changes": "/chains/changes/?from=2020-01-01",
        **_fairness(),
        "linkages": "/linkages/",
        "linkage": f"/linkages/{linked.sales.get().pk}/",
        "imports": "/imports/",
        "import": f"/imports/{_batch().pk}/",
        "job": f"/jobs/{job.pk}/",
        "job_progress": f"/jobs/{job.pk}/progress/",
        "plans": "/plans/",
        "plan_create": "/plans/add/",
        "programmes": "/programmes/",
        "programme": f"/programmes/{Programme.objects.get().pk}/",
        "reported_lines": "/programmes/lines/",
        "reported_line": "/programmes/lines/INSURANCE/",
        "returns": "/programmes/returns/",
        "return_line": "/programmes/returns/INSURANCE/2020/",
        "accounts": "/people/",
        **_people(linked),
        "market_offers": "/market/offers/",
    }


def _fairness() -> dict[str, str]:
    numbers = dict.fromkeys((field.name for field in FairnessReport._meta.fields[5:]), 1)
    made, _new = FairnessReport.objects.get_or_create(
        day="2026-01-01", engine="1",
        defaults={"preference": 0, "measured_at": timezone.now(), **numbers},
    )  # fmt: skip
    counted = {"shown": 0, "told": 0, "has_partner": True, "unlinked": True, "small": True}
    known = made.rows.values_list("organisation_id", flat=True)
    rows = Organisation.objects.exclude(pk__in=known)
    FairnessCoOp.objects.bulk_create(
        FairnessCoOp(report=made, organisation_id=row.pk, **counted) for row in rows
    )
    return {"fairness": "/fairness/", "fairness_co_ops": f"/fairness/{made.pk}/all/"}


def _people(coop: Organisation) -> dict[str, str]:
    """The administrator acts for the cooperative too, and has notices and requests to read."""
    user = User.objects.get(username=Role.ADMINISTRATOR)
    Membership.objects.get_or_create(
        user=user, organisation=coop, defaults={"role": "admin", "starts": "2020-01-01"}
    )
    asked = JoinRequest.objects.create(user=user, name="HTX Mới", created_at=timezone.now())
    news = News(Kind.MEMBERS, "joined", "organisation", coop.pk, "k")
    tell_organisation(organisation_id=coop.pk, news=news, now=timezone.now())
    return {
        "inbox": "/inbox/",
        "join": "/mine/join/",
        "join_find": "/mine/join/find/?q=HTX",
        "member_home": f"/mine/{coop.pk}/",
        "quick": f"/mine/{coop.pk}/quick/",
        "own_returns": f"/mine/{coop.pk}/returns/",
        "own_return": f"/mine/{coop.pk}/returns/2020/",
        "own_chain": f"/mine/{coop.pk}/chain/",
        "member_people": f"/mine/{coop.pk}/people/",
        "join_requests": "/members/",
        "invitations": "/invitations/?account=no",
        "join_request": f"/members/requests/{asked.pk}/",
        "office_people": f"/members/{coop.pk}/",
    }


def _more_people(coop: Organisation, number: int) -> None:
    now = timezone.now()
    user = User.objects.create(username=f"nguoi-{number}")
    Membership.objects.create(user=user, organisation=coop, role="member", starts="2020-01-01")
    AccessCode.objects.create(
        organisation=coop, role="member", way="letter", digest=str(number), issued_at=now,
        expires_at=now + timedelta(days=30), used_by=user, used_at=now,
    )  # fmt: skip
    news = News(Kind.MEMBERS, "joined", "organisation", coop.pk, f"k-{number}")
    tell_organisation(organisation_id=coop.pk, news=news, now=now)
    reader = User.objects.get(username=Role.ADMINISTRATOR)
    for asker in (user, reader):
        JoinRequest.objects.create(user=asker, name=f"HTX {number}", created_at=now)


@dataclass(frozen=True)
class _Trade:
    """A co-op and a firm that talk, agreed and delivered; scans that wait for the verifier."""

    deal: deals.Deal
    talk: Linkage
    waiting: Linkage

    def pages(self) -> dict[str, str]:
        """What a member of the co-op opens."""
        coop, talk, waiting = self.deal.coop.pk, self.talk.pk, self.waiting.pk
        return {
            "own_linkages": f"/mine/{coop}/linkages/",
            "own_talk": f"/mine/{coop}/linkages/{talk}/",
            "own_contract": f"/mine/{coop}/linkages/{waiting}/",
            "own_declare": f"/mine/{coop}/linkages/declare/",
            "own_evidence": f"/mine/{coop}/linkages/{waiting}/evidence/",
            "suggestions": f"/mine/{coop}/suggestions/",
            "own_offer": f"/mine/{coop}/offers/{self.deal.offer.pk}/",
            "talk_about_need": f"/mine/{coop}/talks/need/{self.deal.need.pk}/",
            "talk_propose": f"/mine/{coop}/linkages/{talk}/propose/",
        }

    def verifiers_pages(self) -> dict[str, str]:
        return {
            "verification": "/verification/",
            "linkage_verify": f"/linkages/{self.waiting.pk}/verify/",
            "linkage_send_back": f"/linkages/{self.waiting.pk}/send-back/",
        }


def _trade() -> _Trade:
    deal = deals.make()
    deal.now = timezone.now()
    for post in (deal.offer, deal.need):
        post.ends = date(2099, 12, 31)
        post.save()
    talk = deal.ask()
    deal.propose("buyer", talk, starts=timezone.localdate(), ends=date(2099, 1, 1))
    trade = _Trade(deal, talk, _waiting(deal, 0))
    _suggested(deal, 0)
    Outbox.objects.update(state="done", finished_at=timezone.now())
    beat(worker="w", now=timezone.now())
    return trade


def _waiting(deal: deals.Deal, number: int) -> Linkage:
    """A contract on paper with its scan, not verified yet."""
    made = register.linkage(deal.coop, deal.firm, f"{number}/HĐ-GIẤY", verified_on=None)
    EvidenceFile.objects.create(
        linkage=made, sha256="0" * 64, stored_as=f"{number}", media_type="application/pdf",
        size=1, name="hợp đồng.pdf", side="seller", uploaded_at=deal.now,
    )  # fmt: skip
    return made


def _suggested(deal: deals.Deal, number: int) -> None:
    """An offer of the co-op, suggested for a need: the first by the engine, others like it."""
    today = timezone.localdate()
    made = deals.offer(deal.coop, starts=today, ends=date(2099, 12, 31))
    if not number:
        refresh_post(kind=PostKind.OFFER, post_id=made.pk, now=deal.now)
        return
    one = Suggestion.objects.order_by("pk").first()
    one.pk, one.offer = None, made
    one.save()


def _client_of(actor: Actor) -> Client:
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _counts(client: Client, pages: dict[str, str]) -> dict[str, int]:
    found = {}
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, name
        found[name] = len(captured)
    return found


def test_each_page_asks_as_many_queries_as_the_golden_file_says(
    administrator: Client, verifier: Client
) -> None:
    found = _counts(administrator, _pages(register.whole_register()))
    trade = _trade()
    found |= _counts(_client_of(trade.deal.seller), trade.pages())
    found |= _counts(verifier, trade.verifiers_pages())
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        GOLDEN.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(GOLDEN.read_text())


def test_no_page_asks_more_queries_for_more_rows(administrator: Client) -> None:
    few = _counts(administrator, _pages(register.whole_register(linked=5, alone=5)))
    buyer = Organisation.objects.get(name="Công ty Thu Mua")
    for number in range(100, 200):
        register.linkage(register.organisation(f"HTX Thêm {number}"), buyer, f"{number}/HĐ")
        register.organisation(f"HTX Khác {number}")
        _more_people(Organisation.objects.get(name="HTX Liên Kết 0"), number)
    many = _counts(administrator, _pages(register.snapshot()))
    assert {name: count for name, count in many.items() if count > few[name]} == {}


def test_the_lists_of_trade_ask_as_many_queries_for_200_rows_as_for_10(verifier: Client) -> None:
    trade = _trade()
    member = _client_of(trade.deal.seller)
    own = {name: trade.pages()[name] for name in ("own_linkages", "suggestions")}
    queue = {"verification": "/verification/"}

    def grow(rows: range) -> dict[str, int]:
        for number in rows:
            _waiting(trade.deal, number)
            _suggested(trade.deal, number)
        return _counts(member, own) | _counts(verifier, queue)

    few = grow(range(1, 10))
    assert grow(range(10, 210)) == few
