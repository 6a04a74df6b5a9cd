import datetime

from django.db import migrations, models

FORWARDS = """
ALTER TABLE journal_key ADD CONSTRAINT journal_key_whole
    CHECK ((key IS NULL AND destroyed_at IS NOT NULL) OR (octet_length(key) = 32 AND destroyed_at IS NULL));
CREATE FUNCTION journal_key_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.key IS NOT NULL AND NEW.key IS NULL AND (OLD.organisation_id, OLD.about_id, OLD.made_at)
            = (NEW.organisation_id, NEW.about_id, NEW.made_at) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'found % on a key of the journal, expected nothing but that it is thrown away: without it nobody reads its entries.',
        TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER journal_key_stays BEFORE UPDATE OR DELETE ON journal_key FOR EACH ROW EXECUTE FUNCTION journal_key_refuse();
CREATE TRIGGER journal_key_stays_whole BEFORE TRUNCATE ON journal_key FOR EACH STATEMENT EXECUTE FUNCTION journal_key_refuse();
-- What was thrown away shall not lie about as a dead row: the next round of autovacuum takes it.
ALTER TABLE journal_key SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
"""
BACKWARDS = """
DROP TRIGGER journal_key_stays_whole ON journal_key;
DROP TRIGGER journal_key_stays ON journal_key;
DROP FUNCTION journal_key_refuse();
ALTER TABLE journal_key DROP CONSTRAINT journal_key_whole;
"""
SANE = [
    ("gte", datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
    ("lt", datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.UTC)),
]


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="Key",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id", "about_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("about_id", models.UUIDField()),
                ("key", models.BinaryField(max_length=32, null=True)),
                ("made_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
                ("destroyed_by", models.UUIDField(null=True)),
                ("clauses", models.JSONField(db_default=[], default=list)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(*[(f"{column}__{word}", moment) for word, moment in SANE]),
                        name=f"journal_key_{column}_sane",
                    )
                    for column in ("made_at", "destroyed_at")
                ],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        # As the entries: `flush` leaves what opens them.
        migrations.AlterModelOptions("key", {"managed": False}),
    ]
