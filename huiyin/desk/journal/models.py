"""The journal: entries, the seals that chain them, which entries still wait for one, and the keys of what people said.

Not managed by Django, so that not even ``flush`` empties them; a change of columns is written in SQL in a migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from huiyin.plumbing.columns import sane_moments

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class UuidArray(_Field):
    """A list of ids, in order. Written and read by SQL of our own only."""

    def db_type(self, connection: Any) -> str:
        return "uuid[]"


class Entry(models.Model):
    """Something that was done: by whom, in which role, to what, when it happened and when it was entered. Never
    changed, never removed.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    action = models.CharField(max_length=80)
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    clauses = models.JSONField(default=list)
    body = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    class Meta:
        managed = False
        indexes = [
            models.Index(fields=["organisation_id", "subject", "id"], name="journal_entry_subject"),
            models.Index(fields=["organisation_id", "at"], name="journal_entry_at"),
        ]
        constraints = sane_moments("journal_entry", "at", "entered_at")


class Unsealed(models.Model):
    """An entry that waits for its seal. A trigger adds the row with the entry, the sealer takes it away with the seal.

    So the sealer reads a table as small as what waits, in whatever order entries became visible; reading "what came
    after the last one" would lose those whose transaction ended late.
    """

    pk = models.CompositePrimaryKey("organisation_id", "entry_id")
    organisation_id = models.UUIDField()
    entry_id = models.UUIDField()

    class Meta:
        managed = False


class Key(models.Model):
    """The key of the words about something (``about_id``: a case); empty once it was thrown away, which the other columns then tell.

    The database refuses any other change, so that no key is lost or exchanged by accident.
    """

    pk = models.CompositePrimaryKey("organisation_id", "about_id")
    organisation_id = models.UUIDField()
    about_id = models.UUIDField()
    key = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.UUIDField(null=True)
    clauses = models.JSONField(default=list, db_default=[])

    class Meta:
        managed = False
        constraints = sane_moments("journal_key", "made_at", "destroyed_at")


class Seal(models.Model):
    """A link of an organisation's chain: the entries it covers in order, and a digest over them and the link before."""

    pk = models.CompositePrimaryKey("organisation_id", "number")
    organisation_id = models.UUIDField()
    number = models.PositiveBigIntegerField()
    sealed_at = models.DateTimeField()
    entries = UuidArray()
    marks = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        managed = False
        constraints = sane_moments("journal_seal", "sealed_at")
