"""One small register, and one person of each role, made once for a test."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from linkage.agreements.models import Linkage
from linkage.agreements.services import record_linkage
from linkage.catalogue.models import Certification, Commodity, LinkageForm, Sector, Unit
from linkage.coverage.models import Indicator, ManualValue, Programme, Snapshot
from linkage.coverage.services import enter_value, set_target, take_snapshot
from linkage.coverage.targets import Bound
from linkage.intake.models import ImportBatch, ImportRow
from linkage.jobs.models import Job
from linkage.jobs.services import submit
from linkage.market.models import PostKind
from linkage.market.services import create_post
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_people
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import (
    AccessCode,
    Commune,
    JoinRequest,
    Membership,
    Organisation,
    Role,
    RoleGrant,
    User,
)
from linkage.registry.services import Issued, create_organisation, issue_code
from linkage.text import search_key, sort_key

DAY = date(2025, 12, 31)
NOW = datetime(2026, 1, 1, 1, 0, tzinfo=timezone.get_default_timezone())
STRANGER, ANONYMOUS = "stranger", "anonymous"
# They act for the world's cooperative and its firm, and hold no office.
MEMBER, PARTNER, COLLEAGUE = "member", "partner", "colleague"
PERSONAL_CODE = "031085000123"


@dataclass(frozen=True)
class World:
    """The rows that tests name."""

    coop: Organisation
    firm: Organisation
    linkage: Linkage
    snapshot: Snapshot
    job: Job
    batch: ImportBatch
    row: ImportRow
    # Somebody beside MEMBER who acts for the cooperative, and may not manage its accounts.
    colleague: Membership
    code: AccessCode
    # MEMBER asks to act for the firm too.
    request: JoinRequest
    manual_value: ManualValue


@pytest.fixture(autouse=True)
def _no_throttle_left_over(settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "media"


def make_organisation(name: str, kind: str = "cooperative", **details: Any) -> Organisation:
    return create_organisation(
        actor=OPERATOR,
        kind=kind,
        details={"name": name, "founded_on": date(2015, 1, 1), **details},
        sector_code="trong-trot",
        commune_code="11824",
        now=NOW,
        # Some tests want several of one name.
        is_another=True,
    )


def make_linkage(seller: Organisation, buyer: Organisation, number: str) -> Linkage:
    terms = {"contract_number": number, "starts": date(2025, 1, 1), "product": "Bí xanh"}
    return record_linkage(
        actor=OPERATOR, seller_id=seller.pk, buyer_id=buyer.pk, terms=terms, now=NOW
    )


def make_catalogue() -> None:
    Sector.objects.create(
        code="trong-trot", name_vi="Trồng trọt", name_en="Crops", agricultural=True, source="-"
    )
    Commune.objects.create(
        code="11824", name="Vĩnh Bảo", kind="xã", latitude=20.7, longitude=106.5,
        former_province="Hải Phòng", former_district="Huyện Vĩnh Bảo",
        search_key=search_key("Vĩnh Bảo"), sort_key=sort_key("Vĩnh Bảo"),
    )  # fmt: skip
    top = _commodity("rau", "Rau", None, 1)
    _commodity("bi-xanh", "Bí xanh", top, 2).synonyms.create(name="bí đao", key="bí đao")
    Unit.objects.create(
        code="kg", name_vi="kg", name_en="kg", dimension="mass", base_units=1000, source="-"
    )
    Certification.objects.create(
        code="vietgap", name_vi="VietGAP", name_en="VietGAP", family="gap", issuer="-", source="-"
    )
    LinkageForm.objects.create(
        number=5, article="4(5)", name_vi="-", name_en="-", stages=["production"], source="-"
    )


def _commodity(code: str, name: str, parent: Commodity | None, level: int) -> Commodity:
    return Commodity.objects.create(
        code=code, name_vi=name, name_en=code, parent=parent, level=level, dimension="mass",
        stage="production", search_key=search_key(name), sort_key=sort_key(name), source="-",
    )  # fmt: skip


def make_plan() -> None:
    Programme.objects.create(
        code="215/KH-UBND", name_vi="Kế hoạch 215", name_en="Plan 215",
        starts=date(2021, 9, 21), ends=DAY, source="Plan 215/KH-UBND",
    )  # fmt: skip
    lines = (("LINK-ALL", "computed"), ("LINK-AGRI", "computed"), ("INSURANCE", "reported"))
    for order, (code, how) in enumerate(lines):
        Indicator.objects.create(
            code=code, order=order, name_vi=code, name_en=code, how=how, measure="share",
            source="I.2",
        )  # fmt: skip
    set_target(
        programme="215/KH-UBND", indicator="LINK-ALL", comparison="at_least",
        minimum=Bound(60, 100), maximum=Bound(70, 100), from_date=date(2021, 9, 21),
        source="I.2", actor=OPERATOR, now=NOW,
    )  # fmt: skip


def make_post(organisation: Organisation, kind: PostKind, **changes: Any) -> Any:
    """A published post of bí xanh that lasts as long as these tests do."""
    terms = {
        "commodity": "bi-xanh", "quantity": Decimal(3000), "unit": "kg",
        "starts": date(2026, 1, 1), "ends": date(2099, 12, 31), **changes,
    }  # fmt: skip
    return create_post(
        actor=Actor(None, frozenset(), {organisation.pk: "member"}), kind=kind,
        organisation_id=organisation.pk, terms=terms, publish=True, now=NOW,
    )  # fmt: skip


def join(name: str, organisation: Organisation, role: str = "admin") -> User:
    """A person who acts for the organisation."""
    user = User.objects.create(username=name, email=f"{name}@example.org", full_name=name)
    Membership.objects.create(
        user=user, organisation=organisation, role=role, starts=date(2020, 1, 1)
    )
    return user


def issue(organisation: Organisation) -> Issued:
    """A code in a letter."""
    return issue_code(
        actor=OPERATOR, organisation_id=organisation.pk, role="member", way="letter",
        now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once for a module whose tests all want it, in a transaction round theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def shared_world(world_of_the_module: World, db: None) -> World:
    """The module's rows; what a test does to them is taken back, what it holds is its own."""
    return deepcopy(world_of_the_module)


