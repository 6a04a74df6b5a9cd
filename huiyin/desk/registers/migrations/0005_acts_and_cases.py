from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0004_compared"),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id", "entry_id", "event", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("entry_id", models.UUIDField()),
                ("event", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("fact_id", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at__gte", datetime(2000, 1, 1, 0, 0, tzinfo=UTC)), ("at__lt", datetime(2101, 1, 1, 0, 0, tzinfo=UTC))
                        ),
                        name="registers_act_at_sane",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="case_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case_id__isnull", False)),
                fields=("organisation_id", "register", "case_id"),
                name="registers_case_once",
            ),
        ),
    ]
