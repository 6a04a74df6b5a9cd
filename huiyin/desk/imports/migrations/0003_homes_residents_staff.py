from django.db import migrations, models
from django.db.models import Q

VERDICTS = ("waiting", "taken", "updated", "refused", "existing")
HAS_BECOME = ~Q(verdict__in=("taken", "updated")) | Q(case_id__isnull=False) | Q(about_id__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_console")]

    operations = [
        migrations.AddField("import", "of", models.CharField(default="cases", db_default="cases", max_length=20)),
        migrations.AddField("importrow", "about_id", models.UUIDField(null=True)),
        migrations.RemoveConstraint("importrow", "imports_verdict"),
        migrations.AddConstraint("importrow", models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="imports_verdict")),
        migrations.RemoveConstraint("importrow", "imports_taken_has_case"),
        migrations.AddConstraint("importrow", models.CheckConstraint(condition=HAS_BECOME, name="imports_taken_has_case")),
        migrations.RunSQL('UPDATE imports_upload SET mapping = mapping || \'{"of": "cases"}\'', migrations.RunSQL.noop),
    ]
