"""Duties that come back: opened with their period for every unit that owes them, done by the act that serves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from huiyin.core.facts import LIMIT_PASSED, PERIOD_OPENINGS, Fact
from huiyin.core.known import Happened, names_of
from huiyin.core.records import GIVEN, LATE, MET, NEEDED, OVERDUE, RUNNING, Approval, Clock, Reckoning
from huiyin.core.recurrence import Period, due_of, period_of
from huiyin.core.rules import Adopted, DutyRule
from huiyin.core.work import Work


def follow_duty(work: Work, adopted: Adopted, rule: DutyRule, fact: Fact) -> None:
    """Open the duty when its period opens, mark it overdue when its limit passes, and let the act that serves it do it."""
    if fact.event == rule.opens_with:
        for unit in owing_units(work, adopted, rule):
            work.keep(_opened(adopted, rule, unit, fact.at))
    elif fact.event == LIMIT_PASSED:
        clock = work.clocks.get(str(fact.details.get("clock")))
        if clock is not None and clock.state == RUNNING:
            work.keep(replace(clock, state=OVERDUE, look_at=None))
    elif rule.served_by.event in names_of(fact) and rule.counts_if.holds(work.case, fact):
        _serve(work, adopted, rule, fact)


def owing_units(work: Work, adopted: Adopted, rule: DutyRule) -> Iterator[str]:
    """The codes of the units that owe the duty: the adopting unit, or all of a kind below it."""
    if rule.owed_by == "adopter":
        yield adopted.unit
        return
    for unit in work.known.units.below(adopted.unit):
        if unit.kind == rule.owed_by:
            yield unit.code


def duty_key(prefix: str, rule: str, unit: str, period: str) -> str:
    """The key of a duty's record."""
    return f"{unit}/{period}|{prefix}:{rule}|1"


def period_served(rule: DutyRule, fact: Fact) -> str:
    """The period that an act serves: the one it names, else the one it happens in."""
    return fact.text("period") or _period(rule, fact.at).name


def _period(rule: DutyRule, at: datetime) -> Period:
    kind = PERIOD_OPENINGS.get(rule.opens_with)
    if kind is None:
        raise ValueError(f"rule {rule.id} opens with {rule.opens_with}; only {', '.join(PERIOD_OPENINGS)} open periods by themselves")
    return period_of(rule.recurs.period_kind or "day", at)


def _opened(adopted: Adopted, rule: DutyRule, unit: str, at: datetime) -> Clock:
    period = _period(rule, at)
    following = adopted.setting(*rule.following_setting) if rule.following_setting else rule.following_by_day
    due = due_of(rule.recurs, period, adopted.workdays, following_by_day=int(following) if following else None)
    setting: Reckoning = (("setting", *rule.following_setting, str(following)),) if rule.following_setting else ()
    return Clock(
        key=duty_key(adopted.regulation.prefix, rule.id, unit, period.name),
        kind="duty",
        rule=f"{adopted.regulation.prefix}:{rule.id}",
        edition=adopted.regulation.edition,
        cites=rule.cites,
        case=None,
        unit=unit,
        period=period.name,
        starts_at=at,
        due_at=due,
        state=RUNNING,
        stopped_at=None,
        responsible=rule.responsible,
        calendar=rule.calendar,
        limit=str(rule.recurs),
        look_at=due,
        reckoning=(("period", period.name, at.isoformat()), *setting, ("limit", str(rule.recurs))),
    )


def _serve(work: Work, adopted: Adopted, rule: DutyRule, fact: Fact) -> None:
    period, clock = _duty_served(work, adopted, rule, fact)
    reached = Happened(((fact.at, fact.to()),), fact.details, fact.details).reached(rule.served_by.to)
    signed = _signed(work, rule, fact, period)
    if clock is None or not clock.open or reached is None or not signed:
        return
    done = MET if clock.due_at is None or fact.at <= clock.due_at else LATE
    work.keep(replace(clock, state=done, stopped_at=fact.at, look_at=None))


def _duty_served(work: Work, adopted: Adopted, rule: DutyRule, fact: Fact) -> tuple[str, Clock | None]:
    """The period that the act serves, and its duty. An act at 24:00 serves the period that just closed, if its duty is owed until then."""
    prefix, unit = adopted.regulation.prefix, str(fact.unit)
    if not fact.text("period"):
        closed = _period(rule, fact.at - timedelta(microseconds=1))
        clock = work.clocks.get(duty_key(prefix, rule.id, unit, closed.name))
        if clock is not None and clock.open and clock.due_at == fact.at:
            return closed.name, clock
    period = period_served(rule, fact)
    return period, work.clocks.get(duty_key(prefix, rule.id, unit, period))


def _signed(work: Work, rule: DutyRule, fact: Fact, period: str) -> bool:
    """Whether all have signed; for each signer an approval is kept, given or still needed."""
    if rule.signatures is None:
        return True
    signers = set(fact.details.get(rule.signatures.detail, ()))
    for role in rule.signatures.all_of:
        given = role in signers
        key = f"{rule.signatures.clause}|{fact.unit}/{period}|{role}"
        before = work.approvals.get(key)
        if before is not None and before.state == GIVEN:
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
    return set(rule.signatures.all_of) <= signers
