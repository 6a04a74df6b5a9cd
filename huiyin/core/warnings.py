"""Warnings (预警): raised by an event, by a limit long passed, or by a share of the households; then verified, sent on, answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from huiyin.core.facts import WARNING_CONFIRMED, WARNING_DISMISSED, WARNING_RAISED, Fact
from huiyin.core.known import Happened
from huiyin.core.records import (
    ANSWERED,
    CONFIRMED,
    DISMISSED,
    RAISED,
    WITHDRAWN,
    Ground,
    Reckoning,
    WarningSignal,
)
from huiyin.core.rules import Adopted, LevelRule, Overdue, Ratio, WarningRule
from huiyin.core.work import Work, subject_of

LIVE = frozenset({RAISED, CONFIRMED, ANSWERED})


def follow_warning(work: Work, adopted: Adopted, rule: WarningRule, fact: Fact) -> None:
    """Raise the warning of ``rule`` if ``fact`` is its ground; a warning of the level that is live gets a further ground (D10)."""
    if work.is_void(adopted):
        return
    if rule.ratio is not None:
        _by_ratio(work, adopted, rule, rule.ratio, fact)
    elif rule.overdue is not None:
        _by_overdue(work, adopted, rule, rule.overdue, fact)
    elif rule.on in work.names:
        about = _About(str(fact.case), work.unit_of(fact), None)
        _raise(work, adopted, rule, fact, about, (("act", fact.event, fact.at.isoformat()),))


def _by_overdue(work: Work, adopted: Adopted, rule: WarningRule, trigger: Overdue, fact: Fact) -> None:
    clock = work.clocks.get(str(fact.details.get("clock")))
    if clock is None or not clock.open or clock.due_at is None or fact.at - clock.due_at < trigger.by:
        return
    reckoning: Reckoning = (("due_of", clock.cites[0], clock.due_at.isoformat()), ("over", _days(trigger.by), fact.at.isoformat()))
    for one in _of_subject(work, adopted, rule.level, str(clock.case)):
        # A dismissed warning settles this limit only: one that was moved and is passed again is another matter.
        if any(ground.rule == rule.id and (one.state in LIVE or ground.reckoning[:1] == reckoning[:1]) for ground in one.grounds):
            return
    _raise(work, adopted, rule, fact, _About(str(clock.case), clock.unit, None), reckoning)


def _days(span: timedelta) -> str:
    return f"{span.days} days" if not span.seconds else f"{int(span.total_seconds() // 3600)} hours"


def _by_ratio(work: Work, adopted: Adopted, rule: WarningRule, trigger: Ratio, fact: Fact) -> None:
    case = work.case
    issue = case.plain.get("issue") if case else None
    if case is None or issue is None or not _counted_here(adopted, trigger, issue):
        return
    unit = work.known.units.ancestor(case.unit, trigger.scope)
    if unit is None:
        return
    counted = work.known.tallies.get(unit.code, 0)
    if counted == 0 < trigger.at_least_percent:
        return
    households = work.known.units.households(unit.code)
    if not households or counted * 100 < trigger.at_least_percent * households:
        return
    subject = subject_of(None, unit.code, issue, case.received_at)
    if any(ground.rule == rule.id for one in _of_subject(work, adopted, rule.level, subject) for ground in one.grounds):
        return
    share: Reckoning = (("households", str(counted), str(households), str(trigger.at_least_percent)),)
    _raise(work, adopted, rule, fact, _About(subject, unit.code, issue), share)


def _counted_here(adopted: Adopted, trigger: Ratio, issue: str) -> bool:
    """Whether the organisation has this share reckoned, and for this issue."""
    if trigger.if_setting and str(adopted.setting(*trigger.if_setting[:2])) != trigger.if_setting[2]:
        return False
    return not trigger.issues_not_in or issue not in (adopted.setting(*trigger.issues_not_in) or ())


def _of_subject(work: Work, adopted: Adopted, level: str, subject: str) -> list[WarningSignal]:
    """The warnings of the level about the subject, in the order in which they were raised."""
    stem = f"{adopted.regulation.prefix}|{subject}|{level}|"
    found = [one for key, one in work.warnings.items() if key.startswith(stem)]
    return sorted(found, key=lambda one: one.raised_at)


@dataclass(frozen=True, slots=True)
class _About:
    """What a warning is about: the key of its subject, the unit, and the issue if it is not about a case."""

    subject: str
    unit: str
    issue: str | None


def _raise(work: Work, adopted: Adopted, rule: WarningRule, fact: Fact, about: _About, reckoning: Reckoning) -> None:
    subject, unit, issue = about.subject, about.unit, about.issue
    ground = Ground(rule.cites[0], rule.id, fact.at, reckoning)
    earlier = _of_subject(work, adopted, rule.level, subject)
    live = next((one for one in earlier if one.state in LIVE), None)
    if live is not None:
        work.keep(replace(live, grounds=(*live.grounds, ground)))
        return
    signal = WarningSignal(
        key=f"{adopted.regulation.prefix}|{subject}|{rule.level}|{len(earlier) + 1}",
        level=rule.level,
        regulation=adopted.regulation.prefix,
        case=None if issue else fact.case,
        unit=unit,
        issue=issue,
        grounds=(ground,),
        state=RAISED,
        raised_at=fact.at,
    )
    work.keep(signal)
    raised = Fact(fact.event, fact.at, signal.case, unit, fact.by, fact.details)
    work.find_out(WARNING_RAISED, raised, level=rule.level, issue=issue, clause=ground.clause, warning=signal.key)


def warning_about(work: Work, prefix: str, level: str, fact: Fact) -> WarningSignal | None:
    """The latest warning of ``level`` that ``fact`` speaks of: of its case, or of the unit and issue it names."""
    issue = None if fact.case else fact.text("issue")
    found = [
        one
        for one in work.warnings.values()
        if one.level == level
        and one.regulation == prefix
        and (one.case == fact.case if issue is None else (one.case is None and one.issue == issue and one.unit == fact.unit))
    ]
    return max(found, key=lambda one: (one.raised_at, one.key), default=None)


def subject_about(work: Work, prefix: str, level: str | None, fact: Fact) -> str:
    """The subject of what ``fact`` is about: of the warning that it names or speaks of, if that is one of an issue."""
    if fact.case is not None:
        return fact.case
    signal = work.warnings.get(fact.text("warning") or "") or (warning_about(work, prefix, level, fact) if level else None)
    return signal.key.split("|")[1] if signal is not None else subject_of(None, work.unit_of(fact), fact.text("issue"), fact.at)


def follow_level(work: Work, adopted: Adopted, rule: LevelRule, fact: Fact) -> None:
    """Bring the warning of the level on: verified, sent to the unit, answered, or withdrawn."""
    names = work.names
    if rule.withdrawn_on in names:
        for one in list(work.warnings.values()):
            if one.level == rule.level and one.case == fact.case and one.state in LIVE:
                work.keep(replace(one, state=WITHDRAWN))
        return
    signal = warning_about(work, adopted.regulation.prefix, rule.level, fact)
    if signal is None or signal.state == WITHDRAWN:
        return
    if f"{WARNING_CONFIRMED}:{rule.level}" in names and signal.state in (RAISED, DISMISSED):
        work.keep(replace(signal, state=CONFIRMED, verified_at=fact.at, verified_by=fact.text("decider")))
    elif f"{WARNING_DISMISSED}:{rule.level}" in names and signal.state == RAISED:
        work.keep(replace(signal, state=DISMISSED, verified_at=fact.at, verified_by=fact.text("decider")))
    elif rule.sent_by.event in names and signal.state == CONFIRMED and signal.sent_at is None:
        work.keep(replace(signal, sent_at=fact.at))
    elif rule.answered_by.event in names and signal.state == CONFIRMED:
        _answer(work, rule, signal, fact)


def _answer(work: Work, rule: LevelRule, signal: WarningSignal, fact: Fact) -> None:
    """The warning is answered by the last of the acts, since it was sent, that together reach everybody."""
    acts = Happened(((fact.at, fact.to()),), fact.details, fact.details)
    if work.case is not None and fact.case is not None:
        acts = work.case.happened.get(rule.answered_by.event, acts)
    at = acts.reached(rule.answered_by.to, signal.sent_at or signal.verified_at)
    if at is not None:
        promised = acts.last.get("promised_at")
        work.keep(replace(signal, state=ANSWERED, answered_at=at, promised_at=promised))
