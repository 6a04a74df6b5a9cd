"""QR points, and which cases came by them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class QrPoint(models.Model):
    """A code that hangs somewhere in a unit. ``number`` counts the unit's points, ``place`` is what the form is filled in with.

    ``code`` stands in the address; it opens a form and nothing else. ``scans`` is how often it was opened, by whom is not kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="qr_points")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=16, unique=True)
    place = models.CharField(max_length=200)
    open = models.BooleanField(default=True)
    scans = models.PositiveIntegerField(default=0)
    made_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["unit", "number"], name="qr_points_qrpoint_number_once"),
            *sane_moments("qr_points_qrpoint", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.number}"


class Brought(models.Model):
    """A case that came by a point. ``once`` is the id of the form: sent twice it is one case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(QrPoint, on_delete=models.PROTECT, related_name="brought")
    once = models.UUIDField(unique=True)
    case_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "case_id"], name="qr_points_brought_case")]
        constraints = sane_moments("qr_points_brought", "at")

    def __str__(self) -> str:
        return str(self.case_id)
