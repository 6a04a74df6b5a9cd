from django.db import migrations

# No model of Django's: `flush` leaves it alone. A house in which somebody was told something before this table was made may be a backup
# of another one: it says by itself that it is the one that sends.
FORWARDS = """
CREATE TABLE messaging_home (one boolean PRIMARY KEY DEFAULT true CHECK (one), place varchar(80) NOT NULL);
INSERT INTO messaging_home (place)
SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'messaging_message'::regclass::oid)
WHERE NOT EXISTS (SELECT FROM messaging_message);
"""
BACKWARDS = "DROP TABLE messaging_home;"


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_notices"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
