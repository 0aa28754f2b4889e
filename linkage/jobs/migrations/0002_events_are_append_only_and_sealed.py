"""Events and their seals can be added and never changed, and every event is sealed.

A seal is made in its event's own transaction: the hash of its content and of the seal before.

The database itself seals. On SQLite that is a trigger: there is one writer. On PostgreSQL writers
would wait for each other from their first event on, so sealing is put off to the commit. There it is
put off once more, by a row of `jobs_unsealed` that lives within the commit alone: what a deferred
trigger causes comes after all that was deferred before it, foreign keys among it, which lock rows.
So the chain's lock is the last one that a transaction takes, and no order of locks is a deadlock.

What is hashed is a list of byte strings, each as "<length>:<bytes>,": the hash before, the number,
and the event's columns as text. linkage/jobs/chain.py computes the same in Python.

SQLite forgets a table's triggers when a later migration remakes the table (most AlterField do):
such a migration must end with these operations again. tests/jobs/test_chain.py notices.
"""

from django.db import migrations

from linkage.migrating import append_only

GENESIS = "0" * 64


def _joined(length, columns):
    return " || ".join(f"{length.format(column)} || ':' || {column} || ','" for column in columns)


SQLITE_HASHED = _joined(
    "length(CAST({} AS BLOB))",
    ["head.hash", "head.seq", "e.id", "e.subject_kind", "e.subject_id", "e.kind", "e.at",
     "coalesce(e.actor_id, '')", "e.data"],
)
SQLITE_SEAL = f"""
INSERT INTO jobs_seal (seq, event_id, previous, hash)
SELECT head.seq, e.id, head.hash, SHA256({SQLITE_HASHED})
FROM jobs_event e,
     (SELECT coalesce(max(seq), 0) + 1 AS seq,
             coalesce((SELECT hash FROM jobs_seal ORDER BY seq DESC LIMIT 1), '{GENESIS}') AS hash
      FROM jobs_seal) head
WHERE e.id = {{event}}
"""  # noqa: S608
SQLITE_TRIGGER = f"""
CREATE TRIGGER jobs_event_is_sealed AFTER INSERT ON jobs_event
BEGIN {SQLITE_SEAL.format(event="NEW.id")}; END
"""

# Without enable_seqscan = off a plan that was made while a table was small reads all of it for each
# event of a large transaction.
# The chain's lock is an advisory one, of this database; the number stands for nothing else.
POSTGRESQL_HASHED = _joined(
    "octet_length({})",
    ["head.hash", "head.seq::text", "e.id::text", "e.subject_kind", "e.subject_id", "e.kind",
     "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US BC')",
     "coalesce(e.actor_id::text, '')", "e.data::text"],
)
POSTGRESQL = [
    f"""
CREATE FUNCTION jobs_seal_event(of_event bigint) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE head record;
BEGIN
  PERFORM pg_advisory_xact_lock(7215001);
  SELECT s.seq + 1 AS seq, s.hash INTO head FROM jobs_seal s ORDER BY s.seq DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT 1::bigint AS seq, '{GENESIS}'::varchar AS hash INTO head;
  END IF;
  INSERT INTO jobs_seal (seq, event_id, previous, hash)
  SELECT head.seq, e.id, head.hash,
         encode(sha256(convert_to({POSTGRESQL_HASHED}, 'UTF8')), 'hex')
  FROM jobs_event e WHERE e.id = of_event;
END $$
""",  # noqa: S608
    # Empty outside of a commit: it need not outlive a crash.
    "CREATE UNLOGGED TABLE jobs_unsealed (event_id bigint PRIMARY KEY)",
    """
CREATE FUNCTION jobs_event_waits() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO jobs_unsealed VALUES (NEW.id); RETURN NULL; END $$
""",
    """
CREATE FUNCTION jobs_unsealed_ends() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  PERFORM jobs_seal_event(NEW.event_id);
  DELETE FROM jobs_unsealed WHERE event_id = NEW.event_id;
  RETURN NULL;
END $$
""",
    """
CREATE CONSTRAINT TRIGGER jobs_event_is_sealed AFTER INSERT ON jobs_event
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jobs_event_waits()
""",
    """
CREATE CONSTRAINT TRIGGER jobs_unsealed_is_sealed AFTER INSERT ON jobs_unsealed
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jobs_unsealed_ends()
""",
]
UNSEALED = """
SELECT id FROM jobs_event e
WHERE NOT EXISTS (SELECT 1 FROM jobs_seal s WHERE s.event_id = e.id) ORDER BY id
"""


def seal_from_now_on(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if on_postgresql else [SQLITE_TRIGGER]:
        schema_editor.execute(statement)


def seal_what_is_there(apps, schema_editor):
    """The seals of events that were written while nothing guarded them, in the order of their ids."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(UNSEALED)
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        seal = "SELECT jobs_seal_event(%s)" if on_postgresql else SQLITE_SEAL.format(event="%s")
        cursor.executemany(seal, cursor.fetchall())


def seal_no_more(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER jobs_event_is_sealed")
        return
    schema_editor.execute("DROP TRIGGER jobs_event_is_sealed ON jobs_event")
    schema_editor.execute("DROP TABLE jobs_unsealed")
    for function in ("event_waits", "unsealed_ends", "seal_event(bigint)"):
        schema_editor.execute(f"DROP FUNCTION jobs_{function}")


class Migration(migrations.Migration):
    replaces = [("jobs", "0002_events_are_append_only"), ("jobs", "0005_events_are_sealed")]
    dependencies = [("jobs", "0001_tables")]

    operations = [
        append_only(
            "jobs_event", what="events", function="jobs_event_refuse", never_emptied=True
        ),
        append_only("jobs_seal", what="seals", function="jobs_seal_refuse", never_emptied=True),
        migrations.RunPython(seal_from_now_on, seal_no_more),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
    ]
