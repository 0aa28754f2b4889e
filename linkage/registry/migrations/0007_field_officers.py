"""Field officers: their area, the consents that they record, what they do and whom they ring.

Consents and their ends can be added and never changed: the database refuses UPDATE and DELETE by
triggers. The table of grants is remade on SQLite, so the triggers of 0002 are put back.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = ("registry_officerconsent", "registry_consentend")
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


def put_back(apps, schema_editor):
    """The triggers of 0002 on the table of grants, which SQLite forgot when it remade it."""
    if schema_editor.connection.vendor == "sqlite":
        periods = import_module("linkage.registry.migrations.0002_periods_do_not_overlap")
        for table, equal, name in periods.RULES:
            if table == "registry_rolegrant":
                for statement in periods.triggers(table, equal, name):
                    schema_editor.execute(statement)


def forget(apps, schema_editor):
    """Before the table is remade on the way back."""
    if schema_editor.connection.vendor == "sqlite":
        for event in ("insert", "update"):
            rule = "role_grant_periods_do_not_overlap"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {rule}_on_{event}")


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0006_what_happened_in_law'),
    ]

    operations = [
        migrations.RunPython(forget, put_back),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('no_answer', 'No answer'), ('again', 'Call again on a day'), ('not_interested', 'Not interested')], max_length=14)),
                ('again_on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('rang_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ConsentEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name='OfficerAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField()),
                ('event_id', models.BigIntegerField()),
                ('done_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('told_on_phone_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='OfficerConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_by', models.CharField(max_length=150)),
                ('way', models.CharField(choices=[('phone', 'On the telephone'), ('in_person', 'In person'), ('paper', 'On paper')], max_length=9)),
                ('given_on', models.DateField()),
                ('until', models.DateField()),
                ('deeds', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='rolegrant',
            name='role_grant_role_is_known',
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='communes',
            field=models.ManyToManyField(blank=True, related_name='+', to='registry.commune'),
        ),
        migrations.AlterField(
            model_name='rolegrant',
            name='role',
            field=models.CharField(choices=[('city_staff', 'City staff'), ('verifier', 'Verifier'), ('auditor', 'Auditor'), ('administrator', 'Administrator'), ('field_officer', 'Field officer')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['city_staff', 'verifier', 'auditor', 'administrator', 'field_officer'])), name='role_grant_role_is_known'),
        ),
        migrations.AddField(
            model_name='call',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='call',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='consentend',
            name='ended_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='officerconsent',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents_recorded', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='officerconsent',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='officer_consents', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='officeract',
            name='consent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='registry.officerconsent'),
        ),
        migrations.AddField(
            model_name='consentend',
            name='consent',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='registry.officerconsent'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['organisation', '-id'], name='call_of_organisation'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['no_answer', 'again', 'not_interested'])), name='call_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='officerconsent',
            constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('given_on'))), name='officer_consent_does_not_end_before_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='officerconsent',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['phone', 'in_person', 'paper'])), name='officer_consent_way_is_known'),
        ),
        migrations.AddConstraint(
            model_name='officerconsent',
            constraint=models.CheckConstraint(condition=models.Q(('given_by', ''), _negated=True), name='officer_consent_names_who_gave_it'),
        ),
        migrations.AddIndex(
            model_name='officeract',
            index=models.Index(fields=['subject_kind', 'subject_id'], name='officer_act_by_subject'),
        ),
        migrations.AddConstraint(
            model_name='officeract',
            constraint=models.UniqueConstraint(fields=('consent', 'subject_kind', 'subject_id', 'done_at'), name='officer_act_is_noted_once'),
        ),
        migrations.RunPython(put_back, forget),
        migrations.RunPython(refuse, allow),
    ]
