"""The only way to fetch things for a person: what is not theirs looks absent."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from huiyin.desk.matters.models import Matter

NotFound = Matter.DoesNotExist
"""There is no such thing, or it is not in the person's reach: nobody can tell which."""


def fetch(organisation_id: UUID, matter_id: UUID, units: Collection[str]) -> Matter:
    """The thing with this id, if it is of one of the units that the person reaches. Raises NotFound otherwise."""
    return Matter.objects.get(organisation_id=organisation_id, id=matter_id, unit_code__in=list(units))
