"""A snapshot keeps the newest event that it saw: changes after it are known without computing."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="last_event",
            field=models.BigIntegerField(blank=True, null=True),
        )
    ]
