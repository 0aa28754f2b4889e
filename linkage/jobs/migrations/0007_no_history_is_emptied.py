"""PostgreSQL refuses to empty events and seals too: TRUNCATE, which triggers of rows do not see.

SQLite has no such statement; its DELETE of all rows is refused row by row.
"""

from django.db import migrations

TABLES = {"jobs_event": "jobs_event_refuse", "jobs_seal": "jobs_seal_refuse"}


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, function in TABLES.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def allow(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_refuses_truncate ON {table}")


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_events_by_day_and_actor")]

    operations = [migrations.RunPython(refuse, allow)]
