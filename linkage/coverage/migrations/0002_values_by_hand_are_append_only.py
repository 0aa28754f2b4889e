"""Values that are entered by hand can be added and never changed: the database refuses the rest.

SQLite forgets a table's triggers when a later migration remakes the table (most AlterField do):
such a migration must end with `refuse(...)` again. tests/coverage/test_manual_values.py notices.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER manual_value_refuses_{name} BEFORE {verb} ON coverage_manualvalue
BEGIN SELECT RAISE(ABORT, 'values by hand are append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION manual_value_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'values by hand are append-only'
USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER manual_value_refuses_{name} BEFORE {verb} ON coverage_manualvalue
FOR EACH ROW EXECUTE FUNCTION manual_value_refuse()
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
        where = " ON coverage_manualvalue" if on_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER manual_value_refuses_{verb.lower()}{where}")
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION manual_value_refuse()")


class Migration(migrations.Migration):
    replaces = [("coverage", "0004_values_by_hand")]
    dependencies = [("coverage", "0001_tables")]

    operations = [migrations.RunPython(refuse, allow)]
