"""Reads of cases: the queue, one case with everything about it, the ledger, figures, duplicates.

Who may see what is asked before (``access``): every read here is told the units it may look at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from huiyin.core.facts import Fact
from huiyin.core.known import Known
from huiyin.core.moments import closing_of, in_shanghai
from huiyin.desk.cases.lifecycle import OPEN_STATES
from huiyin.desk.facts.queries import House, facts_of_case, load_cases
from huiyin.plumbing.text import search_tokens

OVERDUE, WITHIN_AN_HOUR, TODAY, LATER, WITHOUT_LIMIT = "overdue", "within_an_hour", "today", "later", "without_limit"
GROUPS = (OVERDUE, WITHIN_AN_HOUR, TODAY, LATER, WITHOUT_LIMIT)
"""The groups of the queue: 已超时 · 1小时内 · 今天 · 明天及以后 · 无时限."""
_NEVER = "9999-01-01 00:00+00"
_OPEN = ", ".join(f"'{state}'" for state in OPEN_STATES)
_NUMBER_START = re.compile(r"[A-Z]{2}\d{1,10}")
_FOLLOWED = (
    "EXISTS (SELECT 1 FROM facts_fact f WHERE f.organisation_id = c.organisation_id AND f.case_id = c.id AND f.event = 'follow_up_entered')"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a person may look: the organisation and the codes of the units in reach."""

    organisation_id: UUID
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; None and empty: everything. ``words`` are looked up in number, title, story, place and contact.

    ``received_from`` is included, ``received_until`` not. ``open`` True: only open cases, False: only ended ones.
    ``followed``: whether somebody has entered a follow-up (GP-9.2.2b).
    ``warning`` is the level of a warning that stands on the case; ``claimed``: its unit says it is not responsible and nobody has decided.
    """

    status: tuple[str, ...] = ()
    record: str = ""
    units: frozenset[str] | None = None
    category: str = ""
    severity: str = ""
    mark: str = ""
    channel: str = ""
    handler_id: UUID | None = None
    household_code: str = ""
    issue: str = ""
    words: str = ""
    received_from: datetime | None = None
    received_until: datetime | None = None
    open: bool | None = None
    number: str = ""
    followed: bool | None = None
    warning: str = ""
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the queue or the ledger: the case's columns, and its clock that breaks next."""

    case_id: UUID
    group: str
    due_at: datetime | None
    rule: str
    clause: str
    responsible: str
    columns: Mapping[str, Any]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything about a case that its page shows: its row, its facts in order, every record of it, and cases of the same home."""

    row: Mapping[str, Any]
    facts: Sequence[Fact]
    known: Known
    related: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


_SHOWN = (
    "c.id, c.number, c.record, c.status, c.unit_code, c.received_at, c.channel, c.category, c.severity, c.marks, c.issue, "
    "c.household_code, c.place, c.contact_name, c.contact_phone, c.title, c.confidential, c.secrets, "
    "c.urgency, c.urged_count, c.reopened_count, "
    "c.void_reason, c.handler_id, c.department, c.follower, c.last_act_at, c.closed_at, c.version, c.editions"
)
_NAMES = tuple(name.strip().removeprefix("c.") for name in _SHOWN.split(","))
_JSON = {"category", "severity", "marks", "secrets", "editions"}
# The limits of a case are found by the case. Asked for the open states by name, PostgreSQL would at some sizes go through the open limits
# of the whole organisation for each case, by the index that has only these.
_OWED = "k.state NOT IN ('met', 'late', 'cancelled', 'exempt')"
_NEXT = (
    "LEFT JOIN LATERAL (SELECT k.due_at, k.rule, k.cites ->> 0 AS clause, k.responsible FROM clocks_clock k "
    "WHERE k.organisation_id = c.organisation_id AND k.case_id = c.id "
    f"AND {_OWED} AND k.due_at IS NOT NULL ORDER BY k.due_at LIMIT 1) n ON true"
)


def queue(scope: Scope, filters: Filters, now: datetime, after: str = "", size: int = 50) -> list[Line]:
    """The open cases in reach, the one whose clock breaks next first, those without a limit last; ``size`` at most.

    ``after`` is the ``cursor`` of the last line of the page before.
    """
    conditions, params = _conditions(scope, filters)
    due = f"coalesce(n.due_at, '{_NEVER}'::timestamptz)"
    conditions.append(f"c.status IN ({_OPEN})")
    if after:
        moment, _, key = after.partition("|")
        conditions.append(f"({due}, c.id) > (%(after)s::timestamptz, %(key)s::uuid)")
        params |= {"after": moment, "key": key}
    statement = (
        f"SELECT {_SHOWN}, n.due_at, n.rule, n.clause, n.responsible, {due}::text FROM cases_case c {_NEXT} "
        f"WHERE {' AND '.join(conditions)} ORDER BY {due}, c.id LIMIT %(size)s"
    )
    return [_line(row, now) for row in _fetch(statement, {**params, "size": size})]


def queue_counts(scope: Scope, filters: Filters, now: datetime) -> Mapping[str, int]:
    """How many cases stand in each group of the queue."""
    conditions, params = _conditions(scope, filters)
    conditions.append(f"c.status IN ({_OPEN})")
    statement = (
        "SELECT count(*) FILTER (WHERE n.due_at <= %(now)s), "
        "count(*) FILTER (WHERE n.due_at > %(now)s AND n.due_at <= %(hour)s), "
        "count(*) FILTER (WHERE n.due_at > %(hour)s AND n.due_at <= %(midnight)s), "
        "count(*) FILTER (WHERE n.due_at > %(hour)s AND n.due_at > %(midnight)s), "
        f"count(*) FILTER (WHERE n.due_at IS NULL) FROM cases_case c {_NEXT} WHERE {' AND '.join(conditions)}"
    )
    times = {"now": now, "hour": now + timedelta(hours=1), "midnight": closing_of(in_shanghai(now).date())}
    return dict(zip(GROUPS, _fetch(statement, {**params, **times})[0], strict=True))


def overdue_count(scope: Scope, now: datetime, *, most: int) -> int:
    """How many cases stand in the group of the queue that is overdue, ``most`` at most: it stands at every page and is not to cost much."""
    conditions, params = _conditions(scope, Filters())
    statement = (
        f"SELECT count(*) FROM (SELECT 1 FROM cases_case c WHERE {' AND '.join(conditions)} AND c.status IN ({_OPEN}) AND EXISTS ("
        "SELECT 1 FROM clocks_clock k WHERE k.organisation_id = c.organisation_id AND k.case_id = c.id "
        f"AND {_OWED} AND k.due_at <= %(now)s) LIMIT %(most)s) late"
    )
    return int(_fetch(statement, {**params, "now": now, "most": most})[0][0])


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the ledger: by what, its type, and whether only open cases can be so put in order.

    Open cases are few, however many there are in all; what puts all of them in order has an index.
    """

    by: str
    type: str
    open_only: bool = False


