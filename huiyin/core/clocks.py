"""Clocks on cases: from when, until when, met or not. Each is worked out afresh from the facts of its case, never counted down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.known import Case, Happened
from huiyin.core.limits import AtOnce, Limit, due_at, due_in_hours, parse_limit
from huiyin.core.moments import opening_of
from huiyin.core.questions import values_of
from huiyin.core.records import CANCELLED, LATE, MET, OPEN_STATES, OVERDUE, RUNNING, Clock, Reckoning
from huiyin.core.rules import Adopted, ClockRule, End, Said, Start
from huiyin.core.work import Work


def follow_clock(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> None:
    """Work out the clock of ``rule`` on the case after ``fact``, and keep it if it changed."""
    case = work.case
    if case is None or fact.case is None or not any(start.event in case.happened for start in rule.starts):
        return
    for turn in _turns(work, adopted, rule, case, fact):
        _follow_turn(work, adopted, rule, case, fact, turn)


def clock_key(adopted: Adopted, rule: ClockRule, case: Case, turn: int) -> str:
    """The key of the clock of the rule on the case; ``turn`` counts its runnings from 1."""
    return f"{case.key}|{adopted.regulation.prefix}:{rule.id}|{turn}"


def _follow_turn(work: Work, adopted: Adopted, rule: ClockRule, case: Case, fact: Fact, turn: int) -> None:
    key = clock_key(adopted, rule, case, turn)
    before = work.clocks.get(key)
    if rule.restarts_on and before is not None and before.state in (MET, LATE):
        return
    if not _applies(work, adopted, rule, fact) or (started := _start(adopted, rule, case, turn)) is None:
        cancel(work, before, fact)
        return
    due, limit, reckoning = _due(work, adopted, rule, case, started, turn)
    if due is None and (rule.within_setting or rule.before or (rule.until_said and rule.within is None)):
        cancel(work, before, fact)
        return
    stopped = _stop(rule, case, started[0])
    state = _state(due, stopped, before, fact)
    clock = _clock(rule, blank(adopted, rule, case, key), before, (due, limit, reckoning), (started[0], stopped, state), fact)
    if rule.target is not None:
        clock = _aimed(adopted, rule, rule.target, clock)
    provisional = due is not None and "workday" in limit and not adopted.workdays.known(due.date())
    work.keep(replace(clock, provisional=True) if provisional else clock)


def _aimed(adopted: Adopted, rule: ClockRule, target: Limit, clock: Clock) -> Clock:
    """The clock with the moment that the rule aims at, counted as the limit is."""
    at = _ending(adopted, rule, target, clock.starts_at)
    return replace(clock, target_at=at, reckoning=(*clock.reckoning, ("target", str(target), at.isoformat()))) if at else clock


def _clock(
    rule: ClockRule,
    made: Clock,
    before: Clock | None,
    limit: tuple[datetime | None, str, Reckoning],
    run: tuple[datetime, datetime | None, str],
    fact: Fact,
) -> Clock:
    """The clock ``made`` with what was reckoned: its ``limit`` (due moment, words, reckoning) and its ``run`` (start, stop, state)."""
    due, words, reckoning = limit
    starts, stopped, state = run
    # The unit that met a limit or missed it stays the one that did, wherever the case goes.
    unit = before.unit if before is not None and not before.open else made.unit
    look_at = _next_look(rule, due, state, before, fact)
    return Clock(
        made.key, made.kind, made.rule, made.edition, made.cites, made.case, unit, None, starts, due, state, stopped, made.responsible,
        made.calendar, words, look_at, made.level, False, reckoning,
    )  # fmt: skip


def blank(adopted: Adopted, rule: ClockRule, case: Case, key: str) -> Clock:
    """The clock of the rule on the case before anything is reckoned."""
    regulation = adopted.regulation
    return Clock(
        key=key,
        kind="duty" if rule.repeats else "clock",
        rule=f"{regulation.prefix}:{rule.id}",
        edition=regulation.edition,
        cites=rule.cites,
        case=case.key,
        unit=case.unit,
        period=None,
        starts_at=case.received_at,
        due_at=None,
        state=RUNNING,
        stopped_at=None,
        responsible=_responsible(adopted, rule),
        calendar=_calendar(adopted, rule),
        limit="",
        look_at=None,
        level=rule.per_level,
    )


def cancel(work: Work, before: Clock | None, fact: Fact) -> None:
    """End the clock unkept, if it is still owed: nothing is owed any more."""
    if before is not None and before.open:
        work.keep(replace(before, state=CANCELLED, stopped_at=fact.at, look_at=None))


def _turns(work: Work, adopted: Adopted, rule: ClockRule, case: Case, fact: Fact) -> list[int]:
    """Which runnings of the clock the fact may concern: the last one, and earlier ones that are still owed."""
    if not rule.each_time and not rule.restarts_on:
        return [1]
    if fact.event == LIMIT_PASSED:
        return [int(str(fact.details["clock"]).rpartition("|")[2])]
    if rule.restarts_on:
        return [_turn_after_changes(work, adopted, rule, case)]
    begun = case.happened.get(rule.starts[0].event)
    last = len(begun.times) if begun else 0
    earlier = [turn for turn in range(1, last) if (one := work.clocks.get(clock_key(adopted, rule, case, turn))) and one.open]
    return [*earlier, last] if last else []


def _turn_after_changes(work: Work, adopted: Adopted, rule: ClockRule, case: Case) -> int:
    """The running limit, or, where the last one was cancelled by a change of class and the class is back, a new one (D13)."""
    turn = 1
    while clock_key(adopted, rule, case, turn + 1) in work.clocks:
        turn += 1
    last = work.clocks.get(clock_key(adopted, rule, case, turn))
    started = _start(adopted, rule, case, turn)
    renewed = last is not None and last.state == CANCELLED and started is not None and started[0] > last.starts_at
    return turn + 1 if renewed else turn


def _applies(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> bool:
    return not work.is_void(adopted) and work.holds(rule.when, adopted, fact)


def _start(adopted: Adopted, rule: ClockRule, case: Case, turn: int) -> tuple[datetime, Reckoning] | None:
    """The earliest of the moments from which the limit may run, and how it was found; after a change of class the change (D13)."""
    best = _earliest(rule, case, turn)
    for scheme in rule.restarts_on if best else ():
        changed = case.changed.get(f"{scheme}/{adopted.regulation.prefix}") or case.changed.get(f"{scheme}/*")
        if changed is not None and best is not None and changed > best[0]:
            best = changed, (("from", f"{scheme}_set", changed.isoformat()),)
    return best


def _earliest(rule: ClockRule, case: Case, turn: int) -> tuple[datetime, Reckoning] | None:
    best: tuple[datetime, datetime, Start] | None = None
    for start in rule.starts:
        past: Happened | None = case.happened.get(start.event)
        if past is None:
            continue
        at = past.times[turn - 1][0] if rule.each_time else past.first_at
        moment = at + start.plus if start.plus else at
        if best is None or moment < best[0]:
            best = moment, at, start
    if best is None:
        return None
    moment, at, start = best
    minutes = int(start.plus.total_seconds() // 60)
    plus: Reckoning = (("plus", f"{minutes} minutes"),) if minutes else ()
    return moment, (("from", start.event, at.isoformat()), *plus)


def _stop(rule: ClockRule, case: Case, since: datetime) -> datetime | None:
    """When it was done: the first moment at which acts that end it had together reached everybody whom they have to reach."""
    first = since if rule.each_time else None
    if rule.counts_from is not None:
        earlier = case.happened.get(rule.counts_from)
        first = max((at for at, _ in earlier.times if at < since), default=None) if earlier else None
    done: dict[frozenset[str], Happened] = {}
    for end in (rule.ends, *rule.or_ends):
        past = case.happened.get(end.event)
        if past is not None:
            fitting = _as_said(past, end)
            done[end.to] = done[end.to].together_with(fitting) if end.to in done else fitting
    return min((at for to, past in done.items() if (at := past.reached(to, first)) is not None), default=None)


def _as_said(past: Happened, end: End) -> Happened:
    """Of the acts only those with the details that the end asks for."""
    if not end.said:
        return past
    fits = [place for place, told in enumerate(past.told) if all(values_of(told.get(name)) & values for name, values in end.said)]
    return replace(past, times=tuple(past.times[place] for place in fits))


def _due(
    work: Work, adopted: Adopted, rule: ClockRule, case: Case, started: tuple[datetime, Reckoning], turn: int
) -> tuple[datetime | None, str, Reckoning]:
    """The due moment, the limit as it is worded, and the reckoning."""
    if rule.before:
        return _due_before(adopted, rule, rule.before, case, turn)
    if rule.until_said and rule.within is None:
        return _due_as_said(work, adopted, rule, case)
    reckoned = _due_by_length(adopted, rule, started)
    return _extended(rule, case, reckoned) if rule.until_said else reckoned


def _extended(rule: ClockRule, case: Case, reckoned: tuple[datetime | None, str, Reckoning]) -> tuple[datetime | None, str, Reckoning]:
    """The limit after the extensions that were given while it ran: one given too late moves it no more."""
    said = rule.until_said
    past = case.happened.get(said.event) if said else None
    due, limit, reckoning = reckoned
    if said is None or past is None:
        return reckoned
    for (at, _), told in zip(past.times, past.told, strict=True):
        moment = told.get(said.detail)
        if isinstance(moment, datetime) and (due is None or at <= due):
            due, reckoning = moment, (*reckoning, ("said", said.event, said.detail, moment.isoformat()))
    return due, limit, reckoning


def _due_by_length(adopted: Adopted, rule: ClockRule, started: tuple[datetime, Reckoning]) -> tuple[datetime | None, str, Reckoning]:
    limit, steps = length_of(adopted, rule)
    if limit is None:
        return None, str(rule.within or ""), started[1]
    calendar = _calendar(adopted, rule)
    hours = adopted.hours(calendar)
    on_duty: Reckoning = (("hours", calendar, str(hours)),) if hours is not None else ()
    return _ending(adopted, rule, limit, started[0]), str(limit), (*started[1], *steps, *on_duty, ("limit", str(limit)))


def _ending(adopted: Adopted, rule: ClockRule, limit: Limit, start: datetime) -> datetime | None:
    """When ``limit`` ends on the rule's calendar, in its hours of duty where it has some."""
    hours = adopted.hours(_calendar(adopted, rule))
    return due_at(limit, start, adopted.workdays) if hours is None else due_in_hours(limit, start, hours, adopted.workdays)


