"""Reads of things: the list with the next limit of each, and one thing's facts and figures.

Who may see what is asked before (``access``): every read here is told the units it may look at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Figure, Matter

_NEVER = "9999-01-01 00:00+00"
_NEXT = (
    "LEFT JOIN LATERAL (SELECT k.due_at, k.rule, k.cites ->> 0 AS clause, k.responsible, true AS open FROM clocks_clock k "
    "WHERE k.organisation_id = m.organisation_id AND k.case_id = m.id AND k.state IN ('running', 'overdue') "
    "ORDER BY k.due_at NULLS LAST LIMIT 1) n ON true"
)
_COLUMNS = "m.id, m.about, m.name, m.unit_code, m.category, m.began_at, m.last_at, m.last_event"


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in a list: what it is, and its limit that breaks next, if one runs."""

    id: UUID
    about: str
    name: str
    unit: str
    began_at: datetime
    last_at: datetime
    last_event: str
    due_at: datetime | None
    rule: str
    clause: str
    responsible: str
    runs: bool


def listed(
    organisation_id: UUID, units: Collection[str], *, kinds: Sequence[str] = (), words: str = "", most: int = 200, skip: int = 0
) -> list[Line]:
    """The things of the units: those whose limit breaks next first, then those with an open one without a time, then the last touched."""
    conditions, params = ["m.organisation_id = %(organisation)s", "m.unit_code = ANY(%(units)s)"], _params(organisation_id, units)
    if kinds:
        conditions.append("m.about = ANY(%(kinds)s)")
        params["kinds"] = list(kinds)
    if words.strip():
        conditions.append("position(lower(%(words)s) in lower(m.name)) > 0")
        params["words"] = words.strip()
    statement = (
        f"SELECT {_COLUMNS}, n.due_at, n.rule, n.clause, n.responsible, n.open FROM matters_matter m {_NEXT} "
        f"WHERE {' AND '.join(conditions)} "
        f"ORDER BY coalesce(n.due_at, '{_NEVER}'::timestamptz), n.open NULLS LAST, m.last_at DESC, m.id LIMIT %(most)s OFFSET %(skip)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**params, "most": most, "skip": skip})
        return [_line(row) for row in cursor.fetchall()]


def counts(organisation_id: UUID, units: Collection[str]) -> Mapping[str, int]:
    """How many things of each kind there are at the units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about, count(*) FROM matters_matter "
            "WHERE organisation_id = %(organisation)s AND unit_code = ANY(%(units)s) GROUP BY about",
            _params(organisation_id, units),
        )
        return dict(cursor.fetchall())


def _params(organisation_id: UUID, units: Collection[str]) -> dict[str, Any]:
    return {"organisation": organisation_id, "units": sorted(units)}


def _line(row: Sequence[Any]) -> Line:
    key, about, name, unit, _category, began_at, last_at, last_event, due_at, rule, clause, responsible, runs = row
    return Line(key, about, name, unit, began_at, last_at, last_event, due_at, rule or "", clause or "", responsible or "", bool(runs))


def facts_of(organisation_id: UUID, matter_id: UUID) -> list[Fact]:
    """The facts of a thing in the order in which they came in."""
    return list(Fact.objects.filter(organisation_id=organisation_id, case_id=matter_id).order_by("number"))


def facts_of_unit(organisation_id: UUID, unit: str, most: int = 50) -> list[Fact]:
    """The last facts about a unit as such (not about its cases and things), oldest first."""
    rows = Fact.objects.filter(organisation_id=organisation_id, unit_code=unit, case_id=None, derived=False).exclude(by_role="platform")
    return list(reversed(rows.order_by("-at", "-id")[:most]))


def figures_of(organisation_id: UUID, matter_id: UUID) -> list[Figure]:
    """The figures of an inspection or period, in the order of their clauses."""
    return list(Figure.objects.filter(organisation_id=organisation_id, case_id=matter_id).order_by("clause", "key"))


def figures_of_unit(organisation_id: UUID, unit: str, most: int = 100) -> list[Figure]:
    """The figures of a unit's periods, the latest first."""
    return list(Figure.objects.filter(organisation_id=organisation_id, unit_code=unit, case_id=None).order_by("-period", "clause")[:most])


def of_key(organisation_id: UUID, key: str) -> Matter | None:
    """The thing with this whole key, if there is one; who may see it has to be asked before."""
    return Matter.objects.filter(organisation_id=organisation_id, key=key).first()
