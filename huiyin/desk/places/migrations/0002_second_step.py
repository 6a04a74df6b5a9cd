from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.AddField("organisation", "second_step_asked", models.BooleanField(default=False, db_default=False)),
    ]
