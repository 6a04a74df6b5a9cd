"""Robots of chat groups that tell a group twice a day what its unit has to do."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from huiyin.plumbing.columns import sane_moments


class Robot(models.Model):
    """A robot of a chat group. ``kind`` names its maker; ``sealed`` holds its address and secret.

    ``morning`` and ``afternoon``: when it tells. ``next_at`` is when it tells next (None: it is off), ``slot_at`` the moment of the day
    that this belongs to; ``told_at`` when the group took a digest last, ``trouble`` why it did not take the one after.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="robots")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    language = models.CharField(max_length=10, default="zh-hans")
    sealed = models.CharField(max_length=2000)
    morning = models.BooleanField(default=True)
    afternoon = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True)
    slot_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="robots_robot_next", condition=Q(next_at__isnull=False))]
        constraints = sane_moments("robots_robot", "next_at", "slot_at", "told_at")

    def __str__(self) -> str:
        return self.name
