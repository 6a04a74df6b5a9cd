"""Notices to the customers with their lines, and where each was put up."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments
from huiyin.plumbing.files import JPEG, PNG

DRAFT, WAITING, APPROVED, ISSUED, WITHDRAWN = "draft", "waiting", "approved", "issued", "withdrawn"
STATES = (DRAFT, WAITING, APPROVED, ISSUED, WITHDRAWN)


class Notice(models.Model):
    """The notice of a unit for a month. ``document_id`` is the paper that it became when it was issued; that one has the number.

    ``approved_by`` is never the person who handed it in. A withdrawn one stays; another may be written for the month.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    state = models.CharField(max_length=10)
    lead = models.CharField(max_length=4000, blank=True)
    outlets = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    returned_why = models.CharField(max_length=2000, blank=True)
    issued_at = models.DateTimeField(null=True)
    document_id = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(state__in=STATES), name="publications_state"),
            CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("handed_in_by")), name="publications_approved_by_another"
            ),
            UniqueConstraint(
                fields=["organisation_id", "unit_code", "period"], condition=~Q(state=WITHDRAWN), name="publications_one_a_month"
            ),
            *sane_moments("publications_notice", "made_at", "handed_in_at", "approved_at", "issued_at", "withdrawn_at"),
        ]


class Line(models.Model):
    """What the notice says of one case. ``why`` names the class for which it is published ("CP:public_part"), or "issue"."""

    pk = models.CompositePrimaryKey("organisation_id", "notice_id", "case_id")
    organisation_id = models.UUIDField()
    notice_id = models.UUIDField()
    case_id = models.UUIDField()
    place = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=120)
    text = models.CharField(max_length=4000)
    included = models.BooleanField(default=True)


class Posting(models.Model):
    """Where and when a notice was put up, by whom; a photo of it is kept with all files, under the same id.

    ``kind`` is that of the photo, empty where there is none. One that was destroyed with a case it told of has left its ``sha256``.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    notice_id = models.UUIDField()
    place = models.CharField(max_length=400)
    posted_at = models.DateTimeField()
    by_person = models.UUIDField()
    by_role = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    kind = models.CharField(max_length=20, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "notice_id"], name="publications_postings")]
        constraints = [
            CheckConstraint(condition=Q(kind__in=("", JPEG, PNG)), name="publications_photo_kind"),
            *sane_moments("publications_posting", "posted_at", "entered_at"),
        ]
