"""Duties that come back: opened with their period for every unit that owes them, done by the act that serves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from huiyin.core.approvals import APPROVAL_GIVEN, decider
from huiyin.core.facts import LIMIT_PASSED, PERIOD_OPENINGS, YEAR_CLOSED, Fact
from huiyin.core.moments import closing_of, in_shanghai, opening_of
from huiyin.core.questions import values_of
from huiyin.core.records import EXEMPT, GIVEN, LATE, MET, NEEDED, OVERDUE, RUNNING, Approval, Clock, Reckoning
from huiyin.core.recurrence import BadLimit, Period, Recurrence, due_of, parse_period, period_named, period_of
from huiyin.core.rules import Adopted, DutyRule, End
from huiyin.core.work import Work

_OPENING_OF = {kind: event for event, kind in PERIOD_OPENINGS.items()}


def follow_duty(work: Work, adopted: Adopted, rule: DutyRule, fact: Fact) -> None:
    """Open the duty when its period opens, mark it overdue when its limit passes, and let the act that serves it do it."""
    recurs = recurrence(adopted, rule)
    if recurs is None:
        return
    if opens(rule, recurs, fact):
        _open(work, adopted, rule, recurs, fact)
    if fact.event == LIMIT_PASSED:
        clock = work.clocks.get(str(fact.details.get("clock")))
        if clock is not None and clock.state == RUNNING:
            work.keep(replace(clock, state=OVERDUE, look_at=None))
    elif rule.signatures is not None and signing(rule) in work.names:
        _sign(work, rule, fact, period_served(recurs, fact), {str(decider(fact))})
    elif rule.exempt_by is not None and rule.exempt_by in work.names:
        _exempt(work, adopted, rule, recurs, fact)
    elif work.met(rule.owed_again_by):
        _owe_again(work, adopted, rule, recurs, fact)
    elif work.met(rule.undone_by) and work.holds(rule.counts_if):
        _undo(work, adopted, rule, recurs, fact)
    elif any(end.event in work.names for end in _doing(rule)) and work.holds(rule.counts_if):
        for end in _doing(rule):
            if end.event in work.names:
                _serve(work, adopted, rule, recurs, fact, end)


def signing(rule: DutyRule) -> str:
    """The act by which somebody signs before the duty is done; empty for a duty without signatures."""
    return f"{APPROVAL_GIVEN}:{rule.signatures.clause}" if rule.signatures is not None else ""


def ends(rule: DutyRule) -> tuple[End, ...]:
    """Every act that serves the duty."""
    return (rule.served_by, *rule.or_served_by)


def _doing(rule: DutyRule) -> tuple[End, ...]:
    """What does the duty: the acts that serve it, or what has to be found out of them first."""
    return (End(rule.done_once),) if rule.done_once else ends(rule)


def recurrence(adopted: Adopted, rule: DutyRule) -> Recurrence | None:
    """How often the duty comes: the clause's own word, or the period that the organisation has set; None as long as it has not."""
    if rule.period_setting is None:
        return rule.recurs
    word = adopted.setting(*rule.period_setting)
    recurs = parse_period(str(word)) if word else None
    # Periods of so many days run from an act, not by the calendar: a clock that repeats follows them (``repeating.py``).
    return recurs if recurs is not None and not recurs.days else None


def opens(rule: DutyRule, recurs: Recurrence, fact: Fact) -> bool:
    """Whether the fact opens the duty: its period's opening, or the act that the rule names, with a day that it has to come before."""
    if rule.period_setting is None:
        return fact.event in rule.opens_with and (rule.due_before is None or _day_before(rule, fact) is not None)
    return recurs.period_kind is not None and fact.event == _OPENING_OF[recurs.period_kind]


def owing_units(work: Work, adopted: Adopted, rule: DutyRule, fact: Fact) -> Iterator[str]:
    """The codes of the units that owe the duty: the adopting unit, or all of its kinds below it; of an act's, those below its unit."""
    top = adopted.unit if fact.event in PERIOD_OPENINGS or fact.event == YEAR_CLOSED else str(fact.unit)
    for unit in work.known.units.below(top):
        owes = unit.kind in rule.owed_by or ("adopter" in rule.owed_by and unit.code == adopted.unit)
        if owes and work.holds(rule.owed_if, unit.code):
            yield unit.code


def duty_key(prefix: str, rule: str, unit: str, period: str, variant: str | None = None) -> str:
    """The key of a duty's record."""
    return f"{unit}/{period}|{prefix}:{rule}|{variant or 1}"


