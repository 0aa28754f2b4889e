import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('registry', '0001_initial'), ('registry', '0003_certificate_names_its_issuer'), ('registry', '0004_no_index_that_nobody_reads'), ('registry', '0005_people_act_for_organisations'), ('registry', '0006_what_happened_in_law'), ('registry', '0008_people_have_keys_for_programs'), ('registry', '0009_written_consents_are_scanned'), ('registry', '0010_choices_are_held_by_the_database')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('catalogue', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=20)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('former_province', models.CharField(max_length=50)),
                ('former_district', models.CharField(max_length=100)),
                ('search_key', models.CharField(max_length=120)),
                ('sort_key', models.CharField(max_length=250)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('full_name', models.CharField(max_length=150)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('email',), name='account_email_is_used_once')],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='CodeTries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_tries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'hour'), name='code_tries_are_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='EarlierPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place_kind', models.CharField(choices=[('district', 'District'), ('commune', 'Commune')], max_length=8)),
                ('name', models.CharField(max_length=100)),
                ('district', models.CharField(max_length=100)),
                ('province', models.CharField(max_length=50)),
                ('becomes_name', models.CharField(max_length=100)),
                ('becomes_district', models.CharField(max_length=100)),
                ('valid_until', models.DateField(null=True)),
                ('source', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('place_kind__in', ['district', 'commune'])), name='earlier_place_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='FormerCommune',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('former_district', models.CharField(max_length=100)),
                ('former_province', models.CharField(max_length=50)),
                ('part', models.CharField(choices=[('whole', 'Whole'), ('split', 'Split'), ('main', 'Main')], max_length=5)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='took_in', to='registry.commune')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('part__in', ['whole', 'split', 'main'])), name='former_commune_part_is_known'), models.UniqueConstraint(fields=('name', 'former_district', 'former_province', 'commune'), name='former_commune_went_into_a_commune_once')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('name_key', models.CharField(max_length=300)),
                ('search_key', models.CharField(max_length=300)),
                ('sort_key', models.CharField(max_length=700)),
                ('tax_code', models.CharField(blank=True, max_length=14, null=True)),
                ('founded_on', models.DateField(blank=True, null=True)),
                ('members', models.PositiveIntegerField(blank=True, null=True)),
                ('role_in_chain', models.CharField(blank=True, max_length=100)),
                ('origin', models.CharField(choices=[('register', 'Register'), ('staff', 'Entered by city staff'), ('member', 'Entered by a user')], max_length=10)),
                ('hand_edited', models.JSONField(blank=True, default=list)),
                ('version', models.PositiveIntegerField(default=1)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='registry.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['sort_key', 'id'], name='organisation_in_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('merged_into', None)), fields=('tax_code',), name='organisation_tax_code_is_used_once'), models.CheckConstraint(condition=models.Q(('tax_code', None), ('tax_code__regex', '^[0-9]{10}(-[0-9]{3}|[0-9]{2})?$'), _connector='OR'), name='organisation_tax_code_is_10_10_3_or_12_digits'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='organisation_is_not_merged_into_itself'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='organisation_has_a_name'), models.CheckConstraint(condition=models.Q(('origin__in', ['register', 'staff', 'member'])), name='organisation_origin_is_known')],
            },
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
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents_recorded', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='officer_consents', to='registry.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('given_on'))), name='officer_consent_does_not_end_before_it_starts'), models.CheckConstraint(condition=models.Q(('way__in', ['phone', 'in_person', 'paper'])), name='officer_consent_way_is_known'), models.CheckConstraint(condition=models.Q(('given_by', ''), _negated=True), name='officer_consent_names_who_gave_it')],
            },
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
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='registry.officerconsent')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='officer_act_by_subject')],
                'constraints': [models.UniqueConstraint(fields=('consent', 'subject_kind', 'subject_id', 'done_at'), name='officer_act_is_noted_once')],
            },
        ),
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
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='registry.officerconsent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sha256', 'consent'), name='consent_scan_is_attached_once'), models.UniqueConstraint(fields=('stored_as',), name='consent_scan_has_a_place_of_its_own'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='consent_scan_is_not_empty'), models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='consent_scan_is_a_scan')],
            },
        ),
        migrations.CreateModel(
            name='ConsentEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('ended_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consent', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='registry.officerconsent')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('admin', 'Manages its accounts'), ('member', 'Acts for it')], max_length=10)),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends', None)), fields=('user', 'organisation'), name='membership_is_open_once'), models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='membership_does_not_end_before_it_starts'), models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'member'])), name='membership_role_is_known')],
            },
        ),
        migrations.CreateModel(
            name='KindFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('as_written', models.CharField(blank=True, max_length=200)),
                ('kind', models.CharField(choices=[('cooperative', 'Cooperative'), ('cooperative_group', 'Cooperative group'), ('union', 'Union of cooperatives'), ('enterprise', 'Enterprise'), ('household_business', 'Household business'), ('individual', 'Individual'), ('other', 'Other')], max_length=20)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kind_facts', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'since'), name='organisation_has_one_kind_a_day'), models.UniqueConstraint(condition=models.Q(('since', None)), fields=('organisation',), name='organisation_has_one_undated_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['cooperative', 'cooperative_group', 'union', 'enterprise', 'household_business', 'individual', 'other'])), name='kind_fact_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(blank=True, max_length=20)),
                ('tax_code', models.CharField(blank=True, max_length=14)),
                ('commune_code', models.CharField(blank=True, max_length=5)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('state', models.CharField(choices=[('open', 'Waiting'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='open', max_length=9)),
                ('created_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='requests_decided', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('user', 'organisation'), name='join_request_is_open_once'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'approved', 'refused', 'withdrawn'])), name='join_request_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='join_request_has_an_end_when_it_ended'), models.CheckConstraint(condition=models.Q(('organisation__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='join_request_names_an_organisation')],
            },
        ),
        migrations.CreateModel(
            name='ContactPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150)),
                ('phone', models.CharField(blank=True, max_length=50)),
                ('is_representative', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_representative', True)), fields=('organisation',), name='organisation_has_one_representative')],
            },
        ),
        migrations.CreateModel(
            name='CommuneFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('as_written', models.CharField(blank=True, max_length=200)),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.commune')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commune_facts', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'since'), name='organisation_has_one_commune_a_day'), models.UniqueConstraint(condition=models.Q(('since', None)), fields=('organisation',), name='organisation_has_one_undated_commune')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=100)),
                ('issuer', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('certification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.certification')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certificates', to='registry.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='certificate_does_not_end_before_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('no_answer', 'No answer'), ('again', 'Call again on a day'), ('not_interested', 'Not interested')], max_length=14)),
                ('again_on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('rang_at', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='registry.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', '-id'], name='call_of_organisation')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['no_answer', 'again', 'not_interested'])), name='call_outcome_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, choices=[('city_staff', 'City staff'), ('verifier', 'Verifier'), ('auditor', 'Auditor'), ('administrator', 'Administrator'), ('field_officer', 'Field officer')], max_length=20)),
                ('name', models.CharField(max_length=100)),
                ('scopes', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('ends', models.DateField()),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to='registry.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('role', '')), models.Q(models.Q(('role', ''), _negated=True), ('organisation', None)), _connector='OR'), name='api_token_is_for_one_organisation_or_office'), models.CheckConstraint(condition=models.Q(('role', ''), ('role__in', ['city_staff', 'verifier', 'auditor', 'administrator', 'field_officer']), _connector='OR'), name='api_token_role_is_known'), models.CheckConstraint(condition=models.Q(('revoked_at', None), ('revoked_at__gte', models.F('created_at')), _connector='OR'), name='api_token_is_not_revoked_before_it_is_made')],
            },
        ),
        migrations.CreateModel(
            name='AccessCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('admin', 'Manages its accounts'), ('member', 'Acts for it')], max_length=10)),
                ('way', models.CharField(choices=[('letter', 'Printed letter'), ('officer', 'Handed over by an officer'), ('phone', 'Text message'), ('email', 'E-mail')], max_length=7)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='codes_issued', to=settings.AUTH_USER_MODEL)),
                ('used_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='codes_used', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_codes', to='registry.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'member'])), name='access_code_role_is_known'), models.CheckConstraint(condition=models.Q(('way__in', ['letter', 'officer', 'phone', 'email'])), name='access_code_way_is_known'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='access_code_does_not_end_before_it_starts'), models.CheckConstraint(condition=models.Q(('used_at', None), ('cancelled_at', None), _connector='OR'), name='access_code_is_used_or_cancelled')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_written', models.CharField(max_length=200)),
                ('is_main', models.BooleanField(default=False)),
                ('commodity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.commodity')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='products', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_main', True)), fields=('organisation',), name='organisation_has_one_main_product')],
            },
        ),
        migrations.CreateModel(
            name='RegistryEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('new_name', 'New name'), ('new_tax_code', 'New tax code'), ('move', 'Move to another commune'), ('split', 'Split'), ('merger', 'Merger into another')], max_length=12)),
                ('on', models.DateField()),
                ('before', models.CharField(blank=True, max_length=300)),
                ('after', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(max_length=500)),
                ('recorded_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registry_events', to='registry.organisation')),
                ('other', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registry_events_as_other', to='registry.organisation')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['new_name', 'new_tax_code', 'move', 'split', 'merger'])), name='registry_event_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['split', 'merger']), _negated=True), ('other__isnull', False), _connector='OR'), name='registry_event_names_the_other_one'), models.CheckConstraint(condition=models.Q(('other', None), models.Q(('other', models.F('organisation')), _negated=True), _connector='OR'), name='registry_event_is_not_with_itself'), models.UniqueConstraint(condition=models.Q(('kind', 'split'), _negated=True), fields=('organisation', 'kind', 'on'), name='registry_event_is_one_of_its_kind_a_day')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('city_staff', 'City staff'), ('verifier', 'Verifier'), ('auditor', 'Auditor'), ('administrator', 'Administrator'), ('field_officer', 'Field officer')], max_length=20)),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('communes', models.ManyToManyField(blank=True, related_name='+', to='registry.commune')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='role_grant_does_not_end_before_it_starts'), models.CheckConstraint(condition=models.Q(('role__in', ['city_staff', 'verifier', 'auditor', 'administrator', 'field_officer'])), name='role_grant_role_is_known')],
            },
        ),
        migrations.CreateModel(
            name='SectorFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('as_written', models.CharField(blank=True, max_length=200)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sector_facts', to='registry.organisation')),
                ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.sector')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'since'), name='organisation_has_one_sector_a_day'), models.UniqueConstraint(condition=models.Q(('since', None)), fields=('organisation',), name='organisation_has_one_undated_sector')],
            },
        ),
        migrations.CreateModel(
            name='StatusFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('as_written', models.CharField(blank=True, max_length=200)),
                ('status', models.CharField(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('stopped', 'Stopped'), ('dissolved', 'Dissolved'), ('unknown', 'To be settled')], max_length=10)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_facts', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'since'), name='organisation_has_one_status_a_day'), models.UniqueConstraint(condition=models.Q(('since', None)), fields=('organisation', 'status'), name='organisation_has_one_undated_status_of_each_kind'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'suspended', 'stopped', 'dissolved', 'unknown'])), name='status_fact_status_is_known')],
            },
        ),
    ]
