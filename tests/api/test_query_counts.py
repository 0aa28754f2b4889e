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
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_organisation
from linkage.registry.access import TABLE, Relation
from linkage.registry.models import JoinRequest, Role, User
from linkage.suggestions.services import refresh_post
from tests.api.cases import CASES
from tests.api.conftest import (
    MEMBER,
    NOW,
    issue,
    join,
    make_linkage,
    make_organisation,
    make_post,
)

GOLDEN = Path(__file__).with_name("query_counts.json")
READS = [case for case in CASES if case.method == "GET"]


def asker_of(case):
    if isinstance(case.may, Relation):
        return case.who
    roles = (Role.ADMINISTRATOR, Role.VERIFIER)
    return next(role for role in roles if case.may is None or case.may in TABLE[role])


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return captured


def test_each_read_makes_as_many_queries_as_promised(world, client_of):
    captured = {
        str(case): queries(client_of(asker_of(case)), case.address(world)) for case in READS
    }
    counts = {name: len(found) for name, found in captured.items()}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        GOLDEN.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n")
    promised = json.loads(GOLDEN.read_text())
    assert counts.keys() == promised.keys()
    for name, found in captured.items():
        sql = "\n".join(query["sql"] for query in found)
        assert len(found) == promised[name], f"{name}:\n{sql}"


@pytest.mark.parametrize(
    "route",
    [
        *("organisations", "linkages", "jobs", "imports", "coverage_members", "organisation"),
        "own_linkages",
    ],
)
def test_more_rows_make_no_more_queries(route, world, client_of):
    case = next(case for case in READS if case.route == route)
    client = client_of(asker_of(case))
    before = len(queries(client, case.address(world)))
    for number in range(30):
        other = make_organisation(f"HTX {number}")
        make_linkage(world.coop, other, f"HD-{number}")
        submit(kind="coverage.series", args={}, now=NOW)
        batch = ImportBatch.objects.get(pk=world.batch.pk)
        batch.pk = None
        batch.save()
    assert len(queries(client, case.address(world))) == before


@pytest.mark.parametrize(
    "route", ["members", "codes", "inbox", "my_requests", "join_requests", "findable"]
)
def test_more_people_codes_and_notices_make_no_more_queries(route, world, client_of):
    case = next(case for case in READS if case.route == route)
    client = client_of(asker_of(case))
    before = len(queries(client, case.address(world)))
    member = User.objects.get(username=MEMBER)
    for number in range(15):
        join(f"person-{number}", world.coop, "member")
        news = News(Kind.MEMBERS, "joined", "organisation", world.coop.pk, f"k-{number}")
        tell_organisation(organisation_id=world.coop.pk, news=news, now=NOW)
        issue(world.coop)
        made = make_organisation(f"HTX Tân Trào {number}")
        JoinRequest.objects.create(user=member, organisation=made, created_at=NOW)
    assert len(queries(client, case.address(world))) == before


@pytest.mark.parametrize("route", ["own_offers", "seen_offers", "market_offers"])
def test_more_posts_make_no_more_queries(route, world, client_of):
    case = next(case for case in READS if case.route == route)
    client = client_of(asker_of(case))
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
