import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('market', '0001_initial'), ('market', '0002_posts_are_searched_with_their_last_day'), ('market', '0003_silent_organisations_are_invited')]

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('registry', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('paused', 'Paused'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], max_length=9)),
                ('quantity', models.BigIntegerField()),
                ('period', models.CharField(choices=[('once', 'in all'), ('day', 'a day'), ('week', 'a week'), ('month', 'a month')], max_length=5)),
                ('total', models.BigIntegerField()),
                ('reserved', models.BigIntegerField(default=0)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('max_km', models.PositiveIntegerField(blank=True, null=True)),
                ('grade', models.CharField(blank=True, max_length=200)),
                ('packing', models.CharField(blank=True, max_length=200)),
                ('handover', models.CharField(blank=True, choices=[('delivered', 'Delivered to the buyer'), ('at_farm', 'Collected at the farm')], max_length=9)),
                ('payment_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('confirmed_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('certifications', models.ManyToManyField(blank=True, to='catalogue.certification')),
                ('commodity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.commodity')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.commune')),
                ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='market.need')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.organisation')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.unit')),
            ],
            options={
                'default_related_name': 'needs',
                'indexes': [models.Index(fields=['state', 'commodity', 'commune', 'organisation', 'ends'], name='need_searched'), models.Index(fields=['state', 'ends'], name='need_by_end'), models.Index(fields=['organisation', '-id'], name='need_of_organisation')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='need_quantity_is_positive'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0), ('reserved__lte', models.F('total')), ('total__gt', 0)), name='need_reserves_no_more_than_it_has'), models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='need_window_not_inverted'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'paused', 'withdrawn', 'expired'])), name='need_state_is_known'), models.CheckConstraint(condition=models.Q(('period__in', ['once', 'day', 'week', 'month'])), name='need_period_is_known'), models.CheckConstraint(condition=models.Q(('handover__in', ['', 'delivered', 'at_farm'])), name='need_handover_is_known'), models.CheckConstraint(condition=models.Q(('max_km', None), models.Q(('max_km__gt', 0), ('max_km__lte', 2000)), _connector='OR'), name='need_distance_is_within_bounds'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn']), ('published_at__isnull', False), _connector='OR'), name='need_beyond_draft_was_published')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('paused', 'Paused'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], max_length=9)),
                ('quantity', models.BigIntegerField()),
                ('period', models.CharField(choices=[('once', 'in all'), ('day', 'a day'), ('week', 'a week'), ('month', 'a month')], max_length=5)),
                ('total', models.BigIntegerField()),
                ('reserved', models.BigIntegerField(default=0)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('max_km', models.PositiveIntegerField(blank=True, null=True)),
                ('grade', models.CharField(blank=True, max_length=200)),
                ('packing', models.CharField(blank=True, max_length=200)),
                ('handover', models.CharField(blank=True, choices=[('delivered', 'Delivered to the buyer'), ('at_farm', 'Collected at the farm')], max_length=9)),
                ('payment_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('confirmed_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('certificates', models.ManyToManyField(blank=True, to='registry.certificate')),
                ('commodity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.commodity')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.commune')),
                ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='market.offer')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.organisation')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.unit')),
            ],
            options={
                'default_related_name': 'offers',
                'indexes': [models.Index(fields=['state', 'commodity', 'commune', 'organisation', 'ends'], name='offer_searched'), models.Index(fields=['state', 'ends'], name='offer_by_end'), models.Index(fields=['organisation', '-id'], name='offer_of_organisation')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='offer_quantity_is_positive'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0), ('reserved__lte', models.F('total')), ('total__gt', 0)), name='offer_reserves_no_more_than_it_has'), models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='offer_window_not_inverted'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'paused', 'withdrawn', 'expired'])), name='offer_state_is_known'), models.CheckConstraint(condition=models.Q(('period__in', ['once', 'day', 'week', 'month'])), name='offer_period_is_known'), models.CheckConstraint(condition=models.Q(('handover__in', ['', 'delivered', 'at_farm'])), name='offer_handover_is_known'), models.CheckConstraint(condition=models.Q(('max_km', None), models.Q(('max_km__gt', 0), ('max_km__lte', 2000)), _connector='OR'), name='offer_distance_is_within_bounds'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn']), ('published_at__isnull', False), _connector='OR'), name='offer_beyond_draft_was_published')],
            },
        ),
        migrations.CreateModel(
            name='OfferFloor',
            fields=[
                ('price', models.BigIntegerField()),
                ('offer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='floor', serialize=False, to='market.offer')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='offer_floor_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField()),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='registry.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', '-id'], name='invitation_of_organisation')],
            },
        ),
        migrations.CreateModel(
            name='NeedCeiling',
            fields=[
                ('price', models.BigIntegerField()),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='ceiling', serialize=False, to='market.need')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='need_ceiling_is_positive')],
            },
        ),
    ]
