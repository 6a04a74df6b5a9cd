"""Duties of a case that come back until it is over: "every three days tell the customer" (AC-3.5.2). From due time to due time.

Each turn runs from the due time of the one before. An act serves the turn in which it falls, and what is overdue before it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from huiyin.core.clocks import blank, cancel, clock_key, length_of
from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.known import Case
from huiyin.core.limits import Limit, Recurring, Span, due_at, parse_limit
from huiyin.core.records import LATE, MET, OVERDUE, RUNNING, Clock
from huiyin.core.rules import Adopted, ClockRule
from huiyin.core.work import Work

_CALENDAR = frozenset({"weekly", "monthly", "quarterly", "half-yearly", "yearly"})


def follow_repeating(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> None:
    """Open the first turn when it starts, the next when one is over; let the act serve, and the end of the case end it."""
    case, limit = work.case, _limit(adopted, rule)
    if case is None or fact.case is None or limit is None:
        return
    turns = _turns(work, adopted, rule, case)
    if _over(work, adopted, rule, case, fact):
        # What was missed while the case was open stays missed; nothing further is owed.
        for clock in (one for one in turns if one.state == RUNNING):
            cancel(work, clock, fact)
    elif fact.event == LIMIT_PASSED:
        _pass(work, adopted, rule, case, fact, limit)
    elif rule.ends.event in work.names and turns:
        _serve(work, adopted, rule, case, fact, limit)
    elif not any(one.open for one in turns) and any(start.event in work.names for start in rule.starts):
        _open(work, adopted, rule, case, fact.at, len(turns) + 1, limit)


def _limit(adopted: Adopted, rule: ClockRule) -> Limit | None:
    word = adopted.setting(*rule.within_setting) if rule.within_setting else None
    if word in _CALENDAR:
        # A unit's periods of the calendar are duties of their own (``duties.py``).
        return parse_limit(str(word)) if rule.about == "case" else None
    limit, _ = length_of(adopted, rule)
    return limit if isinstance(limit, (Span, Recurring)) else None


def _turns(work: Work, adopted: Adopted, rule: ClockRule, case: Case) -> list[Clock]:
    stem = clock_key(adopted, rule, case, 0)[:-1]
    return sorted((one for key, one in work.clocks.items() if key.startswith(stem)), key=lambda one: one.starts_at)


def _over(work: Work, adopted: Adopted, rule: ClockRule, case: Case, fact: Fact) -> bool:
    ended = not rule.until_happened.isdisjoint(work.names)
    return ended or work.is_void(adopted) or not work.holds(rule.when, adopted, fact)


def _open(work: Work, adopted: Adopted, rule: ClockRule, case: Case, starts: datetime, turn: int, limit: Limit) -> None:
    due = due_at(limit, starts, adopted.workdays)
    reckoning = (("from", rule.starts[0].event, starts.isoformat()), ("limit", str(limit)))
    clock = blank(adopted, rule, case, clock_key(adopted, rule, case, turn))
    work.keep(replace(clock, starts_at=starts, due_at=due, state=RUNNING, limit=str(limit), look_at=due, reckoning=reckoning))


def _pass(work: Work, adopted: Adopted, rule: ClockRule, case: Case, fact: Fact, limit: Limit) -> None:
    clock = work.clocks.get(str(fact.details.get("clock")))
    if clock is None or clock.state != RUNNING or clock.due_at is None:
        return
    work.keep(replace(clock, state=OVERDUE, look_at=None))
    _open_next(work, adopted, rule, case, clock, limit)


def _open_next(work: Work, adopted: Adopted, rule: ClockRule, case: Case, clock: Clock, limit: Limit) -> None:
    turn = int(clock.key.rpartition("|")[2]) + 1
    if clock.due_at is not None and clock_key(adopted, rule, case, turn) not in work.clocks:
        _open(work, adopted, rule, case, clock.due_at, turn, limit)


def _serve(work: Work, adopted: Adopted, rule: ClockRule, case: Case, fact: Fact, limit: Limit) -> None:
    for clock in _turns(work, adopted, rule, case):
        if not clock.open or clock.starts_at >= fact.at or clock.due_at is None:
            continue
        work.keep(replace(clock, state=MET if fact.at <= clock.due_at else LATE, stopped_at=fact.at, look_at=None))
        if fact.at <= clock.due_at:
            _open_next(work, adopted, rule, case, clock, limit)
