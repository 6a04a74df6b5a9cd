"""What a case's page says of its end: in which other case it goes on, and which go on in it; that it must not be destroyed, or was, when,
by whom and under which clauses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from huiyin.desk.cases.models import Case
from huiyin.desk.keeping.models import Destruction
from huiyin.desk.keeping.queries import destruction_of, hold_of
from huiyin.desk.people.queries import names_of
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.parts.guard import Acting


def ending(who: Acting, case: Case) -> dict[str, Any]:
    """``destroyed`` and ``held`` of a case, None for each that it is not. Why it is held is said on the page of keeping only.

    ``joined_to`` is the case in which it goes on, ``joined_here`` those that go on in it; each with its address if the person reaches it.
    """
    joined = Case.objects.filter(organisation_id=case.organisation_id)
    return {
        "held": held_since(case.organisation_id, case.id),
        "destroyed": how_destroyed(case.organisation_id, case.id) if case.destroyed_at else None,
        "joined_to": _named(who, joined.filter(id=case.joined_to)) if case.joined_to else [],
        "joined_here": _named(who, joined.filter(joined_to=case.id)),
    }


def held_since(organisation_id: UUID, about_id: UUID) -> datetime | None:
    """When a thing was put under legal hold; None where it is under none."""
    held = hold_of(organisation_id, about_id)
    return held.placed_at if held is not None else None


def how_destroyed(organisation_id: UUID, about_id: UUID) -> dict[str, Any] | None:
    """What the page of a thing says that was destroyed: when, by whom and under which clauses; None for one that was not."""
    found = destruction_of(organisation_id, about_id)
    return destroyed(found, names_of(filter(None, (found.proposed_by, found.signed_by)))) if found else None


def _named(who: Acting, rows: QuerySet[Case]) -> list[dict[str, str]]:
    found = rows.order_by("received_at", "id").values_list("number", "unit_code")
    return [{"number": number, "url": reverse("console:case", args=[number]) if unit in who.codes else ""} for number, unit in found]


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
