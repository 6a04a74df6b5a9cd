"""What the queue and the page of a case cost at a thousand cases and at a million, with as many open ones in both.

Aimed at: less than 1.2 times as long.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
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
ROUNDS = 60
AIM = 1.2


def run() -> int:
    """Measure and print both; always 0, the growth is for people to judge."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    try:
        with House(folder, web=False, watchers=0) as house:
            house.seed()
            house.run("-m", "benchmarks.past", "fresh", str(OPEN))
            closed = [UUID(one) for one in json.loads(house.run("-m", "benchmarks.past", "closed", str(TEMPLATES)).splitlines()[-1])]
            times = [_at(house, closed, 1, FEW), _at(house, closed, FEW + 1, MANY)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    few, many = times
    rows = [[name, f"{few[name]:.2f}", f"{many[name]:.2f}", f"{many[name] / few[name]:.2f}"] for name in few]
    show(f"pages: median ms of {ROUNDS}, {OPEN} cases open", ("read", f"{FEW} cases", f"{MANY} cases", "growth"), rows)
    print(f"  aimed at a growth below {AIM}")
    return 0


def _at(house: House, closed: list[UUID], first: int, until: int) -> dict[str, float]:
    with house.connection() as connection:
        standing = connection.execute("SELECT count(*) FROM cases_case").fetchone()
        multiply(connection, closed, until - (int(standing[0]) if standing else 0), first=first)
        connection.execute("VACUUM (ANALYZE)")
    found: dict[str, float] = json.loads(house.run("-m", "benchmarks.reading", str(ROUNDS)).splitlines()[-1])
    return found
