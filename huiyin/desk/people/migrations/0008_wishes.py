from django.db import migrations, models
from django.db.models import Q

WISHES = ("all", "pressing", "none")


class Migration(migrations.Migration):
    dependencies = [("people", "0007_moving_out")]

    operations = [
        migrations.AddField("staff", "email", models.CharField(max_length=254, blank=True, default="", db_default="")),
        migrations.AddField("staff", "by_email", models.CharField(max_length=10, default="all", db_default="all")),
        migrations.AddField("staff", "by_sms", models.CharField(max_length=10, default="pressing", db_default="pressing")),
        migrations.AddConstraint(
            "staff", models.CheckConstraint(condition=Q(by_email__in=WISHES, by_sms__in=WISHES), name="people_staff_wishes")
        ),
    ]