def _due_before(adopted: Adopted, rule: ClockRule, said: Said, case: Case, turn: int) -> tuple[datetime | None, str, Reckoning]:
    """Counted back from the moment, or the day, that the event names (D7)."""
    past = case.happened.get(said.event)
    told = (past.told[turn - 1] if rule.each_time and turn <= len(past.told) else past.last) if past else {}
    moment = told.get(said.detail)
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = opening_of(moment)
    if not isinstance(moment, datetime) or rule.within is None:
        return None, str(rule.within or ""), ()
    steps: Reckoning = (("said", said.event, said.detail, moment.isoformat()), ("limit", str(rule.within)))
    return due_at(rule.within, moment, adopted.workdays), str(rule.within), steps


def _calendar(adopted: Adopted, rule: ClockRule) -> str:
    """The calendar that the limit runs on: the rule's own, or the one that the organisation has chosen."""
    return str((adopted.setting(*rule.calendar_setting) if rule.calendar_setting else None) or rule.calendar)


def _responsible(adopted: Adopted, rule: ClockRule) -> str:
    return str((adopted.setting(*rule.responsible_setting) if rule.responsible_setting else None) or rule.responsible)


def length_of(adopted: Adopted, rule: ClockRule) -> tuple[Limit | None, Reckoning]:
    """The number of the rule: its own, or the one the organisation set; None for "at once" without a tolerance."""
    setting = rule.within_setting or (rule.tolerance if isinstance(rule.within, AtOnce) else None)
    if setting is None:
        return rule.within, ()
    value = adopted.setting(*setting)
    return (parse_limit(str(value)), (("setting", *setting, str(value)),)) if value else (None, ())


