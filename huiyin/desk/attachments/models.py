"""Files of cases; their bytes are kept with those of all files."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Attachment(models.Model):
    """A file of a case. ``act`` is what it came with: a move ("note"), an event ("investigation_completed"), "register";
    empty: it came alone, ``for_customer`` whether the customer
    may see it as they may see a reply.

    ``sent_sha256`` is that of the bytes as they were sent: the same file twice on a case is one. ``small`` says whether there is a small
    picture of it. After ``removed_at`` its bytes are gone and the row says who took it away, and why.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    case_id = models.UUIDField()
    name = models.CharField(max_length=480)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    small = models.BooleanField(default=False)
    act = models.CharField(max_length=120, blank=True)
    for_customer = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80, blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True)
    removed_why = models.CharField(max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "case_id", "at"], name="attachments_of_case")]
        constraints = [
            UniqueConstraint(
                fields=["organisation_id", "case_id", "sent_sha256"], condition=Q(removed_at=None), name="attachments_file_once"
            ),
            CheckConstraint(condition=Q(removed_at=None) | ~Q(removed_why=""), name="attachments_removed_says_why"),
            *sane_moments("attachments_attachment", "at", "removed_at"),
        ]
