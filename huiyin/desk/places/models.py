"""Organisations, units and households."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

KINDS = (
    "group",
    "property_company",
    "department",
    "branch",
    "project",
    "management_office",
    "service_centre",
    "centre",
    "cluster",
    "building",
    "community",
    "campus",
    "office",
    "university_logistics_office",
    "student_apartment_centre",
)
"""Kinds of unit. A regulation names the kinds that its duties and scopes concern."""


class Organisation(models.Model):
    """An organisation that runs its own regulations: the outermost wall between people who may not see each other's
    cases.

    ``edition`` is a fresh random value after every change of units, posts or adoptions: what was remembered under
    another value is old. ``second_step_asked``: everybody who logs in needs more than a password.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40)
    edition = models.UUIDField(default=uuid.uuid4, editable=False)
    second_step_asked = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of an organisation: the group, a company, a branch, a project, a department …

    ``households_count`` is the number of its own households; those of units below are theirs. ``delivered_on`` is the
    day when its homes were handed over, ``phased`` says that they are handed over in phases, ``document_order`` is
    its place on papers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    households_count = models.PositiveIntegerField(default=0)
    floor_area_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    site = models.CharField(max_length=200, blank=True)
    phased = models.BooleanField(default=False)
    document_order = models.PositiveIntegerField(default=0)
    open = models.BooleanField(default=True)

    class Meta:
        ordering = ["document_order", "code"]
        constraints = [
            UniqueConstraint(fields=["organisation", "code"], name="places_unit_code_once"),
            CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="places_unit_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """A home, shop or room of a unit. ``code`` is as ``rooms.parse_room`` makes it; ``search`` is what people type
    for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="households")
    code = models.CharField(max_length=40)
    building = models.CharField(max_length=40, blank=True)
    entrance = models.CharField(max_length=40, blank=True)
    room = models.CharField(max_length=40)
    area_m2 = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    search = models.CharField(max_length=200)

    class Meta:
        constraints = [UniqueConstraint(fields=["unit", "code"], name="places_household_code_once")]
        indexes = [models.Index(fields=["unit", "room"], name="places_household_room")]

    def __str__(self) -> str:
        return self.code
