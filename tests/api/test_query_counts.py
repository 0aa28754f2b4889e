"""Queries of each read are a promise: query_counts.json; UPDATE_QUERY_COUNTS=1 rewrites it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.intake.models import ImportBatch
from linkage.jobs.services import submit
from linkage.market.models import PostKind
from linkage.registry.access import Relation
from linkage.registry.models import Role
from linkage.suggestions.services import refresh_post
from tests.api.cases import CASES
from tests.api.conftest import (
    MEMBER,
    NOW,
    PARTNER,
    make_linkage,
    make_organisation,
    make_post,
)

GOLDEN = Path(__file__).with_name("query_counts.json")
READS = [case for case in CASES if case.method == "GET"]


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return captured


def _asks(case):
    return case.who if isinstance(case.may, Relation) else Role.ADMINISTRATOR


def test_each_read_makes_as_many_queries_as_promised(world, client_of):
    clients = {who: client_of(who) for who in (Role.ADMINISTRATOR, MEMBER, PARTNER)}
    captured = {str(case): queries(clients[_asks(case)], case.address(world)) for case in READS}
    counts = {name: len(found) for name, found in captured.items()}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        GOLDEN.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n")
    promised = json.loads(GOLDEN.read_text())
    assert counts.keys() == promised.keys()
    for name, found in captured.items():
        sql = "\n".join(query["sql"] for query in found)
        assert len(found) == promised[name], f"{name}:\n{sql}"


@pytest.mark.parametrize(
    "route", ["organisations", "linkages", "jobs", "imports", "coverage_members", "organisation"]
)
def test_more_rows_make_no_more_queries(route, world, client_of):
    client = client_of(Role.ADMINISTRATOR)
    case = next(case for case in READS if case.route == route)
    before = len(queries(client, case.address(world)))
    for number in range(30):
        other = make_organisation(f"HTX {number}")
        make_linkage(world.coop, other, f"HD-{number}")
        submit(kind="coverage.series", args={}, now=NOW)
        batch = ImportBatch.objects.get(pk=world.batch.pk)
        batch.pk = None
        batch.save()
    assert len(queries(client, case.address(world))) == before


@pytest.mark.parametrize("route", ["own_offers", "seen_offers", "market_offers"])
def test_more_posts_make_no_more_queries(route, world, client_of):
    case = next(case for case in READS if case.route == route)
    client = client_of(_asks(case))
    before = len(queries(client, case.address(world)))
    for _ in range(30):
        make_post(world.coop, PostKind.OFFER)
    assert len(queries(client, case.address(world))) == before


def test_more_suggestions_make_no_more_queries(world, client_of):
    case = next(case for case in READS if case.route == "suggestions")
    client, address = client_of(MEMBER), case.address(world)
    before = len(queries(client, address))
    offer = world.coop.offers.get()
    for number in range(12):
        make_post(make_organisation(f"Công ty {number}", "enterprise"), PostKind.NEED)
    refresh_post(kind=PostKind.OFFER, post_id=offer.pk, now=timezone.now())
    assert len(client.get(address).json()["results"]) > 2
    assert len(queries(client, address)) == before
