"""Adoptions: a regulation in force for a unit; the words that a unit has chosen for itself."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Adoption(models.Model):
    """A regulation that a unit, and everything below it, follows from a day on.

    ``settings`` is a list of ``{"from_on", "clause", "key", "value"}``: what the organisation chose where the text
    leaves it open, each choice from its day on. Nothing is taken out of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="adoptions")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="adoptions")
    regulation = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    settings = models.JSONField(default=list)
    adopted_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="adoptions_adoption_span"),
            UniqueConstraint(fields=["unit", "regulation", "from_on"], name="adoptions_adoption_once"),
            *sane_moments("adoptions_adoption", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.regulation} {self.version}"


class Wording(models.Model):
    """What a unit, and everything below it, calls one of the terms: its own word instead of that of its regulations.

    Empty in one language: there the word stays that of the units above or of the regulations.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="wordings")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="wordings")
    term = models.CharField(max_length=40)
    zh = models.CharField(max_length=40, blank=True)
    en = models.CharField(max_length=80, blank=True)
    chosen_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["unit", "term"], name="adoptions_wording_once"),
            *sane_moments("adoptions_wording", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.zh}"
