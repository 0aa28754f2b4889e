"""A sealed limit changes nothing that anybody but its owner can read.

Four worlds, each made anew from the first row on with its own two limits, all within range, and
walked by everybody: what differs between two of them is what the limit that differs has done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings

from linkage.market.models import AnyPost
from linkage.registry.models import Role
from tests.api.conftest import NOW
from tests.sealed import walk, world
from tests.sealed.walk import Answer, Key, differences
from tests.sealed.world import (
    ANONYMOUS,
    BUYER,
    COUNTERPART,
    PERSON,
    RIVAL,
    SELLER,
    STRANGER,
    Limits,
)

# One worker of xdist walks for all of these tests.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("sealed")]
FIRST = Limits(5_000, 9_000)
# The rival's floor is 5,800 and the buyer's ceiling 8,500: each lies between.
OTHER_FLOOR, OTHER_CEILING = Limits(6_500, 9_000), Limits(5_000, 8_000)
NO_FLOOR, NO_CEILING = Limits(None, 9_000), Limits(5_000, None)
MOVED = [OTHER_FLOOR, OTHER_CEILING, NO_FLOOR, NO_CEILING]
EVERYBODY = {SELLER, COUNTERPART, BUYER, RIVAL, STRANGER, PERSON, ANONYMOUS, *Role.values}
# A limit that moves, and one that is not given, are read in whole by those, see `asked_in`.
IN_WHOLE = {
    OTHER_FLOOR: EVERYBODY - {SELLER},
    NO_CEILING: {SELLER, RIVAL, BUYER, Role.CITY_STAFF},
}


# Nothing stands there, or nothing for anybody whom a test signs in.
NEVER_OPENED = {
    "",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_set_password",
    "web:set_language",
}


@dataclass(frozen=True)
class Read:
    """One world as it was read: its rows, the answers, the messages that went out in it."""

    rows: Mapping[str, list[str]]
    answers: Mapping[Key, Answer]
    messages: list[Any]
    offer: AnyPost
    need: AnyPost


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    media, sent = (tmp_path_factory.mktemp(name) for name in ("media", "messages"))
    with (
        override_settings(MEDIA_ROOT=media, MESSAGE_DIR=sent),
        time_machine.travel(NOW, tick=False),
    ):
        yield


@pytest.fixture(scope="module")
def worlds(folders, django_db_setup, django_db_blocker) -> dict[Limits, Read]:
    with django_db_blocker.unblock():
        first = read_in(FIRST)
        return {FIRST: first, **{limits: read_in(limits, first) for limits in MOVED}}


@pytest.fixture
def first(worlds) -> Read:
    return worlds[FIRST]


def read_in(limits: Limits, first: Read | None = None) -> Read:
    """Build a world, read it, and take it away again."""
    with transaction.atomic():
        number_from_one()
        made = world.build(limits)
        rows, sent = walk.rows(), world.messages()
        asked = asked_in(limits, first, rows) if first else lambda who, address: True
        answers = walk.everything_read(made.readers, asked)
        transaction.set_rollback(True)
    return Read(rows, answers, sent, made.offer, made.need)


def asked_in(limits: Limits, first: Read, rows: Mapping[str, list[str]]) -> walk.Asks:
    """What is asked in a world beside the first: wherever it could differ.

    An answer is made of rows, and these two databases are equal but for some tables. In some worlds
    what reads none of them is asked as well: that it does not differ is then seen, not concluded.
    """
    changed, whole = unlike(first.rows, rows), IN_WHOLE.get(limits, set())

    def asks(who: str, address: str) -> bool:
        before = first.answers[who, address]
        return walk.reads(before, changed) or (who in whole and not before.is_refusal)

    return asks


def unlike(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> set[str]:
    """The tables in which two databases differ."""
    return {table for table in one if one[table] != other[table]}


def number_from_one() -> None:
    """PostgreSQL's sequences are not rolled back, and a row's number is in its address."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def owners_own(read: Read, limits: Limits) -> set[Key]:
    """The pages and the answer on which an owner reads the limit that moved."""
    floor = limits.floor != FIRST.floor
    post, who, many = (read.offer, SELLER, "offers") if floor else (read.need, COUNTERPART, "needs")
    of, one = post.organisation_id, post.pk
    addresses = (
        f"/mine/{of}/{many}/{one}/",
        f"/mine/{of}/{many}/{one}/limit/",
        f"/api/v1/organisations/{of}/{many}/{one}",
    )
    return {(who, address) for address in addresses}


