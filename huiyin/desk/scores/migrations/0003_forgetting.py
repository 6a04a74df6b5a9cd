from django.db import migrations

# The name that people gave a matter may go when its last case is destroyed; every point stays.
FORWARDS = """
CREATE OR REPLACE FUNCTION scores_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('huiyin.forgetting', true) = 'on' THEN
        IF to_jsonb(OLD) - ARRAY['key', 'issue', 'warning', 'counters'] = to_jsonb(NEW) - ARRAY['key', 'issue', 'warning', 'counters'] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'found % on an entry of the points ledger, expected nothing but INSERT. Write a counter-entry instead.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
BACKWARDS = """
CREATE OR REPLACE FUNCTION scores_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'found % on an entry of the points ledger, expected nothing but INSERT. Write a counter-entry instead.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("scores", "0002_add_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
