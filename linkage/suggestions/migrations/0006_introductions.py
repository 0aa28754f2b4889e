"""Whom the office introduces to each other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from linkage.migrating import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0002_quick_post_corrections'),
        ('registry', '0003_consents_are_append_only'),
        ('suggestions', '0005_pools'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Introduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('introduced_at', models.DateTimeField()),
                ('introduced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='introductions', to='market.need')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='introductions', to='market.offer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='introductions', to='registry.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('offer', 'need'), name='introduction_is_made_once')],
            },
        ),
        append_only('suggestions_introduction', what='introductions', function='introduction_refuse'),
    ]
