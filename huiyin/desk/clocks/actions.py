"""Keeping clocks, and beginning the openings of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core.moments import in_shanghai
from huiyin.core.records import Clock
from huiyin.core.recurrence import next_opening, openings_at
from huiyin.desk.clocks.models import Clock as Row
from huiyin.desk.clocks.models import Opening
from huiyin.desk.facts.keepers import Context, Keeper
from huiyin.desk.facts.queries import moment
from huiyin.plumbing.rows import Table

TABLE = Table(
    "clocks_clock",
    (
        ("organisation_id", "uuid"),
        ("key", "text"),
        ("kind", "text"),
        ("rule", "text"),
        ("edition", "text"),
        ("cites", "jsonb"),
        ("case_id", "uuid"),
        ("unit_code", "text"),
        ("period", "text"),
        ("starts_at", "timestamptz"),
        ("due_at", "timestamptz"),
        ("state", "text"),
        ("stopped_at", "timestamptz"),
        ("responsible", "text"),
        ("calendar", "text"),
        ("limit", "text"),
        ("look_at", "timestamptz"),
        ("level", "text"),
        ("provisional", "bool"),
        ("reckoning", "jsonb"),
        ("reached", "jsonb"),
        ("target_at", "timestamptz"),
        ("fact_id", "uuid"),
        ("changed_at", "timestamptz"),
        ("set_aside_until", "timestamptz"),
        ("error", "text"),
    ),
    ("organisation_id", "key"),
)


def row_of(context: Context, clock: Clock) -> dict[str, Any]:
    """The row of ``clock`` as it now stands. A look that failed before counts no more once the clock was worked out again."""
    return {
        "organisation_id": context.organisation_id,
        "key": clock.key,
        "kind": clock.kind,
        "rule": clock.rule,
        "edition": clock.edition,
        "cites": clock.cites,
        "case_id": clock.case,
        "unit_code": clock.unit,
        "period": clock.period,
        "starts_at": clock.starts_at,
        "due_at": clock.due_at,
        "state": clock.state,
        "stopped_at": clock.stopped_at,
        "responsible": clock.responsible,
        "calendar": clock.calendar,
        "limit": clock.limit,
        "look_at": clock.look_at,
        "level": clock.level,
        "provisional": clock.provisional,
        "reckoning": clock.reckoning,
        "reached": clock.reached,
        "target_at": clock.target_at,
        "fact_id": context.fact_id,
        "changed_at": context.entered_at,
        "set_aside_until": None,
        "error": "",
    }


def record_of(row: Mapping[str, Any]) -> Clock:
    """The clock of a row as JSON gives it."""
    return Clock(
        key=row["key"],
        kind=row["kind"],
        rule=row["rule"],
        edition=row["edition"],
        cites=tuple(row["cites"]),
        case=row["case_id"],
        unit=row["unit_code"],
        period=row["period"],
        starts_at=moment(row["starts_at"]),
        due_at=_moment(row["due_at"]),
        state=row["state"],
        stopped_at=_moment(row["stopped_at"]),
        responsible=row["responsible"],
        calendar=row["calendar"],
        limit=row["limit"],
        look_at=_moment(row["look_at"]),
        level=row["level"],
        provisional=row["provisional"],
        reckoning=tuple(tuple(step) for step in row["reckoning"]),
        reached=tuple(row["reached"]),
        target_at=_moment(row["target_at"]),
    )


def record_of_clock(row: Row) -> Clock:
    """The clock of a row that was read whole."""
    return Clock(
        key=row.key, kind=row.kind, rule=row.rule, edition=row.edition, cites=tuple(row.cites),
        case=str(row.case_id) if row.case_id else None, unit=row.unit_code, period=row.period, starts_at=row.starts_at, due_at=row.due_at,
        state=row.state, stopped_at=row.stopped_at, responsible=row.responsible, calendar=row.calendar, limit=row.limit,
        look_at=row.look_at, level=row.level, provisional=row.provisional, reckoning=tuple(tuple(step) for step in row.reckoning),
        reached=tuple(row.reached), target_at=row.target_at,
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text is not None else None


KEEPER = Keeper(
    Clock,
    TABLE,
    row_of,
    record_of,
    of_case="case_id = ANY(%(case)s)",
    of_unit="kind = 'duty' AND unit_code = ANY(%(unit)s) AND period = ANY(%(period)s)",
)


def begin_openings(organisation_id: UUID, at: datetime) -> datetime:
    """Let the watch open the periods of the organisation from the first midnight at or after ``at`` on; returns that midnight.

    Periods that had begun before are not opened: nobody owes what was due before the organisation was there.
    """
    first = in_shanghai(at) if openings_at(at) else next_opening("day", at)
    row, _ = Opening.objects.get_or_create(organisation_id=organisation_id, defaults={"look_at": first})
    return row.look_at
