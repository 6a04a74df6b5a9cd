"""The points ledger and the appeals against its entries."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Entry(models.Model):
    """An entry of the ledger. It is never changed or removed (the database refuses); a counter-entry takes it back.

    ``items`` are further clauses whose totals it enters, ``counters`` the key of the entry that it takes back, ``warning`` the key of
    the warning it follows from.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    key = models.CharField(max_length=400)
    clause = models.CharField(max_length=80)
    unit_code = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=9, decimal_places=3)
    at = models.DateTimeField()
    case_id = models.UUIDField(null=True)
    issue = models.CharField(max_length=200, null=True)
    warning = models.CharField(max_length=400, null=True)
    items = models.JSONField(default=list)
    counters = models.CharField(max_length=400, null=True)
    reckoning = models.JSONField(default=list)
    fact_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "unit_code", "at"], name="scores_ledger"),
            models.Index(fields=["organisation_id", "case_id"], name="scores_case", condition=Q(case_id__isnull=False)),
            models.Index(fields=["organisation_id", "issue"], name="scores_issue", condition=Q(case_id=None)),
            models.Index(fields=["organisation_id", "warning"], name="scores_warning"),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "key"], name="scores_key_once"),
            UniqueConstraint(fields=["organisation_id", "counters"], name="scores_countered_once"),
            *sane_moments("scores_entry", "at"),
        ]


class Appeal(models.Model):
    """An appeal (申诉) against an entry: why, and how somebody else decided it."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    entry_id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=4000)
    by = models.UUIDField()
    by_role = models.CharField(max_length=80)
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=4000, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_role = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "at"], name="scores_undecided", condition=Q(decided_at=None))]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "entry_id"], condition=Q(decided_at=None), name="scores_appeal_open_once"),
            CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="scores_appeal_other_decides"),
            CheckConstraint(
                condition=Q(decided_at=None, upheld=None, decided_by=None)
                | Q(decided_at__isnull=False, upheld__isnull=False, decided_by__isnull=False),
                name="scores_appeal_decided_whole",
            ),
            *sane_moments("scores_appeal", "at", "decided_at"),
        ]
