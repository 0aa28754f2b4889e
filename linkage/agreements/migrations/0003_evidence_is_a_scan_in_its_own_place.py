from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0002_negotiation_evidence_and_deliveries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='evidencefile',
            constraint=models.UniqueConstraint(fields=('stored_as',), name='evidence_has_a_place_of_its_own'),
        ),
        migrations.AddConstraint(
            model_name='evidencefile',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['seller', 'buyer', 'office'])), name='evidence_side_is_known'),
        ),
        migrations.AddConstraint(
            model_name='evidencefile',
            constraint=models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='evidence_is_a_scan'),
        ),
    ]
