import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('agreements', '0001_initial'), ('agreements', '0002_negotiation_evidence_and_deliveries'), ('agreements', '0003_evidence_is_a_scan_in_its_own_place'), ('agreements', '0004_contract_on_paper_is_declared_once'), ('agreements', '0005_a_delivery_is_taken_back'), ('agreements', '0006_choices_are_held_by_the_database')]

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('market', '0001_tables'),
        ('registry', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Linkage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product_as_written', models.CharField(blank=True, max_length=200)),
                ('form_as_written', models.CharField(blank=True, max_length=100)),
                ('contract_number', models.CharField(max_length=100)),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('terminated_on', models.DateField(blank=True, null=True)),
                ('quantity', models.BigIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('negotiating', 'Under negotiation'), ('declined', 'Declined'), ('lapsed', 'Lapsed'), ('pool_pending', 'Waiting for its pool'), ('agreed', 'Agreed'), ('in_force', 'In force'), ('ended', 'Ended'), ('terminated', 'Terminated')], max_length=12)),
                ('origin', models.CharField(choices=[('platform', 'Platform'), ('register', 'Register'), ('declared', 'Declared')], max_length=8)),
                ('confirmed_on', models.DateField(blank=True, null=True)),
                ('seller_confirmed_on', models.DateField(blank=True, null=True)),
                ('buyer_confirmed_on', models.DateField(blank=True, null=True)),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('checked_as_written', models.CharField(blank=True, max_length=100)),
                ('opened_by', models.CharField(blank=True, choices=[('seller', 'Seller'), ('buyer', 'Buyer'), ('office', 'The office')], max_length=6)),
                ('seller_shares_contact', models.BooleanField(default=False)),
                ('buyer_shares_contact', models.BooleanField(default=False)),
                ('hand_edited', models.JSONField(blank=True, default=list)),
                ('version', models.PositiveIntegerField(default=1)),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purchases', to='registry.organisation')),
                ('commodity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.commodity')),
                ('form', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.linkageform')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='linkages', to='market.need')),
                ('offer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='linkages', to='market.offer')),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales', to='registry.organisation')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.unit')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['seller', 'starts'], name='linkage_by_seller'), models.Index(fields=['buyer', 'starts'], name='linkage_by_buyer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('opened_by__in', ['', 'seller', 'buyer', 'office'])), name='linkage_opener_is_known'), models.CheckConstraint(condition=models.Q(('seller', models.F('buyer')), _negated=True), name='linkage_parties_are_two'), models.UniqueConstraint(condition=models.Q(('state__in', ['agreed', 'in_force', 'negotiating', 'pool_pending', 'proposed'])), fields=('offer', 'need'), name='linkage_is_open_once_for_a_pair'), models.CheckConstraint(condition=models.Q(models.Q(('origin', 'platform'), _negated=True), models.Q(('need__isnull', False), ('offer__isnull', False)), _connector='OR'), name='linkage_of_the_platform_has_its_posts'), models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gte', models.F('starts')), _connector='OR'), name='linkage_does_not_end_before_it_starts'), models.CheckConstraint(condition=models.Q(('quantity', None), ('quantity__gt', 0), _connector='OR'), name='linkage_quantity_is_positive'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'negotiating', 'declined', 'lapsed', 'pool_pending', 'agreed', 'in_force', 'ended', 'terminated'])), name='linkage_state_is_known'), models.CheckConstraint(condition=models.Q(('origin__in', ['platform', 'register', 'declared'])), name='linkage_origin_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'terminated'), _negated=True), ('terminated_on__isnull', False), _connector='OR'), name='linkage_terminated_has_its_day'), models.CheckConstraint(condition=models.Q(('verified_on', None), ('state__in', ['agreed', 'ended', 'in_force', 'terminated']), _connector='OR'), name='linkage_verified_is_in_a_counting_state'), models.UniqueConstraint(condition=models.Q(('origin', 'register')), fields=('contract_number', 'seller', 'buyer', 'starts'), name='linkage_of_the_register_is_known_once'), models.UniqueConstraint(condition=models.Q(('origin', 'declared'), ('state__in', ['agreed', 'ended', 'in_force', 'terminated'])), fields=('seller', 'buyer', 'contract_number', 'starts'), name='linkage_on_paper_is_declared_once')],
            },
        ),
        migrations.CreateModel(
            name='TermsVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('side', models.CharField(choices=[('seller', 'Seller'), ('buyer', 'Buyer'), ('office', 'The office')], max_length=6)),
                ('quantity', models.BigIntegerField()),
                ('price', models.BigIntegerField(blank=True, null=True)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('grade', models.CharField(blank=True, max_length=200)),
                ('packing', models.CharField(blank=True, max_length=200)),
                ('handover', models.CharField(blank=True, choices=[('delivered', 'Delivered to the buyer'), ('at_farm', 'Collected at the farm')], max_length=9)),
                ('payment_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('delivery_plan', models.CharField(blank=True, max_length=1000)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('proposed_at', models.DateTimeField()),
                ('form', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.linkageform')),
                ('linkage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='agreements.linkage')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('linkage', 'number'), name='terms_have_one_number'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='terms_quantity_is_positive'), models.CheckConstraint(condition=models.Q(('price', None), ('price__gt', 0), _connector='OR'), name='terms_price_is_positive'), models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='terms_do_not_end_before_they_start'), models.CheckConstraint(condition=models.Q(('side__in', ['seller', 'buyer'])), name='terms_are_of_a_party'), models.CheckConstraint(condition=models.Q(('handover__in', ['', 'delivered', 'at_farm'])), name='terms_handover_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('seller', 'Seller'), ('buyer', 'Buyer'), ('office', 'The office')], max_length=6)),
                ('given_at', models.DateTimeField()),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='agreements.termsversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('terms', 'side'), name='consent_is_given_once'), models.CheckConstraint(condition=models.Q(('side__in', ['seller', 'buyer'])), name='consent_is_of_a_party')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('stored_as', models.CharField(max_length=100)),
                ('media_type', models.CharField(max_length=50)),
                ('size', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('uploaded_at', models.DateTimeField()),
                ('side', models.CharField(choices=[('seller', 'Seller'), ('buyer', 'Buyer'), ('office', 'The office')], max_length=6)),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('linkage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_files', to='agreements.linkage')),
            ],
            options={
                'indexes': [models.Index(fields=['sha256'], name='evidence_by_digest')],
                'constraints': [models.UniqueConstraint(fields=('sha256', 'linkage'), name='evidence_is_attached_once'), models.UniqueConstraint(fields=('stored_as',), name='evidence_has_a_place_of_its_own'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='evidence_is_not_empty'), models.CheckConstraint(condition=models.Q(('side__in', ['seller', 'buyer', 'office'])), name='evidence_side_is_known'), models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='evidence_is_a_scan')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('quantity', models.BigIntegerField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('state', models.CharField(choices=[('entered', 'Entered by one side'), ('confirmed', 'Confirmed by both sides'), ('disputed', 'Disputed by the other side'), ('withdrawn', 'Taken back by who entered it')], default='entered', max_length=9)),
                ('side', models.CharField(choices=[('seller', 'Seller'), ('buyer', 'Buyer'), ('office', 'The office')], max_length=6)),
                ('entered_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('linkage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='agreements.linkage')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='delivery_quantity_is_positive'), models.CheckConstraint(condition=models.Q(('side__in', ['seller', 'buyer'])), name='delivery_is_of_a_party'), models.CheckConstraint(condition=models.Q(('state__in', ['entered', 'confirmed', 'disputed', 'withdrawn'])), name='delivery_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'entered')), models.Q(models.Q(('state', 'entered'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='delivery_has_an_answer_when_it_was_answered')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('seller', 'Seller'), ('buyer', 'Buyer'), ('office', 'The office')], max_length=6)),
                ('text', models.CharField(max_length=2000)),
                ('written_at', models.DateTimeField()),
                ('linkage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='agreements.linkage')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='message_says_something'), models.CheckConstraint(condition=models.Q(('side__in', ['seller', 'buyer'])), name='message_is_of_a_party')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held', models.BigIntegerField()),
                ('state', models.CharField(choices=[('live', 'Held'), ('settled', 'Settled')], default='live', max_length=8)),
                ('made_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('linkage', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reservation', to='agreements.linkage')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='market.need')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='market.offer')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('held__gte', 0)), name='reservation_is_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'live')), models.Q(('settled_at__isnull', False), ('state', 'settled')), _connector='OR'), name='reservation_has_an_end_when_it_ended')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('verified', 'Verified'), ('sent_back', 'Sent back'), ('withdrawn', 'Verification withdrawn')], max_length=9)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('reviewed_at', models.DateTimeField()),
                ('linkage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='agreements.linkage')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['verified', 'sent_back', 'withdrawn'])), name='review_verdict_is_known'), models.CheckConstraint(condition=models.Q(('verdict', 'verified'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='review_that_refuses_has_a_reason')],
            },
        ),
        migrations.AddField(
            model_name='linkage',
            name='agreed_terms',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.termsversion'),
        ),
        migrations.AddConstraint(
            model_name='linkage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'platform'), _negated=True), models.Q(('state__in', ['agreed', 'ended', 'in_force', 'terminated']), _negated=True), models.Q(('agreed_terms__isnull', False), ('confirmed_on__isnull', False)), _connector='OR'), name='linkage_agreed_here_has_its_terms'),
        ),
    ]
