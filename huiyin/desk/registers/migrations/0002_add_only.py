from django.db import migrations

FORWARDS = """
CREATE FUNCTION registers_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'found % on %, expected nothing but INSERT. Amend the entry instead.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER registers_version_add_only BEFORE UPDATE OR DELETE ON registers_version FOR EACH ROW EXECUTE FUNCTION registers_refuse();
CREATE TRIGGER registers_entry_stays BEFORE DELETE ON registers_entry FOR EACH ROW EXECUTE FUNCTION registers_refuse();
"""
BACKWARDS = """
DROP TRIGGER registers_entry_stays ON registers_entry;
DROP TRIGGER registers_version_add_only ON registers_version;
DROP FUNCTION registers_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
