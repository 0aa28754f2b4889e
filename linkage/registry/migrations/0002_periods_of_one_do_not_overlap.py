"""Periods of one role of one person, and of one certificate of one holder, do not overlap.

EXCLUDE on PostgreSQL; triggers on SQLite, which has no such constraint. Both ends are included;
no end means for ever.
"""

from django.db import migrations

# table, what must be equal, the rule's name
RULES = [
    ("registry_rolegrant", ("user_id", "role"), "role_grant_periods_do_not_overlap"),
    ("registry_certificate", ("organisation_id", "certification_id"), "certificate_periods_do_not_overlap"),
]
FOR_EVER = "9999-12-31"


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table, equal, name in RULES:
        for statement in STATEMENTS[schema_editor.connection.vendor](table, equal, name):
            schema_editor.execute(statement)


def allow(apps, schema_editor):
    for table, _, name in RULES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            for event in ("insert", "update"):
                schema_editor.execute(f"DROP TRIGGER {name}_on_{event}")


def exclusion(table, equal, name):
    columns = ", ".join(f"{column} WITH =" for column in equal)
    yield (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"({columns}, daterange(starts, ends, '[]') WITH &&)"
    )


def triggers(table, equal, name):
    same = " AND ".join(f"{column} = NEW.{column}" for column in equal)
    for event in ("insert", "update"):
        yield f"""
            CREATE TRIGGER {name}_on_{event} BEFORE {event.upper()} ON {table}
            WHEN EXISTS (
                SELECT 1 FROM {table} WHERE {same} AND id IS NOT NEW.id
                AND starts <= COALESCE(NEW.ends, '{FOR_EVER}')
                AND NEW.starts <= COALESCE(ends, '{FOR_EVER}')
            )
            BEGIN SELECT RAISE(ABORT, '{name}'); END
        """  # noqa: S608  # names of this file, no input


STATEMENTS = {"postgresql": exclusion, "sqlite": triggers}


class Migration(migrations.Migration):
    replaces = [("registry", "0002_periods_do_not_overlap")]
    dependencies = [("registry", "0001_tables")]

    operations = [migrations.RunPython(forbid, allow)]
