"""What people made of proposals: cases they put together, cases they parted. The matter that a case belongs to is its ``issue``."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Joined(models.Model):
    """A case that somebody put into the matter ``issue``; ``was`` is the matter that it stood in before, empty for none."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    case_id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    issue = models.CharField(max_length=120)
    was = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "unit_code", "-at"], name="topics_joined_of_unit")]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "case_id"], condition=Q(undone_at=None), name="topics_joined_once"),
            *sane_moments("topics_joined", "at", "undone_at"),
        ]


class Parted(models.Model):
    """Two cases that somebody said are not one matter, the smaller id first; ``taken_back_at`` when that was taken back."""

    pk = models.CompositePrimaryKey("organisation_id", "case_id", "other_id")
    organisation_id = models.UUIDField()
    case_id = models.UUIDField()
    other_id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "unit_code", "-at"], name="topics_parted_of_unit")]
        constraints = [
            CheckConstraint(condition=Q(case_id__lt=F("other_id")), name="topics_parted_ordered"),
            *sane_moments("topics_parted", "at", "taken_back_at"),
        ]
