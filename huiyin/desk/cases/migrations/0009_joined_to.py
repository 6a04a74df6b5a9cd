from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_closed")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("joined_to__isnull", False)), fields=["organisation_id", "joined_to"], name="cases_joined_to"
            ),
        ),
    ]