def build_world() -> World:
    make_catalogue()
    make_plan()
    coop = make_organisation(
        "HTX Rau sạch Tân Trào", tax_code="0205198368", representative="Người Đại Diện",
        phone="0912345678", product="Bí xanh",
    )  # fmt: skip
    firm = make_organisation("Hộ kinh doanh Mẫu", "household_business", tax_code=PERSONAL_CODE)
    linkage = make_linkage(coop, firm, "HD-01/2025")
    member = join(MEMBER, coop)
    join(PARTNER, firm)
    tell_people(
        user_ids=[member.pk], now=NOW, organisation_id=coop.pk,
        news=News(Kind.MEMBERS, "ended", "organisation", coop.pk, "k", {"organisation": coop.name}),
    )  # fmt: skip
    make_post(coop, PostKind.OFFER)
    make_post(firm, PostKind.NEED)
    batch = ImportBatch.objects.create(
        file_name="so.xlsx", stored_as="imports/none.xlsx", sha256="0" * 64, came_from="Sở",
        legal_basis="KH 215", state="previewed", report={"organisations": {}}, created_at=NOW,
    )  # fmt: skip
    row = batch.rows.create(
        sheet="HTX", row=9, kind="linkages", code="missing_field",
        raw={"name": {"header": "Tên", "value": None}},
    )  # fmt: skip
    return World(
        coop=coop,
        firm=firm,
        linkage=linkage,
        snapshot=take_snapshot(as_of=DAY, now=NOW),
        job=submit(kind="coverage.snapshot", args={"as_of": "2025-12-31"}, now=NOW),
        batch=batch,
        row=row,
        colleague=join(COLLEAGUE, coop, "member").memberships.get(),
        code=issue(coop).code,
        request=JoinRequest.objects.create(user=member, organisation=firm, created_at=NOW),
        manual_value=enter_value(
            actor=OPERATOR,
            indicator="INSURANCE",
            as_of=date(2023, 12, 31),
            numerator=6,
            denominator=10,
            source="Báo cáo 0",
            now=NOW,
        ),
    )


class KeyedClient(Client):
    """Sends an Idempotency-Key of its own with each POST that names none, as clients of ours do."""

    def post(self, *args: Any, headers: dict[str, str] | None = None, **kwargs: Any) -> Any:
        keyed = {"idempotency-key": uuid.uuid4().hex, **(headers or {})}
        return super().post(*args, headers=keyed, **kwargs)


@pytest.fixture
def client_of(db: None) -> Callable[[str], Client]:
    """Signs in a person of a role, a stranger without any, or nobody."""

    def sign_in(who: str) -> Client:
        client = KeyedClient(headers={"accept-language": "en"})
        if who == ANONYMOUS:
            return client
        user, made = User.objects.get_or_create(
            username=who, defaults={"email": f"{who}@example.org", "full_name": who}
        )
        if made and who in Role.values:
            grant = RoleGrant.objects.create(user=user, role=who, starts=date(2020, 1, 1))
            if who == Role.FIELD_OFFICER:
                grant.communes.set(Commune.objects.all())
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def staff(client_of: Callable[[str], Client]) -> Client:
    return client_of(Role.CITY_STAFF)


def workbook() -> io.BytesIO:
    book = openpyxl.Workbook()
    book.active.append(["STT", "Tên HTX", "Mã số thuế"])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "so.xlsx"
    return file
