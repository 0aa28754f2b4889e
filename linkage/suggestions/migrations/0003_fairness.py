import django.db.models.deletion
from django.db import migrations, models

from linkage.migrating import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('suggestions', '0002_plans'),
    ]

    operations = [
        migrations.CreateModel(
            name='FairnessReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('engine', models.CharField(max_length=20)),
                ('preference', models.PositiveSmallIntegerField()),
                ('measured_at', models.DateTimeField()),
                ('co_ops', models.PositiveIntegerField()),
                ('suggestions', models.PositiveIntegerField()),
                ('nobody', models.PositiveIntegerField()),
                ('overlooked', models.PositiveIntegerField()),
                ('gini_num', models.PositiveBigIntegerField()),
                ('gini_den', models.PositiveBigIntegerField()),
                ('most', models.PositiveIntegerField()),
                ('least', models.PositiveIntegerField()),
                ('unlinked_suggestions', models.PositiveIntegerField()),
                ('unlinked_co_ops', models.PositiveIntegerField()),
                ('small_suggestions', models.PositiveIntegerField()),
                ('small_co_ops', models.PositiveIntegerField()),
                ('score_lost', models.PositiveBigIntegerField()),
                ('pairs', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'engine'), name='fairness_is_reported_once_a_day'), models.CheckConstraint(condition=models.Q(('preference__lte', 10000)), name='fairness_preference_is_a_share'), models.CheckConstraint(condition=models.Q(('gini_num__lte', models.F('gini_den')), ('least__lte', models.F('most')), ('nobody__lte', models.F('co_ops')), ('overlooked__lte', models.F('nobody')), ('small_co_ops__lte', models.F('co_ops')), ('small_suggestions__lte', models.F('suggestions')), ('unlinked_co_ops__lte', models.F('co_ops')), ('unlinked_suggestions__lte', models.F('suggestions'))), name='fairness_part_is_within_its_whole')],
            },
        ),
        migrations.CreateModel(
            name='FairnessCoOp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation_id', models.BigIntegerField()),
                ('shown', models.PositiveIntegerField()),
                ('told', models.PositiveIntegerField()),
                ('has_partner', models.BooleanField()),
                ('unlinked', models.BooleanField()),
                ('small', models.BooleanField()),
                ('members', models.PositiveIntegerField(blank=True, null=True)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='suggestions.fairnessreport')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'organisation_id'), name='fairness_counts_a_co_op_once')],
            },
        ),
        append_only(
            'suggestions_fairnessreport',
            'suggestions_fairnesscoop',
            what='fairness reports',
            function='fairness_refuse',
        ),
    ]
