"""A sealed limit changes nothing that anybody but its owner can read.

Four worlds, each made anew from the first row on with its own two limits, all within range, and
walked by everybody: what differs between two of them is what the limit that differs has done.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from linkage.registry.models import Role
from tests.sealed import walk
from tests.sealed.reading import (
    EVERYBODY,
    FIRST,
    IN_WHOLE,
    MOVED,
    NO_CEILING,
    NO_FLOOR,
    OTHER_CEILING,
    OTHER_FLOOR,
    Read,
    unlike,
)
from tests.sealed.walk import Key, differences
from tests.sealed.world import ANONYMOUS, COLLEAGUE, COUNTERPART, SELLER, Limits

# One worker of xdist walks for all of these tests.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("sealed")]


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


LOG_OF_ALL = {"web:audit", "web:audit_csv", "api:audit"}


def owners_own(read: Read, limits: Limits) -> set[Key]:
    """The pages and the answer on which an owner reads the limit that moved."""
    floor = limits.floor != FIRST.floor
    post, many = (read.offer, "offers") if floor else (read.need, "needs")
    of, one = post.organisation_id, post.pk
    addresses = (
        f"/mine/{of}/{many}/{one}/",
        f"/mine/{of}/{many}/{one}/limit/",
        f"/api/v1/organisations/{of}/{many}/{one}",
    )
    owners = (SELLER, COLLEAGUE) if floor else (COUNTERPART,)
    return {(who, address) for who in owners for address in addresses}


@pytest.mark.parametrize("limits", MOVED, ids=str)
def test_a_limit_changes_what_its_owner_reads_and_nothing_else(worlds, first, limits):
    found = set(differences(first.answers, worlds[limits].answers))
    if None in (limits.floor, limits.ceiling):
        # The log of all acts says that one was given, and never which: the canaries look for it.
        found = {(who, at) for who, at in found if walk.route_name(at) not in LOG_OF_ALL}
    assert found == owners_own(first, limits)


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
    # A figure keeps the number of the last event before it, which that line moves, and an
    # announcement is told once by the number of its event.
    numbered = {"jobs_event", "jobs_seal", "jobs_outbox", "coverage_snapshot"}
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
    assert len(opened) > 100 * len(IN_WHOLE[limits])
    assert opened <= worlds[limits].answers.keys()


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
