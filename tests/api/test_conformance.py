"""Whatever is sent, in the schema's bounds and out of them: no 5xx, and answers as the schema says.

A bounded number of examples for each operation, the same ones each time; on PostgreSQL, which takes
less (no NUL, no integer beyond its column), also the bounds of each field.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from config.wsgi import application
from linkage.registry.models import Role
from tests.examples import examples

load_all_checks()
CONFORM = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    ]
)
TOKEN = "a" * 32
# 412 and 413 refuse too; the check's own list lacks them.
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428"]
CHECKED = {"negative_data_rejection": {"expected-statuses": REFUSALS}}


def operations(served, **coverage):
    """The operations of v1; `coverage` is schemathesis' phase of bounds, field by field."""
    config = {"checks": CHECKED, "phases": {"coverage": coverage}}
    loaded = schemathesis.openapi.from_dict(served, config=SchemathesisConfig.from_dict(config))
    loaded.app = application
    return loaded.include(path_regex=r"^/api/v1/")


ASKED = {"host": "localhost", "accept": "application/json"}
SERVED = Client().get("/api/schema/", headers=ASKED).json()
# Other methods than the declared ones are asked in test_every_route.
BOUNDS = connection.vendor == "postgresql"
OFFICE = operations(SERVED, enabled=BOUNDS, **{"unexpected-methods": []})
NOBODY = operations(SERVED, enabled=False)
BOUNDED = settings(
    max_examples=examples(5),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _the_tests_transaction_outlives_a_request():
    """The server closes a connection after a request; as in Django's own test client, not here."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def world(shared_world):
    return shared_world


@pytest.fixture
def administrator(client_of):
    return client_of(Role.ADMINISTRATOR)


def ask(case, client):
    cache.clear()
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    case.cookies = {**cookies, "csrftoken": TOKEN}
    case.headers = {**(case.headers or {}), "X-CSRFToken": TOKEN}
    case.call_and_validate(checks=CONFORM)


@pytest.mark.slow
@OFFICE.parametrize()
@BOUNDED
def test_an_office_gets_what_the_schema_says(case, world, administrator):
    ask(case, administrator)


@pytest.mark.slow
@NOBODY.parametrize()
@BOUNDED
def test_nobody_gets_what_the_schema_says(case, world, client):
    ask(case, client)
