from django.db import migrations

FORWARDS = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'found % on %, expected nothing but INSERT: the journal is only ever added to. Write a new entry instead.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION journal_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_unsealed (organisation_id, entry_id) SELECT organisation_id, id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_waits AFTER INSERT ON journal_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION journal_wait_for_seal();
ALTER TABLE journal_entry ADD CONSTRAINT journal_entry_digest_whole CHECK (octet_length(digest) = 32);
ALTER TABLE journal_seal ADD CONSTRAINT journal_seal_digest_whole
    CHECK (octet_length(digest) = 32 AND octet_length(previous) = 32 AND number > 0);
"""
BACKWARDS = """
ALTER TABLE journal_seal DROP CONSTRAINT journal_seal_digest_whole;
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_digest_whole;
DROP TRIGGER journal_entry_waits ON journal_entry;
DROP TRIGGER journal_seal_append_only ON journal_seal;
DROP TRIGGER journal_entry_append_only ON journal_entry;
DROP FUNCTION journal_wait_for_seal();
DROP FUNCTION journal_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        # Made by Django, then out of its hands: `flush`, which empties every table that it manages, leaves the journal.
        migrations.AlterModelOptions("entry", {"managed": False}),
        migrations.AlterModelOptions("seal", {"managed": False}),
        migrations.AlterModelOptions("unsealed", {"managed": False}),
    ]
