from django.db import migrations

# What a version said of a case that is destroyed may go; that there was this version, by whom and when, stays.
FORWARDS = """
CREATE OR REPLACE FUNCTION registers_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('huiyin.forgetting', true) = 'on' THEN
        IF to_jsonb(OLD) - ARRAY['values', 'reason'] = to_jsonb(NEW) - ARRAY['values', 'reason'] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'found % on %, expected nothing but INSERT. Amend the entry instead.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
BACKWARDS = """
CREATE OR REPLACE FUNCTION registers_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'found % on %, expected nothing but INSERT. Amend the entry instead.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0002_add_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
