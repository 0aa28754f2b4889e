"""Scans of consents on paper. Like the consents they can be added and never changed."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "registry_consentscan"
VERBS = ("UPDATE", "DELETE")


def refuse(apps, schema_editor):
    consents = import_module("linkage.registry.migrations.0007_field_officers")
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    template = consents.POSTGRESQL if on_postgresql else consents.SQLITE
    for verb in VERBS:
        schema_editor.execute(template.format(table=TABLE, name=verb.lower(), verb=verb))


def allow(apps, schema_editor):
    where = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    for verb in VERBS:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_refuses_{verb.lower()}{where}")


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0008_people_have_keys_for_programs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('stored_as', models.CharField(max_length=100)),
                ('media_type', models.CharField(max_length=50)),
                ('size', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('uploaded_at', models.DateTimeField()),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='registry.officerconsent')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sha256', 'consent'), name='consent_scan_is_attached_once'), models.UniqueConstraint(fields=('stored_as',), name='consent_scan_has_a_place_of_its_own'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='consent_scan_is_not_empty'), models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='consent_scan_is_a_scan')],
            },
        ),
        migrations.RunPython(refuse, allow),
    ]
