"""Limits that run or ran, and when each organisation's next day opens."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q

from huiyin.core.records import CANCELLED, EXEMPT, LATE, MET, OVERDUE, RUNNING
from huiyin.plumbing.columns import sane_moments

STATES = (RUNNING, MET, LATE, OVERDUE, CANCELLED, EXEMPT)
OPEN = (RUNNING, OVERDUE)


class Clock(models.Model):
    """A limit on a case, or (``kind`` "duty") on a unit for a period, as ``core.records.Clock`` describes it.

    ``look_at`` is when the watch looks next. ``set_aside_until`` and ``error`` are filled when a look failed; ``look_at`` stays, because
    the fact is dated when the limit passed.
    """

    pk = models.CompositePrimaryKey("organisation_id", "key")
    organisation_id = models.UUIDField()
    key = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=120)
    edition = models.CharField(max_length=80)
    cites = models.JSONField(default=list)
    case_id = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=40)
    period = models.CharField(max_length=40, null=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20)
    stopped_at = models.DateTimeField(null=True)
    responsible = models.CharField(max_length=80)
    calendar = models.CharField(max_length=80)
    limit = models.CharField(max_length=200, blank=True)
    look_at = models.DateTimeField(null=True)
    level = models.CharField(max_length=20, null=True)
    provisional = models.BooleanField(default=False)
    reckoning = models.JSONField(default=list)
    reached = models.JSONField(default=list, db_default=[])
    target_at = models.DateTimeField(null=True)
    fact_id = models.UUIDField()
    changed_at = models.DateTimeField()
    set_aside_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], name="clocks_next_look", condition=Q(look_at__isnull=False)),
            models.Index(fields=["organisation_id", "case_id"], name="clocks_of_case", condition=Q(case_id__isnull=False)),
            models.Index(fields=["organisation_id", "unit_code", "due_at"], name="clocks_open", condition=Q(state__in=OPEN)),
            models.Index(fields=["organisation_id", "period", "unit_code"], name="clocks_duties", condition=Q(kind="duty")),
        ]
        constraints = [
            CheckConstraint(condition=Q(state__in=STATES), name="clocks_state"),
            CheckConstraint(condition=Q(kind="duty") | Q(case_id__isnull=False), name="clocks_about_something"),
            *sane_moments(
                "clocks_clock",
                "starts_at",
                "due_at",
                "target_at",
                "stopped_at",
                "look_at",
                "changed_at",
                "set_aside_until",
            ),
        ]


class Opening(models.Model):
    """The next midnight at which the periods of an organisation open: day, week, month and so on."""

    organisation_id = models.UUIDField(primary_key=True)
    look_at = models.DateTimeField()
    set_aside_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = sane_moments("clocks_opening", "look_at", "set_aside_until")
