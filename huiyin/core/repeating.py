"""Duties of a case that come back until it is over: "every three days tell the customer" (AC-3.5.2). From due time to due time.

Each turn runs from the due time of the one before. An act serves the turn in which it falls, and what is overdue before it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from huiyin.core.clocks import cancel
from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.known import Case
from huiyin.core.limits import Limit, Recurring, Span, due_at, parse_limit
from huiyin.core.records import LATE, MET, OVERDUE, RUNNING, Clock
from huiyin.core.rules import Adopted, ClockRule
from huiyin.core.terms import Terms, terms_of
from huiyin.core.work import Work

_CALENDAR = frozenset({"weekly", "monthly", "quarterly", "half-yearly", "yearly"})


def follow_repeating(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> None:
    """Open the first turn when it starts, the next when one is over; let the act serve, and the end of the case end it."""
    terms = terms_of(adopted, rule.id)
    case, limit = work.case, _limit(terms)
    if case is None or fact.case is None or limit is None:
        return
    turns = _turns(work, terms, case)
    if not rule.until_happened.isdisjoint(work.names) or work.is_void(adopted):
        lapse_repeating(work, adopted, rule, fact)
    elif fact.event == LIMIT_PASSED:
        _pass(work, terms, case, fact, limit)
    elif rule.ends.event in work.names and turns:
        _serve(work, terms, case, fact, limit)
    elif not any(one.open for one in turns) and not terms.begin.isdisjoint(work.names):
        _open(work, terms, case, fact.at, len(turns) + 1, limit)


def lapse_repeating(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> None:
    """End the turns that were not over by then. What was missed while the case was open stays missed; nothing further is owed."""
    terms = terms_of(adopted, rule.id)
    if work.case is not None and _limit(terms) is not None:
        for clock in _turns(work, terms, work.case):
            if clock.state == RUNNING or (clock.state == OVERDUE and clock.due_at is not None and fact.at <= clock.due_at):
                cancel(work, clock, fact)


def _limit(terms: Terms) -> Limit | None:
    rule = terms.rule
    word = terms.adopted.setting(*rule.within_setting) if rule.within_setting else None
    if word in _CALENDAR:
        # A unit's periods of the calendar are duties of their own (``duties.py``).
        return parse_limit(str(word)) if rule.about == "case" else None
    limit = terms.length.limit
    return limit if isinstance(limit, (Span, Recurring)) else None


def _turns(work: Work, terms: Terms, case: Case) -> list[Clock]:
    stem = f"{case.key}{terms.stem}"
    return sorted((one for key, one in work.clocks.items() if key.startswith(stem)), key=lambda one: one.starts_at)


def _open(work: Work, terms: Terms, case: Case, starts: datetime, turn: int, limit: Limit) -> None:
    rule = terms.rule
    due = due_at(limit, starts, terms.adopted.workdays)
    reckoning = (("from", rule.starts[0].event, starts.isoformat()), ("limit", str(limit)))
    work.keep(Clock(
        terms.key(case, turn), terms.kind, terms.name, terms.adopted.regulation.edition, rule.cites, case.key, case.unit, None, starts, due,
        RUNNING, None, terms.responsible, terms.calendar, str(limit), due, rule.per_level, False, reckoning,
    ))  # fmt: skip


def _pass(work: Work, terms: Terms, case: Case, fact: Fact, limit: Limit) -> None:
    clock = work.clocks.get(str(fact.details.get("clock")))
    if clock is None or clock.state != RUNNING or clock.due_at is None:
        return
    work.keep(replace(clock, state=OVERDUE, look_at=None))
    _open_next(work, terms, case, clock, limit)


def _open_next(work: Work, terms: Terms, case: Case, clock: Clock, limit: Limit) -> None:
    turn = int(clock.key.rpartition("|")[2]) + 1
    if clock.due_at is not None and terms.key(case, turn) not in work.clocks:
        _open(work, terms, case, clock.due_at, turn, limit)


def _serve(work: Work, terms: Terms, case: Case, fact: Fact, limit: Limit) -> None:
    for clock in _turns(work, terms, case):
        if not clock.open or clock.starts_at >= fact.at or clock.due_at is None:
            continue
        work.keep(replace(clock, state=MET if fact.at <= clock.due_at else LATE, stopped_at=fact.at, look_at=None))
        if fact.at <= clock.due_at:
            _open_next(work, terms, case, clock, limit)
