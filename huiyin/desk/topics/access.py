"""The only way to fetch proposals for a person: cases of units out of reach look absent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from huiyin.desk.cases.models import Case

NotFound = Case.DoesNotExist


def case_ids(organisation_id: UUID, numbers: Sequence[str], units: Collection[str]) -> list[UUID]:
    """The ids of the cases with these numbers, in their order, at the units in reach. Raises NotFound if one is not there or not in reach:
    nobody can tell which."""
    rows = Case.objects.filter(organisation_id=organisation_id, number__in=set(numbers), unit_code__in=units).values_list("number", "id")
    found = dict(rows)
    if missing := [number for number in numbers if number not in found]:
        raise NotFound(f"found no case {missing[0][:40]!r}; look at the list of cases")
    return list(dict.fromkeys(found[number] for number in numbers))
