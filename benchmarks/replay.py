"""试算 of a long past: 100,000 cases of a year replayed under the rules in force and under a draft, on two processes.

HUIYIN_BENCH_REPLAY asks for another number of cases. The rate counts a case once, though it is lived twice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from benchmarks.table import show
from huiyin.core.facts import Fact
from huiyin.core.known import Unit, Units
from huiyin.core.limits import parse_limit
from huiyin.core.moments import SHANGHAI
from huiyin.core.rules import Adopted, ClockRule, Regulation
from huiyin.rehearsal.parts import compare_in_parts
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

CASES: Final = int(os.environ.get("HUIYIN_BENCH_REPLAY", "100_000"))
PROCESSES: Final = 2
ONE_PROCESS_CASES: Final = 5_000
PROJECTS: Final = 40
ISSUES_IN_A_THOUSAND: Final = 5
_START: Final = datetime(2025, 10, 1, tzinfo=SHANGHAI)
_DAYS: Final = 365
_BOTH: Final = ("quality_dept", "group_cc")
_LIFE: Final[tuple[tuple[str, int, int, str, Mapping[str, Any]], ...]] = (
    ("complaint_transferred_to_unit", 0, 0, "group_cc_agent", {}),
    ("work_process_started", 2, 14, "unit_liaison", {}),
    ("order_accepted", 0, 0, "unit_liaison", {}),
    ("responsible_department_fixed", 3, 25, "unit_liaison", {}),
    ("complainant_contacted", 5, 40, "unit_liaison", {}),
    ("first_handling_plan_recorded", 1, 12, "unit_liaison", {}),
    ("solution_reported", 30, 290, "unit_liaison", {"to": _BOTH}),
    ("complaint_handled", 300, 3000, "unit_liaison", {}),
    ("return_visit_done", 60, 900, "unit_liaison", {"result": "satisfied"}),
    ("case_closed", 0, 1, "unit_liaison", {}),
)


def run() -> int:
    """Measure and print; always 0, the rates are for people to judge."""
    units, now = _organisation(), regulation("group_platform")
    adopted, draft = ((Adopted(one, "CO", load_workdays()),) for one in (now, _with_half_the_limits(now)))
    rows = []
    for cases, processes in ((min(CASES, ONE_PROCESS_CASES), 1), (min(CASES, ONE_PROCESS_CASES), PROCESSES), (CASES, PROCESSES)):
        facts = sorted(_facts(cases), key=lambda one: one.at)
        began = time.perf_counter()
        found = compare_in_parts(facts, units, adopted, draft, _START + timedelta(days=_DAYS), processes=processes)
        seconds = time.perf_counter() - began
        rows.append([cases, len(facts), processes, f"{seconds:.1f}", f"{cases / seconds:.0f}", len(found.changes)])
    show("replay: a past under a draft", ("cases", "facts", "processes", "seconds", "cases/s", "changes"), rows)
    return 0


def _organisation() -> Units:
    tops = [Unit("CO", "property_company"), *(Unit(f"B{number}", "branch", "CO") for number in range(4))]
    projects = (Unit(f"P{number}", "project", f"B{number % 4}", 800, {"site": "residential"}) for number in range(PROJECTS))
    return Units.of([*tops, *projects])


def _with_half_the_limits(rules: Regulation) -> Regulation:
    """A draft: every limit of four hours is one of two."""
    four, two = parse_limit("4 hours"), parse_limit("2 hours")

    def changed(rule: Any) -> Any:
        return replace(rule, within=two) if isinstance(rule, ClockRule) and rule.within == four else rule

    by_id = {name: changed(rule) for name, rule in rules.by_id.items()}
    by_event = {name: tuple(by_id.get(rule.id, rule) for rule in waiting) for name, waiting in rules.by_event.items()}
    return replace(rules, rules=tuple(changed(rule) for rule in rules.rules), by_id=by_id, by_event=by_event)


def _facts(cases: int) -> Iterator[Fact]:
    random = Random(20251001)
    for number in range(cases):
        at = _START + timedelta(minutes=random.randrange((_DAYS - 5) * 1440))
        unit = f"P{random.randrange(PROJECTS)}"
        details: dict[str, Any] = {
            "record": "complaint",
            "channel": "call_centre_400",
            "category": {"GP": random.choice(("engineering_repair", "cleaning", "customer_service"))},
            "severity": {"GP": "general" if random.random() < 0.9 else "serious"},
            "household": f"{random.randrange(800)}",
        }
        if random.randrange(1000) < ISSUES_IN_A_THOUSAND:
            details["issue"] = f"issue-{random.randrange(50)}"
        case = f"{number:07d}"
        yield Fact("complaint_received", at, case, unit, "group_cc_agent", details)
        yield from _life(case, at, random)


def _life(case: str, at: datetime, random: Random) -> Iterator[Fact]:
    for event, least, most, by, details in _LIFE:
        at += timedelta(minutes=random.randint(least, most))
        promised = {"promised_at": at + timedelta(days=2)} if event == "solution_reported" else {}
        yield Fact(event, at, case, None, by, {**details, **promised} if promised else details)
