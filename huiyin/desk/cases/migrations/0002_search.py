from django.db import migrations

FORWARDS = "CREATE INDEX cases_search ON cases_case USING gin (search) WITH (fastupdate = off)"
BACKWARDS = "DROP INDEX cases_search"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
