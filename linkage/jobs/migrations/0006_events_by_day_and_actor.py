"""The audit log is read by day and by account. SQLite does not remake the table for an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0005_events_are_sealed")]

    operations = [
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["at"], name="event_by_time")
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor_id", "id"], name="event_by_actor"),
        ),
    ]
