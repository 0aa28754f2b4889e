"""Every address and method of the API with a request that works: the table that tests walk."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkage import files, scans
from linkage.agreements.models import Linkage, State
from linkage.coverage.models import Programme, Target, YearReturn
from linkage.coverage.services import attach_source, decide_return, save_return
from linkage.jobs.runner import run_job
from linkage.market.models import Invitation, PostKind
from linkage.registry.access import OPERATOR, Actor, Relation, actor_of
from linkage.registry.access import Capability as May
from linkage.registry.models import (
    Kind,
    MemberRole,
    OfficerConsent,
    Organisation,
    RegistryEvent,
    Role,
    RoleGrant,
    User,
)
from linkage.registry.services import make_token, merge_organisations
from linkage.suggestions.models import PlanResult
from linkage.suggestions.services import (
    Asked,
    ask_plan,
    measure_fairness,
    propose_plan,
    refresh_post,
)
from tests.api import talks
from tests.api.conftest import (
    NOW,
    PARTNER,
    STRANGER,
    World,
    issue,
    join,
    make_organisation,
    workbook,
)
from tests.scans import scan
from worker.handlers import HANDLERS


def _nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Case:
    """One method of one address; `may` None: open to everybody.

    For what is asked of no office, `who` of the world's people it works for.
    """

    route: str
    method: str
    may: May | Relation | None
    ids: Callable[[World], dict[str, int]] = _nothing
    body: dict[str, Any] | Callable[[World], dict[str, Any]] | None = None
    query: str | Callable[[World], str] = ""
    status: int = 200
    if_match: bool = False
    multipart: bool = False
    file: Callable[[], io.BytesIO] = workbook
    who: str = "member"

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def address(self, world: World, **other: int) -> str:
        query = self.query(world) if callable(self.query) else self.query
        return reverse(f"api:{self.route}", kwargs={**self.ids(world), **other}) + query

    def ask(self, client: Client, world: World, **other: int) -> HttpResponse:
        """Send the request; `other` replaces ids."""
        headers = {"if-match": '"1"'} if self.if_match else {}
        body = self.body(world) if callable(self.body) else self.body
        if self.multipart:
            return client.post(self.address(world, **other), {**(body or {}), "file": self.file()})
        send: dict[str, Any] = {}
        if body is not None:
            send = {"data": body, "content_type": "application/json"}
        method = getattr(client, self.method.lower())
        return method(self.address(world, **other), headers=headers, **send)


def _coop(world: World) -> dict[str, int]:
    return {"organisation_id": world.coop.pk}


def _value(world: World) -> dict[str, int]:
    return {"value_id": world.manual_value.pk}


def _source(world: World) -> dict[str, int]:
    value = world.manual_value
    made = value.files.first() or attach_source(
        actor=OPERATOR, value_id=value.pk, file=scan(), now=NOW
    )
    return {**_value(world), "source_id": made.pk}


def _contact(world: World) -> dict[str, int]:
    return {**_coop(world), "contact_id": world.coop.contacts.get().pk}


def _product(world: World) -> dict[str, int]:
    return {**_coop(world), "product_id": world.coop.products.get().pk}


def _certificate(world: World) -> dict[str, int]:
    held = {"certification_id": "vietgap", "starts": date(2025, 1, 1)}
    return {**_coop(world), "certificate_id": world.coop.certificates.get_or_create(**held)[0].pk}


def _into_firm(world: World) -> str:
    return f"?into={world.firm.pk}"


def _into_twin(world: World) -> dict[str, Any]:
    twin = make_organisation("HTX Rau sạch Tân Trào")
    return {"into_id": twin.pk, "into_version": 1, "reason": "Ghi hai lần"}


def _merged(world: World) -> dict[str, int]:
    """An organisation that was merged into another."""
    merged = Organisation.objects.filter(name="HTX Ghi Hai Lần").first()
    if merged is None:
        merged, kept = make_organisation("HTX Ghi Hai Lần"), make_organisation("HTX Ở Lại")
        merge_organisations(
            actor=OPERATOR, organisation_id=kept.pk, version=1, merged_id=merged.pk,
            merged_version=1, reason="Ghi hai lần", now=NOW,
        )  # fmt: skip
        # The version that these requests name.
        Organisation.objects.filter(pk=kept.pk).update(version=1)
    return {"organisation_id": merged.pk}


UNMERGE = {"reason": "Hai đơn vị"}


def _commodity(world: World) -> dict[str, Any]:
    return {"commodity": world.linkage.commodity_id or "bi-xanh"}


def _linkage(world: World) -> dict[str, int]:
    return {"linkage_id": world.linkage.pk}


def _terminated(world: World) -> dict[str, int]:
    Linkage.objects.filter(pk=world.linkage.pk).update(
        state=State.TERMINATED, terminated_on=world.linkage.starts
    )
    return _linkage(world)


def _batch(world: World) -> dict[str, int]:
    return {"batch_id": world.batch.pk}


def _row(world: World) -> dict[str, int]:
    return {"batch_id": world.batch.pk, "row_id": world.row.pk}


def _job(world: World) -> dict[str, int]:
    return {"job_id": world.job.pk}


def _contract(world: World) -> dict[str, int]:
    return {**_coop(world), **_linkage(world)}


def _talk(world: World) -> dict[str, int]:
    return {**_coop(world), "linkage_id": talks.talk(world).pk}


def _others_talk(world: World) -> dict[str, int]:
    return {"organisation_id": world.firm.pk, "linkage_id": talks.talk(world).pk}


def _deal(world: World) -> dict[str, int]:
    return {**_coop(world), "linkage_id": talks.agreed(world).pk}


def _delivery(world: World) -> dict[str, int]:
    delivery = talks.delivery(world)
    return {**_coop(world), "linkage_id": delivery.linkage_id, "delivery_id": delivery.pk}


def _own_delivery(world: World) -> dict[str, int]:
    return {**_delivery(world), "organisation_id": world.firm.pk}


def _scan(world: World) -> dict[str, int]:
    attached = talks.scan(world)
    return {"linkage_id": attached.linkage_id, "file_id": attached.pk}


def _own_scan(world: World) -> dict[str, int]:
    return {**_coop(world), **_scan(world)}


def _question(world: World) -> dict[str, Any]:
    posts = {"offer_id": talks.offer(world).pk, "need_id": talks.need(world).pk}
    return {**posts, "text": "Anh chị còn mua không?", "proposal": talks.proposal()}


def _pool(world: World) -> dict[str, int]:
    return {**_coop(world), "pool_id": talks.pool(world).pk}


def _own_pool(world: World) -> dict[str, int]:
    return {**_firm(world), "pool_id": talks.pool(world).pk}


def _pool_of_two(world: World) -> dict[str, Any]:
    members = [
        {**part, "quantity": "1.5", "starts": part["starts"].isoformat(), "ends": "2099-01-01"}
        for part in talks.parts(talks.offer(world))
    ]
    need_id = talks.need(world).pk
    return {"need_id": need_id, "unit": "kg", "price": 6000, "members": members}


def _pooled_need(world: World) -> dict[str, int]:
    return {**_firm(world), "need_id": talks.need(world).pk}


def _proposal(world: World) -> dict[str, Any]:
    return talks.proposal()


def _handed_over(world: World) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"on": today, "quantity": 0.5, "unit": "kg", "note": "Đợt một"}


def _sides(world: World) -> dict[str, Any]:
    sides = {"seller_id": world.coop.pk, "buyer_id": world.firm.pk}
    return {**sides, "contract_number": "HD-02", "starts": "2025-03-01", "ends": "2026-03-01"}


def _member(world: World) -> dict[str, int]:
    return {**_coop(world), "membership_id": world.colleague.pk}


def _code(world: World) -> dict[str, int]:
    return {**_coop(world), "code_id": world.code.pk}


def _request(world: World) -> dict[str, int]:
    return {"request_id": world.request.pk}


def _of_coop(office: str, may: May | Relation) -> list[Case]:
    """The people and codes of the cooperative, for its own members and for the office."""
    return [
        Case(f"{office}members", "GET", may, _coop),
        Case(f"{office}member", "PATCH", may, _member, {"role": "admin"}, if_match=True),
        Case(f"{office}member_end", "POST", may, _member, {}, status=204, if_match=True),
        Case(f"{office}codes", "GET", may, _coop),
        Case(
            f"{office}codes", "POST", may, _coop, status=201,
            body={"role": "member", "way": "phone", "address": "0912345678"},
        ),
        Case(f"{office}code_cancel", "POST", may, _code, {}),
    ]  # fmt: skip


def _firm(world: World) -> dict[str, int]:
    return {"organisation_id": world.firm.pk}


def _offer(world: World) -> dict[str, int]:
    return {**_coop(world), "post_id": world.coop.offers.get().pk}


def _need(world: World) -> dict[str, int]:
    return {**_firm(world), "post_id": world.firm.needs.get().pk}


def _suggestion(world: World) -> dict[str, int]:
    """What the worker finds for the cooperative's offer."""
    offer = world.coop.offers.get()
    refresh_post(kind=PostKind.OFFER, post_id=offer.pk, now=timezone.now())
    return {**_coop(world), "suggestion_id": offer.suggestions.get().pk}


