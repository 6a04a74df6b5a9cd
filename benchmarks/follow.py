"""What a fact costs under all ten regulations, against a bare loop of as many dictionary look-ups as rules wait for its event.

Aimed at: under twenty times the bare loop.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from benchmarks.table import show
from huiyin.core.facts import Fact
from huiyin.core.follow import follow
from huiyin.core.known import Case, Known, Unit, Units, names_of
from huiyin.core.moments import SHANGHAI
from huiyin.core.rules import Adopted
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation, stems

AIM: Final = 20
ROUNDS: Final = 300
_START: Final = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
_UNITS: Final = Units.of([Unit("CO", "property_company"), Unit("P1", "project", "CO", 1000, {"site": "residential"})])
_LIFE: Final = (
    ("complaint_received", 0, {"record": "complaint", "channel": "phone", "customer": "R1", "household": "1-1-101", "issue": "lift-noise"}),
    ("complaint_transferred_to_unit", 0, {}),
    ("order_accepted", 5, {}),
    ("complainant_contacted", 30, {}),
    ("complainant_replied", 40, {}),
    ("complaint_handled", 600, {}),
    ("follow_up_done", 900, {"result": "solved_for_good"}),
    ("case_closed", 910, {}),
)


def run() -> int:
    """Measure and print; always 0, the ratio is for people to judge."""
    adopted = [Adopted(regulation(stem), "CO", load_workdays()) for stem in stems()]
    rows = []
    for fact, known in _life(adopted):
        waiting = sum(len(one.regulation.by_event.get(name, ())) for one in adopted for name in names_of(fact))
        bare, ours = _both(fact, known, adopted)
        rows.append([fact.event, str(waiting), f"{bare:.2f}", f"{ours:.1f}", f"{ours / bare:.1f}"])
    show(f"follow: median µs of {ROUNDS}, ten regulations", ("fact", "rules waiting", "bare loop", "follow", "ratio"), rows)
    print(f"  aimed at a ratio under {AIM}")
    return 0


def _life(adopted: list[Adopted]) -> list[tuple[Fact, Known]]:
    """The facts of a case from its receipt to its end, each with what is known before it."""
    known, life = Known(_UNITS), []
    for event, minutes, details in _LIFE:
        fact = Fact(event, _START + timedelta(minutes=minutes), "A", "P1", "unit_liaison", details)
        life.append((fact, known))
        outcome = follow(adopted, known, fact)
        if outcome.refusal is None:
            known = _after(known, outcome.case, outcome.records)
    return life


def _after(known: Known, case: Case | None, records: tuple[object, ...]) -> Known:
    shelves = {"Clock": "clocks", "Approval": "approvals", "Mark": "marks", "Paper": "papers", "WarningSignal": "warnings"}
    kept = {shelf: dict(getattr(known, shelf)) for shelf in shelves.values()}
    for record in records:
        shelf = shelves.get(type(record).__name__)
        if shelf is not None:
            kept[shelf][record.key] = record  # type: ignore[attr-defined]
    return replace(known, case=case, **kept)


def _both(fact: Fact, known: Known, adopted: list[Adopted]) -> tuple[float, float]:
    """Microseconds of the bare loop and of the reckoning, in turn, so that both meet the same machine."""
    looked_up = [
        (one.regulation.by_id, rule.id) for one in adopted for name in names_of(fact) for rule in one.regulation.by_event.get(name, ())
    ]

    def bare() -> None:
        for by_id, key in looked_up:
            by_id[key]

    def ours() -> None:
        follow(adopted, known, fact)

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for kept, act in zip(times, (bare, ours), strict=True):
            kept.append(_timed(act))
    return statistics.median(times[0]), statistics.median(times[1])


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1_000_000
