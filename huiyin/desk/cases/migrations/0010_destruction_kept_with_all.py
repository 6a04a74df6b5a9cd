from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_joined_to"), ("keeping", "0001_initial")]
    operations = [migrations.DeleteModel("Destruction")]
