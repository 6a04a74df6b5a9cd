from datetime import UTC, datetime

from django.db import migrations, models

COPY = """
INSERT INTO keeping_destruction (organisation_id, about_id, "of", list_id, number, register, unit_code, reason, clauses, until_on, proposed_by,
    proposed_at, signed_by, signed_at)
SELECT d.organisation_id, d.case_id, 'case', d.case_id, c.number, '', d.unit_code, d.reason, d.clauses, d.until_on, d.proposed_by,
    d.proposed_at, d.signed_by, d.signed_at
FROM cases_destruction d JOIN cases_case c ON c.organisation_id = d.organisation_id AND c.id = d.case_id
"""


def _sane(column):
    condition = models.Q((f"{column}__gte", datetime(2000, 1, 1, tzinfo=UTC)), (f"{column}__lt", datetime(2101, 1, 1, tzinfo=UTC)))
    return models.CheckConstraint(condition=condition, name=f"keeping_destruction_{column}_sane")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0008_closed")]
    operations = [
        migrations.CreateModel(
            name="Destruction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id", "about_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("about_id", models.UUIDField()),
                ("of", models.CharField(max_length=20)),
                ("list_id", models.UUIDField()),
                ("number", models.CharField(max_length=40)),
                ("register", models.CharField(blank=True, max_length=120)),
                ("unit_code", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=500)),
                ("clauses", models.JSONField(default=list)),
                ("until_on", models.DateField()),
                ("proposed_by", models.UUIDField()),
                ("proposed_at", models.DateTimeField()),
                ("signed_by", models.UUIDField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation_id", "signed_at"], name="keeping_destructions"),
                    models.Index(fields=["organisation_id", "list_id"], name="keeping_lists"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_by", None), models.Q(("signed_by", models.F("proposed_by")), _negated=True), _connector="OR"
                        ),
                        name="keeping_destruction_two_persons",
                    ),
                    _sane("proposed_at"),
                    _sane("signed_at"),
                ],
            },
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