def _plan(world: World) -> dict[str, int]:
    """A plan of the world's two posts, made once."""
    found = PlanResult.objects.values_list("plan_id", flat=True).first()
    if found is None:
        asked = ask_plan(actor=OPERATOR, asked=Asked(), now=timezone.now())
        run_job(job_id=asked.job_id, handlers=HANDLERS, worker="w", clock=timezone.now)
        found = asked.pk
    return {"plan_id": found}


def _two_plans(world: World) -> dict[str, int]:
    return {**_plan(world), "other_id": _plan(world)["plan_id"]}


def _advised(world: World) -> dict[str, int]:
    propose_plan(actor=OPERATOR, now=timezone.now(), **_plan(world))
    return _coop(world)


def _suggestions(world: World) -> dict[str, int]:
    return {"organisation_id": _suggestion(world)["organisation_id"]}


def _offer_alone(world: World) -> dict[str, int]:
    return {"post_id": world.coop.offers.get().pk}


def _need_alone(world: World) -> dict[str, int]:
    return {"post_id": world.firm.needs.get().pk}


def _offer_of_other(world: World) -> dict[str, int]:
    return {**_firm(world), **_offer_alone(world)}


def _need_of_other(world: World) -> dict[str, int]:
    return {**_coop(world), **_need_alone(world)}


