"""Reads about adoptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from huiyin.core.moments import in_shanghai
from huiyin.core.rules import Adopted, Regulation
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.places import queries as places
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

_MANY = 512


def adopted_for(organisation_id: UUID, at: datetime, at_edition: UUID | None = None) -> tuple[Adopted, ...]:
    """Every adoption of the organisation, in force then or not, with the settings as they stand on the day of ``at``.

    Adoptions that ended stay among them: a case goes on under the version under which it began. Raises what the
    rulebook's loader raises.
    """
    edition = at_edition or places.edition(organisation_id)
    today = in_shanghai(at).date()
    changes = (date.fromisoformat(choice["from_on"]) for row in _rows(organisation_id, edition) for choice in row.settings)
    # Between two changes of settings every day is the same.
    return _adopted(organisation_id, edition, max((day for day in changes if day <= today), default=date.min))


@lru_cache(maxsize=_MANY)
def _rows(organisation_id: UUID, edition: UUID) -> tuple[Adoption, ...]:
    return tuple(Adoption.objects.filter(organisation_id=organisation_id).select_related("unit").order_by("from_on", "regulation", "id"))


@lru_cache(maxsize=_MANY)
def _adopted(organisation_id: UUID, edition: UUID, day: date) -> tuple[Adopted, ...]:
    rows = _rows(organisation_id, edition)
    return tuple(
        Adopted(
            regulation=regulation(row.regulation),
            unit=row.unit.code,
            workdays=load_workdays(),
            from_on=row.from_on,
            until_on=row.until_on,
            settings=settings_on(row.settings, day),
        )
        for row in rows
    )


def settings_on(settings: Iterable[Mapping[str, Any]], day: date) -> Mapping[str, Mapping[str, Any]]:
    """What is set on ``day``, by clause and key: of several choices the one with the latest day that has come, of
    those the last made.
    """
    standing: dict[str, dict[str, Any]] = {}
    for choice in sorted(settings, key=lambda one: str(one["from_on"])):
        if date.fromisoformat(choice["from_on"]) <= day:
            standing.setdefault(choice["clause"], {})[choice["key"]] = choice["value"]
    return standing


def regulations_of(organisation_id: UUID, unit: str, at: datetime) -> list[Regulation]:
    """The regulations in force for the unit on the day of ``at``, the nearest adoption first."""
    path, day = places.units(organisation_id).path(unit), in_shanghai(at).date()
    found = [
        one
        for one in adopted_for(organisation_id, at)
        if one.unit in path and (one.from_on is None or one.from_on <= day) and (one.until_on is None or day <= one.until_on)
    ]
    return [one.regulation for one in sorted(found, key=lambda one: path.index(one.unit))]


def adoptions(organisation_id: UUID) -> list[Adoption]:
    """All adoptions of the organisation, the earliest first."""
    return list(Adoption.objects.filter(organisation_id=organisation_id).select_related("unit").order_by("from_on", "regulation"))
