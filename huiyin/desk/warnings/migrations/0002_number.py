from django.db import migrations

FORWARDS = """
CREATE FUNCTION warnings_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted record;
    upto integer;
BEGIN
    -- In one order for everybody, so that two writers never wait for each other.
    FOR counted IN
        SELECT organisation_id, (raised_at AT TIME ZONE 'Asia/Shanghai')::date AS day_on, count(*)::integer AS many
        FROM fresh GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        INSERT INTO warnings_numbering AS kept (organisation_id, day_on, last)
            VALUES (counted.organisation_id, counted.day_on, counted.many)
            ON CONFLICT (organisation_id, day_on) DO UPDATE SET last = kept.last + EXCLUDED.last
            RETURNING last INTO upto;
        UPDATE warnings_warningsignal AS signal
            SET number = 'YJ' || to_char(counted.day_on, 'YYMMDD')
                || lpad(placed.sequence::text, greatest(4, length(placed.sequence::text)), '0')
            FROM (
                SELECT id, upto - counted.many + row_number() OVER (ORDER BY raised_at, key) AS sequence
                FROM fresh
                WHERE organisation_id = counted.organisation_id
                    AND (raised_at AT TIME ZONE 'Asia/Shanghai')::date = counted.day_on
            ) AS placed
            WHERE signal.organisation_id = counted.organisation_id AND signal.id = placed.id;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER warnings_number AFTER INSERT ON warnings_warningsignal
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION warnings_number();
CREATE FUNCTION warnings_keep_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'found another number for the warning %, expected it to stay: a number is given once. Leave it as it is.', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER warnings_keep_number BEFORE UPDATE OF number ON warnings_warningsignal
    FOR EACH ROW WHEN (OLD.number IS NOT NULL AND OLD.number IS DISTINCT FROM NEW.number) EXECUTE FUNCTION warnings_keep_number();
"""
BACKWARDS = """
DROP TRIGGER warnings_keep_number ON warnings_warningsignal;
DROP TRIGGER warnings_number ON warnings_warningsignal;
DROP FUNCTION warnings_keep_number();
DROP FUNCTION warnings_number();
"""


class Migration(migrations.Migration):
    dependencies = [("warnings", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
