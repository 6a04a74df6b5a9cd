"""The queue and the page of a case ask as many questions at a million cases as at a thousand, and the database answers them the same way.

No time is taken: what is compared is the number of statements, and the plans by which PostgreSQL would run them. The cases are copies, made
in the database, of one that was lived through; each with a limit and a fact of its own, so that each of the big tables has its million.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.actions import Registration, move, register
from huiyin.desk.cases.queries import Filters, Scope, case_page, queue, queue_counts
from huiyin.desk.conftest import at, branch, clerk, company, organisation, project
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit

__all__ = ["at", "branch", "clerk", "company", "organisation", "project"]

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)
BIG = ("cases_case", "clocks_clock", "facts_fact")
THOUSAND, MILLION = 1_000, 1_000_000
OPEN, CLOSED = 20, 10
_OWN = "('0197' || lpad(%s, 4, '0') || '-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid"
_CASE, _FACT = _OWN % "'0'", _OWN % "t.number::text"
_EARLIER = "- (g %% 500000) * interval '1 minute'"
COPIED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "cases_case": (
        "t.id = %(case)s",
        {
            "id": _CASE,
            "number": "left(t.number, 8) || (10000 + g)",
            "household_code": "'2-1-' || (g %% 20000)",
            # No statement here looks for words, and their index is the dearest of all.
            "search": "''::tsvector",
            **{name: f"t.{name} {_EARLIER}" for name in ("received_at", "entered_at", "last_act_at", "closed_at")},
        },
    ),
    "clocks_clock": (
        "t.case_id = %(case)s AND t.rule = 'GP:start-work'",
        {"case_id": _CASE, "key": f"replace(t.key, t.case_id::text, {_CASE}::text)", "due_at": f"t.due_at {_EARLIER}"},
    ),
    "facts_fact": ("t.case_id = %(case)s AND t.number = 1", {"case_id": _CASE, "id": _FACT, "at": f"t.at {_EARLIER}"}),
}
"""Of each big table the rows of a case that are copied, and what every copy (number g) has of its own."""

Statements = list[str]


@pytest.fixture
def emptied(db: None) -> None:
    """The big tables lie in files of their own until the test's transaction ends: nothing of a million rows stays behind."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(BIG)}")


@pytest.fixture
def lived(emptied: None, company: Unit, project: Unit, clerk: By, at: datetime) -> tuple[Scope, list[UUID], UUID]:
    """Twenty open cases and ten closed ones; where to look, the closed ones, and one of the open ones."""
    adopt(company, "group_platform", "1", date(2018, 1, 1), by=clerk, at=at)
    scope = Scope(company.organisation_id, frozenset({company.code, project.code}))
    cases = [_registered(scope.organisation_id, project.code, number) for number in range(OPEN + CLOSED)]
    for case in cases[OPEN:]:
        _close(scope.organisation_id, project.code, case)
    return scope, cases[OPEN:], cases[0]


def _registered(organisation_id: UUID, unit: str, number: int) -> UUID:
    form = Registration(
        "complaint",
        unit,
        channel="call_centre_400",
        story=f"电梯停运，无人处理（{number}）",
        category={"GP": "cleaning"},
        severity={"GP": "general"},
        household_code=f"1-1-{number + 101}",
        by_role="group_cc_agent",
    )
    return register(organisation_id, form, by=None, at=NINE + timedelta(minutes=number), dispatch_to=unit).case_id


def _close(organisation_id: UUID, unit: str, case: UUID) -> None:
    steps: dict[str, dict[str, str]] = {"accept": {}, "handle": {"text": "已修复"}, "return_visit": {"result": "satisfied"}}
    for hours, (what, told) in enumerate(steps.items(), start=1):
        moment = NINE + timedelta(hours=hours)
        move(organisation_id, case, what, told, by=None, post_role="unit_liaison", unit=unit, at=moment)


def _grow(closed: UUID, first: int, last: int) -> None:
    """Copy the closed case into the copies ``first`` to ``last``, with the planner's statistics up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for table, (which, own) in COPIED.items():
            # Indexes are made afterwards, at once, which takes a tenth of the time.
            dropped = list(_without_indexes(cursor, table))
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table])
            names = [name for (name,) in cursor.fetchall()]
            told = ", ".join(own.get(name, f't."{name}"') for name in names)
            columns = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {told} FROM {table} t, generate_series(%(first)s, %(last)s) g WHERE {which}",
                {"case": closed, "first": first, "last": last},
            )
            for statement in dropped:
                cursor.execute(statement)
        # Also of the tables that did not grow: what earlier tests left in them would be looked at anew at any moment, between two plans.
        cursor.execute("ANALYZE")


def _without_indexes(cursor: Any, table: str) -> Iterator[str]:
    """Drop the indexes of a table; gives the statements that make them again."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), k.conname, pg_get_constraintdef(k.oid) "
        "FROM pg_index i LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid WHERE i.indrelid = %s::regclass",
        [table],
    )
    for index, made_by, constraint, said in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}")
        yield f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {said}' if constraint else made_by


def _asked(read: Callable[[], object]) -> Statements:
    """The statements that a read sends, with their values in place."""
    read()
    with CaptureQueriesContext(connection) as caught:
        read()
    return [one["sql"] for one in caught.captured_queries]


def _pages(lived: tuple[Scope, list[UUID], UUID]) -> dict[str, Statements]:
    scope, closed, case = lived
    now = NINE + timedelta(hours=2)
    return {
        "queue": _asked(lambda: (queue(scope, Filters(), now), queue_counts(scope, Filters(), now))),
        "page of an open case": _asked(lambda: case_page(scope.organisation_id, case)),
        "page of a closed case": _asked(lambda: case_page(scope.organisation_id, closed[0])),
    }


def _plan(statement: str) -> list[str]:
    """The steps of the plan: kind of node, table and index, from the top down."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%"), [])
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    return [" ".join(step) for step in _steps(plan[0]["Plan"])]


def _steps(node: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield node["Node Type"], node.get("Relation Name", ""), node.get("Index Name", "")
    for below in node.get("Plans", ()):
        yield from _steps(below)


def test_pages_are_asked_for_and_answered_at_a_million_cases_as_at_a_thousand(lived: tuple[Scope, list[UUID], UUID]) -> None:
    closed = lived[1][-1]
    _grow(closed, 1, THOUSAND)
    few = _pages(lived)
    plans = {name: [_plan(one) for one in statements] for name, statements in few.items()}
    _grow(closed, THOUSAND + 1, MILLION)
    many = _pages(lived)
    assert {name: len(statements) for name, statements in many.items()} == {name: len(statements) for name, statements in few.items()}
    assert len(few["queue"]) == 2
    assert max(map(len, few.values())) <= 6
    assert {name: [_plan(one) for one in statements] for name, statements in many.items()} == plans
    steps = {step for plans_of in plans.values() for plan in plans_of for step in plan}
    assert steps & {f"Seq Scan {table} " for table in BIG} == set()
