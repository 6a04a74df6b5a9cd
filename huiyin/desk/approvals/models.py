"""Decisions that a clause asks for."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.core.records import GIVEN, NEEDED, REFUSED
from huiyin.plumbing.columns import sane_moments

STATES = (NEEDED, GIVEN, REFUSED)


class Approval(models.Model):
    """A decision needed, given or refused, on a case, on an issue of a unit, or on a unit's period.

    ``of`` are the roles any of which may decide. ``in_place_of`` is the role for which ``decided_by`` stood in; ``fact_id`` is the fact
    after which it stands as it does.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    key = models.CharField(max_length=400)
    clause = models.CharField(max_length=80)
    of = models.JSONField(default=list)
    case_id = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=40)
    issue = models.CharField(max_length=200, null=True)
    period = models.CharField(max_length=40, null=True)
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, null=True)
    decided_person = models.UUIDField(null=True)
    in_place_of = models.CharField(max_length=80, null=True)
    reason = models.CharField(max_length=4000, null=True)
    fact_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "unit_code", "asked_at"], name="approvals_waiting", condition=Q(state=NEEDED)),
            models.Index(fields=["organisation_id", "case_id"], name="approvals_case", condition=Q(case_id__isnull=False)),
            models.Index(fields=["organisation_id", "unit_code", "period"], name="approvals_unit", condition=Q(case_id=None)),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "key"], name="approvals_key_once"),
            CheckConstraint(condition=Q(state__in=STATES), name="approvals_state"),
            CheckConstraint(
                condition=Q(state=NEEDED, decided_at=None) | (~Q(state=NEEDED) & Q(decided_at__isnull=False)),
                name="approvals_decided_has_moment",
            ),
            *sane_moments("approvals_approval", "asked_at", "decided_at"),
        ]
