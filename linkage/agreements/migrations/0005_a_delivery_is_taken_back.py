"""Who entered a delivery may take it back until the other side has answered."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('agreements', '0004_contract_on_paper_is_declared_once')]

    operations = [
        migrations.RemoveConstraint(model_name='delivery', name='delivery_state_is_known'),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('entered', 'Entered by one side'), ('confirmed', 'Confirmed by both sides'), ('disputed', 'Disputed by the other side'), ('withdrawn', 'Taken back by who entered it')], default='entered', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['entered', 'confirmed', 'disputed', 'withdrawn'])), name='delivery_state_is_known'),
        ),
    ]
