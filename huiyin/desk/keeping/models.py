"""The lists of what is to be destroyed, of what was, and of what must not be."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Destruction(models.Model):
    """One thing on a destruction list: a case, an entry of a register, a paper (``of``), whose times of keeping are over.

    One person proposes the list, its things are destroyed when another one has signed. ``number`` is what people call the thing,
    ``register`` which kind it is of (the key of a register, the kind of a paper; empty for cases): both are still said when nothing
    else is left of it. ``list_id`` tells what was proposed together.
    """

    pk = models.CompositePrimaryKey("organisation_id", "about_id")
    organisation_id = models.UUIDField()
    about_id = models.UUIDField()
    of = models.CharField(max_length=20)
    list_id = models.UUIDField()
    number = models.CharField(max_length=40)
    register = models.CharField(max_length=120, blank=True)
    unit_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    clauses = models.JSONField(default=list)
    until_on = models.DateField()
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    signed_by = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "signed_at"], name="keeping_destructions"),
            models.Index(fields=["organisation_id", "list_id"], name="keeping_lists"),
        ]
        constraints = [
            CheckConstraint(condition=Q(signed_by=None) | ~Q(signed_by=F("proposed_by")), name="keeping_destruction_two_persons"),
            *sane_moments("keeping_destruction", "proposed_at", "signed_at"),
        ]


class LegalHold(models.Model):
    """A case, an entry of a register or a paper (``of``) that must not be destroyed (保全), whatever its times of keeping: why, who
    said so, and who let it go again. ``number`` and ``register`` as of a ``Destruction``."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    of = models.CharField(max_length=20)
    about_id = models.UUIDField()
    number = models.CharField(max_length=40)
    register = models.CharField(max_length=120, blank=True)
    unit_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=4000)
    placed_by = models.UUIDField()
    placed_at = models.DateTimeField()
    released_by = models.UUIDField(null=True)
    released_at = models.DateTimeField(null=True)
    release_reason = models.CharField(max_length=4000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "unit_code", "placed_at"], name="keeping_legalholds")]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "about_id"], condition=Q(released_at=None), name="keeping_legalhold_once"),
            CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False) & ~Q(release_reason=""),
                name="keeping_legalhold_released_whole",
            ),
            *sane_moments("keeping_legalhold", "placed_at", "released_at"),
        ]
