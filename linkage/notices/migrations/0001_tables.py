import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notices', '0001_initial')]

    initial = True

    dependencies = [
        ('registry', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('match', 'New match'), ('question', 'Question'), ('proposal', 'Proposal'), ('answer', 'Answer'), ('delivery', 'Delivery'), ('running_out', 'Contract running out'), ('verification', 'Verification'), ('members', 'People and access')], max_length=12)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='message_choices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='message_choice_is_made_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['match', 'question', 'proposal', 'answer', 'delivery', 'running_out', 'verification', 'members'])), name='message_choice_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('match', 'New match'), ('question', 'Question'), ('proposal', 'Proposal'), ('answer', 'Answer'), ('delivery', 'Delivery'), ('running_out', 'Contract running out'), ('verification', 'Verification'), ('members', 'People and access')], max_length=12)),
                ('what', models.CharField(max_length=40)),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField()),
                ('data', models.JSONField(default=dict)),
                ('dedupe_key', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='registry.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notice_unread'), models.Index(fields=['user', '-id'], name='notice_of_person')],
                'constraints': [models.UniqueConstraint(fields=('user', 'dedupe_key'), name='notice_is_told_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['match', 'question', 'proposal', 'answer', 'delivery', 'running_out', 'verification', 'members'])), name='notice_kind_is_known')],
            },
        ),
    ]
