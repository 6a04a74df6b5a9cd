import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from huiyin.plumbing.columns import sane_moments


class Migration(migrations.Migration):
    initial = True
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Robot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=160)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("sealed", models.CharField(max_length=2000)),
                ("morning", models.BooleanField(default=True)),
                ("afternoon", models.BooleanField(default=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("slot_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.organisation"),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="robots", to="places.unit")),
            ],
            options={
                "indexes": [models.Index(condition=Q(("next_at__isnull", False)), fields=["next_at"], name="robots_robot_next")],
                "constraints": sane_moments("robots_robot", "next_at", "slot_at", "told_at"),
            },
        ),
    ]
