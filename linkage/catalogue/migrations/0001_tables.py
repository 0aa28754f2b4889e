import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('catalogue', '0001_initial'), ('catalogue', '0002_transformations_harvests_and_ocop_products'), ('catalogue', '0003_choices_are_held_by_the_database')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Certification',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False)),
                ('name_vi', models.CharField(max_length=150)),
                ('name_en', models.CharField(max_length=150)),
                ('synonyms', models.JSONField(default=list)),
                ('family', models.SlugField()),
                ('level', models.PositiveSmallIntegerField(default=0)),
                ('issuer', models.CharField(max_length=250)),
                ('source', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Commodity',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField()),
                ('name_vi', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=100)),
                ('dimension', models.CharField(choices=[('mass', 'Mass'), ('volume', 'Volume'), ('count', 'Count')], max_length=6)),
                ('stage', models.CharField(max_length=20)),
                ('search_key', models.CharField(max_length=120)),
                ('sort_key', models.CharField(max_length=250)),
                ('source', models.TextField()),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='catalogue.commodity')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('dimension__in', ['mass', 'volume', 'count'])), name='commodity_dimension_is_known'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 4)), name='commodity_level_from_1_to_4'), models.CheckConstraint(condition=models.Q(models.Q(('level', 1), ('parent', None)), models.Q(('level__gt', 1), ('parent__isnull', False)), _connector='OR'), name='commodity_has_a_parent_unless_at_the_top')],
            },
        ),
        migrations.CreateModel(
            name='Sector',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False)),
                ('name_vi', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=100)),
                ('synonyms', models.JSONField(default=list)),
                ('agricultural', models.BooleanField()),
                ('source', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='CommoditySynonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('commodity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='synonyms', to='catalogue.commodity')),
            ],
        ),
        migrations.CreateModel(
            name='LinkageForm',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('article', models.CharField(max_length=20)),
                ('name_vi', models.TextField()),
                ('name_en', models.TextField()),
                ('stages', models.JSONField()),
                ('source', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 7)), name='linkage_form_from_1_to_7')],
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
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False)),
                ('name_vi', models.CharField(max_length=50)),
                ('name_en', models.CharField(max_length=50)),
                ('synonyms', models.JSONField(default=list)),
                ('dimension', models.CharField(choices=[('mass', 'Mass'), ('volume', 'Volume'), ('count', 'Count')], max_length=6)),
                ('base_units', models.PositiveBigIntegerField(null=True)),
                ('sized', models.BooleanField(default=False)),
                ('source', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('dimension__in', ['mass', 'volume', 'count'])), name='unit_dimension_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('base_units', None), ('sized', True)), models.Q(('base_units__gt', 0), ('sized', False)), _connector='OR'), name='unit_is_sized_or_has_base_units')],
            },
        ),
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
    ]