ORDERS: Mapping[str, Order] = {
    "received": Order("c.received_at", "timestamptz"),
    "number": Order("c.number", "text"),
    "closed": Order(f"coalesce(c.closed_at, '{_NEVER}'::timestamptz)", "timestamptz"),
    "due": Order(f"coalesce(n.due_at, '{_NEVER}'::timestamptz)", "timestamptz", open_only=True),
    "last": Order("c.last_act_at", "timestamptz", open_only=True),
    "urged": Order("c.urged_count", "int", open_only=True),
    "redone": Order("c.reopened_count", "int", open_only=True),
}


def ledger(
    scope: Scope, filters: Filters, now: datetime, after: str = "", size: int = 50, *, order: str = "received", rising: bool = False
) -> list[Line]:
    """All cases in reach, open or not, by one of ORDERS, the latest received first; ``size`` at most.

    ``after`` is the ``cursor`` of the last line of the page before. An order for open cases alone lists no others.
    """
    by = ORDERS[order]
    conditions, params = _conditions(scope, replace(filters, open=True) if by.open_only else filters)
    if after:
        value, _, key = after.rpartition("|")
        conditions.append(f"({by.by}, c.id) {'>' if rising else '<'} (%(after)s::{by.type}, %(key)s::uuid)")
        params |= {"after": value, "key": key}
    way = "ASC" if rising else "DESC"
    statement = (
        f"SELECT {_SHOWN}, n.due_at, n.rule, n.clause, n.responsible, {by.by}::text FROM cases_case c {_NEXT} "
        f"WHERE {' AND '.join(conditions)} ORDER BY {by.by} {way}, c.id {way} LIMIT %(size)s"
    )
    return [_line(row, now) for row in _fetch(statement, {**params, "size": size})]


