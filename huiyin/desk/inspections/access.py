"""The only way to fetch inspections and findings for a person: what is not theirs looks absent."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from huiyin.desk.files.models import Kept
from huiyin.desk.inspections.models import Finding, Photo
from huiyin.desk.matters import access as matters
from huiyin.desk.matters.models import Matter

NotFound = (Matter.DoesNotExist, Finding.DoesNotExist, Photo.DoesNotExist, Kept.DoesNotExist)
"""There is none such, or it is not in the person's reach: nobody can tell which."""
INSPECTION = "inspection"


def fetch(organisation_id: UUID, matter_id: UUID, units: Collection[str]) -> Matter:
    """The inspection with this id, if it is of one of the units. Raises one of NotFound otherwise."""
    found = matters.fetch(organisation_id, matter_id, units)
    if found.about != INSPECTION:
        raise Matter.DoesNotExist
    return found


def findings(organisation_id: UUID, units: Collection[str]) -> QuerySet[Finding]:
    """The findings at these units."""
    return Finding.objects.filter(organisation_id=organisation_id, unit_code__in=list(units))


def fetch_finding(organisation_id: UUID, finding_id: UUID, units: Collection[str]) -> Finding:
    """The finding with this id, if it is of one of the units. Raises one of NotFound otherwise."""
    return findings(organisation_id, units).get(id=finding_id)


def fetch_photo(organisation_id: UUID, inspection: Matter, photo_id: UUID) -> Photo:
    """A picture of one of the inspection's findings. Raises one of NotFound otherwise."""
    own = Finding.objects.filter(organisation_id=organisation_id, inspection_id=inspection.id).values("id")
    return Photo.objects.get(organisation_id=organisation_id, id=photo_id, finding_id__in=own)
