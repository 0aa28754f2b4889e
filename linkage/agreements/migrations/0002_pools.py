"""Pools of several members, and which pool a linkage is a part of.

On SQLite the table of linkages is remade; it has no triggers.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0001_tables'),
        ('catalogue', '0001_tables'),
        ('market', '0001_tables'),
        ('registry', '0003_consents_are_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PoolProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price', models.BigIntegerField()),
                ('answer_by', models.DateField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting for answers'), ('agreed', 'Agreed by all'), ('declined', 'Declined by a member'), ('withdrawn', 'Taken back by the buyer'), ('lapsed', 'Not agreed in time')], default='waiting', max_length=9)),
                ('proposed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pools', to='market.need')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='linkage',
            name='pool',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='agreements.poolproposal'),
        ),
        migrations.AddConstraint(
            model_name='linkage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'platform'), _negated=True), models.Q(('state', 'pool_pending'), _negated=True), models.Q(('agreed_terms__isnull', False), ('pool__isnull', False)), _connector='OR'), name='linkage_that_waits_for_its_pool_has_one'),
        ),
        migrations.AddIndex(
            model_name='poolproposal',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['answer_by'], name='pool_by_last_day'),
        ),
        migrations.AddConstraint(
            model_name='poolproposal',
            constraint=models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='pool_price_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='poolproposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'agreed', 'declined', 'withdrawn', 'lapsed'])), name='pool_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='poolproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='pool_has_an_end_when_it_ended'),
        ),
        migrations.AddConstraint(
            model_name='poolproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('need',), name='pool_waits_once_for_a_need'),
        ),
    ]
