import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('suggestions', '0001_initial'), ('suggestions', '0002_what_looks_found'), ('suggestions', '0003_choices_are_held_by_the_database')]

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('market', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('commodity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='catalogue.commodity')),
                ('taken', models.PositiveBigIntegerField(default=0)),
                ('offers_touched', models.PositiveBigIntegerField(default=0)),
                ('needs_touched', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='NeedLook',
            fields=[
                ('day', models.DateField()),
                ('engine', models.CharField(max_length=20)),
                ('top', models.JSONField()),
                ('last', models.PositiveIntegerField(blank=True, null=True)),
                ('steady', models.PositiveIntegerField()),
                ('touched', models.PositiveBigIntegerField()),
                ('digest', models.CharField(max_length=32)),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='look', serialize=False, to='market.need')),
                ('commodity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.commodity')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OfferLook',
            fields=[
                ('day', models.DateField()),
                ('engine', models.CharField(max_length=20)),
                ('top', models.JSONField()),
                ('last', models.PositiveIntegerField(blank=True, null=True)),
                ('steady', models.PositiveIntegerField()),
                ('touched', models.PositiveBigIntegerField()),
                ('digest', models.CharField(max_length=32)),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='look', serialize=False, to='market.offer')),
                ('commodity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.commodity')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('engine', models.CharField(max_length=20)),
                ('score', models.PositiveIntegerField()),
                ('facts', models.JSONField()),
                ('offer_why', models.CharField(blank=True, max_length=60)),
                ('need_why', models.CharField(blank=True, max_length=60)),
                ('offer_view', models.CharField(choices=[('new', 'New'), ('seen', 'Seen'), ('dismissed', 'Dismissed'), ('proposed', 'Proposed')], default='new', max_length=9)),
                ('need_view', models.CharField(choices=[('new', 'New'), ('seen', 'Seen'), ('dismissed', 'Dismissed'), ('proposed', 'Proposed')], default='new', max_length=9)),
                ('offer_reason', models.CharField(blank=True, choices=[('too_far', 'Too far'), ('quantity', 'The quantity does not fit'), ('time', 'The time does not fit'), ('known', 'We already deal with them'), ('not_wanted', 'We do not want to deal with them'), ('other', 'Another reason')], max_length=10)),
                ('need_reason', models.CharField(blank=True, choices=[('too_far', 'Too far'), ('quantity', 'The quantity does not fit'), ('time', 'The time does not fit'), ('known', 'We already deal with them'), ('not_wanted', 'We do not want to deal with them'), ('other', 'Another reason')], max_length=10)),
                ('offer_told_at', models.DateTimeField(blank=True, null=True)),
                ('need_told_at', models.DateTimeField(blank=True, null=True)),
                ('stale', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='market.need')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='market.offer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('offer_why', ''), _negated=True), fields=['offer', '-score'], name='suggestion_of_offer'), models.Index(condition=models.Q(('need_why', ''), _negated=True), fields=['need', '-score'], name='suggestion_of_need')],
                'constraints': [models.UniqueConstraint(fields=('offer', 'need', 'engine'), name='suggestion_is_made_once'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 10000)), name='suggestion_score_is_a_share'), models.CheckConstraint(condition=models.Q(('need_view__in', ['new', 'seen', 'dismissed', 'proposed']), ('offer_view__in', ['new', 'seen', 'dismissed', 'proposed'])), name='suggestion_view_is_known'), models.CheckConstraint(condition=models.Q(('need_reason__in', ['', 'too_far', 'quantity', 'time', 'known', 'not_wanted', 'other']), ('offer_reason__in', ['', 'too_far', 'quantity', 'time', 'known', 'not_wanted', 'other'])), name='suggestion_reason_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('offer_view', 'dismissed'), ('offer_reason', ''), _connector='OR'), models.Q(('need_view', 'dismissed'), ('need_reason', ''), _connector='OR')), name='suggestion_has_a_reason_only_if_dismissed'), models.CheckConstraint(condition=models.Q(models.Q(('need_why', ''), ('offer_why', ''), ('stale', True)), models.Q(('stale', False), models.Q(models.Q(('offer_why', ''), _negated=True), models.Q(('need_why', ''), _negated=True), _connector='OR')), _connector='OR'), name='suggestion_is_stale_if_it_is_nobodys_best')],
            },
        ),
    ]