def _consent(world: World) -> dict[str, int]:
    """The cooperative lets the field officer of the world act for it."""
    return _consent_for(
        world,
        User.objects.get_or_create(
            username=Role.FIELD_OFFICER, defaults={"email": "field_officer@example.org"}
        )[0],
    )


def _others_consent(world: World) -> dict[str, int]:
    made, _new = User.objects.get_or_create(username="can-bo", defaults={"email": "c@example.org"})
    return _consent_for(world, made)


def _consent_for(world: World, officer: User) -> dict[str, int]:
    today = timezone.localdate()
    made = OfficerConsent.objects.create(
        organisation=world.coop, officer=officer, given_by="Bà Giám Đốc", way="phone",
        given_on=today, until=today, deeds=["posts"], recorded_at=timezone.now(),
    )  # fmt: skip
    return {**_coop(world), "consent_id": made.pk}


def _consent_scan(world: World) -> dict[str, int]:
    return _with_scan(_consent(world))


def _others_consent_scan(world: World) -> dict[str, int]:
    return _with_scan(_others_consent(world))


def _with_scan(ids: dict[str, int]) -> dict[str, int]:
    consent = OfficerConsent.objects.get(pk=ids["consent_id"])
    taken = scans.take_in(scan(), files.write, folder=files.CONSENTS)
    made = consent.scans.create(
        **asdict(taken), uploaded_by=consent.officer, uploaded_at=timezone.now()
    )
    return {**ids, "scan_id": made.pk}


def _given(world: World) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {
        "given_by": "Bà Giám Đốc", "way": "phone", "given_on": today, "until": today,
        "deeds": ["posts", "talks"],
    }  # fmt: skip


def _somebody(world: World) -> dict[str, int]:
    made, _new = User.objects.get_or_create(username="ai-do", defaults={"email": "a@example.org"})
    return {"user_id": made.pk}


def _silent(world: World) -> dict[str, int]:
    """Somebody acts for an organisation that has written nothing."""
    silent = Organisation.objects.filter(name="HTX Im Lặng").first()
    silent = silent or make_organisation("HTX Im Lặng")
    Invitation.objects.filter(organisation=silent).delete()
    if not silent.memberships.exists():
        join("im-lang", silent)
    return {"organisation_id": silent.pk}


def _grant(world: World) -> dict[str, int]:
    made, _new = RoleGrant.objects.get_or_create(
        user_id=_somebody(world)["user_id"], role=Role.AUDITOR, starts=date(2026, 1, 1)
    )
    return {"grant_id": made.pk}


FIELD = {"may": Relation.OFFICER, "who": Role.FIELD_OFFICER.value}
OFFICERS = [
    Case("calls", "GET", **FIELD),
    Case("call", "GET", ids=_coop, **FIELD),
    Case("call", "POST", ids=_coop, body={"outcome": "no_answer"}, status=201, **FIELD),
    Case("call_told", "POST", ids=_coop, body={}, **FIELD),
    Case("call_consents", "POST", ids=_coop, body=_given, status=201, **FIELD),
    Case("call_consent_withdraw", "POST", ids=_consent, body={}, status=204, **FIELD),
    Case(
        "call_consent_scans", "POST", ids=_consent, status=201, multipart=True, file=scan, **FIELD
    ),
    Case("call_consent_scan", "GET", ids=_consent_scan, **FIELD),
    Case("own_consent_scan", "GET", Relation.MEMBER, _others_consent_scan),
    Case("own_consents", "GET", Relation.MEMBER, _coop),
    Case("own_consent_withdraw", "POST", Relation.MEMBER, _others_consent, {}, status=204),
    Case(
        "account_roles", "POST", May.MANAGE_ACCOUNTS, _somebody, status=201,
        body={"role": "field_officer", "starts": "2026-01-01", "communes": ["11824"]},
    ),
    Case("invitations", "GET", May.INVITE),
    Case("invitation_send", "POST", May.INVITE, _silent, {}, status=201),
    Case("role_end", "POST", May.MANAGE_ACCOUNTS, _grant, {}, status=204),
]  # fmt: skip

