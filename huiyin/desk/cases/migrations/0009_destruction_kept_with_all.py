from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_closed"), ("keeping", "0001_initial")]
    operations = [migrations.DeleteModel("Destruction")]
