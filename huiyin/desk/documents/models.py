"""Papers that clauses ask for, publications, and the documents that we write, sign and print."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.core.papers import COMPLETE, INCOMPLETE, MISSING, RELEASED
from huiyin.plumbing.columns import sane_moments

PAPER_STATES = (MISSING, INCOMPLETE, COMPLETE, RELEASED)
DRAFT, WAITING, SIGNED, SUBMITTED, PUBLISHED, WITHDRAWN = (
    "draft",
    "waiting_signatures",
    "signed",
    "submitted",
    "published",
    "withdrawn",
)
STATES = (DRAFT, WAITING, SIGNED, SUBMITTED, PUBLISHED, WITHDRAWN)


class Paper(models.Model):
    """A document that a clause asks for, of a case or of a unit's period; released: it is owed no more."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    key = models.CharField(max_length=400)
    clause = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    case_id = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=40)
    period = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    missing_parts = models.JSONField(default=list)
    fact_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "case_id"], name="documents_paper_case", condition=Q(case_id__isnull=False)),
            models.Index(fields=["organisation_id", "unit_code", "period"], name="documents_paper_unit", condition=Q(case_id=None)),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "key"], name="documents_paper_key_once"),
            CheckConstraint(condition=Q(state__in=PAPER_STATES), name="documents_paper_state"),
            *sane_moments("documents_paper", "at"),
        ]


class Publication(models.Model):
    """Something made public or circulated for a period, under one clause."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    key = models.CharField(max_length=400)
    clause = models.CharField(max_length=80)
    unit_code = models.CharField(max_length=40)
    period = models.CharField(max_length=40)
    at = models.DateTimeField()
    audience = models.CharField(max_length=80)
    fact_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "unit_code", "period"], name="documents_publication_unit")]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "key"], name="documents_publication_once"),
            *sane_moments("documents_publication", "at"),
        ]


class Document(models.Model):
    """A document of ours. ``body`` is frozen when it is made, with the ``editions`` of the rules that it was made under.

    ``signers`` are the roles that have to sign; ``prints`` counts how often it was printed. Another ``revision`` of the same kind for
    the same unit and period is another document; the numbers of withdrawn ones stay. ``destroyed_at`` is when its body went.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    kind = models.CharField(max_length=40)
    unit_code = models.CharField(max_length=40)
    case_id = models.UUIDField(null=True)
    period = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.JSONField(default=dict)
    editions = models.JSONField(default=dict)
    signers = models.JSONField(default=list)
    state = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=2000, blank=True)
    prints = models.PositiveIntegerField(default=0)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "kind", "unit_code", "period"], name="documents_unit_period"),
            models.Index(fields=["organisation_id", "case_id"], name="documents_case", condition=Q(case_id__isnull=False)),
            models.Index(fields=["organisation_id", "made_at"], name="documents_to_sign", condition=Q(state=WAITING)),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "number"], name="documents_number_once"),
            CheckConstraint(condition=Q(state__in=STATES), name="documents_state"),
            *sane_moments("documents_document", "made_at", "issued_at", "withdrawn_at", "destroyed_at"),
        ]


class Signature(models.Model):
    """Who signed a document in which role, and when. It claims no more than that."""

    pk = models.CompositePrimaryKey("organisation_id", "document_id", "role")
    organisation_id = models.UUIDField()
    document_id = models.UUIDField()
    role = models.CharField(max_length=80)
    staff_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = sane_moments("documents_signature", "at")


class Numbering(models.Model):
    """How many documents of a type have a number in a day; the row is the lock while the next is given."""

    pk = models.CompositePrimaryKey("organisation_id", "type", "day_on")
    organisation_id = models.UUIDField()
    type = models.CharField(max_length=4)
    day_on = models.DateField()
    last = models.PositiveIntegerField()