def _due_as_said(work: Work, adopted: Adopted, rule: ClockRule, case: Case) -> tuple[datetime | None, str, Reckoning]:
    said = rule.until_said
    past = case.happened.get(said.event) if said else None
    if said and past and past.reached(said.to):
        moment = past.last.get(said.detail) if rule.each_time else past.first.get(said.detail) or past.last.get(said.detail)
        if isinstance(moment, datetime):
            return moment, said.detail, (("said", said.event, said.detail, moment.isoformat()),)
    for other in rule.else_due_of:
        clock = work.clocks.get(f"{case.key}|{adopted.regulation.prefix}:{other}|1")
        if clock is not None and clock.state != CANCELLED and clock.due_at is not None:
            return clock.due_at, clock.limit, (("due_of", clock.cites[0], clock.due_at.isoformat()),)
    return None, "", ()


def _state(due: datetime | None, stopped: datetime | None, before: Clock | None, fact: Fact) -> str:
    if stopped is not None:
        return MET if due is None or stopped <= due else LATE
    if due is None or (fact.event != LIMIT_PASSED and (before is None or before.state != OVERDUE)):
        return RUNNING
    same = before is not None and before.state == OVERDUE and before.due_at == due
    return OVERDUE if same or fact.at >= due else RUNNING


def _next_look(rule: ClockRule, due: datetime | None, state: str, before: Clock | None, fact: Fact) -> datetime | None:
    """When the watch has to look next: at the due moment, then at each later moment that somebody waits for."""
    if due is None or state not in OPEN_STATES:
        return None
    if fact.event == LIMIT_PASSED:
        return next((due + after for after in rule.looks_after if due + after > fact.at), None)
    if before is not None and before.open and before.due_at == due:
        return before.look_at
    return due
