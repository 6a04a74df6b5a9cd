from django.db import migrations, models

from huiyin.plumbing.columns import sane_moments


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_legalhold_kept_with_all")]

    operations = [
        migrations.CreateModel(
            name="Reminded",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("organisation_id", "clock", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("organisation_id", models.UUIDField()),
                ("clock", models.CharField(max_length=300)),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="cases_reminded_due")],
                "constraints": sane_moments("cases_reminded", "due_at"),
            },
        ),
    ]
