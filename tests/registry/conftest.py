"""People and organisations that the registry's tests ask for."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from linkage.catalogue.models import Sector
from linkage.registry.access import Actor
from linkage.registry.models import Commune, Role
from linkage.registry.services import create_organisation

NOW = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def officer():
    return Actor(7, frozenset({Role.CITY_STAFF}))


@pytest.fixture
def verifier():
    return Actor(8, frozenset({Role.VERIFIER}))


@pytest.fixture
def auditor():
    return Actor(9, frozenset({Role.AUDITOR}))


@pytest.fixture
def stranger():
    return Actor(10, frozenset())


@pytest.fixture
def sectors(db):
    for code, agricultural in (("agriculture", True), ("transport", False)):
        Sector.objects.create(
            code=code, name_vi=code, name_en=code, agricultural=agricultural, source="test"
        )


@pytest.fixture
def communes(db):
    for code, name in (("1", "Xã An Lão"), ("2", "Phường Đồ Sơn")):
        Commune.objects.create(
            code=code, name=name, kind="Xã", latitude=20, longitude=106,
            former_province="Hải Phòng", former_district="", search_key="", sort_key=code,
        )  # fmt: skip


@pytest.fixture
def make(officer, sectors, communes):
    """Creates an organisation in one line."""

    def create(name="HTX Tân Trào", **details):
        return create_organisation(
            actor=officer, kind=details.pop("kind", "cooperative"), sector_code="agriculture",
            commune_code="1", details={"name": name, **details}, now=NOW,
        )  # fmt: skip

    return create


@pytest.fixture
def coop(make):
    return make()
