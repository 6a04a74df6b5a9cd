from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_destroying"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="secrets",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="Secret",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("organisation_id", "case_id", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("organisation_id", models.UUIDField()),
                ("case_id", models.UUIDField()),
                ("parts", models.JSONField(default=list)),
                ("texts", models.JSONField(default=dict)),
                ("words", models.JSONField(default=list)),
            ],
        ),
    ]
