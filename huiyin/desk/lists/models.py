"""Saved views: the filters of a list under a name."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class SavedView(models.Model):
    """What somebody asked of a list, under a name of theirs: ``asked`` are the parts of the address of ``page``.

    It says what is looked for, never what is found: whoever opens it sees what their own post reaches. ``place`` is its order among the
    person's own; ``shared_with`` is the unit at which, and below which, everybody has it in their menu.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    asked = models.JSONField(default=dict)
    place = models.PositiveSmallIntegerField()
    shared_with = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "shared_with"], name="lists_savedview_shared")]
        constraints = [
            UniqueConstraint(fields=["staff", "name"], name="lists_savedview_once"),
            *sane_moments("lists_savedview", "made_at"),
        ]

    def __str__(self) -> str:
        return self.name
