"""Files that were brought in, and their rows."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments

OPEN, DONE = "open", "done"
WAITING, TAKEN, UPDATED, REFUSED, EXISTING = "waiting", "taken", "updated", "refused", "existing"
VERDICTS = (WAITING, TAKEN, UPDATED, REFUSED, EXISTING)
CASES = "cases"


class Import(models.Model):
    """A file that was brought in: its name and SHA-256, the mapping by which it was read, and how far it has come.

    ``of`` is what its rows become: cases, homes, residents, staff. ``as_it_came`` is true for a replay: each row is entered at its own
    time. ``unattended`` is true where nobody waits for it: the watch takes its rows. ``unit_code`` is the unit at
    which and below which its rows may go (empty: the whole organisation).
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    of = models.CharField(max_length=20, default=CASES, db_default=CASES)
    file_name = models.CharField(max_length=260)
    digest = models.BinaryField(max_length=32)
    source = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    header = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    as_it_came = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=OPEN)
    unattended = models.BooleanField(default=False)
    unit_code = models.CharField(max_length=40, blank=True)
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "begun_at"], name="imports_begun")]
        constraints = [
            # The same file under the same mapping is the same import, begun again or gone on with.
            UniqueConstraint(fields=["organisation_id", "digest"], name="imports_file_once"),
            CheckConstraint(condition=Q(state__in=(OPEN, DONE)), name="imports_state"),
            *sane_moments("imports_import", "begun_at", "ended_at"),
        ]


class ImportRow(models.Model):
    """A row of such a file: what stood in it, by column, and its verdict with the reasons and the case that it became; ``about_id`` is the
    home, resident or account that it made or changed instead.

    ``source_id`` with the import's ``source`` makes it known again; it is filled once the row is taken.
    """

    pk = models.CompositePrimaryKey("organisation_id", "import_id", "number")
    organisation_id = models.UUIDField()
    import_id = models.UUIDField()
    number = models.PositiveIntegerField()
    raw = models.JSONField(default=dict)
    verdict = models.CharField(max_length=10, default=WAITING)
    errors = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120, null=True)
    happened_at = models.DateTimeField(null=True)
    case_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "import_id", "verdict"], name="imports_rows_by_verdict"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["organisation_id", "source", "source_id"],
                name="imports_taken_once",
                condition=Q(verdict=TAKEN),
            ),
            CheckConstraint(condition=Q(verdict__in=VERDICTS), name="imports_verdict"),
            CheckConstraint(
                condition=~Q(verdict__in=(TAKEN, UPDATED)) | Q(case_id__isnull=False) | Q(about_id__isnull=False),
                name="imports_taken_has_case",
            ),
            *sane_moments("imports_row", "happened_at"),
        ]


class Upload(models.Model):
    """A file that somebody has handed over and not yet brought in, with its mapping as far as it is drawn up. It is gone once its rows are
    kept, when it is given up, or after a week."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    file_name = models.CharField(max_length=260)
    data = models.BinaryField()
    mapping = models.JSONField(default=dict)
    by_person = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="imports_upload_at")]
        constraints = [*sane_moments("imports_upload", "at")]


class SavedMapping(models.Model):
    """A mapping under a name, for everybody of the organisation who brings files in."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    name = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["organisation_id", "name"], name="imports_mapping_once"),
            *sane_moments("imports_savedmapping", "at"),
        ]
