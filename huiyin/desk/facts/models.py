"""Facts as they came in or were found out, and the requests that brought them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Fact(models.Model):
    """Something that happened: on a case (``number`` is its place among the facts of the case), or to a unit (``number`` 0).

    A fact of a thing (a survey, a month of a unit …) is kept like that of a case; ``about`` is the thing's key, empty for cases.
    What a thing only remembers, because no rule follows from it there, has the number 0 too: it is added without reading the rest.

    ``clock_key`` is filled when the fact is that a limit passed: a limit passes once at a moment, however many workers look.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    event = models.CharField(max_length=120)
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    case_id = models.UUIDField(null=True)
    number = models.PositiveIntegerField()
    unit_code = models.CharField(max_length=40, blank=True)
    by_role = models.CharField(max_length=80, blank=True)
    by_person = models.UUIDField(null=True)
    details = models.JSONField(default=dict)
    derived = models.BooleanField(default=False)
    clock_key = models.CharField(max_length=300, null=True)
    about = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "unit_code", "at"], name="facts_of_unit", condition=Q(case_id__isnull=True)),
            models.Index(fields=["organisation_id", "case_id", "number"], name="facts_of_case", condition=Q(case_id__isnull=False)),
        ]
        constraints = [
            UniqueConstraint(
                fields=["organisation_id", "case_id", "number"],
                name="facts_case_in_order",
                condition=Q(case_id__isnull=False, number__gt=0),
            ),
            UniqueConstraint(
                fields=["organisation_id", "clock_key", "at"],
                name="facts_limit_passes_once",
                condition=Q(clock_key__isnull=False),
            ),
            *sane_moments("facts_fact", "at", "entered_at"),
        ]


class Request(models.Model):
    """A request that was answered: the same key with the same body gets the same answer again, for seven days."""

    pk = models.CompositePrimaryKey("organisation_id", "key")
    organisation_id = models.UUIDField()
    key = models.CharField(max_length=200)
    body_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="facts_request_age")]
        constraints = [
            CheckConstraint(condition=Q(status__gte=100, status__lt=600), name="facts_request_status"),
            *sane_moments("facts_request", "made_at"),
        ]
