from django.db import migrations, models


class Migration(migrations.Migration):
    """What is settled about a batch is settled as it was seen: a version, compared and set."""

    dependencies = [("intake", "0002_previews_and_rounds")]

    operations = [
        migrations.AddField("importbatch", "version", models.PositiveIntegerField(default=1)),
    ]
