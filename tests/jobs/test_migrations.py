"""The outbox's pauses came later than its messages: what waited then is delivered all the same."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from linkage.jobs import outbox, services
from linkage.jobs.models import Event, Outbox
from tests.jobs.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def before_pauses():
    """The schema of the migration before, and back however the test ends."""
    executor = MigrationExecutor(connection)
    executor.migrate([("jobs", "0003_answers_are_remembered")])
    state = executor.loader.project_state([("jobs", "0003_answers_are_remembered")])
    yield state.apps.get_model("jobs", "Outbox")
    call_command("migrate", verbosity=0)


def test_what_waited_before_there_were_pauses_is_due_and_histories_stay_closed(before_pauses):
    services.record_event(subject_kind="s", subject_id=1, kind="k", at=NOW, actor_id=None, data={})
    before_pauses.objects.create(topic="t", dedupe_key="1", attempts=2, created_at=NOW)
    call_command("migrate", "jobs", verbosity=0)
    assert outbox.deliver_due(consumers={"t": lambda message: None}, clock=lambda: NOW) == 1
    assert Outbox.objects.get().state == "done"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.update(kind="other")