@pytest.mark.parametrize("limits", MOVED, ids=str)
def test_a_limit_changes_what_its_owner_reads_and_nothing_else(worlds, first, limits):
    found = differences(first.answers, worlds[limits].answers)
    assert set(found) == owners_own(first, limits)


@pytest.mark.parametrize("limits", MOVED, ids=str)
def test_a_limit_changes_no_message_to_anybody(worlds, first, limits):
    assert worlds[limits].messages == first.messages
    assert len(first.messages) > 40


@pytest.mark.parametrize("limits", [OTHER_FLOOR, OTHER_CEILING], ids=str)
def test_a_limit_that_moves_changes_its_own_row_alone(worlds, first, limits):
    table = "market_offerfloor" if limits.floor != FIRST.floor else "market_needceiling"
    assert unlike(first.rows, worlds[limits].rows) == {table}


@pytest.mark.parametrize("limits", [NO_FLOOR, NO_CEILING], ids=str)
def test_a_limit_that_is_not_given_leaves_out_its_row_and_the_line_in_its_posts_history(
    worlds, first, limits
):
    table = "market_offerfloor" if limits.floor is None else "market_needceiling"
    # A figure keeps the number of the last event before it, which that line moves.
    numbered = {"jobs_event", "coverage_snapshot"}
    assert unlike(first.rows, worlds[limits].rows) == {table, *numbered}


def test_everybody_is_asked_at_every_address(first):
    who = {who for who, _address in first.answers}
    assert who == EVERYBODY
    opened = {walk.route_name(at) for (_, at), one in first.answers.items() if one.status == 200}
    names = {route.name for route in walk.routes()}
    assert names - opened == NEVER_OPENED
    assert len(names) > 150


@pytest.mark.parametrize("limits", IN_WHOLE, ids=str)
def test_what_anybody_opens_is_opened_in_this_world_too(worlds, first, limits):
    answers = {key: one for key, one in first.answers.items() if key[0] in IN_WHOLE[limits]}
    opened = {key for key, answer in answers.items() if not answer.is_refusal}
    assert len(opened) > 400
    assert opened <= worlds[limits].answers.keys()


@pytest.fixture
def made(folders, db) -> world.World:
    number_from_one()
    return world.build(FIRST)


def test_the_walk_would_see_a_leak_on_the_pages_of_a_talk(made):
    talk = made.offer.linkages.get(need=made.need)
    at = {f"/mine/{talk.buyer_id}/linkages/{talk.pk}/", f"/market/offers/{made.offer.pk}/"}
    before = walk.everything_read(made.readers, lambda who, address: address in at)
    talk.messages.update(text="Ít nhất 5.000 đồng")
    type(made.offer).objects.filter(pk=made.offer.pk).update(note="Ít nhất 5.000 đồng")
    after = walk.everything_read(made.readers, lambda who, address: address in at)
    offices = set(Role)
    assert {who for who, _address in differences(before, after)} == {COUNTERPART, *offices}


def test_the_walk_would_see_a_question_that_one_of_two_worlds_asks_more(made):
    """What takes longer is told apart too, though the bytes are equal."""
    key = (ANONYMOUS, "/api/v1/units")
    one = walk.everything_read(made.readers, lambda *asked: asked == key)
    longer = replace(one[key], asked=(*one[key].asked, "SELECT 1"))
    assert one[key].asked
    assert differences(one, {key: longer}) == [key]
