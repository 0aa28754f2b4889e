"""Of two officers who change the same target or programme, the second is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0005_yearly_returns")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1),
        )
        for name in ("programme", "target")
    ]
