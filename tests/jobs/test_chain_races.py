"""Writers at once: a chain without gaps, and no deadlock that would not be there without it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from linkage.jobs import chain, services
from linkage.jobs.models import Seal
from linkage.registry.models import MemberRole, Membership, Organisation, User
from tests.jobs import forger
from tests.jobs.conftest import NOW
from tests.racing import at_once, wait_until_it_waits
from tests.web import register

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time"),
]
# What the migration took care not to do: sealing among what was deferred before, not after it.
AT_ONCE = """
CREATE OR REPLACE FUNCTION jobs_event_waits() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM jobs_seal_event(NEW.id); RETURN NULL; END $$
"""


def record(number: int = 1) -> None:
    services.record_event(
        subject_kind="thing", subject_id=number, kind="k", at=NOW, actor_id=None, data={}
    )


def test_writers_at_once_leave_a_chain_without_gaps():
    def write(number: int) -> None:
        with transaction.atomic():
            record(number)
            record(number)

    at_once([partial(write, number) for number in range(64)], hands=16)
    seqs = Seal.objects.order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, 129))
    assert chain.verify().seen == 128


@pytest.fixture
def held() -> Organisation:
    return register.organisation("HTX Bí xanh")


def lock(organisation: Organisation) -> None:
    list(Organisation.objects.select_for_update().filter(pk=organisation.pk))


def one_after_the_other(first: Callable[[], None], held: Organisation) -> Future[None]:
    """`first` comes to wait for a row that this transaction holds, which then writes an event."""

    def other() -> None:
        try:
            with transaction.atomic():
                first()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock(held)
            waits = pool.submit(other)
            wait_until_it_waits(waits)
            record()
        return waits


def writes_then_locks(held: Organisation) -> None:
    record()
    lock(held)


def seals_then_locks(held: Organisation) -> None:
    record()
    forger.execute("SET CONSTRAINTS ALL IMMEDIATE")
    lock(held)


def writes_what_refers_to(held: Organisation, user: User) -> None:
    """The key to `held` is looked up at the commit, and waits for whoever holds it."""
    record()
    Membership.objects.create(
        user=user, organisation=held, role=MemberRole.MEMBER, starts=date(2026, 1, 1)
    )


def test_an_event_before_a_row_that_another_writer_holds_is_no_deadlock(held):
    one_after_the_other(partial(writes_then_locks, held), held).result()
    assert chain.verify().seen == 2


def test_sealing_before_the_commit_would_be_one(held):
    with pytest.raises(DatabaseError, match="deadlock"):
        one_after_the_other(partial(seals_then_locks, held), held).result()
    assert chain.verify().ok


def test_a_key_that_waits_at_the_commit_is_no_deadlock(held):
    user = User.objects.create(username="lan")
    one_after_the_other(partial(writes_what_refers_to, held, user), held).result()
    assert chain.verify().seen == 2


def test_sealing_before_the_keys_would_be_one(held):
    user = User.objects.create(username="lan")
    before = forger.execute("SELECT pg_get_functiondef('jobs_event_waits'::regproc)")[0][0]
    forger.execute(AT_ONCE)
    try:
        with pytest.raises(DatabaseError, match="deadlock"):
            one_after_the_other(partial(writes_what_refers_to, held, user), held).result()
    finally:
        forger.execute(before)
    assert chain.verify().ok