POST = {
    "commodity": "bi-xanh", "quantity": "2.5", "unit": "kg", "starts": "2026-01-01",
    "ends": "2099-12-31", "publish": True, "price_limit": {"price": 9000, "unit": "kg"},
}  # fmt: skip


def _posts(kind: str, whose: Any, one: Any, who: str) -> list[Case]:
    """An organisation's own posts of a kind."""
    of = {"may": Relation.ACTING, "who": who}
    return [
        Case(f"own_{kind}s", "GET", ids=whose, **of),
        Case(f"own_{kind}s", "POST", ids=whose, body=POST, status=201, **of),
        Case(f"own_{kind}", "GET", ids=one, **of),
        Case(f"own_{kind}", "PATCH", ids=one, body={"quantity": 4}, if_match=True, **of),
        Case(f"own_{kind}_limit", "POST", ids=one, body={"price": 9000}, if_match=True, **of),
        Case(f"own_{kind}_copy", "POST", ids=one, body={}, status=201, **of),
        Case(f"own_{kind}_near_misses", "GET", ids=one, **of),
        *(
            Case(f"own_{kind}_{act}", "POST", ids=one, body={}, if_match=True, **of)
            for act in ("publish", "pause", "resume", "withdraw", "confirm")
        ),
    ]


PROGRAMME = {
    "code": "KH-2026-2030", "name_vi": "Kế hoạch 2026-2030", "name_en": "Plan 2026-2030",
    "starts": "2026-01-01", "ends": "2030-12-31", "source": "Quyết định",
}  # fmt: skip
TARGET = {
    "programme": "215/KH-UBND", "indicator": "LINK-AGRI", "comparison": "about",
    "minimum": {"num": 90, "den": 100}, "from_date": "2021-09-21", "source": "I.2",
}  # fmt: skip
PROGRAMME_CHANGE = {"ends": "2026-06-30", "reason": "Kéo dài"}
TARGET_CHANGE = {
    "minimum": {"num": 65, "den": 100}, "source": "Nghị quyết 1", "reason": "Điều chỉnh",
}  # fmt: skip
ON_PAPER = {"on": "2025-05-01", "source": "Quyết định 7"}
EVENTS: dict[str, Any] = {
    "new_name": {**ON_PAPER, "name": "HTX Tân Trào Mới"},
    "new_tax_code": {**ON_PAPER, "tax_code": "0100109106"},
    "move": {**ON_PAPER, "commune_code": "11824"},
    "split": {**ON_PAPER, "name": "HTX Tách Ra"},
    "merger": lambda world: {**ON_PAPER, "into_id": world.firm.pk},
}


def _event(world: World) -> dict[str, int]:
    made, _new = RegistryEvent.objects.get_or_create(
        organisation=world.coop, kind="new_name", on=date(2024, 1, 1),
        defaults={
            "before": "HTX Tên Cũ", "after": world.coop.name, "source": "-",
            "recorded_at": timezone.now(),
        },
    )  # fmt: skip
    return {**_coop(world), "event_id": made.pk}


def _programme(world: World) -> dict[str, int]:
    return {"programme_id": Programme.objects.get().pk}


def _target(world: World) -> dict[str, int]:
    return {"target_id": Target.objects.get().pk}


MANUAL_VALUE = {
    "indicator": "INSURANCE", "as_of": "2024-12-31", "numerator": 7, "denominator": 10,
    "source": "Báo cáo 1",
}  # fmt: skip
RETURN = {"year": 2024, "facts": {"workers": 9, "insured": 3, "land": True}, "send": True}
CHANGED_RETURN = {"facts": {"workers": 10}, "send": False}


def _filed(world: World, **said: Any) -> YearReturn:
    """The cooperative's return of a year, filed by its own people."""
    filed = {**RETURN, **said}
    known = YearReturn.objects.filter(organisation=world.coop, year=filed["year"]).first()
    return known or save_return(
        actor=Actor(None, frozenset(), {world.coop.pk: MemberRole.MEMBER}), version=None,
        organisation_id=world.coop.pk, now=NOW, **filed,
    )  # fmt: skip


