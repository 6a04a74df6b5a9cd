"""The bytes of files. What a file is called, and what it shows to whom, the room knows that it belongs to."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import CheckConstraint, Q

from huiyin.plumbing.columns import sane_moments

CASE, FINDING, POSTING = "case", "finding", "posting"
OWNERS: Final = (CASE, FINDING, POSTING)
"""What a file may belong to: a case, a finding of an inspection, a place where a notice to the customers was put up."""


class Kept(models.Model):
    """A file as it is kept, with the small picture of it where it is one. ``of`` and ``of_id`` say what it belongs to, and goes with.

    ``sha256`` is that of ``data``, so that a backup can be held against what was backed up.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    of = models.CharField(max_length=20)
    of_id = models.UUIDField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80, blank=True)
    data = models.BinaryField()
    small = models.BinaryField(default=b"")

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "of", "of_id"], name="files_of_their_owner"),
            models.Index(fields=["organisation_id", "by_person", "at"], name="files_of_a_day"),
        ]
        constraints = [
            CheckConstraint(condition=Q(of__in=OWNERS), name="files_of_something_known"),
            *sane_moments("files_kept", "at"),
        ]
