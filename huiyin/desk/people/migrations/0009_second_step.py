import django.db.models.deletion
from django.db import migrations, models

from huiyin.plumbing.columns import sane_moments


class Migration(migrations.Migration):
    dependencies = [("people", "0008_wishes")]

    operations = [
        migrations.CreateModel(
            name="SecondStep",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="second_step",
                        serialize=False,
                        to="people.staff",
                    ),
                ),
                ("sealed", models.CharField(max_length=400)),
                ("since_at", models.DateTimeField()),
                ("taken", models.BigIntegerField(default=0)),
                ("spare", models.JSONField(default=list)),
            ],
            options={"constraints": sane_moments("people_secondstep", "since_at")},
        ),
    ]
