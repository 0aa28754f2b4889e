"""People and organisations that the registry's tests ask for."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from linkage.catalogue.models import Sector
from linkage.jobs.models import Outbox
from linkage.registry.access import Actor, actor_of
from linkage.registry.models import Commune, Role, RoleGrant, User
from linkage.registry.services import create_organisation

NOW = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def officer():
    return Actor(7, frozenset({Role.CITY_STAFF}))


@pytest.fixture
def clerk(person):
    """An officer who has an account."""
    return person("clerk", roles=[Role.CITY_STAFF])


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
def person(db):
    """A person who signed up, as the actor that they are on the day."""

    def make(name, *, roles=()):
        user = User.objects.create(username=name, full_name=name.title())
        for role in roles:
            RoleGrant.objects.create(user=user, role=role, starts=NOW.date())
        return actor_of(user, on=NOW.date())

    return make


@pytest.fixture
def again():
    """The actor as they are now: who joined since then acts for more."""
    return lambda actor: actor_of(User.objects.get(pk=actor.user_id), on=NOW.date())


@pytest.fixture
def facts(db):
    """What was written down for the notices: (what, audience), in order."""

    def read():
        rows = Outbox.objects.filter(topic="registry.members").order_by("pk")
        return [(row.payload["what"], row.payload["audience"]) for row in rows]

    return read


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
            commune_code="1", is_another=details.pop("is_another", False),
            details={"name": name, **details}, now=NOW,
        )  # fmt: skip

    return create


@pytest.fixture
def coop(make):
    return make()
