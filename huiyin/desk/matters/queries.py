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
from django.db.models import QuerySet

from huiyin.core.rules import StepRule
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Figure, Matter
from huiyin.rulebook.load import regulation, stems

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


def naming(organisation_id: UUID, about: str, name: str) -> list[UUID]:
    """The cases that say that they are about this thing: of several acts by which a case names one the last counts, taken back none."""
    rules = (rule for stem in stems() for rule in regulation(stem).rules)
    events = {one.event for one in rules if isinstance(one, StepRule) and one.about == "case" and about in one.asks}
    rows = Fact.objects.filter(organisation_id=organisation_id, about="", event__in=events, case_id__isnull=False)
    return [case for case, said in _last_named(rows, about).items() if said == name]


def named_by(organisation_id: UUID, case_id: UUID, kinds: Sequence[str]) -> dict[str, str]:
    """The things that the case says it is about, each by its kind."""
    rows = Fact.objects.filter(organisation_id=organisation_id, case_id=case_id)
    return {kind: said for kind in kinds if (said := _last_named(rows, kind).get(case_id))}


def _last_named(rows: QuerySet[Fact], about: str) -> dict[UUID, str]:
    found = list(rows.filter(derived=False, details__has_key=about).order_by("case_id", "number"))
    cases = {one.case_id for one in found}
    back = set(
        Fact.objects.filter(organisation_id__in={one.organisation_id for one in found}, case_id__in=cases, details__has_key="takes_back")
        .values_list("case_id", "details__takes_back")
    ) if found else set()  # fmt: skip
    return {one.case_id: str(one.details[about]) for one in found if one.case_id is not None and (one.case_id, one.number) not in back}


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
