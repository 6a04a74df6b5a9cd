from django.db import migrations

FORWARDS = """
CREATE FUNCTION scores_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'found % on an entry of the points ledger, expected nothing but INSERT. Write a counter-entry instead.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER scores_entry_add_only BEFORE UPDATE OR DELETE ON scores_entry FOR EACH ROW EXECUTE FUNCTION scores_refuse();
"""
BACKWARDS = """
DROP TRIGGER scores_entry_add_only ON scores_entry;
DROP FUNCTION scores_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("scores", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
