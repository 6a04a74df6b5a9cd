"""The monthly analysis of a company with a million cases, from the figures of its months, against one plain aggregate query.

The plain query counts the company's cases of the month by unit, kind, state and class: what a report without figures of its own would
ask. Ratios: below 1 the figures answer sooner. HUIYIN_BENCH_CASES asks for another number of cases: a million take most of an hour to make.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from benchmarks.multiply import multiply
from benchmarks.table import show
from huiyin.core.moments import SHANGHAI
from huiyin.faces.cli.house import open_house
from tests.faults.house import House

CASES: Final = int(os.environ.get("HUIYIN_BENCH_CASES", "1_000_000"))
TEMPLATES: Final = 40
ROUNDS: Final = 15
_SAME_ROWS: Final = (
    "SELECT unit_code, figure, count(*) FROM cases_monthfigure WHERE organisation_id = %(organisation)s AND month = %(month)s "
    "GROUP BY unit_code, figure"
)
_FROM_CASES: Final = (
    "SELECT unit_code, record, status, count(*) FROM cases_case WHERE organisation_id = %(organisation)s "
    "AND received_at >= %(since)s AND received_at < %(until)s GROUP BY unit_code, record, status"
)


def run() -> int:
    """Measure and print; always 0, the ratios are for people to judge."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    try:
        with House(folder, web=False, watchers=0) as house:
            house.seed()
            closed = [UUID(one) for one in json.loads(house.run("-m", "benchmarks.past", "closed", str(TEMPLATES)).splitlines()[-1])]
            with house.connection() as connection:
                standing = connection.execute("SELECT count(*) FROM cases_case").fetchone()
                multiply(connection, closed, CASES - (int(standing[0]) if standing else 0))
                connection.execute("VACUUM (ANALYZE)")
            times: dict[str, Any] = json.loads(house.run("-m", "benchmarks.analysis", "measure").splitlines()[-1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    counted, plain = times.pop("figures counted"), times["plain aggregate, same rows"]
    rows = [[name, f"{took:.1f}", f"{took / plain:.2f}"] for name, took in times.items()]
    show(f"analysis: median ms of {ROUNDS}, {CASES} cases, {counted} figures in the month", ("query", "ms", "ratio"), rows)
    return 0


def measure() -> None:
    """In the house: the median of each query in milliseconds, as JSON."""
    open_house()
    from django.db import connection

    from huiyin.desk.cases import queries
    from huiyin.desk.cases.models import MonthFigure
    from huiyin.desk.places.models import Unit

    unit = Unit.objects.get(code="CY")
    scope = queries.Scope(unit.organisation_id, frozenset(Unit.objects.values_list("code", flat=True)))
    month = max(MonthFigure.objects.filter(organisation_id=unit.organisation_id).values_list("month", flat=True).distinct())
    since = datetime.fromisoformat(f"{month}-01").replace(tzinfo=SHANGHAI)
    asked: dict[str, Any] = {"organisation": unit.organisation_id, "month": month, "since": since, "until": since + timedelta(days=31)}

    def plain(sql: str) -> Callable[[], object]:
        def ask() -> object:
            with connection.cursor() as cursor:
                cursor.execute(sql, asked)
                return cursor.fetchall()

        return ask

    reads: dict[str, Callable[[], object]] = {
        "plain aggregate, same rows": plain(_SAME_ROWS),
        "monthly analysis": lambda: queries.figures(scope, [month]),
        "plain aggregate over the cases": plain(_FROM_CASES),
    }
    found: dict[str, Any] = {name: _median_ms(read) for name, read in reads.items()}
    found["figures counted"] = sum(sum(one.values()) for one in queries.figures(scope, [month]).values())
    print(json.dumps(found))


def _median_ms(read: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        read()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    measure()
