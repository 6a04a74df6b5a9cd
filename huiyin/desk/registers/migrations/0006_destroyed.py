from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0005_acts_and_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="destroyed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("destroyed_at__gte", datetime(2000, 1, 1, 0, 0, tzinfo=UTC)),
                    ("destroyed_at__lt", datetime(2101, 1, 1, 0, 0, tzinfo=UTC)),
                ),
                name="registers_entry_destroyed_at_sane",
            ),
        ),
    ]
