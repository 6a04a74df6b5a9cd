"""The queue and the page of a case ask as many questions at five thousand cases as at fifty, and the database answers them the same way.

No time is taken: what is compared is the number of statements, and the plans by which PostgreSQL would run them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.multiply import multiply
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
FEW, SOME, MANY = 50, 5_000, 20_000
OPEN, CLOSED = 20, 10

Statements = list[str]


@pytest.fixture
def lived(company: Unit, project: Unit, clerk: By, at: datetime) -> tuple[Scope, list[UUID], UUID]:
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


def _grow(closed: list[UUID], until: int, first: int) -> None:
    """Copy the closed cases until there are so many, with the planner's statistics up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        multiply(connection.connection, closed, until - cursor.fetchone()[0], first=first)
        # Also of the tables that did not grow: what earlier tests left in them would be looked at anew at any moment, between two plans.
        cursor.execute("ANALYZE")


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


def test_pages_ask_as_many_questions_at_five_thousand_cases_as_at_fifty(lived: tuple[Scope, list[UUID], UUID]) -> None:
    _grow(lived[1], FEW, first=1)
    few = {name: len(statements) for name, statements in _pages(lived).items()}
    _grow(lived[1], SOME, first=FEW + 1)
    assert {name: len(statements) for name, statements in _pages(lived).items()} == few
    assert few["queue"] == 2
    assert max(few.values()) <= 6


def test_their_plans_do_not_change_with_the_closed_cases_and_scan_no_big_table(lived: tuple[Scope, list[UUID], UUID]) -> None:
    # Fifty cases lie on a few pages, which nobody would read by an index: the plans are compared from five thousand on.
    _grow(lived[1], SOME, first=1)
    some = {name: [_plan(one) for one in statements] for name, statements in _pages(lived).items()}
    _grow(lived[1], MANY, first=SOME + 1)
    many = {name: [_plan(one) for one in statements] for name, statements in _pages(lived).items()}
    steps = {step for plans in (*some.values(), *many.values()) for plan in plans for step in plan}
    assert steps & {f"Seq Scan {table} " for table in BIG} == set()
    assert many == some