def _own_year(world: World) -> dict[str, int]:
    return {**_coop(world), "year": _filed(world, send=False).year}


def _sent_back_year(world: World) -> dict[str, int]:
    """What the office may write too: no draft of the cooperative's own."""
    filed = _filed(world, year=2022)
    if filed.state == YearReturn.State.SENT:
        decide_return(
            actor=OPERATOR, return_id=filed.pk, version=filed.version, accept=False, reason="x",
            now=NOW,
        )  # fmt: skip
        # The version that the table's requests name.
        YearReturn.objects.filter(pk=filed.pk).update(version=1)
    return {**_coop(world), "year": 2022}


def _sent_return(world: World) -> dict[str, int]:
    return {"return_id": _filed(world, year=2023).pk}


KEY = {"name": "Phần mềm", "scopes": ["market:read"], "ends": timezone.localdate().isoformat()}


def _key_of_coop(world: World) -> dict[str, Any]:
    return {**KEY, **_coop(world)}


def _token(world: World) -> dict[str, int]:
    user = User.objects.get(username="member")
    made = make_token(
        actor=actor_of(user, on=timezone.localdate()), now=timezone.now(),
        **{**_key_of_coop(world), "ends": timezone.localdate()},
    )  # fmt: skip
    return {"token_id": made.token.pk}


DECLARED = {
    "side": "seller", "partner": {"name": "Công ty Hà Nội", "kind": "enterprise"},
    "contract_number": "07/HĐ", "starts": "2026-01-01", "product": "Bí xanh",
    "quantity": "2.5", "unit": "kg", "form": 5,
}  # fmt: skip


def _measured(world: World) -> dict[str, Any]:
    """Once whom suggestions reach was measured."""
    measure_fairness(now=timezone.now(), progress=lambda done, total: None, fence=lambda: None)
    return {}


