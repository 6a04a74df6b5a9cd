"""How fast limits are found when a hundred thousand of a million are due at once, by two watchers; and how late the last one is."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.multiply import multiply
from benchmarks.table import show
from tests.faults.house import WATCHERS, House

CLOCKS, DUE = 1_000_000, 100_000
TEMPLATES = 20
PATIENCE_SECONDS = 900
_WAITING = "SELECT count(*) FROM clocks_clock WHERE look_at <= now()"
_PASSED = "SELECT count(*) FROM journal_entry WHERE action = 'facts.limit_passed'"


def run() -> int:
    """Measure and print; 1 when a limit is found twice or not at all."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    try:
        with House(folder, web=False) as house:
            house.seed()
            began = time.monotonic()
            with house.connection() as connection:
                clocks = _fill(house, connection)
            filled = time.monotonic() - began
            return _watch(house, clocks, filled)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(house: House, connection: Any) -> int:
    late = _lived(house, "late")
    fresh = _lived(house, "fresh")
    due_of_each = _count(connection, _WAITING) / TEMPLATES
    all_of_each = _count(connection, "SELECT count(*) FROM clocks_clock") / (2 * TEMPLATES)
    due_cases = round(DUE / due_of_each) - TEMPLATES
    multiply(connection, late, due_cases)
    multiply(connection, fresh, round(CLOCKS / all_of_each) - due_cases - 2 * TEMPLATES, first=due_cases + 1)
    return _count(connection, "SELECT count(*) FROM clocks_clock")


def _lived(house: House, kind: str) -> list[UUID]:
    return [UUID(one) for one in json.loads(house.run("-m", "benchmarks.past", kind, str(TEMPLATES)).splitlines()[-1])]


def _count(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])


def _watch(house: House, clocks: int, filled: float) -> int:
    due = house.rows(_WAITING)[0][0]
    house.open()
    began, rows, before = time.monotonic(), [], 0
    while time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(10)
        waiting, passed = house.rows(_WAITING)[0][0], house.rows(_PASSED)[0][0]
        rows.append([f"{time.monotonic() - began:.0f}", waiting, passed, f"{(passed - before) / 10:.0f}"])
        before = passed
        if waiting == 0:
            break
    show(f"watch: {clocks} clocks ({filled:.0f} s to make), {due} due, {WATCHERS} watchers", ("s", "waiting", "passed", "a second"), rows)
    doubled = house.rows(
        "SELECT count(*) FROM (SELECT 1 FROM journal_entry WHERE action = 'facts.limit_passed' "
        "GROUP BY body #>> '{fact,details,clock}', body #>> '{fact,at}' HAVING count(*) > 1) AS d"
    )[0][0]
    waiting = house.rows(_WAITING)[0][0]
    print(f"  {doubled} found twice, {waiting} not found, the last one {time.monotonic() - began:.0f} s after the watch began")
    return 1 if doubled or waiting else 0
