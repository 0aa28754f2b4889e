"""The city's plans. Rows are only added: the database refuses the rest."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from linkage.migrating import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_tables'),
        ('market', '0001_tables'),
        ('registry', '0003_consents_are_append_only'),
        ('suggestions', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('job_id', models.BigIntegerField(unique=True)),
                ('links', models.PositiveIntegerField()),
                ('top', models.PositiveSmallIntegerField()),
                ('least_lot', models.PositiveIntegerField()),
                ('buyer_share', models.PositiveIntegerField()),
                ('seconds', models.PositiveSmallIntegerField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commodity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.commodity')),
            ],
        ),
        migrations.CreateModel(
            name='PlanLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.BigIntegerField()),
                ('links_seller', models.BooleanField()),
                ('links_buyer', models.BooleanField()),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation')),
                ('commodity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.commodity')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_lines', to='market.need')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_lines', to='market.offer')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='suggestions.plan')),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='PlanFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator_code', models.SlugField()),
                ('accepted', models.PositiveIntegerField()),
                ('numerator', models.PositiveIntegerField()),
                ('denominator', models.PositiveIntegerField()),
                ('gained', models.PositiveIntegerField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='suggestions.plan')),
            ],
        ),
        migrations.CreateModel(
            name='PlanLeftOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('no_pair', 'Nobody fits'), ('lot', 'The least lot is too large'), ('taken', 'Given to others')], max_length=7)),
                ('offer_short', models.BigIntegerField(null=True)),
                ('need_short', models.BigIntegerField(null=True)),
                ('share_short', models.BigIntegerField(null=True)),
                ('commodity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.commodity')),
                ('need', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.need')),
                ('offer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.offer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='left_out', to='suggestions.plan')),
            ],
        ),
        migrations.CreateModel(
            name='PlanOutcome',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='outcome', serialize=False, to='suggestions.planline')),
                ('code', models.CharField(choices=[('proposed', 'Suggested to both sides'), ('offer_closed', 'The offer is no longer open'), ('need_closed', 'The need is no longer open'), ('not_active', 'A side no longer works'), ('talking', 'They are talking already, or have agreed'), ('no_match', 'The two posts no longer fit'), ('offer_short', 'Not enough of the offer is left'), ('need_short', 'Not enough of the need is left')], max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='PlanProposed',
            fields=[
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='proposed', serialize=False, to='suggestions.plan')),
                ('proposed_at', models.DateTimeField()),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PlanResult',
            fields=[
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='result', serialize=False, to='suggestions.plan')),
                ('found_at', models.DateTimeField()),
                ('day', models.DateField()),
                ('engine', models.CharField(max_length=20)),
                ('offers', models.PositiveIntegerField()),
                ('needs', models.PositiveIntegerField()),
                ('pairs', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('value', models.CharField(max_length=60)),
                ('bound', models.CharField(max_length=60)),
                ('bound_by', models.CharField(choices=[('duals', 'certified in whole numbers'), ('search', 'the solver’s search'), ('plain', 'time was over before there was a better one')], max_length=6)),
                ('pieces', models.PositiveIntegerField()),
                ('spent_s', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('bound_by__in', ['duals', 'search', 'plain'])), name='plan_bound_way_is_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('buyer_share__gte', 1), ('buyer_share__lte', 10000), ('least_lot__gte', 1), ('least_lot__lte', 1000000000), ('links__lte', 10000), ('seconds__gte', 1), ('seconds__lte', 120), ('top__gte', 1), ('top__lte', 50)), name='plan_settings_are_within_bounds'),
        ),
        migrations.AddConstraint(
            model_name='planfigure',
            constraint=models.UniqueConstraint(fields=('plan', 'indicator_code', 'accepted'), name='plan_has_a_figure_once'),
        ),
        migrations.AddConstraint(
            model_name='planfigure',
            constraint=models.CheckConstraint(condition=models.Q(('denominator__gte', django.db.models.expressions.CombinedExpression(models.F('numerator'), '+', models.F('gained')))), name='plan_figure_is_within_its_denominator'),
        ),
        migrations.AddConstraint(
            model_name='planfigure',
            constraint=models.CheckConstraint(condition=models.Q(('accepted__lte', 10000)), name='plan_acceptance_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='planleftout',
            constraint=models.UniqueConstraint(fields=('plan', 'organisation'), name='plan_leaves_a_co_op_out_once'),
        ),
        migrations.AddConstraint(
            model_name='planleftout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', 'no_pair'), ('commodity', None), ('need', None), ('need_short', None), ('offer', None), ('offer_short', None), ('share_short', None)), models.Q(('code__in', ['lot', 'taken']), ('commodity__isnull', False), ('need__isnull', False), ('offer__isnull', False)), _connector='OR'), name='plan_reason_names_its_pair'),
        ),
        migrations.AddConstraint(
            model_name='planleftout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('offer_short', None), ('offer_short__gt', 0), _connector='OR'), models.Q(('need_short', None), ('need_short__gt', 0), _connector='OR'), models.Q(('share_short', None), ('share_short__gt', 0), _connector='OR')), name='plan_shortage_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='planoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['proposed', 'offer_closed', 'need_closed', 'not_active', 'talking', 'no_match', 'offer_short', 'need_short'])), name='plan_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.UniqueConstraint(fields=('plan', 'offer', 'need'), name='plan_has_a_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='plan_line_quantity_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.CheckConstraint(condition=models.Q(('seller', models.F('buyer')), _negated=True), name='plan_line_has_two_sides'),
        ),
        append_only(
            *(
                f"suggestions_{table}"
                for table in (
                    "plan",
                    "planresult",
                    "planline",
                    "planleftout",
                    "planfigure",
                    "planproposed",
                    "planoutcome",
                )
            ),
            what="plans",
            function="plan_refuse",
        ),
    ]
