"""Which few offers fill a need together, as the last look found."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0001_tables'),
        ('suggestions', '0004_lanes_of_a_turn'),
    ]

    operations = [
        migrations.CreateModel(
            name='PoolSuggestion',
            fields=[
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='pool_suggestion', serialize=False, to='market.need')),
                ('asked_at', models.DateTimeField()),
                ('looked_at', models.DateTimeField(blank=True, null=True)),
                ('need_version', models.PositiveIntegerField()),
                ('wanted', models.BigIntegerField()),
                ('why', models.CharField(blank=True, choices=[('too_little', 'All together have too little'), ('too_many_partners', 'It would take too many'), ('does_not_fit', 'What they have does not fit together'), ('not_in_time', 'None was found in the time there was'), ('need_closed', 'The need is not open')], max_length=17)),
                ('values', models.JSONField(default=dict)),
                ('closing_why', models.CharField(blank=True, choices=[('too_little', 'All together have too little'), ('too_many_partners', 'It would take too many'), ('does_not_fit', 'What they have does not fit together'), ('not_in_time', 'None was found in the time there was'), ('need_closed', 'The need is not open')], max_length=17)),
                ('closing_values', models.JSONField(default=dict)),
                ('aims', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('closing_why__in', ['', 'too_little', 'too_many_partners', 'does_not_fit', 'not_in_time', 'need_closed']), ('why__in', ['', 'too_little', 'too_many_partners', 'does_not_fit', 'not_in_time', 'need_closed'])), name='pool_suggestion_why_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('why', ''), _negated=True), ('closing_why', ''), _connector='OR'), name='pool_suggestion_closes_only_what_is_open')],
            },
        ),
        migrations.CreateModel(
            name='PoolPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.BigIntegerField()),
                ('lacks', models.JSONField(blank=True, null=True)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pool_parts', to='market.offer')),
                ('suggestion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='suggestions.poolsuggestion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('suggestion', 'offer'), name='pool_part_is_of_another_offer'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='pool_part_quantity_is_positive')],
            },
        ),
    ]
