"""Consents, their ends and their scans can be added and never changed: the database refuses the rest.

SQLite forgets a table's triggers when a later migration remakes the table (most AlterField do):
such a migration must end with `refuse(...)` again. tests/registry/test_constraints.py notices.
"""

from django.db import migrations

APPEND_ONLY = ("registry_officerconsent", "registry_consentend", "registry_consentscan")
VERBS = ("UPDATE", "DELETE")
SQLITE = """
CREATE TRIGGER {table}_refuses_{name} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'consents are append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION registry_consent_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'consents are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_refuses_{name} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION registry_consent_refuse()
"""


def refuse(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(POSTGRESQL_FUNCTION)
    for table in APPEND_ONLY:
        for verb in VERBS:
            template = POSTGRESQL if on_postgresql else SQLITE
            schema_editor.execute(template.format(table=table, name=verb.lower(), verb=verb))


def allow(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in APPEND_ONLY:
        for verb in VERBS:
            where = f" ON {table}" if on_postgresql else ""
            schema_editor.execute(f"DROP TRIGGER {table}_refuses_{verb.lower()}{where}")
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION registry_consent_refuse()")


class Migration(migrations.Migration):
    replaces = [("registry", "0007_field_officers")]
    dependencies = [("registry", "0002_periods_of_one_do_not_overlap")]

    operations = [migrations.RunPython(refuse, allow)]
