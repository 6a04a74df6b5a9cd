"""Whose points are whose: staff reach those of their units; a stranger the one whose code they have."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from huiyin.desk.qr_points.models import QrPoint

NotFound = QrPoint.DoesNotExist
"""There is no such point, or it is not within reach: nobody can tell which."""


def visible(reach: Collection[UUID]) -> QuerySet[QrPoint]:
    """The points of these units, by their ids."""
    return QrPoint.objects.filter(unit_id__in=reach).select_related("unit")


def by_code(code: str) -> QrPoint:
    """The point with this code, also a closed one. Raises NotFound."""
    return QrPoint.objects.select_related("unit").get(code=code[:16])
