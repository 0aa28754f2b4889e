"""A message of the outbox that could not be delivered waits, longer each time.

SQLite remakes jobs_outbox, which has no trigger; jobs_event, which has them, is not touched.
"""

from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_answers_are_remembered")]

    operations = [
        # Due at once: what waits from before has had no pause to wait for.
        migrations.AddField(
            model_name="outbox",
            name="due_at",
            field=models.DateTimeField(default=datetime(2026, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="outbox",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("done", "Delivered"),
                    ("parked", "Parked, not delivered"),
                ],
                default="pending",
                max_length=7,
            ),
        ),
    ]
