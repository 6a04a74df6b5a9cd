"""The stored past of an organisation, as a rehearsal needs it: what people and other systems did, not what the platform found out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huiyin.core.facts import LIMIT_PASSED, PERIOD_OPENINGS, Fact
from huiyin.core.known import Units
from huiyin.core.rules import Adopted
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact as Row
from huiyin.desk.facts.queries import House, details_back

_WATCHED = (LIMIT_PASSED, *PERIOD_OPENINGS)


def past_of(organisation_id: UUID, since: datetime, until: datetime) -> tuple[Fact, ...]:
    """The acts entered from ``since`` to before ``until``, in the order of their entering.

    Of cases that began before ``since`` nothing is taken: half a case would be another case.
    """
    rows = Row.objects.filter(organisation_id=organisation_id, derived=False).exclude(event__in=_WATCHED)
    begun = set(rows.filter(number=1, case_id__isnull=False, entered_at__gte=since).values_list("case_id", flat=True))
    found = rows.filter(entered_at__gte=since, entered_at__lt=until).order_by("entered_at", "number", "id")
    return tuple(_fact(row) for row in found.iterator(chunk_size=5000) if row.case_id is None or row.case_id in begun)


def _fact(row: Row) -> Fact:
    case, person = str(row.case_id) if row.case_id else None, str(row.by_person) if row.by_person else None
    return Fact(
        row.event, row.at, case, row.unit_code or None, row.by_role or None, details_back(row.details), row.entered_at, person=person
    )


def numbers_of(organisation_id: UUID) -> dict[str, str]:
    """The number of each case by its id."""
    return {str(key): number for key, number in Case.objects.filter(organisation_id=organisation_id).values_list("id", "number")}


def house_of(organisation_id: UUID, at: datetime) -> tuple[Units, tuple[Adopted, ...]]:
    """The organisation's units and the regulations it has adopted, with their settings as they stand at ``at``."""
    return House.of(organisation_id).units, adopted_for(organisation_id, at)
