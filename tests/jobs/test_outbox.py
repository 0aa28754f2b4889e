"""A message is kept once, delivered once, in order, and parked if it cannot be delivered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from linkage.jobs import outbox, services
from linkage.jobs.models import Event, Outbox
from linkage.jobs.outbox import LONGEST_PAUSE, MAX_ATTEMPTS

pytestmark = pytest.mark.django_db


def enqueue(now, key="1", sequence=0, topic="t"):
    return services.enqueue(
        topic=topic, dedupe_key=key, payload={"key": key}, sequence=sequence, now=now
    )


@pytest.fixture
def deliver(now):
    def deliver_to(consumer, at=now):
        return outbox.deliver_due(consumers={"t": consumer}, clock=lambda: at)

    return deliver_to


def refuse(message):
    raise ConnectionError


@pytest.fixture
def parked(now):
    """A message whose consumer failed as often as it is asked, without the hours of waiting."""
    made = enqueue(now)
    ended = {"state": "parked", "finished_at": now, "error_text": "ConnectionError"}
    Outbox.objects.update(attempts=MAX_ATTEMPTS, **ended)
    return made


def write(message):
    services.record_event(
        subject_kind="m",
        subject_id=message.pk,
        kind="k",
        at=message.created_at,
        actor_id=None,
        data={},
    )


def test_the_same_message_is_kept_once_and_workers_are_told_once(
    now, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert enqueue(now).pk == enqueue(now).pk
    assert sent == [[]]


def test_a_message_is_delivered_once(now, deliver):
    enqueue(now)
    assert (deliver(write), deliver(write)) == (1, 0)
    assert (Event.objects.count(), Outbox.objects.get().state) == (1, "done")


def test_messages_go_in_the_order_of_their_sequence(now, deliver):
    seen = []
    for key, sequence in [("c", 3), ("a", 1), ("b", 2)]:
        enqueue(now, key, sequence)
    deliver(lambda message: seen.append(message.dedupe_key))
    assert seen == ["a", "b", "c"]


def test_a_message_that_fails_leaves_no_effect_and_lets_others_go_on(now, deliver):
    enqueue(now, "bad", 1)
    enqueue(now, "good", 2)

    def half(message):
        write(message)
        if message.dedupe_key == "bad":
            raise ValueError

    assert deliver(half) == 1
    assert Event.objects.count() == 1
    bad = Outbox.objects.get(dedupe_key="bad")
    assert (bad.state, bad.attempts, bad.error_text) == ("pending", 1, "ValueError")


def test_a_message_outlives_a_consumer_that_is_away_for_an_hour(now, deliver, settings):
    enqueue(now)
    for second in range(0, 3600, settings.JOBS_SWEEP_SECONDS):
        assert deliver(refuse, at=now + timedelta(seconds=second)) == 0
    assert Outbox.objects.get().state == "pending"
    assert deliver(write, at=now + timedelta(hours=2)) == 1


def test_the_pause_after_an_attempt_grows_up_to_an_hour(now, deliver, settings):
    enqueue(now)
    when, pauses = now, []
    for _ in range(MAX_ATTEMPTS):
        assert deliver(refuse, at=when) == 0
        due = Outbox.objects.get().due_at
        assert deliver(write, at=due - timedelta(seconds=1)) == 0
        pauses.append(due - when)
        when = due
    first = timedelta(seconds=settings.JOBS_RETRY_SECONDS)
    assert pauses == [min(first * 2**number, LONGEST_PAUSE) for number in range(MAX_ATTEMPTS)]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_message_that_kills_its_worker_waits_like_one_that_fails(now, deliver, settings):
    enqueue(now)

    def die(message):
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver(die)
    held = Outbox.objects.get()
    assert (held.attempts, held.due_at) == (1, now + timedelta(seconds=settings.JOBS_RETRY_SECONDS))


def test_a_message_that_always_fails_is_parked_at_last(now, deliver, settings):
    settings.JOBS_RETRY_SECONDS = 0
    enqueue(now)
    for _ in range(MAX_ATTEMPTS + 1):
        deliver(refuse)
    assert (Outbox.objects.get().state, Outbox.objects.get().attempts) == ("parked", MAX_ATTEMPTS)


def test_a_parked_message_that_is_told_again_is_delivered(
    now, parked, deliver, sent, django_capture_on_commit_callbacks
):
    later = now + timedelta(days=1)
    with django_capture_on_commit_callbacks(execute=True):
        told = services.enqueue(topic="t", dedupe_key="1", payload={"new": 1}, now=later)
    assert (told.pk, told.state, told.attempts) == (parked.pk, "pending", 0)
    assert (told.payload, told.created_at, told.error_text) == ({"new": 1}, later, "")
    assert sent == [[]]
    assert deliver(write, at=later) == 1


@pytest.mark.parametrize("state", ["pending", "done"])
def test_a_message_that_waits_or_was_delivered_stays_as_it_was_told(now, deliver, state):
    enqueue(now)
    if state == "done":
        deliver(write)
    told = services.enqueue(topic="t", dedupe_key="1", payload={"new": 1}, now=now)
    assert (told.payload, told.state) == ({"key": "1"}, state)


def test_parked_messages_are_delivered_anew_by_command(
    now, parked, sent, capsys, django_capture_on_commit_callbacks
):
    waiting = enqueue(now, "2")
    Outbox.objects.filter(pk=waiting.pk).update(attempts=1)
    for told in ("1", "0"):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("retry_messages")
        assert capsys.readouterr().out == f"Messages that wait again: {told}\n"
    assert sent == [[]]
    rows = Outbox.objects.order_by("pk").values_list("state", "attempts", "finished_at")
    assert list(rows) == [("pending", 0, None), ("pending", 1, None)]


def test_a_message_without_a_consumer_stays(now, deliver):
    enqueue(now, topic="nobody reads it")
    assert deliver(write) == 0
    assert Outbox.objects.get().state == "pending"


def test_a_message_in_another_workers_hands_is_left_to_it_until_its_lease_ends(now, settings):
    message = enqueue(now)
    end = now + timedelta(seconds=settings.JOBS_LEASE_SECONDS)
    Outbox.objects.filter(pk=message.pk).update(lease_until=end, attempts=1)
    for when, delivered in [(end - timedelta(seconds=1), 0), (end, 1)]:
        assert outbox.deliver_due(consumers={"t": write}, clock=lambda at=when: at) == delivered
