"""Consents, their ends and their scans can be added and never changed: the database refuses the rest.

SQLite forgets a table's triggers when a later migration remakes the table (most AlterField do):
such a migration must end with this operation again. tests/registry/test_constraints.py notices.
"""

from django.db import migrations

from linkage.migrating import append_only


class Migration(migrations.Migration):
    replaces = [("registry", "0007_field_officers")]
    dependencies = [("registry", "0002_periods_of_one_do_not_overlap")]

    operations = [
        append_only(
            "registry_officerconsent",
            "registry_consentend",
            "registry_consentscan",
            what="consents",
            function="registry_consent_refuse",
        ),
    ]
