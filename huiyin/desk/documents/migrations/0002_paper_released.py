from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="paper", name="documents_paper_state"),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("missing", "incomplete", "complete", "released"))), name="documents_paper_state"
            ),
        ),
    ]
