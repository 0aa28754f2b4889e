"""Two sides, and people who may and may not, for the tests of agreements."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from linkage.agreements.services import record_linkage
from linkage.registry.access import Actor
from linkage.registry.models import Role, User
from linkage.registry.services import create_organisation

NOW = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def person(name, *roles):
    user = User.objects.create(username=name, email=f"{name}@example.org")
    return Actor(user.pk, frozenset(roles))


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def officer(db):
    return person("officer", Role.CITY_STAFF)


@pytest.fixture
def verifier(db):
    return person("verifier", Role.VERIFIER)


@pytest.fixture
def auditor(db):
    return person("auditor", Role.AUDITOR)


@pytest.fixture
def sides(officer):
    return [
        create_organisation(actor=officer, kind=kind, details={"name": name}, now=NOW).pk
        for kind, name in (("cooperative", "HTX Đường"), ("enterprise", "Công ty An"))
    ]


@pytest.fixture
def record(officer, sides):
    """Records a linkage in one line."""

    def call(actor=officer, seller=None, buyer=None, **terms):
        values = {"contract_number": "01/HĐ", "starts": date(2026, 1, 1), **terms}
        return record_linkage(
            actor=actor, seller_id=seller or sides[0], buyer_id=buyer or sides[1],
            terms=values, now=NOW,
        )  # fmt: skip

    return call


@pytest.fixture
def linkage(record):
    return record()
