"""Warnings with their numbers."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.core.records import ANSWERED, CONFIRMED, DISMISSED, RAISED, WITHDRAWN
from huiyin.plumbing.columns import sane_moments

STATES = (RAISED, CONFIRMED, DISMISSED, ANSWERED, WITHDRAWN)
OPEN = (RAISED, CONFIRMED)


class WarningSignal(models.Model):
    """A warning on a case, or on an issue of a unit in a year.

    ``number`` (YJ, day, four digits) is given by the database when the row is first kept, without a gap; it never changes. ``grounds``
    are the clauses, rules, moments and reckonings that speak for it. ``fact_id`` is the fact that raised it.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    number = models.CharField(max_length=20, null=True)
    key = models.CharField(max_length=400)
    level = models.CharField(max_length=20)
    regulation = models.CharField(max_length=40)
    case_id = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=40)
    issue = models.CharField(max_length=200, null=True)
    grounds = models.JSONField(default=list)
    state = models.CharField(max_length=10)
    raised_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=80, null=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    fact_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "raised_at"], name="warnings_open", condition=Q(state__in=OPEN)),
            models.Index(fields=["organisation_id", "raised_at"], name="warnings_raised"),
            models.Index(fields=["organisation_id", "case_id"], name="warnings_case", condition=Q(case_id__isnull=False)),
            models.Index(fields=["organisation_id", "unit_code", "issue"], name="warnings_issue", condition=Q(case_id=None)),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "key"], name="warnings_key_once"),
            UniqueConstraint(fields=["organisation_id", "number"], name="warnings_number_once"),
            CheckConstraint(condition=Q(state__in=STATES), name="warnings_state"),
            *sane_moments("warnings_signal", "raised_at", "verified_at", "sent_at", "answered_at", "promised_at"),
        ]


class Numbering(models.Model):
    """How many warnings of a day have a number. The database counts; nobody else writes here."""

    pk = models.CompositePrimaryKey("organisation_id", "day_on")
    organisation_id = models.UUIDField()
    day_on = models.DateField()
    last = models.PositiveIntegerField()
