"""Events can be added and never changed: the database refuses UPDATE and DELETE by triggers.

SQLite forgets a table's triggers when a later migration remakes the table (most AlterField do):
such a migration must end with `refuse(...)` again. tests/jobs/test_events.py notices.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER jobs_event_refuses_{name} BEFORE {verb} ON jobs_event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION jobs_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER jobs_event_refuses_{name} BEFORE {verb} ON jobs_event
FOR EACH ROW EXECUTE FUNCTION jobs_event_refuse()
"""
VERBS = ("UPDATE", "DELETE")


def refuse(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(POSTGRESQL_FUNCTION)
    for verb in VERBS:
        template = POSTGRESQL if on_postgresql else SQLITE
        schema_editor.execute(template.format(name=verb.lower(), verb=verb))


def allow(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for verb in VERBS:
        where = " ON jobs_event" if on_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER jobs_event_refuses_{verb.lower()}{where}")
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION jobs_event_refuse()")


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [migrations.RunPython(refuse, allow)]
