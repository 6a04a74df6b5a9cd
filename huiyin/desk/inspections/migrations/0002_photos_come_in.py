from typing import Any

from django.db import migrations

from huiyin.desk.files.models import FINDING
from huiyin.desk.files.moving import bring_in


def bring(apps: Any, _editor: Any) -> None:
    bring_in(apps, FINDING, apps.get_model("inspections", "Photo").objects.iterator(), "finding_id")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial"), ("files", "0001_initial")]

    operations = [
        migrations.RunPython(bring),
        migrations.RemoveField(model_name="photo", name="path"),
    ]
