import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('intake', '0001_initial'), ('intake', '0002_previews_and_rounds'), ('intake', '0003_version_of_a_batch'), ('intake', '0004_forms_of_workbooks_are_remembered'), ('intake', '0005_choices_are_held_by_the_database')]

    initial = True

    dependencies = [
        ('agreements', '0001_tables'),
        ('registry', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=255)),
                ('stored_as', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('came_from', models.CharField(max_length=300)),
                ('legal_basis', models.CharField(max_length=300)),
                ('mapping', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('previewed', 'Previewed'), ('applied', 'Applied'), ('undone', 'Undone'), ('failed', 'Failed')], max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('report', models.JSONField(default=dict)),
                ('failure', models.JSONField(default=dict)),
                ('plan_digest', models.CharField(blank=True, max_length=64)),
                ('register_stamp', models.JSONField(default=list)),
                ('form_signature', models.CharField(blank=True, db_default='', default='', max_length=64)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('backup', models.CharField(blank=True, max_length=200)),
                ('carried_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='intake.importbatch')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'previewed', 'applied', 'undone', 'failed'])), name='import_state_is_known')],
            },
        ),
        migrations.CreateModel(
            name='WorkbookForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signature', models.CharField(max_length=64, unique=True)),
                ('mapping', models.JSONField()),
                ('learned_at', models.DateTimeField()),
                ('learned_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='intake.importbatch')),
            ],
        ),
        migrations.CreateModel(
            name='ImportChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('model', models.CharField(max_length=60)),
                ('object_id', models.CharField(max_length=40)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='intake.importbatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'sequence'), name='import_change_has_one_place_in_its_batch')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(max_length=100)),
                ('row', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('code', models.CharField(blank=True, max_length=50)),
                ('raw', models.JSONField(default=dict)),
                ('overrides', models.JSONField(default=dict)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='intake.importbatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'sheet', 'row'), name='import_row_is_kept_once_a_batch')],
            },
        ),
        migrations.CreateModel(
            name='PairDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_key', models.CharField(max_length=500)),
                ('second_key', models.CharField(max_length=500)),
                ('verdict', models.CharField(choices=[('same', 'The same'), ('different', 'Two different ones')], max_length=9)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['same', 'different'])), name='pair_verdict_is_known'), models.UniqueConstraint(fields=('first_key', 'second_key'), name='pair_is_decided_once')],
            },
        ),
        migrations.CreateModel(
            name='RegisterKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('organisation', 'Organisation'), ('linkage', 'Linkage')], max_length=12)),
                ('key', models.CharField(max_length=500)),
                ('linkage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='agreements.linkage')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='register_key_means_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'organisation'), ('linkage', None), ('organisation__isnull', False)), models.Q(('kind', 'linkage'), ('linkage__isnull', False), ('organisation', None)), _connector='OR'), name='register_key_means_what_its_kind_says')],
            },
        ),
        migrations.AddField(
            model_name='importbatch',
            name='form',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='intake.workbookform'),
        ),
    ]
