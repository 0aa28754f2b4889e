"""What becomes what and at which yield, when it is harvested, and the OCOP products."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Harvest',
            fields=[
                ('commodity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='harvest', serialize=False, to='catalogue.commodity')),
                ('months', models.PositiveSmallIntegerField()),
                ('season', models.TextField()),
                ('source', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('months__gte', 1), ('months__lte', 4095)), name='harvest_months_are_of_the_year')],
            },
        ),
        migrations.CreateModel(
            name='OcopProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('stars', models.PositiveSmallIntegerField()),
                ('holder', models.CharField(blank=True, max_length=250)),
                ('place', models.CharField(blank=True, max_length=250)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('source', models.TextField()),
                ('commodity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.commodity')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('stars__gte', 3), ('stars__lte', 5)), name='ocop_product_has_3_to_5_stars'), models.UniqueConstraint(fields=('name', 'holder', 'year'), name='ocop_product_is_listed_once_a_year'), models.UniqueConstraint(condition=models.Q(('year', None)), fields=('name', 'holder'), name='ocop_product_is_listed_once_without_a_year')],
            },
        ),
        migrations.CreateModel(
            name='Transformation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(max_length=20)),
                ('yield_num', models.PositiveIntegerField(null=True)),
                ('yield_den', models.PositiveIntegerField(null=True)),
                ('note', models.TextField(blank=True)),
                ('source', models.TextField()),
                ('from_commodity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='becomes', to='catalogue.commodity')),
                ('to_commodity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='made_from', to='catalogue.commodity')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('from_commodity', 'to_commodity'), name='transformation_is_listed_once'), models.CheckConstraint(condition=models.Q(('from_commodity', models.F('to_commodity')), _negated=True), name='transformation_ends_differ'), models.CheckConstraint(condition=models.Q(models.Q(('yield_den', None), ('yield_num', None)), models.Q(('yield_den__gte', models.F('yield_num')), ('yield_den__isnull', False), ('yield_num__gte', 1), ('yield_num__isnull', False)), _connector='OR'), name='transformation_yield_is_above_0_and_at_most_1'), models.CheckConstraint(condition=models.Q(('stage__in', ['first_processing', 'processing'])), name='transformation_stage_is_known')],
            },
        ),
    ]
