"""Every address and method of the API with a request that works: the table that tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkage.market.models import PostKind
from linkage.registry.access import Capability as May
from linkage.registry.access import Relation
from linkage.registry.models import Kind
from linkage.suggestions.services import refresh_post
from tests.api.conftest import World, workbook


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
    query: str = ""
    status: int = 200
    if_match: bool = False
    multipart: bool = False
    who: str = "member"

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def address(self, world: World, **other: int) -> str:
        return reverse(f"api:{self.route}", kwargs={**self.ids(world), **other}) + self.query

    def ask(self, client: Client, world: World, **other: int) -> HttpResponse:
        """Send the request; `other` replaces ids."""
        headers = {"if-match": '"1"'} if self.if_match else {}
        body = self.body(world) if callable(self.body) else self.body
        if self.multipart:
            return client.post(self.address(world), {**(body or {}), "file": workbook()})
        send: dict[str, Any] = {}
        if body is not None:
            send = {"data": body, "content_type": "application/json"}
        method = getattr(client, self.method.lower())
        return method(self.address(world, **other), headers=headers, **send)


def _coop(world: World) -> dict[str, int]:
    return {"organisation_id": world.coop.pk}


def _linkage(world: World) -> dict[str, int]:
    return {"linkage_id": world.linkage.pk}


def _batch(world: World) -> dict[str, int]:
    return {"batch_id": world.batch.pk}


def _row(world: World) -> dict[str, int]:
    return {"batch_id": world.batch.pk, "row_id": world.row.pk}


def _job(world: World) -> dict[str, int]:
    return {"job_id": world.job.pk}


def _sides(world: World) -> dict[str, Any]:
    sides = {"seller_id": world.coop.pk, "buyer_id": world.firm.pk}
    return {**sides, "contract_number": "HD-02", "starts": "2025-03-01", "ends": "2026-03-01"}


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


POST = {
    "commodity": "bi-xanh", "quantity": "2.5", "unit": "kg", "starts": "2026-01-01",
    "ends": "2099-12-31", "publish": True, "price_limit": {"price": 9000, "unit": "kg"},
}  # fmt: skip


def _posts(kind: str, whose: Any, one: Any, who: str) -> list[Case]:
    """An organisation's own posts of a kind."""
    of = {"may": Relation.MEMBER, "who": who}
    return [
        Case(f"own_{kind}s", "GET", ids=whose, **of),
        Case(f"own_{kind}s", "POST", ids=whose, body=POST, status=201, **of),
        Case(f"own_{kind}", "GET", ids=one, **of),
        Case(f"own_{kind}", "PATCH", ids=one, body={"quantity": 4}, if_match=True, **of),
        Case(f"own_{kind}_limit", "POST", ids=one, body={"price": 9000}, if_match=True, **of),
        Case(f"own_{kind}_copy", "POST", ids=one, body={}, status=201, **of),
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

CASES = [
    Case("coverage", "GET", None),
    Case("coverage_members", "GET", May.READ_COVERAGE, query="?indicator=LINK-ALL"),
    Case(
        "coverage_jobs", "POST", May.COMPUTE_COVERAGE, body={"as_of": "2025-06-30"}, status=202
    ),
    Case("snapshots", "GET", May.READ_COVERAGE),
    Case("programmes", "GET", May.READ_COVERAGE),
    Case("programmes", "POST", May.WRITE_PROGRAMMES, body=PROGRAMME, status=201),
    Case("indicators", "GET", May.READ_COVERAGE),
    Case("targets", "POST", May.WRITE_PROGRAMMES, body=TARGET, status=201),
    Case("jobs", "GET", May.READ_JOBS),
    Case("job", "GET", May.READ_JOBS, _job),
    Case("job_cancel", "POST", May.WRITE_JOBS, _job, {}),
    Case("job_retry", "POST", May.WRITE_JOBS, _job, {}, status=202),
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
    Case("linkages", "GET", May.READ_LINKAGES),
    Case("linkages", "POST", May.WRITE_LINKAGES, body=_sides, status=201),
    Case("linkage", "GET", May.READ_LINKAGES, _linkage),
    Case("linkage", "PATCH", May.WRITE_LINKAGES, _linkage, {"quantity": 5000}, if_match=True),
    Case(
        "linkage_verify", "POST", May.VERIFY_LINKAGES, _linkage,
        {"verified_on": "2025-02-01"}, if_match=True,
    ),
    Case(
        "linkage_withdraw", "POST", May.WITHDRAW_VERIFICATIONS, _linkage,
        {"reason": "Hợp đồng giả"}, if_match=True,
    ),
    Case(
        "linkage_terminate", "POST", May.WRITE_LINKAGES, _linkage,
        {"terminated_on": "2025-08-01"}, if_match=True,
    ),
    Case("imports", "GET", May.READ_IMPORTS),
    Case(
        "imports", "POST", May.WRITE_IMPORTS, body={"came_from": "Sở", "legal_basis": "KH 215"},
        status=201, multipart=True,
    ),
    Case("import", "GET", May.READ_IMPORTS, _batch),
    Case(
        "import", "PATCH", May.WRITE_IMPORTS, _batch, {"mapping": {"columns": {}}}, status=202
    ),
    Case("import_report", "GET", May.READ_IMPORTS, _batch),
    Case("import_apply", "POST", May.WRITE_IMPORTS, _batch, {}, status=202),
    Case("import_undo", "POST", May.WRITE_IMPORTS, _batch, {}, status=202),
    Case(
        "import_row", "PATCH", May.WRITE_IMPORTS, _row, {"overrides": {"contract_number": "HD-9"}},
        status=202,
    ),
    Case(
        "import_decisions", "POST", May.WRITE_IMPORTS, _batch, status=201,
        body={"first_key": "a", "second_key": "b", "verdict": "different"},
    ),
    *_posts("offer", _coop, _offer, "member"),
    *_posts("need", _firm, _need, "partner"),
    Case("seen_offers", "GET", Relation.MEMBER, _firm, query="?q=bi+dao", who="partner"),
    Case("seen_offer", "GET", Relation.MEMBER, _offer_of_other, who="partner"),
    Case("seen_needs", "GET", Relation.MEMBER, _coop, query="?q=bi+dao"),
    Case("seen_need", "GET", Relation.MEMBER, _need_of_other),
    Case("suggestions", "GET", Relation.MEMBER, _suggestions),
    Case("suggestion_seen", "POST", Relation.MEMBER, _suggestion, {}),
    Case("suggestion_dismiss", "POST", Relation.MEMBER, _suggestion, {"reason": "too_far"}),
    Case("suggestion_propose", "POST", Relation.MEMBER, _suggestion, {}),
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
]  # fmt: skip
