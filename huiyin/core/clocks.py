"""Clocks on cases: from when, until when, met or not. Each is worked out afresh from the facts of its case, never counted down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from huiyin.core.facts import LIMIT_KEPT, LIMIT_PASSED, Fact
from huiyin.core.known import Case, Happened, is_late
from huiyin.core.limits import due_at
from huiyin.core.moments import opening_of
from huiyin.core.questions import values_of
from huiyin.core.records import CANCELLED, LATE, MET, OPEN_STATES, OVERDUE, RUNNING, Clock, Reckoning
from huiyin.core.recurrence import period_of
from huiyin.core.rules import Adopted, ClockRule, End, Said
from huiyin.core.terms import Terms, terms_of
from huiyin.core.work import Work

_JUST_AFTER = timedelta(microseconds=1)
_Begun = tuple[datetime, Reckoning]
"""From when a clock runs, and how that was found."""
_Due = tuple[datetime | None, str, Reckoning]
"""Until when a clock runs, its limit as it is worded, and how that was found."""


def follow_clock(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> None:
    """Work out the clock of ``rule`` on the case after ``fact``, and keep it if it changed."""
    case = work.case
    if case is None or fact.case is None:
        return
    terms = terms_of(adopted, rule.id)
    if case.happened.keys().isdisjoint(terms.begin):
        return
    if work.is_void(adopted):
        lapse_clock(work, adopted, rule, fact)
        return
    for turn in _turns(work, terms, case, fact) if terms.comes_again else (1,):
        key = terms.key(case, turn)
        _follow_turn(work, terms, case, fact, turn, key, work.clocks.get(key))


def lapse_clock(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> None:
    """End what is owed of a clock whose condition does not hold any more."""
    case, terms = work.case, terms_of(adopted, rule.id)
    if case is None or case.happened.keys().isdisjoint(terms.begin):
        return
    for turn in _turns(work, terms, case, fact) if terms.comes_again else (1,):
        cancel(work, work.clocks.get(terms.key(case, turn)), fact)


def _follow_turn(work: Work, terms: Terms, case: Case, fact: Fact, turn: int, key: str, before: Clock | None) -> None:
    rule, adopted = terms.rule, terms.adopted
    begun = _begun(work, terms, case, turn)
    if begun is None or (before is not None and rule.restarts_on and before.state in (MET, LATE)):
        return
    if before is not None and before.state == RUNNING and _put_off(rule, case, turn):
        cancel(work, before, fact)
        return
    starts_at = begun[0]
    due, words, reckoning = _due(work, terms, case, begun, turn)
    if due is None and (rule.within_setting or rule.before or (rule.until_said and rule.within is None)):
        cancel(work, before, fact)
        return
    stopped = _stop(terms, case, starts_at, turn)
    state = _state(due, stopped, before, fact)
    if state == MET and before is not None and before.state == OVERDUE:
        work.find_out(LIMIT_KEPT, fact, clock=key)
    # The unit that met a limit or missed it stays the one that did, wherever the case goes.
    unit = before.unit if before is not None and not before.open else case.unit
    look_at = _next_look(rule, due, state, before, fact)
    target_at = terms.target(starts_at) if terms.target is not None else None
    if target_at is not None:
        reckoning = (*reckoning, ("target", str(rule.target), target_at.isoformat()))
    provisional = due is not None and "workday" in words and not adopted.workdays.known(due.date())
    work.keep(Clock(
        key, terms.kind, terms.name, adopted.regulation.edition, rule.cites, case.key, unit, None, starts_at, due, state, stopped,
        terms.responsible, terms.calendar, words, look_at, rule.per_level, provisional, reckoning, (), target_at,
    ))  # fmt: skip


def cancel(work: Work, before: Clock | None, fact: Fact) -> None:
    """End the clock unkept, if it is still owed: nothing is owed any more."""
    if before is not None and before.open:
        if before.state == OVERDUE and before.due_at is not None and fact.at <= before.due_at:
            work.find_out(LIMIT_KEPT, fact, clock=before.key)
        work.keep(replace(before, state=CANCELLED, stopped_at=fact.at, look_at=None))


def _turns(work: Work, terms: Terms, case: Case, fact: Fact) -> list[int]:
    """Which runnings of the clock the fact may concern: the last one, and earlier ones that are still owed; all but the cancelled ones
    where it was entered late."""
    if fact.event == LIMIT_PASSED:
        return [int(str(fact.details["clock"]).rpartition("|")[2])]
    if terms.rule.restarts_on:
        return [_turn_after_changes(work, terms, case)]
    begun = case.happened.get(terms.rule.starts[0].event)
    last = len(begun.times) if begun else 0
    if last <= 1:
        return [last] if last else []
    late = is_late(case, fact.at)
    before = ((turn, work.clocks.get(terms.key(case, turn))) for turn in range(1, last))
    return [*(turn for turn, one in before if one is not None and (one.open or (late and one.state != CANCELLED))), last]


def _turn_after_changes(work: Work, terms: Terms, case: Case) -> int:
    """The running limit, or, where the last one was cancelled by a change of class and the class is back, a new one (D13)."""
    turn = 1
    while terms.key(case, turn + 1) in work.clocks:
        turn += 1
    last = work.clocks.get(terms.key(case, turn))
    if last is None or last.state != CANCELLED:
        return turn
    begun = _begun(work, terms, case, turn)
    return turn + 1 if begun is not None and begun[0] > last.starts_at else turn


def _begun(work: Work, terms: Terms, case: Case, turn: int) -> _Begun | None:
    """The earliest of the moments from which the limit may run, and how it was found; after a change of class the change (D13)."""
    best: datetime | None = None
    for start in terms.starts:
        past = case.happened.get(start.event)
        if past is None:
            continue
        at = past.times[turn - 1][0] if terms.each_time else past.times[0][0]
        moment = at + start.plus if start.plus else at
        if best is None or moment < best:
            best, event, told, plus = moment, start.event, at, start.reckoning
    if best is None:
        return None
    for scheme in terms.rule.restarts_on:
        changed = case.changed.get(f"{scheme}/{terms.adopted.regulation.prefix}") or case.changed.get(f"{scheme}/*")
        if changed is not None and changed > best:
            best, event, told, plus = changed, f"{scheme}_set", changed, ()
    return best, (("from", event, work.written(told)), *plus)


def _stop(terms: Terms, case: Case, since: datetime, turn: int) -> datetime | None:
    """When it was done: the first moment at which acts that end it had together reached everybody whom they have to reach.

    What has to be done before a moment is done for each such moment by itself: an act serves the next one.
    """
    first = since if terms.each_time else None
    if terms.rule.counts_from is not None:
        earlier = case.happened.get(terms.rule.counts_from)
        first = max((at for at, _ in earlier.times if at < since), default=None) if earlier else None
    spent = _spent(terms, case, turn) if terms.rule.before and terms.each_time else None
    if spent is not None:
        first = spent + _JUST_AFTER if first is None else max(first, spent + _JUST_AFTER)
    best: datetime | None = None
    for to, ends in terms.ends:
        done = _done(case, ends)
        at = done.reached(to, first) if done is not None else None
        if at is not None and (best is None or at < best):
            best = at
    return best


def _spent(terms: Terms, case: Case, turn: int) -> datetime | None:
    """When the turn of the moment that comes before this one's was done in time for it; None where there is none or it was not."""
    said = terms.rule.before
    past = case.happened.get(said.event) if said else None
    if said is None or past is None:
        return None
    moments = {number: _moment(told.get(said.detail)) for number, told in enumerate(past.told, start=1)}
    mine = moments.get(turn)
    standing = [(at, number) for number, at in moments.items() if at is not None and not _put_off(terms.rule, case, number)]
    sooner = max(((at, number) for at, number in standing if mine is not None and (at, number) < (mine, turn)), default=None)
    done = _stop(terms, case, past.times[sooner[1] - 1][0], sooner[1]) if sooner else None
    return done if done is not None and sooner is not None and done <= sooner[0] else None


