from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_destruction_kept_with_all"), ("keeping", "0002_legalhold")]
    operations = [migrations.DeleteModel("LegalHold")]
