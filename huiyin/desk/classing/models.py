"""What was learnt from an organisation's closed cases, one row for each scheme of classes."""

from __future__ import annotations

from django.db import models

from huiyin.plumbing.columns import sane_moments


class Learnt(models.Model):
    """A classer for the classes of the regulation with this prefix. ``right`` is the share of closed cases held back that it got right;
    ``body`` is what ``learning.load`` reads."""

    pk = models.CompositePrimaryKey("organisation_id", "prefix")
    organisation_id = models.UUIDField()
    prefix = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    right = models.FloatField()
    body = models.BinaryField(max_length=64_000_000)

    class Meta:
        constraints = sane_moments("classing_learnt", "made_at")