def _moment(told: object) -> datetime | None:
    """A moment that was told, or the beginning of the day that was."""
    if isinstance(told, datetime):
        return told
    return opening_of(told) if isinstance(told, date) else None


def _done(case: Case, ends: tuple[End, ...]) -> Happened | None:
    """The acts that are one of the ends, together; None where none has happened."""
    done: Happened | None = None
    for end in ends:
        past = case.happened.get(end.event)
        if past is not None:
            fitting = _as_said(past, end)
            done = fitting if done is None else done.together_with(fitting)
    return done


def _as_said(past: Happened, end: End) -> Happened:
    """Of the acts only those with the details that the end asks for."""
    if not end.said:
        return past
    fits = [place for place, told in enumerate(past.told) if all(values_of(told.get(name)) & values for name, values in end.said)]
    return replace(past, times=tuple(past.times[place] for place in fits))


def _due(work: Work, terms: Terms, case: Case, begun: _Begun, turn: int) -> _Due:
    """The due moment, the limit as it is worded, and the reckoning."""
    rule = terms.rule
    if rule.before:
        return _due_before(terms, rule.before, case, turn)
    if rule.until_said:
        if rule.within is None:
            return _due_as_said(work, terms, rule.until_said, case)
        return _extended(rule.until_said, case, _due_by_length(terms, begun))
    return _due_by_length(terms, begun)


