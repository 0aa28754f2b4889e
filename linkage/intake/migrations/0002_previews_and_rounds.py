from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    """What a preview stood on, why one failed, whose corrections came along; changes played back."""

    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField("importbatch", "failure", models.JSONField(default=dict)),
        migrations.AddField(
            "importbatch", "plan_digest", models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField("importbatch", "register_stamp", models.JSONField(default=list)),
        migrations.AddField(
            "importbatch",
            "carried_from",
            models.ForeignKey(
                blank=True, null=True, on_delete=deletion.SET_NULL, to="intake.importbatch"
            ),
        ),
        migrations.AddField(
            "importchange", "undone_at", models.DateTimeField(blank=True, null=True)
        ),
    ]
