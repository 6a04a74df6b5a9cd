"""What is kept of an inspection beside its facts: findings with their photos and their rectification, and what was not counted."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q

from huiyin.plumbing.columns import sane_moments
from huiyin.plumbing.files import JPEG, PNG


class Finding(models.Model):
    """A standard found unmet, and what became of it. ``id`` is made by whoever finds, so that the same finding sent twice is one.

    ``inspection_id`` is the id of the thing (matters) whose fact the finding is; the points follow from the facts alone. ``told`` is what
    the live records said where the finding was proposed from them. The rectification is open until ``done_at``, and confirmed by whoever
    inspects at ``checked_at``; where it was not accepted, ``sent_back`` says why and it is open again.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    inspection_id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    clause = models.CharField(max_length=80)
    count = models.PositiveIntegerField()
    household = models.CharField(max_length=80, blank=True)
    merchant = models.CharField(max_length=240, blank=True)
    text = models.CharField(max_length=8000, blank=True)
    told = models.JSONField(default=list)
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_why = models.CharField(max_length=2000, blank=True)
    responsible = models.CharField(max_length=240, blank=True)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    done_note = models.CharField(max_length=8000, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField(null=True)
    checked_note = models.CharField(max_length=2000, blank=True, default="", db_default="")
    sent_back = models.CharField(max_length=2000, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "inspection_id"], name="inspections_findings"),
            models.Index(
                fields=["organisation_id", "unit_code", "due_on"],
                name="inspections_tasks",
                condition=Q(done_at=None, withdrawn_at=None),
            ),
        ]
        constraints = [
            CheckConstraint(condition=Q(done_at=None) | ~Q(done_note=""), name="inspections_done_says_how"),
            CheckConstraint(condition=Q(checked_at=None) | Q(done_at__isnull=False), name="inspections_checked_is_done"),
            CheckConstraint(condition=Q(count__gte=1), name="inspections_found_once"),
            *sane_moments("inspections_finding", "at", "entered_at", "withdrawn_at", "done_at", "checked_at"),
        ]


class Photo(models.Model):
    """A picture of a finding; its bytes are kept with those of all files, under the same id."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    finding_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "finding_id"], name="inspections_photos")]
        constraints = [
            CheckConstraint(condition=Q(kind__in=(JPEG, PNG)), name="inspections_photo_kind"),
            *sane_moments("inspections_photo", "at"),
        ]


class Rejection(models.Model):
    """What the live records proposed as a finding and somebody did not count, with the reason."""

    pk = models.CompositePrimaryKey("organisation_id", "inspection_id", "clause", "rule")
    organisation_id = models.UUIDField()
    inspection_id = models.UUIDField()
    clause = models.CharField(max_length=80)
    rule = models.CharField(max_length=120)
    reason = models.CharField(max_length=2000)
    bad = models.PositiveIntegerField()
    whole = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)

    class Meta:
        constraints = sane_moments("inspections_rejection", "at")
