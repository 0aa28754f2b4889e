"""A snapshot counts the events that it saw: one that was committed late is a change after it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0002_snapshot_knows_its_events")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="events_seen",
            field=models.BigIntegerField(blank=True, null=True),
        )
    ]