def ledger_count(scope: Scope, filters: Filters, most: int) -> int:
    """How many cases ``ledger`` lists, ``most`` at most: of millions nobody waits for the last one."""
    conditions, params = _conditions(scope, filters)
    statement = f"SELECT count(*) FROM (SELECT FROM cases_case c WHERE {' AND '.join(conditions)} LIMIT %(most)s) AS counted"
    return int(_fetch(statement, {**params, "most": most})[0][0])


def milestones(organisation_id: UUID, case_ids: Sequence[UUID], events: Sequence[str]) -> dict[UUID, dict[str, tuple[datetime, str]]]:
    """When each of the events happened first on each of the cases, and the result that it told last."""
    found: dict[UUID, dict[str, tuple[datetime, str]]] = {}
    rows = _fetch(
        "SELECT case_id, event, min(at), (array_agg(details ->> 'result' ORDER BY number DESC))[1] FROM facts_fact "
        "WHERE organisation_id = %(organisation)s AND case_id = ANY(%(cases)s) AND event = ANY(%(events)s) GROUP BY case_id, event",
        {"organisation": organisation_id, "cases": list(case_ids), "events": list(events)},
    )
    for case, event, at, result in rows:
        found.setdefault(case, {})[event] = (at, result or "")
    return found


def _fetch(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(params))
        return list(cursor.fetchall())


def _line(row: Sequence[Any], now: datetime) -> Line:
    columns = {name: _read(name, value) for name, value in zip(_NAMES, row, strict=False)}
    due_at, rule, clause, responsible, key = row[len(_NAMES) :]
    cursor = f"{key}|{columns['id']}"
    return Line(columns["id"], group_of(due_at, now), due_at, rule or "", clause or "", responsible or "", columns, cursor)


def _read(name: str, value: Any) -> Any:
    return json.loads(value) if name in _JSON and isinstance(value, str) else value


def group_of(due_at: datetime | None, now: datetime) -> str:
    """The group of the queue that a case belongs to whose next clock is due at ``due_at``."""
    if due_at is None:
        return WITHOUT_LIMIT
    if due_at <= now:
        return OVERDUE
    if due_at <= now + timedelta(hours=1):
        return WITHIN_AN_HOUR
    return TODAY if due_at <= closing_of(in_shanghai(now).date()) else LATER


def _conditions(scope: Scope, filters: Filters) -> tuple[list[str], dict[str, Any]]:
    units = scope.units if filters.units is None else scope.units & filters.units
    conditions = ["c.organisation_id = %(organisation)s", "c.unit_code = ANY(%(units)s)"]
    params: dict[str, Any] = {"organisation": scope.organisation_id, "units": sorted(units)}
    for name, condition in _CONDITIONS.items():
        value = getattr(filters, name)
        if value not in ("", None, ()):
            conditions.append(condition)
            params[name] = list(value) if isinstance(value, tuple) else value
    if filters.words.strip():
        params |= {"words": _words(filters.words), "start": "".join(filters.words.split()).upper()}
        numbered = " OR (c.number >= %(start)s AND c.number < %(start)s || 'Z')" if _NUMBER_START.fullmatch(params["start"]) else ""
        conditions.append(f"(c.search @@ %(words)s::tsquery{numbered})")
    if filters.open is not None:
        conditions.append(f"c.status {'' if filters.open else 'NOT '}IN ({_OPEN})")
    if filters.claimed:
        conditions.append(_CLAIMED)
    if filters.followed is not None:
        conditions.append(f"{'' if filters.followed else 'NOT '}{_FOLLOWED}")
    return conditions, params


