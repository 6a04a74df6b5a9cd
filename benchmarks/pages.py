"""What the queue and the page of a case cost at a thousand cases and at a million, with as many open ones in both.

Two houses stand side by side and are read in turn, so what else the machine does falls on both. Aimed at: less than 1.2 times as long.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from benchmarks.multiply import multiply
from benchmarks.table import show
from tests.faults.house import House

FEW = 1_000
MANY = int(os.environ.get("HUIYIN_BENCH_CASES", "1_000_000"))
"""Making a million cases with all their facts and clocks takes a good part of an hour on two cores; fewer can be asked for."""
OPEN = 300
TEMPLATES = 40
TURNS = 6
ROUNDS = 20
AIM = 1.2


def run() -> int:
    """Measure and print both; always 0, the growth is for people to judge."""
    with ExitStack() as stack:
        houses = {size: _house(stack) for size in (FEW, MANY)}
        for size, house in houses.items():
            _fill(house, size)
        few, many = _in_turn([houses[FEW], houses[MANY]])
    rows = [[name, f"{few[name]:.2f}", f"{many[name]:.2f}", f"{many[name] / few[name]:.2f}"] for name in few]
    show(f"pages: median ms of {TURNS * ROUNDS}, {OPEN} cases open", ("read", f"{FEW} cases", f"{MANY} cases", "growth"), rows)
    print(f"  aimed at a growth below {AIM}")
    return 0


def _house(stack: ExitStack) -> House:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return stack.enter_context(House(folder, web=False, watchers=0))


def _fill(house: House, size: int) -> None:
    house.seed()
    house.run("-m", "benchmarks.past", "fresh", str(OPEN))
    closed = [UUID(one) for one in json.loads(house.run("-m", "benchmarks.past", "closed", str(TEMPLATES)).splitlines()[-1])]
    with house.connection() as connection:
        standing = connection.execute("SELECT count(*) FROM cases_case").fetchone()
        multiply(connection, closed, size - (int(standing[0]) if standing else 0))
        connection.execute("VACUUM (ANALYZE)")


def _in_turn(houses: list[House]) -> list[dict[str, float]]:
    """The median of each read in each house, in milliseconds."""
    found: list[dict[str, list[float]]] = [{} for _ in houses]
    for _ in range(TURNS):
        for house, times in zip(houses, found, strict=True):
            for name, took in json.loads(house.run("-m", "benchmarks.reading", str(ROUNDS)).splitlines()[-1]).items():
                times.setdefault(name, []).extend(took)
    return [{name: statistics.median(took) for name, took in times.items()} for times in found]
