import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_tables'),
        ('suggestions', '0003_fairness'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lane',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('written', models.PositiveBigIntegerField(default=0)),
                ('commodity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.commodity')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('commodity', 'number'), name='lane_is_there_once')],
            },
        ),
    ]