CASES = [
    *OFFICERS,
    Case("coverage", "GET", None),
    Case("coverage_members", "GET", May.READ_COVERAGE, query="?indicator=LINK-ALL"),
    Case(
        "coverage_jobs", "POST", May.COMPUTE_COVERAGE, body={"as_of": "2025-06-30"}, status=202
    ),
    Case("snapshots", "GET", May.READ_COVERAGE),
    Case("fairness", "GET", May.READ_COVERAGE, _measured),
    Case("fairness_co_ops", "GET", May.READ_COVERAGE, _measured),
    Case("fairness_introductions", "POST", May.WRITE_PLANS, _measured, body={}),
    Case("fairness_jobs", "POST", May.COMPUTE_COVERAGE, body={}, status=202),
    Case("programmes", "GET", May.READ_COVERAGE),
    Case("programmes", "POST", May.WRITE_PROGRAMMES, body=PROGRAMME, status=201),
    Case("indicators", "GET", May.READ_COVERAGE),
    Case("targets", "POST", May.WRITE_PROGRAMMES, body=TARGET, status=201),
    Case("programme", "GET", May.READ_COVERAGE, _programme),
    Case(
        "programme", "PATCH", May.WRITE_PROGRAMMES, _programme, PROGRAMME_CHANGE, if_match=True
    ),
    Case("target", "GET", May.READ_COVERAGE, _target),
    Case("target", "PATCH", May.WRITE_PROGRAMMES, _target, TARGET_CHANGE, if_match=True),
    Case("registry_events", "GET", May.READ_ORGANISATIONS, _coop),
    *(
        Case(
            f"registry_{act}", "POST", May.WRITE_ORGANISATIONS, _coop, said, status=201,
            if_match=True,
        )
        for act, said in EVENTS.items()
    ),
    Case(
        "registry_event_withdraw", "POST", May.WRITE_ORGANISATIONS, _event, {"reason": "Nhầm"},
        if_match=True,
    ),
    Case("manual_values", "GET", May.READ_COVERAGE),
    Case("manual_values", "POST", May.WRITE_PROGRAMMES, body=MANUAL_VALUE, status=201),
    Case(
        "manual_value_correct", "POST", May.WRITE_PROGRAMMES, _value, status=201,
        body={"numerator": 8, "denominator": 10, "source": "Báo cáo 2", "reason": "Nhập nhầm"},
    ),
    Case(
        "manual_value_withdraw", "POST", May.WRITE_PROGRAMMES, _value, {"reason": "Nhập nhầm"},
        status=201,
    ),
    Case("quick_post_read", "POST", Relation.ACTING, _coop, {"text": "bán 3 tạ tỏi, 85k/kg"}),
    Case("own_returns", "GET", Relation.MEMBER, _coop),
    Case("own_returns", "POST", Relation.MEMBER, _coop, RETURN, status=201),
    Case("own_return", "GET", Relation.MEMBER, _own_year),
    Case("own_return", "PATCH", Relation.MEMBER, _own_year, CHANGED_RETURN, if_match=True),
    Case("office_returns", "POST", May.WRITE_ORGANISATIONS, _coop, RETURN, status=201),
    Case("office_return", "GET", May.WRITE_ORGANISATIONS, _sent_back_year),
    Case(
        "office_return", "PATCH", May.WRITE_ORGANISATIONS, _sent_back_year, CHANGED_RETURN,
        if_match=True,
    ),
    Case("returns", "GET", May.WRITE_ORGANISATIONS),
    Case("year_return", "GET", May.WRITE_ORGANISATIONS, _sent_return),
    Case("return_accept", "POST", May.WRITE_ORGANISATIONS, _sent_return, {}, if_match=True),
    Case(
        "return_send_back", "POST", May.WRITE_ORGANISATIONS, _sent_return, {"reason": "Thiếu số"},
        if_match=True,
    ),
    Case(
        "manual_value_sources", "POST", May.WRITE_PROGRAMMES, _value, status=201, multipart=True,
        file=scan,
    ),
    Case("manual_value_source", "GET", May.READ_EVIDENCE, _source),
    Case("audit", "GET", May.READ_AUDIT),
    Case("audit_verification", "POST", May.VERIFY_AUDIT, body={}, status=202),
    Case("jobs", "GET", May.READ_JOBS),
    Case("job", "GET", May.READ_JOBS, _job),
    Case("job_cancel", "POST", May.WRITE_JOBS, _job, {}),
    Case("job_retry", "POST", May.WRITE_JOBS, _job, {}, status=202),
    Case("chains", "GET", May.READ_LINKAGES),
    Case("chain", "GET", May.READ_LINKAGES, _commodity),
    Case("chain_changes", "GET", May.READ_LINKAGES, query="?from=2024-12-31&to=2026-06-30"),
    Case("organisation_chain", "GET", May.READ_LINKAGES, _coop),
    Case("own_chain", "GET", Relation.MEMBER, _coop),
    Case("organisations", "GET", May.READ_ORGANISATIONS),
    Case(
        "organisations", "POST", May.WRITE_ORGANISATIONS, status=201,
        body={"name": "HTX Mới", "kind": Kind.COOPERATIVE.value},
    ),
    Case("organisation", "GET", May.READ_ORGANISATIONS, _coop),
    Case(
        "organisation", "PATCH", May.WRITE_ORGANISATIONS, _coop, {"members": 12}, if_match=True
    ),
    Case(
        "organisation_status", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"status": "suspended", "since": "2025-05-01"}, if_match=True,
    ),
    Case(
        "organisation_kind", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"kind": "union", "since": None}, if_match=True,
    ),
    Case(
        "organisation_sector", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"sector_code": "trong-trot", "since": "2025-05-01"}, if_match=True,
    ),
    Case(
        "organisation_commune", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"commune_code": "11824", "since": "2025-05-01"}, if_match=True,
    ),
    Case(
        "organisation_settle", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"founded_on": "2014-02-03"}, if_match=True,
    ),
    Case("organisation_merge", "GET", May.WRITE_ORGANISATIONS, _coop, query=_into_firm),
    Case(
        "organisation_merge", "POST", May.WRITE_ORGANISATIONS, _coop, _into_twin, if_match=True
    ),
    Case("organisation_unmerge", "GET", May.WRITE_ORGANISATIONS, _merged),
    Case("organisation_unmerge", "POST", May.WRITE_ORGANISATIONS, _merged, UNMERGE, if_match=True),
    Case(
        "organisation_contacts", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"name": "Trần Thị B", "phone": "0912345679"}, status=201, if_match=True,
    ),
    Case(
        "organisation_contact_remove", "POST", May.WRITE_ORGANISATIONS, _contact, {},
        if_match=True,
    ),
    Case(
        "organisation_products", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"product": "Cà rốt"}, status=201, if_match=True,
    ),
    Case(
        "organisation_product_remove", "POST", May.WRITE_ORGANISATIONS, _product, {},
        if_match=True,
    ),
    Case(
        "organisation_certificates", "POST", May.WRITE_ORGANISATIONS, _coop,
        {"certification_code": "vietgap", "number": "01", "starts": "2025-01-01", "ends": None},
        status=201, if_match=True,
    ),
    Case(
        "organisation_certificate_remove", "POST", May.WRITE_ORGANISATIONS, _certificate, {},
        if_match=True,
    ),
    Case("linkages", "GET", May.READ_LINKAGES),
    Case("linkages", "POST", May.WRITE_LINKAGES, body=_sides, status=201),
    Case("linkage", "GET", May.READ_LINKAGES, _linkage),
    Case(
        "linkage", "PATCH", May.WRITE_LINKAGES, _linkage,
        {"quantity": 5000, "unit": "kg", "reason": "Gõ nhầm"}, if_match=True,
    ),
    Case(
        "linkage_verify", "POST", May.VERIFY_LINKAGES, _linkage,
        {"verified_on": "2025-02-01", "paper": "Tủ 3"}, if_match=True,
    ),
    Case(
        "linkage_withdraw", "POST", May.WITHDRAW_VERIFICATIONS, _linkage,
        {"reason": "Hợp đồng giả"}, if_match=True,
    ),
    Case(
        "linkage_terminate", "POST", May.WRITE_LINKAGES, _linkage,
        {"terminated_on": "2025-08-01", "reason": "Vỡ hợp đồng"}, if_match=True,
    ),
    Case(
        "linkage_correct_termination", "POST", May.WRITE_LINKAGES, _terminated,
        {"terminated_on": "2025-08-01", "reason": "Gõ nhầm"}, if_match=True,
    ),
    Case("imports", "GET", May.READ_IMPORTS),
    Case(
        "imports", "POST", May.WRITE_IMPORTS, body={"came_from": "Sở", "legal_basis": "KH 215"},
        status=201, multipart=True,
    ),
    Case("import", "GET", May.READ_IMPORTS, _batch),
    Case(
        "import", "PATCH", May.WRITE_IMPORTS, _batch, {"mapping": {"columns": {}}}, status=202,
        if_match=True,
    ),
    Case("import_report", "GET", May.READ_IMPORTS, _batch),
    Case("import_apply", "POST", May.WRITE_IMPORTS, _batch, {}, status=202),
    Case("import_undo", "POST", May.WRITE_IMPORTS, _batch, {}, status=202),
    Case(
        "import_row", "PATCH", May.WRITE_IMPORTS, _row, {"overrides": {"contract_number": "HD-9"}},
        status=202, if_match=True,
    ),
    Case(
        "import_decisions", "POST", May.WRITE_IMPORTS, _batch, status=201,
        body={"first_key": "a", "second_key": "b", "verdict": "different"},
    ),
    *_posts("offer", _coop, _offer, "member"),
    *_posts("need", _firm, _need, "partner"),
    Case("seen_offers", "GET", Relation.ACTING, _firm, query="?q=bi+dao", who="partner"),
    Case("seen_offer", "GET", Relation.ACTING, _offer_of_other, who="partner"),
    Case("seen_needs", "GET", Relation.ACTING, _coop, query="?q=bi+dao"),
    Case("seen_need", "GET", Relation.ACTING, _need_of_other),
    Case("plans", "GET", May.READ_PLANS),
    Case("plans", "POST", May.WRITE_PLANS, body={"links": 7_000}, status=202),
    Case("plan", "GET", May.READ_PLANS, _plan),
    Case("plan_lines", "GET", May.READ_PLANS, _plan),
    Case("plan_left_out", "GET", May.READ_PLANS, _plan),
    Case("plan_compare", "GET", May.READ_PLANS, _two_plans),
    Case("plan_propose", "POST", May.WRITE_PLANS, _plan, {}),
    Case("city_suggestions", "GET", Relation.ACTING, _advised),
    Case("suggestions", "GET", Relation.ACTING, _suggestions),
    Case("suggestion_seen", "POST", Relation.ACTING, _suggestion, {}),
    Case("suggestion_dismiss", "POST", Relation.ACTING, _suggestion, {"reason": "too_far"}),
    Case("market_offers", "GET", May.READ_POSTS, query="?near=11824"),
    Case("market_offer", "GET", May.READ_POSTS, _offer_alone),
    Case("market_needs", "GET", May.READ_POSTS),
    Case("market_need", "GET", May.READ_POSTS, _need_alone),
    *(
        Case(route, "GET", None)
        for route in (
            "communes", "commodities", "units", "certifications", "linkage_forms", "sectors"
        )
    ),
    Case("me", "GET", Relation.PERSON),
    Case("my_memberships", "GET", Relation.PERSON),
    Case(
        "my_memberships", "POST", Relation.PERSON, status=201, who=STRANGER,
        body=lambda world: {"code": issue(world.coop).secret},
    ),
    Case("leave", "POST", Relation.MEMBER, _coop, {}, status=204),
    Case("my_requests", "GET", Relation.PERSON),
    Case(
        "my_requests", "POST", Relation.PERSON, status=201,
        body={"name": "Công ty Mới", "kind": "enterprise"},
    ),
    Case("my_request_withdraw", "POST", Relation.PERSON, _request, {}),
    Case("messages", "GET", Relation.PERSON),
    Case("messages", "PATCH", Relation.PERSON, body={"kinds": ["match"]}),
    Case("findable", "GET", Relation.PERSON, query="?q=tan+trao"),
    Case("inbox", "GET", Relation.PERSON),
    Case("inbox_read", "POST", Relation.PERSON, body={}),
    Case("join_requests", "GET", May.MANAGE_MEMBERS),
    Case("join_request", "GET", May.MANAGE_MEMBERS, _request),
    Case("join_request_approve", "POST", May.MANAGE_MEMBERS, _request, {"role": "member"}),
    Case("join_request_refuse", "POST", May.MANAGE_MEMBERS, _request, {"reason": "Không quen"}),
    *_of_coop("", Relation.MEMBER),
    *_of_coop("office_", May.MANAGE_MEMBERS),
    Case("tokens", "GET", Relation.PERSON),
    Case("tokens", "POST", Relation.PERSON, body=_key_of_coop, status=201),
    Case("token_revoke", "POST", Relation.PERSON, _token, {}),
    Case("own_linkages", "GET", Relation.ACTING, _coop),
    Case("own_linkages", "POST", Relation.ACTING, _coop, DECLARED, status=201),
    Case("own_linkage", "GET", Relation.ACTING, _talk),
    Case("own_linkage", "PATCH", Relation.MEMBER, _contract, {"form": 5}, if_match=True),
    Case("own_terminate", "POST", Relation.MEMBER, _deal, {"reason": "Mất mùa"}, if_match=True),
    Case("own_confirm", "POST", Relation.MEMBER, _contract, {}, if_match=True),
    Case("own_deny", "POST", Relation.MEMBER, _contract, {"reason": "Không có"}, if_match=True),
    Case("talks", "POST", Relation.ACTING, _coop, _question, status=201),
    Case("talk_messages", "POST", Relation.ACTING, _talk, {"text": "Còn"}, status=201),
    Case(
        "talk_terms", "POST", Relation.ACTING, _talk, _proposal, status=201, if_match=True
    ),
    Case("talk_accept", "POST", Relation.MEMBER, _talk, {}, if_match=True),
    Case("talk_decline", "POST", Relation.MEMBER, _talk, {"reason": "Giá thấp"}, if_match=True),
    Case(
        "talk_withdraw", "POST", Relation.ACTING, _others_talk, {}, if_match=True, who=PARTNER
    ),
    Case("need_pool", "GET", Relation.ACTING, _pooled_need, who=PARTNER),
    Case("need_pool", "POST", Relation.ACTING, _pooled_need, {}, status=202, who=PARTNER),
    Case("pools", "POST", Relation.ACTING, _firm, _pool_of_two, status=201, who=PARTNER),
    Case("pool", "GET", Relation.ACTING, _pool),
    Case("pool_agree", "POST", Relation.MEMBER, _pool, {}),
    Case("pool_decline", "POST", Relation.MEMBER, _pool, {"reason": "Giá thấp"}),
    Case("pool_withdraw", "POST", Relation.ACTING, _own_pool, {}, who=PARTNER),
    Case("talk_share_contact", "POST", Relation.MEMBER, _talk, {}, if_match=True),
    Case("deliveries", "POST", Relation.ACTING, _deal, _handed_over, status=201),
    Case("delivery_confirm", "POST", Relation.MEMBER, _delivery, {}),
    Case("delivery_withdraw", "POST", Relation.ACTING, _own_delivery, {}, who=PARTNER),
    Case("delivery_dispute", "POST", Relation.MEMBER, _delivery, {"reason": "Thiếu cân"}),
    Case("own_evidence", "GET", Relation.ACTING, _contract),
    Case(
        "own_evidence", "POST", Relation.ACTING, _contract, status=201, multipart=True, file=scan
    ),
    Case("own_evidence_file", "GET", Relation.MEMBER, _own_scan),
    Case("evidence", "GET", May.READ_LINKAGES, _linkage),
    Case("evidence", "POST", May.WRITE_LINKAGES, _linkage, status=201, multipart=True, file=scan),
    Case("evidence_file", "GET", May.READ_EVIDENCE, _scan),
    Case("verification", "GET", May.VERIFY_LINKAGES),
    Case(
        "linkage_send_back", "POST", May.VERIFY_LINKAGES, _linkage, {"reason": "Thiếu trang ký"},
        if_match=True,
    ),
]  # fmt: skip
