from django.db import migrations, models
from django.db.models import F, Q

SPAN = Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on"))


class Migration(migrations.Migration):
    dependencies = [("people", "0006_responsible_for_classes")]

    operations = [
        migrations.AddField("living", "from_on", models.DateField(null=True, blank=True)),
        migrations.AddField("living", "until_on", models.DateField(null=True, blank=True)),
        migrations.RemoveConstraint("living", "people_living_once"),
        migrations.AddConstraint(
            "living",
            models.UniqueConstraint(fields=["resident", "household", "kind"], condition=Q(until_on=None), name="people_living_once"),
        ),
        migrations.AddConstraint("living", models.CheckConstraint(condition=SPAN, name="people_living_span")),
    ]
