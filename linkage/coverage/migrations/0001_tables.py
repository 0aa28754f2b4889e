import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('coverage', '0001_initial'), ('coverage', '0002_snapshot_knows_its_events'), ('coverage', '0003_snapshot_counts_its_events'), ('coverage', '0005_yearly_returns'), ('coverage', '0006_programmes_and_targets_have_versions'), ('coverage', '0007_a_value_by_hand_has_its_report'), ('coverage', '0008_choices_are_held_by_the_database')]

    initial = True

    dependencies = [
        ('registry', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False)),
                ('order', models.PositiveSmallIntegerField()),
                ('name_vi', models.CharField(max_length=300)),
                ('name_en', models.CharField(max_length=300)),
                ('text_vi', models.TextField(blank=True)),
                ('text_en', models.TextField(blank=True)),
                ('how', models.CharField(choices=[('computed', 'Computed from the register'), ('reported', 'Reported yearly')], max_length=8)),
                ('measure', models.CharField(choices=[('count', 'Count'), ('share', 'Share')], max_length=5)),
                ('source', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('how__in', ['computed', 'reported'])), name='indicator_way_is_known'), models.CheckConstraint(condition=models.Q(('measure__in', ['count', 'share'])), name='indicator_measure_is_known')],
            },
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
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=50, unique=True)),
                ('name_vi', models.CharField(max_length=300)),
                ('name_en', models.CharField(max_length=300)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('territory', models.CharField(blank=True, max_length=50)),
                ('source', models.TextField()),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='programme_does_not_end_before_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('computed_at', models.DateTimeField()),
                ('rule_version', models.CharField(max_length=40)),
                ('points', models.JSONField()),
                ('job_id', models.BigIntegerField(blank=True, null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-computed_at'], name='series_newest_first')],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('taken_at', models.DateTimeField()),
                ('rule_version', models.CharField(max_length=40)),
                ('reported_version', models.CharField(blank=True, db_default='', default='', max_length=40)),
                ('inputs_hash', models.CharField(max_length=64)),
                ('period_starts', models.DateField(blank=True, null=True)),
                ('territories', models.JSONField()),
                ('last_event', models.BigIntegerField(blank=True, null=True)),
                ('events_seen', models.BigIntegerField(blank=True, null=True)),
                ('job_id', models.BigIntegerField(blank=True, null=True, unique=True)),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['-taken_at'], name='snapshot_newest_first')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotLinkage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linkage_id', models.BigIntegerField()),
                ('fields', models.JSONField()),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='linkages', to='coverage.snapshot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('snapshot', 'linkage_id'), name='snapshot_holds_a_linkage_once')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotOrganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation_id', models.BigIntegerField()),
                ('fields', models.JSONField()),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='organisations', to='coverage.snapshot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('snapshot', 'organisation_id'), name='snapshot_holds_an_organisation_once')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('manual', 'Entered by hand'), ('returns', 'Summed from yearly returns')], max_length=8)),
                ('row_id', models.BigIntegerField()),
                ('fields', models.JSONField()),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='coverage.snapshot')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('basis__in', ['manual', 'returns'])), name='snapshot_report_basis_is_known'), models.UniqueConstraint(fields=('snapshot', 'basis', 'row_id'), name='snapshot_holds_a_report_once')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotReportedValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator_code', models.SlugField()),
                ('territory', models.CharField(blank=True, max_length=50)),
                ('basis', models.CharField(choices=[('manual', 'Entered by hand'), ('returns', 'Summed from yearly returns')], max_length=8)),
                ('as_of', models.DateField()),
                ('numerator', models.PositiveBigIntegerField()),
                ('denominator', models.PositiveBigIntegerField(blank=True, null=True)),
                ('source', models.TextField(blank=True)),
                ('answered', models.PositiveIntegerField(blank=True, null=True)),
                ('asked', models.PositiveIntegerField(blank=True, null=True)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reported_values', to='coverage.snapshot')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('basis__in', ['manual', 'returns'])), name='snapshot_reported_basis_is_known'), models.UniqueConstraint(fields=('snapshot', 'indicator_code', 'territory', 'basis'), name='snapshot_reports_an_indicator_once'), models.CheckConstraint(condition=models.Q(('denominator', None), ('numerator__lte', models.F('denominator')), _connector='OR'), name='snapshot_reported_numerator_is_within_its_denominator')],
            },
        ),
        migrations.CreateModel(
            name='SnapshotValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator_code', models.SlugField()),
                ('evidence', models.CharField(choices=[('declared', 'Declared'), ('confirmed', 'Confirmed'), ('verified', 'Verified')], max_length=9)),
                ('territory', models.CharField(blank=True, max_length=50)),
                ('numerator', models.PositiveIntegerField()),
                ('denominator', models.PositiveIntegerField(blank=True, null=True)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='coverage.snapshot')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('evidence__in', ['declared', 'confirmed', 'verified'])), name='snapshot_value_evidence_is_known'), models.UniqueConstraint(fields=('snapshot', 'indicator_code', 'evidence', 'territory'), name='snapshot_values_an_indicator_once'), models.CheckConstraint(condition=models.Q(('denominator', None), ('numerator__lte', models.F('denominator')), _connector='OR'), name='snapshot_numerator_is_within_its_denominator')],
            },
        ),
        migrations.CreateModel(
            name='SourceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('stored_as', models.CharField(max_length=100)),
                ('media_type', models.CharField(max_length=50)),
                ('size', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('value', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='coverage.manualvalue')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sha256', 'value'), name='source_is_attached_once'), models.UniqueConstraint(fields=('stored_as',), name='source_has_a_place_of_its_own'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='source_is_not_empty'), models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='source_is_a_scan')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comparison', models.CharField(choices=[('at_least', 'at least'), ('over', 'over'), ('about', 'about'), ('nearly', 'nearly'), ('exactly', 'exactly')], max_length=8)),
                ('min_num', models.PositiveIntegerField()),
                ('min_den', models.PositiveIntegerField(default=1)),
                ('max_num', models.PositiveIntegerField(blank=True, null=True)),
                ('max_den', models.PositiveIntegerField(blank=True, null=True)),
                ('from_date', models.DateField()),
                ('source', models.TextField()),
                ('official', models.CharField(db_default='manual', default='manual', max_length=8)),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='coverage.indicator')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='coverage.programme')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('comparison__in', ['at_least', 'over', 'about', 'nearly', 'exactly'])), name='target_comparison_is_known'), models.CheckConstraint(condition=models.Q(('official__in', ['manual', 'returns'])), name='target_official_basis_is_known'), models.UniqueConstraint(fields=('programme', 'indicator', 'from_date'), name='target_is_set_once_a_day'), models.CheckConstraint(condition=models.Q(('min_den__gt', 0), models.Q(('max_den', None), ('max_den__gt', 0), _connector='OR')), name='target_denominators_are_positive'), models.CheckConstraint(condition=models.Q(models.Q(('max_den', None), ('max_num', None)), models.Q(('max_den__isnull', False), ('max_num__isnull', False)), _connector='OR'), name='target_upper_bound_is_whole_or_absent')],
            },
        ),
        migrations.CreateModel(
            name='YearReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('accepted', 'Accepted'), ('sent_back', 'Sent back')], default='draft', max_length=9)),
                ('version', models.PositiveIntegerField(default=1)),
                ('reason', models.TextField(blank=True)),
                ('members', models.PositiveIntegerField(blank=True, null=True)),
                ('workers', models.PositiveIntegerField(blank=True, null=True)),
                ('insured', models.PositiveIntegerField(blank=True, null=True)),
                ('staff', models.PositiveIntegerField(blank=True, null=True)),
                ('staff_trained', models.PositiveIntegerField(blank=True, null=True)),
                ('key_staff', models.PositiveIntegerField(blank=True, null=True)),
                ('key_trained', models.PositiveIntegerField(blank=True, null=True)),
                ('key_degree', models.PositiveIntegerField(blank=True, null=True)),
                ('revenue_vnd', models.BigIntegerField(blank=True, null=True)),
                ('profit_vnd', models.BigIntegerField(blank=True, null=True)),
                ('income_vnd', models.BigIntegerField(blank=True, null=True)),
                ('rating', models.CharField(blank=True, choices=[('good', 'Good (tốt)'), ('fair', 'Fair (khá)'), ('average', 'Average (trung bình)'), ('weak', 'Weak (yếu)')], max_length=7)),
                ('market_info', models.BooleanField(blank=True, null=True)),
                ('land', models.BooleanField(blank=True, null=True)),
                ('high_tech', models.BooleanField(blank=True, null=True)),
                ('saved_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='year_returns', to='registry.organisation')),
                ('saved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['year', 'state'], name='year_return_of_year')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'year'), name='year_return_is_one_a_year'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'sent', 'accepted', 'sent_back'])), name='year_return_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent_back'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='year_return_is_sent_back_with_a_reason'), models.CheckConstraint(condition=models.Q(('rating__in', ['', 'good', 'fair', 'average', 'weak'])), name='year_return_rating_is_known'), models.CheckConstraint(condition=models.Q(('insured', None), models.Q(('insured__lte', models.F('workers')), ('workers__isnull', False)), _connector='OR'), name='year_return_insured_is_within_its_whole'), models.CheckConstraint(condition=models.Q(('staff_trained', None), models.Q(('staff__isnull', False), ('staff_trained__lte', models.F('staff'))), _connector='OR'), name='year_return_staff_trained_is_within_its_whole'), models.CheckConstraint(condition=models.Q(('key_trained', None), models.Q(('key_staff__isnull', False), ('key_trained__lte', models.F('key_staff'))), _connector='OR'), name='year_return_key_trained_is_within_its_whole'), models.CheckConstraint(condition=models.Q(('key_degree', None), models.Q(('key_degree__lte', models.F('key_staff')), ('key_staff__isnull', False)), _connector='OR'), name='year_return_key_degree_is_within_its_whole'), models.CheckConstraint(condition=models.Q(models.Q(('revenue_vnd', None), ('revenue_vnd__gte', 0), _connector='OR'), models.Q(('income_vnd', None), ('income_vnd__gte', 0), _connector='OR')), name='year_return_money_is_not_negative')],
            },
        ),
    ]
