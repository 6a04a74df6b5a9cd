"""The only way to fetch notices for a person: what is not theirs looks absent."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from huiyin.desk.files.models import Kept
from huiyin.desk.publications.models import Notice, Posting

NotFound = (Notice.DoesNotExist, Posting.DoesNotExist, Kept.DoesNotExist)
"""There is none such, or it is not in the person's reach: nobody can tell which."""


def fetch(organisation_id: UUID, notice_id: UUID, units: Collection[str]) -> Notice:
    """The notice with this id, if it is of one of the units. Raises one of NotFound otherwise."""
    return Notice.objects.get(organisation_id=organisation_id, id=notice_id, unit_code__in=list(units))


def fetch_posting(notice: Notice, posting_id: UUID) -> Posting:
    """One of the places where the notice was put up. Raises one of NotFound otherwise."""
    return Posting.objects.get(organisation_id=notice.organisation_id, notice_id=notice.id, id=posting_id)
