"""A message is kept once, delivered once, in order, and parked if it cannot be delivered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linkage.jobs import outbox, services
from linkage.jobs.leases import MAX_ATTEMPTS
from linkage.jobs.models import Event, Outbox

pytestmark = pytest.mark.django_db


def enqueue(now, key="1", sequence=0, topic="t"):
    return services.enqueue(
        topic=topic, dedupe_key=key, payload={"key": key}, sequence=sequence, now=now
    )


@pytest.fixture
def deliver(now):
    def deliver_to(consumer):
        return outbox.deliver_due(consumers={"t": consumer}, clock=lambda: now)

    return deliver_to


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


def test_a_message_that_always_fails_is_parked(now, deliver):
    enqueue(now)
    for _ in range(MAX_ATTEMPTS + 1):
        deliver(lambda message: 1 // 0)
    assert (Outbox.objects.get().state, Outbox.objects.get().attempts) == ("parked", MAX_ATTEMPTS)


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