def period_served(recurs: Recurrence, fact: Fact) -> str:
    """The period that an act serves: the one it names, else the one it happens in."""
    return fact.text("period") or _around(recurs, fact.at).name


def _around(recurs: Recurrence, at: datetime) -> Period:
    return period_of(recurs.period_kind or "day", at)


@dataclass(frozen=True, slots=True)
class _Opened:
    """The period of a duty that is being opened: its name, when the duty is due, the setting that this follows from, and what told the
    day before which it is due."""

    name: str
    due: datetime | None
    setting: Reckoning = ()
    told: Reckoning = ()


def _open(work: Work, adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact) -> None:
    opened = _opened(adopted, rule, recurs, fact)
    variants = rule.variants[1] if rule.variants else (None,)
    for unit in owing_units(work, adopted, rule, fact):
        for variant in variants:
            key = duty_key(adopted.regulation.prefix, rule.id, unit, opened.name, variant)
            before = work.clocks.get(key)
            if fact.event in PERIOD_OPENINGS or before is None:
                work.keep(_clock(adopted, rule, recurs, fact, opened, (key, unit, variant)))
            elif opened.told and before.state == RUNNING and before.due_at != opened.due:
                work.keep(replace(before, due_at=opened.due, look_at=opened.due, reckoning=(*before.reckoning, *opened.told)))


def _opened(adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact) -> _Opened:
    if fact.event not in PERIOD_OPENINGS:
        return _opened_by_act(adopted, rule, recurs, fact)
    period = _around(recurs, fact.at)
    following = adopted.setting(*rule.following_setting) if rule.following_setting else rule.following_by_day
    due = None if rule.no_due else due_of(recurs, period, adopted.workdays, following_by_day=int(following) if following else None)
    setting: Reckoning = (("setting", *rule.following_setting, str(following)),) if rule.following_setting else ()
    return _Opened(period.name, due, setting)


def _opened_by_act(adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact) -> _Opened:
    """An act opens the duty of the period that it names, or of the one in which the day lies that it names."""
    told = fact.details.get(rule.period_detail)
    if isinstance(told, (date, datetime)):
        name = period_of(recurs.period_kind or "year", closing_of(told) - timedelta(microseconds=1)).name
    else:
        name = str(told or period_of(recurs.period_kind or "year", fact.at).name)
    due = None
    before = _day_before(rule, fact)
    if before is not None:
        return _Opened(name, before, told=(("said", fact.event, rule.due_before[0], before.isoformat()),) if rule.due_before else ())
    last = fact.details.get(rule.due_detail) if rule.due_detail else None
    if isinstance(last, date):
        due = in_shanghai(last) if isinstance(last, datetime) else closing_of(last)
    elif not rule.no_due and not rule.due_detail and recurs.period_kind is not None:
        try:
            due = due_of(recurs, period_named(name), adopted.workdays, following_by_day=rule.following_by_day)
        except BadLimit:
            due = None
    return _Opened(name, due)


def _day_before(rule: DutyRule, fact: Fact) -> datetime | None:
    """The end of the day before the one that the act tells, where that one lies in the part of the period that the rule names."""
    day = fact.details.get(rule.due_before[0]) if rule.due_before else None
    if rule.due_before is None or not isinstance(day, date):
        return None
    opening = opening_of(in_shanghai(day).date() if isinstance(day, datetime) else day)
    return opening if period_of("half", opening).name.endswith(rule.due_before[1]) else None


def _clock(adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact, opened: _Opened, owed: tuple[str, str, str | None]) -> Clock:
    key, unit, variant = owed
    return Clock(
        key=key,
        kind="duty",
        rule=f"{adopted.regulation.prefix}:{rule.id}",
        edition=adopted.regulation.edition,
        cites=rule.cites,
        case=None,
        unit=unit,
        period=opened.name,
        starts_at=fact.at,
        due_at=opened.due,
        state=RUNNING,
        stopped_at=None,
        responsible=rule.responsible,
        calendar=rule.calendar,
        limit=str(recurs),
        look_at=opened.due,
        level=variant,
        reckoning=(("period", opened.name, fact.at.isoformat()), *opened.setting, *opened.told, ("limit", str(recurs))),
    )


def _exempt(work: Work, adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact) -> None:
    if rule.exempt_where and not any(one.regulation.prefix in rule.exempt_where for one in work.adopted):
        return
    clock = work.clocks.get(duty_key(adopted.regulation.prefix, rule.id, str(fact.unit), period_served(recurs, fact)))
    if clock is not None and clock.open:
        work.keep(replace(clock, state=EXEMPT, stopped_at=fact.at, look_at=None))