_CONDITIONS = {
    "status": "c.status = ANY(%(status)s)",
    "record": "c.record = %(record)s",
    "category": "%(category)s IN (SELECT value FROM jsonb_each_text(c.category))",
    "severity": "%(severity)s IN (SELECT value FROM jsonb_each_text(c.severity))",
    "mark": "c.marks ? %(mark)s",
    "channel": "c.channel = %(channel)s",
    "handler_id": "c.handler_id = %(handler_id)s",
    "household_code": "c.household_code = %(household_code)s",
    "issue": "c.issue = %(issue)s",
    "received_from": "c.received_at >= %(received_from)s",
    "received_until": "c.received_at < %(received_until)s",
    "number": "c.number = upper(%(number)s)",
    "warning": (
        "EXISTS (SELECT 1 FROM warnings_warningsignal w WHERE w.organisation_id = c.organisation_id AND w.case_id = c.id "
        "AND w.level = %(warning)s AND w.state NOT IN ('dismissed', 'withdrawn'))"
    ),
}
_CLAIMED = (
    "EXISTS (SELECT 1 FROM facts_fact f WHERE f.organisation_id = c.organisation_id AND f.case_id = c.id "
    "AND f.event IN ('non_responsibility_claimed', 'non_responsibility_statement_submitted') AND NOT EXISTS (SELECT 1 FROM facts_fact d "
    "WHERE d.organisation_id = f.organisation_id AND d.case_id = f.case_id AND d.number > f.number "
    "AND d.event IN ('approval_given', 'approval_refused')))"
)


def _words(text: str) -> str:
    """All words, each by its pairs of characters, as a tsquery; what cannot be looked for finds nothing."""
    tokens = [one for one in search_tokens(text) if len(one) > 1] or list(search_tokens(text))
    return " & ".join("'" + one.replace("\\", "\\\\").replace("'", "''") + "'" for one in tokens[:30]) or "'\u0001'"


def case_page(organisation_id: UUID, case_id: UUID) -> Page | None:
    """Everything about a case in four statements; None if there is none. Who may see it has to be asked before."""
    with connection.cursor() as cursor:
        past = load_cases(cursor, House.of(organisation_id), [case_id]).get(str(case_id))
    if past is None or past.row is None:
        return None
    return Page(past.row, facts_of_case(organisation_id, case_id), past.known, related(organisation_id, past.row))


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the group's solution: its words, when it was ticked off, and what was done otherwise than handed down."""

    text: str
    done_at: datetime | None = None
    deviation: str = ""


def measures(organisation_id: UUID, case_id: UUID) -> tuple[Measure, ...]:
    """The measures of the solution that the group handed down last, a line of it each, in their order (GP-10.2.3.2c).

    The solution is carried out when every one has its ``done_at``. Empty where none was handed down.
    """
    facts = facts_of_case(organisation_id, case_id)
    solutions = [one for one in facts if one.event == "group_solution_received"]
    if not solutions:
        return ()
    done = {one.text("text"): one for one in reversed(facts) if one.event == "measure_done" and one.at >= solutions[-1].at}
    lines = [line.strip() for line in (solutions[-1].text("text") or "").splitlines() if line.strip()]
    return tuple(Measure(line, one.at, one.text("reason") or "") if (one := done.get(line)) else Measure(line) for line in lines)


