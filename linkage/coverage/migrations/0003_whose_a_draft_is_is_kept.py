"""A return says whether the office saved it last; a membership that is gone no longer decides it.

Of rows from before: whose account has or had an office, and of the cooperative no membership. All
others are their organisation's own, so that no office reads what it cannot be shown to have begun.
On SQLite the table is remade; it has no triggers.
"""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

OFFICES = ("city_staff", "administrator")


def tell(apps, schema_editor):
    returns, grants, members = (
        apps.get_model(*name)._default_manager
        for name in (
            ("coverage", "YearReturn"), ("registry", "RoleGrant"), ("registry", "Membership"),
        )
    )  # fmt: skip
    own = OuterRef("organisation")
    of_it = Q(organisation=own) | Q(organisation__merged_into=own)
    held = grants.filter(user=OuterRef("saved_by"), role__in=OFFICES)
    acted = members.filter(of_it, user=OuterRef("saved_by"))
    is_clerk = Exists(held) | Q(saved_by__is_superuser=True)
    found = returns.filter(is_clerk, ~Exists(acted)).values_list("pk", flat=True)
    returns.filter(pk__in=list(found)).update(by_office=True)


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0002_values_by_hand_are_append_only"),
        ("registry", "0003_consents_are_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="yearreturn",
            name="by_office",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
