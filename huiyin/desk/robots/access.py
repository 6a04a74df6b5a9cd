"""Whose robots are whose: staff reach those of their units."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from huiyin.desk.robots.models import Robot

NotFound = Robot.DoesNotExist
"""There is no such robot, or it is not within reach: nobody can tell which."""


def visible(reach: Collection[UUID]) -> QuerySet[Robot]:
    """The robots of these units, by their ids."""
    return Robot.objects.filter(unit_id__in=reach).select_related("unit").order_by("unit__document_order", "unit__code", "name")
