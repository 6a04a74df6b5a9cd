"""Entries of registers with all their versions, and the files of rows that were brought in."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments


class Entry(models.Model):
    """An entry of a register as it now stands. ``register`` is the rule with its prefix ("CR:key-uses"), ``number`` counts within the
    register, unit and year of ``at``, the moment when it happened.

    ``values`` are those of the last version, by column: text, numbers as written, days and moments in ISO form, "true" or "false", the
    keys of choices. ``words`` is what the entry is found by, ``digest`` what tells two entries with the same values.

    ``case_id`` is the case that a line of a register of cases is about: its values are what people added by hand.

    ``destroyed_at`` is when its texts went, in all its versions; nothing more is said of it from then on.

    ``compared`` says how it stands against the register that it may not exceed (``core.ceilings``: within, above, nothing; empty where it
    is held against none), ``compared_with`` against which entry (id and number), what that allows, and by how much it is over.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    register = models.CharField(max_length=120)
    unit_code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    values = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closing_note = models.CharField(max_length=8000, blank=True)
    case_id = models.UUIDField(null=True)
    compared = models.CharField(max_length=20, blank=True)
    compared_with = models.JSONField(default=dict)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "register", "unit_code", "-at"], name="registers_list"),
            models.Index(fields=["organisation_id", "unit_code", "register"], name="registers_open", condition=Q(closed_at=None)),
            models.Index(fields=["organisation_id", "register", "unit_code", "digest"], name="registers_same"),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "register", "unit_code", "year", "number"], name="registers_number_once"),
            UniqueConstraint(
                fields=["organisation_id", "register", "case_id"], name="registers_case_once", condition=Q(case_id__isnull=False)
            ),
            CheckConstraint(condition=Q(closed_at=None) | Q(closed_at__gte=F("entered_at")), name="registers_closed_after"),
            *sane_moments("registers_entry", "at", "entered_at", "closed_at", "destroyed_at"),
        ]

    @property
    def label(self) -> str:
        """The number as people say it: 2026-007."""
        return f"{self.year}-{self.number:03d}"


class Version(models.Model):
    """What an entry said from ``entered_at`` on. The first is the entry as it was made; each later one amends it, with the reason.

    The database refuses to change or remove a row.
    """

    pk = models.CompositePrimaryKey("organisation_id", "entry_id", "version")
    organisation_id = models.UUIDField()
    entry_id = models.UUIDField()
    version = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    at = models.DateTimeField()
    reason = models.CharField(max_length=8000, blank=True)
    entered_at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="registers_amended_why"),
            *sane_moments("registers_version", "at", "entered_at"),
        ]


class Act(models.Model):
    """An act that an entry records, and its fact: told by the entry, or what the entry follows from."""

    pk = models.CompositePrimaryKey("organisation_id", "entry_id", "event")
    organisation_id = models.UUIDField()
    entry_id = models.UUIDField()
    event = models.CharField(max_length=120)
    at = models.DateTimeField()
    fact_id = models.UUIDField()

    class Meta:
        constraints = sane_moments("registers_act", "at")


class Numbering(models.Model):
    """How many entries a unit's register has in a year; the row is the lock while the next number is given."""

    pk = models.CompositePrimaryKey("organisation_id", "register", "unit_code", "year")
    organisation_id = models.UUIDField()
    register = models.CharField(max_length=120)
    unit_code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()


class Sheet(models.Model):
    """A file of rows for one register of a unit: each row with its number, what stood in it by column, and what is wrong with it.

    Nothing of it is an entry before it is taken.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    register = models.CharField(max_length=120)
    unit_code = models.CharField(max_length=40)
    file_name = models.CharField(max_length=260)
    rows = models.JSONField(default=list)
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = sane_moments("registers_sheet", "at", "taken_at")
