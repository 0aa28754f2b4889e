"""Every address and method of the API with a request that works: the table that tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from linkage.registry.access import Capability as May
from linkage.registry.models import Kind
from tests.api.conftest import World, make_organisation, workbook


def _nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Case:
    """One method of one address; `may` None: open to everybody."""

    route: str
    method: str
    may: May | None
    ids: Callable[[World], dict[str, int]] = _nothing
    body: dict[str, Any] | Callable[[World], dict[str, Any]] | None = None
    query: str | Callable[[World], str] = ""
    status: int = 200
    if_match: bool = False
    multipart: bool = False

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
            return client.post(self.address(world), {**(body or {}), "file": workbook()})
        send: dict[str, Any] = {}
        if body is not None:
            send = {"data": body, "content_type": "application/json"}
        method = getattr(client, self.method.lower())
        return method(self.address(world, **other), headers=headers, **send)


def _coop(world: World) -> dict[str, int]:
    return {"organisation_id": world.coop.pk}


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
    Case("organisation_merge", "GET", May.WRITE_ORGANISATIONS, _coop, query=_into_firm),
    Case(
        "organisation_merge", "POST", May.WRITE_ORGANISATIONS, _coop, _into_twin, if_match=True
    ),
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
    *(
        Case(route, "GET", None)
        for route in (
            "communes", "commodities", "units", "certifications", "linkage_forms", "sectors"
        )
    ),
]  # fmt: skip
