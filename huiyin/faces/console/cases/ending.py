"""What a case's page says of its end: that it must not be destroyed, or that it was, when, by whom and under which clauses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from huiyin.desk.cases.models import Case, LegalHold
from huiyin.desk.keeping.models import Destruction
from huiyin.desk.keeping.queries import destruction_of
from huiyin.desk.people.queries import names_of
from huiyin.faces.console.cases.shown import clause_url


def ending(case: Case) -> dict[str, Any]:
    """``destroyed`` and ``held`` of a case, None for each that it is not. Why it is held is said on the page of keeping only."""
    mine = LegalHold.objects.filter(organisation_id=case.organisation_id, case_id=case.id, released_at=None)
    return {
        "held": mine.values_list("placed_at", flat=True).first(),
        "destroyed": how_destroyed(case.organisation_id, case.id) if case.destroyed_at else None,
    }


def how_destroyed(organisation_id: UUID, about_id: UUID) -> dict[str, Any] | None:
    """What the page of a thing says that was destroyed: when, by whom and under which clauses; None for one that was not."""
    found = destruction_of(organisation_id, about_id)
    return destroyed(found, names_of(filter(None, (found.proposed_by, found.signed_by)))) if found else None


def destroyed(one: Destruction, names: Mapping[UUID, str]) -> dict[str, Any]:
    """What is said of a thing that was destroyed; ``names`` are those of both persons by their ids."""
    return {
        "at": one.signed_at,
        "reason": one.reason,
        "until": one.until_on,
        "proposed_by": names.get(one.proposed_by, ""),
        "signed_by": names.get(one.signed_by, "") if one.signed_by else "",
        "clauses": [{"clause": clause, "url": clause_url(clause)} for clause in one.clauses],
    }
