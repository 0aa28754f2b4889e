"""These migrations took the place of others: whoever ran all of those has nothing to do."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from api import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def replaced():
    """The names from before, each as its app's: the database knows these, and not the new ones."""
    recorder = MigrationRecorder(connection)
    old = set()
    for (app, name), migration in MigrationLoader(connection).disk_migrations.items():
        if migration.replaces and app != "account":
            old |= set(migration.replaces)
            recorder.record_unapplied(app, name)
    for app, name in old:
        recorder.record_applied(app, name)
    return sorted(old)


def test_a_database_with_all_of_those_from_before_is_up_to_date(replaced):
    assert ("jobs", "0007_no_history_is_emptied") in replaced
    assert not MigrationLoader(connection).detect_conflicts()
    out = io.StringIO()
    call_command("migrate", stdout=out)
    assert "No migrations to apply" in out.getvalue()
    assert health._migrated()


def test_a_database_that_stopped_among_them_is_refused_by_name(replaced):
    """Django would leave out what it lacks, and say nothing."""
    MigrationRecorder(connection).record_unapplied("jobs", "0007_no_history_is_emptied")
    with pytest.raises(CommandError, match=r"jobs: .* 4 of 5 migrations"):
        call_command("migrate", verbosity=0)
    assert not health._migrated()
