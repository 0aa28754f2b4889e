"""A subject's history can be added to and never changed, whoever asks the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from linkage.jobs import queries, services
from linkage.jobs.models import Event

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def record(kind: str = "edited", subject_id: int = 7) -> Event:
    return services.record_event(
        subject_kind="organisation",
        subject_id=subject_id,
        kind=kind,
        at=NOW,
        actor_id=1,
        data={"members": 1},
    )


@pytest.mark.django_db
def test_a_history_reads_in_the_order_in_which_it_happened():
    record("created")
    record("merged", subject_id=8)
    record("edited")
    assert [event.kind for event in queries.events_of("organisation", 7)] == ["created", "edited"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE jobs_event SET kind = 'x'", "DELETE FROM jobs_event"]
)
def test_the_database_refuses_to_change_or_delete_an_event(statement):
    record()
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.get().kind == "edited"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a statement of PostgreSQL alone")
@pytest.mark.parametrize("table", ["jobs_event", "jobs_seal"])
def test_the_database_refuses_to_empty_a_history(table):
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.django_db
def test_the_model_refuses_too():
    event = record()
    event.kind = "other"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_can_still_be_cleaned_up():
    record()
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_both_triggers_are_there_after_migrate():
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(names)
        found = {name for (name,) in cursor.fetchall()}
    assert {"jobs_event_refuses_update", "jobs_event_refuses_delete"} <= found
