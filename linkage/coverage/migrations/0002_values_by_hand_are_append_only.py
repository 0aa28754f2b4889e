"""Values that are entered by hand can be added and never changed: the database refuses the rest.

SQLite forgets a table's triggers when a later migration remakes the table (most AlterField do):
such a migration must end with this operation again. tests/coverage/test_manual_values.py notices.
"""

from django.db import migrations

from linkage.migrating import append_only


class Migration(migrations.Migration):
    replaces = [("coverage", "0004_values_by_hand")]
    dependencies = [("coverage", "0001_tables")]

    operations = [
        append_only(
            "coverage_manualvalue",
            what="values by hand",
            function="manual_value_refuse",
            prefix="manual_value",
        ),
    ]
