from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publications", "0002_photos_come_in")]

    operations = [migrations.AddField(model_name="notice", name="withdrawn_by", field=models.UUIDField(null=True))]
