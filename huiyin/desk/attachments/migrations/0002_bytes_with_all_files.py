from django.db import migrations

MOVE = """
INSERT INTO files_kept (organisation_id, id, "of", of_id, size, sha256, at, by_person, by_role, data, small)
SELECT c.organisation_id, c.attachment_id, 'case', c.case_id, a.size, a.sha256, a.at, a.by_person, a.by_role, c.data, c.small
FROM attachments_content c JOIN attachments_attachment a ON a.organisation_id = c.organisation_id AND a.id = c.attachment_id
"""


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_initial"), ("files", "0001_initial")]

    operations = [
        migrations.RunSQL(MOVE),
        migrations.DeleteModel(name="Content"),
    ]
