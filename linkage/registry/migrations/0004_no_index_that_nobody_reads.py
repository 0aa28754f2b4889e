"""Nothing looks organisations up by `name_key`: an import reads the whole register at once."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("registry", "0003_certificate_names_its_issuer")]

    operations = [migrations.RemoveIndex("organisation", "organisation_by_name")]
