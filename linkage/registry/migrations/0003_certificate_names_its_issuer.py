"""A certificate says who issued it.

The column is added by plain SQL, alike on both databases: AddField would remake SQLite's table and
lose the triggers of 0002.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("registry", "0002_periods_do_not_overlap")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE registry_certificate ADD COLUMN issuer varchar(200) NOT NULL DEFAULT ''",
            "ALTER TABLE registry_certificate DROP COLUMN issuer",
            state_operations=[
                migrations.AddField(
                    model_name="certificate",
                    name="issuer",
                    field=models.CharField(blank=True, db_default="", default="", max_length=200),
                )
            ],
        )
    ]