def _extended(said: Said, case: Case, reckoned: _Due) -> _Due:
    """The limit after the extensions that were given while it ran: one given too late moves it no more."""
    past = case.happened.get(said.event)
    due, limit, reckoning = reckoned
    if past is None:
        return reckoned
    for (at, _), told in zip(past.times, past.told, strict=True):
        moment = told.get(said.detail) or _asked_for(said, case, at)
        if isinstance(moment, datetime) and (due is None or at <= due):
            due, reckoning = moment, (*reckoning, ("said", said.event, said.detail, moment.isoformat()))
    return due, limit, reckoning


def _asked_for(said: Said, case: Case, at: datetime) -> object:
    """The detail as it stood in the last request before ``at``: an approval that names none grants the one asked for."""
    asked = case.happened.get(f"approval_requested:{said.event.partition(':')[2]}")
    before = [told for (then, _), told in zip(asked.times, asked.told, strict=True) if then <= at] if asked is not None else []
    return before[-1].get(said.detail) if before else None


def _due_by_length(terms: Terms, begun: _Begun) -> _Due:
    starts_at, reckoning = begun
    length = terms.length
    if length.ends is None:
        return None, length.words, reckoning
    return length.ends(starts_at), length.words, reckoning + length.reckoning


def _due_before(terms: Terms, said: Said, case: Case, turn: int) -> _Due:
    """Counted back from the moment, or the day, that the event names (D7)."""
    within, past = terms.rule.within, case.happened.get(said.event)
    told = (past.told[turn - 1] if terms.each_time and turn <= len(past.told) else past.last) if past else {}
    moment = _moment(told.get(said.detail))
    if moment is None or within is None:
        return None, str(within or ""), ()
    steps: Reckoning = (("said", said.event, said.detail, moment.isoformat()), ("limit", str(within)))
    return due_at(within, moment, terms.adopted.workdays), str(within), steps


def _put_off(rule: ClockRule, case: Case, turn: int) -> bool:
    """Whether a later start names another moment in the same period: then the earlier one does not come."""
    past = case.happened.get(rule.before.event) if rule.before and rule.one_per else None
    if past is None or rule.before is None or rule.one_per is None:
        return False
    moments = [_moment(told.get(rule.before.detail)) for told in past.told[turn - 1 :]]
    mine, *later = [period_of(rule.one_per, at).name if at is not None else None for at in moments]
    return mine is not None and mine in later


def _due_as_said(work: Work, terms: Terms, said: Said, case: Case) -> _Due:
    past = case.happened.get(said.event)
    if past and past.reached(said.to):
        moment = past.last.get(said.detail) if terms.each_time else past.first.get(said.detail) or past.last.get(said.detail)
        if isinstance(moment, datetime):
            return moment, said.detail, (("said", said.event, said.detail, moment.isoformat()),)
    for other in terms.rule.else_due_of:
        clock = work.clocks.get(f"{case.key}|{terms.adopted.regulation.prefix}:{other}|1")
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
    # What nobody owed when its moment came is late from when it is owed again.
    return max(due, fact.at) if before is not None and before.state == CANCELLED else due
