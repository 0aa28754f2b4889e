"""A database administrator who forges the chain of events, past its triggers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection, transaction

from linkage.jobs import chain, services
from linkage.jobs.models import Event, Seal
from tests.jobs.conftest import NOW

SEALING = import_module("linkage.jobs.migrations.0002_events_are_append_only_and_sealed")
TEXTS = ("HTX Bí xanh", 'nói "thế"', "đ\n\t", "7:abc,", "🌾", "")


def write_a_chain(length: int) -> list[int]:
    """So many events, sealed, of every shape of column that there is; their ids in order."""
    chance = random.Random(1)
    for number in range(length):
        services.record_event(
            subject_kind=chance.choice(["thing", "matter"]),
            subject_id=number,
            kind=chance.choice(["edited", "moved"]),
            at=NOW.replace(microsecond=chance.choice([0, 5, 120_000])),
            actor_id=chance.choice([None, 1, 23]),
            data={"n": number, "t": chance.choice(TEXTS), "x": [1.5, None, True, {"a": 1}]},
        )
    assert chain.verify().ok
    return list(Seal.objects.order_by("seq").values_list("event_id", flat=True))


@contextmanager
def past_the_triggers() -> Iterator[None]:
    """Everything inside is done without a trigger and undone at its end."""
    with transaction.atomic():
        off_with_the_triggers()
        yield
        transaction.set_rollback(True)


def off_with_the_triggers() -> None:
    """No trigger fires until the transaction, or the savepoint, is rolled back."""
    if connection.vendor == "postgresql":
        execute("SET LOCAL session_replication_role = replica")
        return
    for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        execute(f'DROP TRIGGER "{name}"')


def execute(statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """What a statement gives, if it gives anything."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def seal(event_id: int) -> None:
    """Append an event to the chain as it ends now, by what the database itself seals with."""
    if connection.vendor == "postgresql":
        execute("SELECT jobs_seal_event(%s)", [event_id])
    else:
        execute(SEALING.SQLITE_SEAL.format(event="%s"), [event_id])


def take_off(start: int) -> list[Seal]:
    """Delete the seals from that one on; return them."""
    rows = list(Seal.objects.filter(seq__gte=start).order_by("seq"))
    Seal.objects.filter(seq__gte=start).delete()
    return rows


def put_back(rows: list[Seal], moved: int = 0) -> None:
    """Insert seals, with other numbers if they are moved."""
    for row in rows:
        row.seq += moved
    Seal.objects.bulk_create(rows)


def an_event(**values: Any) -> Event:
    """One more event, without a seal."""
    told = {"subject_kind": "thing", "subject_id": "1", "kind": "edited", "at": NOW}
    return Event.objects.create(**(told | values), data={})
