"""Lines of a plan entered by hand, append-only, and what a snapshot read of them.

SQLite forgets a table's triggers when a later migration remakes the table (most AlterField do):
such a migration must end with `refuse(...)` again. tests/coverage/test_manual_values.py notices.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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

    dependencies = [
        ('coverage', '0003_snapshot_counts_its_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='snapshot',
            name='reported_version',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.CreateModel(
            name='ManualValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('territory', models.CharField(blank=True, max_length=50)),
                ('as_of', models.DateField()),
                ('version', models.PositiveIntegerField()),
                ('numerator', models.PositiveIntegerField(blank=True, null=True)),
                ('denominator', models.PositiveIntegerField(blank=True, null=True)),
                ('source', models.TextField()),
                ('reason', models.TextField(blank=True)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='manual_values', to='coverage.indicator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('indicator', 'territory', 'as_of', 'version'), name='manual_value_has_one_row_a_version'), models.CheckConstraint(condition=models.Q(models.Q(('numerator__isnull', False), ('version', 1)), models.Q(('version__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='manual_value_is_corrected_with_a_reason'), models.CheckConstraint(condition=models.Q(('denominator', None), models.Q(('denominator__gt', 0), ('numerator__isnull', False), ('numerator__lte', models.F('denominator'))), _connector='OR'), name='manual_value_is_a_count_or_a_part_of_a_whole'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='manual_value_has_a_source')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('manual', 'Entered by hand')], max_length=8)),
                ('row_id', models.BigIntegerField()),
                ('fields', models.JSONField()),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='coverage.snapshot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('snapshot', 'basis', 'row_id'), name='snapshot_holds_a_report_once')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotReportedValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator_code', models.SlugField()),
                ('territory', models.CharField(blank=True, max_length=50)),
                ('basis', models.CharField(choices=[('manual', 'Entered by hand')], max_length=8)),
                ('as_of', models.DateField()),
                ('numerator', models.PositiveIntegerField()),
                ('denominator', models.PositiveIntegerField(blank=True, null=True)),
                ('source', models.TextField(blank=True)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reported_values', to='coverage.snapshot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('snapshot', 'indicator_code', 'territory', 'basis'), name='snapshot_reports_an_indicator_once'), models.CheckConstraint(condition=models.Q(('denominator', None), ('numerator__lte', models.F('denominator')), _connector='OR'), name='snapshot_reported_numerator_is_within_its_denominator')],
            },
        ),
        migrations.RunPython(refuse, allow),
    ]
