from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import Q

SANE = Q(set_at__gte=datetime(2000, 1, 1, tzinfo=UTC), set_at__lt=datetime(2101, 1, 1, tzinfo=UTC))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_home")]

    operations = [
        migrations.AddField("message", "lease", models.UUIDField(null=True)),
        migrations.AddField("message", "reference", models.CharField(max_length=200, blank=True, default="", db_default="")),
        migrations.CreateModel(
            name="Way",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("organisation_id", "channel", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("organisation_id", models.UUIDField()),
                ("channel", models.CharField(max_length=20)),
                ("on", models.BooleanField(default=False)),
                ("settings", models.JSONField(default=dict)),
                ("sealed", models.TextField(blank=True)),
                ("set_at", models.DateTimeField()),
            ],
            options={"constraints": [models.CheckConstraint(condition=SANE, name="messaging_way_set_at_sane")]},
        ),
    ]
