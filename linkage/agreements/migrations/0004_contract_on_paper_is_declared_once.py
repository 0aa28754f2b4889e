"""A contract that both sides, or one of them twice, declare at the same moment is one linkage."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('agreements', '0003_evidence_is_a_scan_in_its_own_place')]

    operations = [
        migrations.AddConstraint(
            model_name='linkage',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', 'declared'), ('state__in', ['agreed', 'ended', 'in_force', 'terminated'])), fields=('seller', 'buyer', 'contract_number', 'starts'), name='linkage_on_paper_is_declared_once'),
        ),
    ]