def _owe_again(work: Work, adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact) -> None:
    if (clock := _within_limit(work, adopted, rule, recurs, fact, EXEMPT)) is not None:
        work.keep(replace(clock, state=RUNNING, stopped_at=None, look_at=clock.due_at))


def _undo(work: Work, adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact) -> None:
    """What did the duty is taken back, and nobody is reached by it any more; what stood in time until after the limit has stood in time."""
    if (clock := _within_limit(work, adopted, rule, recurs, fact, MET)) is not None:
        work.keep(replace(clock, state=RUNNING, stopped_at=None, look_at=clock.due_at, reached=()))


def _within_limit(work: Work, adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact, state: str) -> Clock | None:
    """The duty of the period that the act is about, if it is in the ``state`` and its limit has not passed."""
    clock = work.clocks.get(duty_key(adopted.regulation.prefix, rule.id, str(fact.unit), period_served(recurs, fact)))
    return clock if clock is not None and clock.state == state and (clock.due_at is None or fact.at <= clock.due_at) else None


def _serve(work: Work, adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact, end: End) -> None:
    variant = fact.text(rule.variants[0]) if rule.variants else None
    period, clock = _duty_served(work, adopted, rule, recurs, fact, variant)
    if rule.within_hours and recurs.hours is not None and fact.at < recurs.hours.opens_at(period_named(period).opens_at.date()):
        return
    signed = _signed(work, rule, fact, period)
    if clock is None or not clock.open or not signed:
        return
    wanted, reached = _reached(clock, end, fact)
    if reached != wanted:
        work.keep(replace(clock, reached=tuple(sorted(reached))))
        return
    done = MET if clock.due_at is None or fact.at <= clock.due_at else LATE
    work.keep(replace(clock, state=done, stopped_at=fact.at, look_at=None))


def _reached(clock: Clock, end: End, fact: Fact) -> tuple[frozenset[str], frozenset[str]]:
    """What has to be reached, and what has been with this act: several acts may do it one after the other. An act that names nobody
    reaches everybody; what has to be gathered has to be named."""
    if end.gathers is not None:
        name, wanted = end.gathers
        return wanted, (frozenset(clock.reached) | values_of(fact.details.get(name))) & wanted
    return end.to, (frozenset(clock.reached) | fact.to()) & end.to if fact.to() else end.to


def _duty_served(
    work: Work, adopted: Adopted, rule: DutyRule, recurs: Recurrence, fact: Fact, variant: str | None
) -> tuple[str, Clock | None]:
    """The period that the act serves, and its duty. An act at 24:00 serves the period that just closed, if its duty is owed until then."""
    prefix, unit = adopted.regulation.prefix, str(fact.unit)
    if not fact.text("period"):
        closed = _around(recurs, fact.at - timedelta(microseconds=1))
        clock = work.clocks.get(duty_key(prefix, rule.id, unit, closed.name, variant))
        if clock is not None and clock.open and clock.due_at == fact.at:
            return closed.name, clock
    period = period_served(recurs, fact)
    return period, work.clocks.get(duty_key(prefix, rule.id, unit, period, variant))


def _signed(work: Work, rule: DutyRule, fact: Fact, period: str) -> bool:
    """Whether all have signed, with this act or before; for each signer an approval is kept, given or still needed."""
    if rule.signatures is None:
        return True
    return _sign(work, rule, fact, period, set(fact.details.get(rule.signatures.detail, ())))


def _sign(work: Work, rule: DutyRule, fact: Fact, period: str, signers: set[str]) -> bool:
    if rule.signatures is None:
        return True
    missing = set(rule.signatures.all_of) - signers
    for role in rule.signatures.all_of:
        given = role in signers
        key = f"{rule.signatures.clause}|{fact.unit}/{period}|{role}"
        before = work.approvals.get(key)
        if before is not None and before.state == GIVEN:
            missing.discard(role)
            continue
        work.keep(
            Approval(
                key=key,
                clause=rule.signatures.clause,
                of=(role,),
                case=None,
                unit=str(fact.unit),
                issue=None,
                period=period,
                state=GIVEN if given else NEEDED,
                asked_at=fact.at,
                decided_at=fact.at if given else None,
                decided_by=role if given else None,
                subject=f"{fact.unit}/{period}",
            )
        )
    return not missing