def related(organisation_id: UUID, row: Mapping[str, Any], most: int = 10) -> list[Mapping[str, Any]]:
    """Other cases of the same home, or of the same resident, the latest first."""
    if not row["household_code"] and not row["resident_id"]:
        return []
    found = _fetch(
        "SELECT id, number, title, status, received_at, issue FROM cases_case WHERE organisation_id = %(organisation)s "
        "AND id <> %(id)s AND ((household_code <> '' AND unit_code = %(unit)s AND household_code = %(home)s) "
        "OR resident_id = %(resident)s) ORDER BY received_at DESC LIMIT %(most)s",
        {
            "organisation": organisation_id,
            "id": row["id"],
            "unit": row["unit_code"],
            "home": row["household_code"],
            "resident": row["resident_id"],
            "most": most,
        },
    )
    return [dict(zip(("id", "number", "title", "status", "received_at", "issue"), one, strict=True)) for one in found]


def suggest_duplicates(
    organisation_id: UUID, unit: str, household_code: str, words: str, at: datetime, place: str = "", most: int = 5
) -> list[Mapping[str, Any]]:
    """Cases of the unit in the last 30 days that may be about the same: of the same home, of the same place as it was said, or sharing half
    of the words; likeliest first."""
    tokens = [one for one in search_tokens(words) if len(one) > 1][:40]
    about = {"organisation": organisation_id, "unit": unit, "home": household_code, "place": place.strip(), "tokens": tokens}
    found = _fetch(
        "SELECT id, number, title, status, received_at, household_code, place, shared FROM ("
        "SELECT c.*, (SELECT count(*) FROM unnest(%(tokens)s::text[]) t WHERE c.search @@ quote_literal(t)::tsquery) AS shared "
        "FROM cases_case c WHERE organisation_id = %(organisation)s AND unit_code = %(unit)s AND status <> 'void' "
        "AND received_at > %(since)s AND received_at <= %(at)s) AS near "
        "WHERE (household_code = %(home)s AND household_code <> '') OR (place <> '' AND lower(place) = lower(%(place)s)) "
        "OR (shared > 1 AND shared * 2 >= cardinality(%(tokens)s::text[])) "
        "ORDER BY (household_code = %(home)s) DESC, (lower(place) = lower(%(place)s)) DESC, shared DESC, received_at DESC LIMIT %(most)s",
        {**about, "since": at - timedelta(days=30), "at": at, "most": most},
    )
    names = ("id", "number", "title", "status", "received_at", "household_code", "place", "shared")
    return [dict(zip(names, one, strict=True)) for one in found]


def figures(scope: Scope, months: Sequence[str]) -> Mapping[tuple[str, str], Mapping[str, int]]:
    """How many of each figure (received_complaint, closed, late, warning_blue …) by unit and month ("2026-04")."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for unit, month, figure, count in _fetch(
        "SELECT unit_code, month, figure, count(*) FROM cases_monthfigure WHERE organisation_id = %(organisation)s "
        "AND month = ANY(%(months)s) AND unit_code = ANY(%(units)s) GROUP BY unit_code, month, figure",
        {"organisation": scope.organisation_id, "months": list(months), "units": sorted(scope.units)},
    ):
        found.setdefault((unit, month), {})[figure] = int(count)
    return found


def behind_figure(scope: Scope, month: str, figure: str, most: int = 1000) -> list[UUID]:
    """The cases that a figure counts, in the order of time; a case may stand in it several times."""
    rows = _fetch(
        "SELECT case_id FROM cases_monthfigure WHERE organisation_id = %(organisation)s AND month = %(month)s "
        "AND figure = %(figure)s AND unit_code = ANY(%(units)s) AND case_id IS NOT NULL ORDER BY at, subject LIMIT %(most)s",
        {"organisation": scope.organisation_id, "month": month, "figure": figure, "units": sorted(scope.units), "most": most},
    )
    return [row[0] for row in rows]
