"""Things that have a past of their own beside the cases: surveys, inspections, activities, merchants, a unit's months and issues."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Matter(models.Model):
    """A thing that facts are about (``core/subjects.py``): ``about`` is its kind, ``key`` its whole key, ``name`` its own name.

    Its facts and everything that follows from them are kept under ``id``, as those of a case are. ``path`` are its unit and those above.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    about = models.CharField(max_length=40)
    key = models.CharField(max_length=300)
    name = models.CharField(max_length=240)
    unit_code = models.CharField(max_length=40)
    path = ArrayField(models.CharField(max_length=40))
    category = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_event = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "about", "unit_code", "-last_at"], name="matters_list")]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "key"], name="matters_key_once"),
            *sane_moments("matters_matter", "began_at", "last_at"),
        ]


class Figure(models.Model):
    """A figure of an inspection, a year or a month, as it now stands: points lost or left, a count, a score, a place in a ranking."""

    pk = models.CompositePrimaryKey("organisation_id", "key")
    organisation_id = models.UUIDField()
    key = models.CharField(max_length=300)
    clause = models.CharField(max_length=80)
    unit_code = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    at = models.DateTimeField()
    case_id = models.UUIDField(null=True)
    period = models.CharField(max_length=40, null=True)
    rank = models.PositiveIntegerField(null=True)
    reckoning = models.JSONField(default=list)
    fact_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "case_id"], name="matters_figures_of_thing"),
            models.Index(fields=["organisation_id", "unit_code", "period"], name="matters_figures_of_unit"),
        ]
        constraints = sane_moments("matters_figure", "at")


class Retention(models.Model):
    """How long a case or register is kept: until the day ``until_on``, for good where that is empty."""

    pk = models.CompositePrimaryKey("organisation_id", "key")
    organisation_id = models.UUIDField()
    key = models.CharField(max_length=300)
    clause = models.CharField(max_length=80)
    case_id = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=40)
    register = models.CharField(max_length=80, null=True)
    period = models.CharField(max_length=40, null=True)
    at = models.DateTimeField()
    until_on = models.DateField(null=True)
    fact_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "case_id"], name="matters_kept_thing"),
            models.Index(fields=["organisation_id", "unit_code", "until_on"], name="matters_kept_until"),
        ]
        constraints = sane_moments("matters_retention", "at")
