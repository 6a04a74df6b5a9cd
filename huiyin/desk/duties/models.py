"""Feeds of the calendar for people's own calendars, and when an organisation reminds of its duties. Duties are clocks, kept there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


def days_before() -> list[int]:
    """How many days before the last day people are reminded, where an organisation has said nothing: three, and one."""
    return [3, 1]


class Feed(models.Model):
    """A person's calendar under a secret address. Only the SHA-256 of the secret is kept; revoked ones stay, so that it is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    staff_id = models.UUIDField()
    digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["staff_id"], condition=Q(revoked_at=None), name="duties_feed_one_each"),
            *sane_moments("duties_feed", "made_at", "revoked_at"),
        ]


class Reminding(models.Model):
    """How an organisation reminds of duties: so many days before each is due. Everything up to ``told_until`` has been reminded of."""

    organisation_id = models.UUIDField(primary_key=True)
    days = models.JSONField(default=days_before)
    told_until = models.DateTimeField()

    class Meta:
        constraints = sane_moments("duties_reminding", "told_until")
