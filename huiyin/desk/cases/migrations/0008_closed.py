from django.db import migrations

FORWARDS = "CREATE INDEX cases_closed ON cases_case (organisation_id, coalesce(closed_at, '9999-01-01 00:00+00'::timestamptz), id)"
BACKWARDS = "DROP INDEX cases_closed"


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_secrets")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
