from typing import Any

from django.db import migrations

from huiyin.desk.files.models import POSTING
from huiyin.desk.files.moving import bring_in


def bring(apps: Any, _editor: Any) -> None:
    bring_in(apps, POSTING, apps.get_model("publications", "Posting").objects.exclude(path="").iterator(), "id")


class Migration(migrations.Migration):
    dependencies = [("publications", "0001_initial"), ("files", "0001_initial")]

    operations = [
        migrations.RunPython(bring),
        migrations.RemoveField(model_name="posting", name="path"),
    ]
