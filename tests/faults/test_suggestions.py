"""Suggestions while hints are lost and workers die: nothing is lost, nothing comes twice."""

from __future__ import annotations

from functools import partial
from random import Random

from django.utils import timezone

from linkage.jobs.models import Job, Outbox
from linkage.market.models import PostKind
from linkage.notices.models import Notice
from linkage.suggestions.models import Suggestion
from linkage.suggestions.queries import LOOK
from linkage.suggestions.services import refresh_post
from tests.faults.house import House, wait_for
from tests.market import town
from tests.racing import at_once
from tests.suggestions import test_touched as crowds
from tests.suggestions.test_worlds import at_night


def a_coop_and_a_firm():
    town.catalogue()
    town.places()
    coop = town.organisation(product="garlic")
    firm = town.organisation("Công ty Rau", "enterprise", commune="2")
    for organisation in (coop, firm):
        town.person(organisation)
    return coop, firm


def posted(organisation, kind, **changes):
    today = timezone.localdate()
    window = {"starts": today, "ends": today.replace(year=today.year + 1)}
    return town.post(organisation, kind, now=timezone.now(), **window, **changes)


def is_settled() -> bool:
    looks = Job.objects.filter(kind=LOOK)
    for rows in (Outbox.objects.all(), looks):
        assert not rows.filter(state="parked").exists()
    return not any(rows.exclude(state="done").exists() for rows in (Outbox.objects, looks))


def assert_suggested_once(pairs: int) -> None:
    assert Suggestion.objects.filter(stale=False).count() == pairs
    assert Notice.objects.count() == 2 * pairs
    assert len(set(Notice.objects.values_list("dedupe_key", flat=True))) == 2 * pairs


def test_a_broker_emptied_while_suggestions_are_made_loses_none(house: House) -> None:
    coop, firm = a_coop_and_a_firm()
    posted(coop, PostKind.OFFER)
    house.worker_with_beat("only")
    for _ in range(3):
        posted(firm, PostKind.NEED)
        house.empty_broker()
    wait_for(is_settled, "the sweeper delivers what lost its hint")
    assert_suggested_once(3)


def test_a_worker_killed_inside_a_suggestion_leaves_nothing_and_another_makes_it_once(
    house: House,
) -> None:
    coop, firm = a_coop_and_a_firm()
    posted(coop, PostKind.OFFER)
    posted(firm, PostKind.NEED)
    first = house.worker_with_beat("first", JOBS_EXTRA_HANDLERS="tests.faults.held_suggestions")
    wait_for((house.folder / "telling").exists, "the worker is inside, its rows written")
    first.kill()
    # What it wrote went with it.
    assert not Suggestion.objects.exists()
    assert Job.objects.filter(kind=LOOK, state="running", attempts=1).exists()
    # The killed one held the hint of the other post's look too: the reminder brings it back.
    house.worker_with_beat("second", JOBS_FORGOTTEN_SECONDS="1")
    wait_for(is_settled, "another worker takes the look when its lease is over")
    assert_suggested_once(1)


def test_the_same_message_ten_times_at_once_has_one_effect(house: House) -> None:
    coop, firm = a_coop_and_a_firm()
    posted(coop, PostKind.OFFER)
    posted(firm, PostKind.NEED)
    message = Outbox.objects.get(dedupe_key__startswith="need")
    for number in range(9):
        message.pk, message.dedupe_key = None, f"{message.dedupe_key}:{number}"
        message.save(force_insert=True)
    house.worker_with_beat("first")
    house.worker("second")
    wait_for(is_settled, "all are delivered")
    assert_suggested_once(1)


def test_the_other_side_is_told_by_the_hint_alone_without_a_sweeper(house: House) -> None:
    coop, firm = a_coop_and_a_firm()
    posted(coop, PostKind.OFFER)
    house.worker("only")
    wait_for(is_settled, "the worker's first sweep, at its start")
    posted(firm, PostKind.NEED)
    wait_for(Notice.objects.filter(organisation=coop).exists, "the co-op is told")


def test_looks_at_once_leave_what_a_night_would(house: House) -> None:
    town.catalogue()
    town.places()
    r = Random(5)
    crowds.crowd(r, 15)
    at_night()
    for _ in range(3):
        posts = [crowds.changed(r) for _ in range(6)]
        at_once(
            [partial(refresh_post, kind=kind, post_id=id_, now=town.NOW) for kind, id_ in posts],
            hands=3,
        )
        found = crowds.stored()
        at_night()
        assert crowds.stored() == found
