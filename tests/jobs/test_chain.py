"""The chain has every event once, without gaps, in its own transaction, whoever writes at once."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from linkage.jobs import chain, services
from linkage.jobs.chain import GENESIS, BadRow, Fault, Head
from linkage.jobs.models import Event, Seal
from tests import postgres
from tests.jobs import forger
from tests.jobs.conftest import NOW

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def record(number: int = 1) -> Event:
    return services.record_event(
        subject_kind="thing", subject_id=number, kind="k", at=NOW, actor_id=None, data={}
    )


@committed
def test_each_event_is_sealed_in_the_transaction_that_writes_it():
    with transaction.atomic():
        first, second = record(), record()
    third = record()
    seals = Seal.objects.order_by("seq")
    assert list(seals.values_list("seq", "event_id")) == [
        (1, first.pk),
        (2, second.pk),
        (3, third.pk),
    ]
    assert [seal.previous for seal in seals] == [GENESIS, seals[0].hash, seals[1].hash]
    assert chain.verify() == chain.Verified(3, chain.head(), None)


def test_many_written_by_one_statement_are_sealed_in_their_order():
    data = {number: {"n": number} for number in range(1_200)}
    services.record_events(subject_kind="thing", data=data, kind="k", at=NOW, actor_id=1)
    assert chain.verify().seen == 1_200
    sealed = Seal.objects.order_by("seq").values_list("event__subject_id", flat=True)
    assert list(sealed) == [str(number) for number in range(1_200)]


def test_the_chain_is_read_in_chunks(monkeypatch):
    monkeypatch.setattr(chain, "CHUNK", 3)
    forger.write_a_chain(10)
    told = []
    assert chain.verify(progress=lambda *step: told.append(step)).seen == 10
    assert told == [(3, 10), (6, 10), (9, 10)]


def roll_back_an_event() -> None:
    with transaction.atomic():
        record()
        transaction.set_rollback(True)


@committed
def test_what_is_rolled_back_leaves_no_event_and_no_seal():
    record()
    roll_back_an_event()
    with transaction.atomic():
        record()
        roll_back_an_event()
    assert Event.objects.count() == 2
    assert list(Seal.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert chain.verify().ok


@pytest.mark.parametrize("statement", ["UPDATE jobs_seal SET hash = 'x'", "DELETE FROM jobs_seal"])
def test_the_database_refuses_to_change_or_delete_a_seal(statement):
    record()
    assert chain.verify().seen == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        forger.execute(statement)
    assert chain.verify().seen == 1


def test_the_triggers_are_there_after_migrate():
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if postgres.is_used():
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    due = {"jobs_event_is_sealed", "jobs_seal_refuses_update", "jobs_seal_refuses_delete"}
    assert due <= {name for (name,) in forger.execute(names)}


@committed
def test_what_was_written_while_nothing_guarded_it_is_sealed_by_the_migration():
    forger.write_a_chain(20)
    before = list(Seal.objects.order_by("seq").values_list())
    call_command("migrate", "jobs", "0001", verbosity=0)
    try:
        record()
        assert not chain.verify().ok
    finally:
        call_command("migrate", verbosity=0)
    assert list(Seal.objects.order_by("seq").values_list())[:20] == before
    assert chain.verify().seen == 21


def test_a_head_is_a_number_and_a_hash_or_a_hash_alone():
    forger.write_a_chain(5)
    kept = chain.head()
    assert chain.verify(heads=[Head(None, kept.hash), Head(None, GENESIS)]).ok
    assert chain.verify(heads=[Head(0, GENESIS), kept]).ok
    assert chain.verify(heads=[Head(None, "f" * 64)]).bad == BadRow(Fault.CUT, 6, None)
