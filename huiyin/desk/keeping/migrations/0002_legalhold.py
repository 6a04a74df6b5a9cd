from datetime import UTC, datetime

from django.db import migrations, models

COPY = """
INSERT INTO keeping_legalhold (organisation_id, id, "of", about_id, number, register, unit_code, reason, placed_by, placed_at, released_by,
    released_at, release_reason)
SELECT h.organisation_id, h.id, 'case', h.case_id, c.number, '', h.unit_code, h.reason, h.placed_by, h.placed_at, h.released_by,
    h.released_at, h.release_reason
FROM cases_legalhold h JOIN cases_case c ON c.organisation_id = h.organisation_id AND c.id = h.case_id
"""


def _sane(column):
    condition = models.Q((f"{column}__gte", datetime(2000, 1, 1, tzinfo=UTC)), (f"{column}__lt", datetime(2101, 1, 1, tzinfo=UTC)))
    return models.CheckConstraint(condition=condition, name=f"keeping_legalhold_{column}_sane")


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_destruction_kept_with_all"), ("keeping", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("pk", models.CompositePrimaryKey("organisation_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("of", models.CharField(max_length=20)),
                ("about_id", models.UUIDField()),
                ("number", models.CharField(max_length=40)),
                ("register", models.CharField(blank=True, max_length=120)),
                ("unit_code", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=4000)),
                ("placed_by", models.UUIDField()),
                ("placed_at", models.DateTimeField()),
                ("released_by", models.UUIDField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("release_reason", models.CharField(blank=True, max_length=4000)),
            ],
            options={
                "indexes": [models.Index(fields=["organisation_id", "unit_code", "placed_at"], name="keeping_legalholds")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at", None)), fields=("organisation_id", "about_id"), name="keeping_legalhold_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at", None), ("released_by", None)),
                            models.Q(
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                                models.Q(("release_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="keeping_legalhold_released_whole",
                    ),
                    _sane("placed_at"),
                    _sane("released_at"),
                ],
            },
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
