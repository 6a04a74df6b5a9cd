"""Which rules wait for which event: worked out once, when a regulation is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huiyin.core.approvals import ASKING, BY_APPROVAL, DECISIONS
from huiyin.core.assessed import HEARD
from huiyin.core.conditions import Condition
from huiyin.core.duties import ends, signing
from huiyin.core.facts import DELETION_TRIED, LIMIT_PASSED, PERIOD_OPENINGS, WARNING_CONFIRMED, WARNING_DISMISSED
from huiyin.core.in_force import ORDER
from huiyin.core.inspections import SCORED_ON
from huiyin.core.known import GONE, MOVES, REINSTATED
from huiyin.core.rules import (
    ApprovalRule,
    AssessmentRule,
    ClockRule,
    DutyRule,
    FigureRule,
    HandoverRule,
    IndicatorRule,
    LevelRule,
    MarkRule,
    NoticeRule,
    PaperRule,
    PublicationRule,
    RefusalRule,
    RegisterRule,
    RetentionRule,
    Rule,
    ScoreRule,
    ShareRule,
    StepRule,
    WarningRule,
)
from huiyin.core.subjects import DUTY

TALLIED = ("complaint_received", "issue_set", REINSTATED)
"""Events after which a share of households may be another one."""


def index_rules(prefix: str, rules: tuple[Rule, ...], void_marks: frozenset[str]) -> Mapping[str, tuple[Rule, ...]]:
    """For each event the rules that it may concern, in the order in which they are followed."""
    by_id = {rule.id: rule for rule in rules if isinstance(rule, ClockRule)}
    found: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: ORDER.index(type(rule))):
        for event in dict.fromkeys(_events(prefix, rule, by_id, void_marks)):
            found.setdefault(event, []).append(rule)
    return {event: tuple(waiting) for event, waiting in found.items()}


def heard_by(prefix: str, rules: tuple[Rule, ...], by_event: Mapping[str, tuple[Rule, ...]]) -> Mapping[str, frozenset[str]]:
    """For each kind of thing that rules are about the events that its past has to hold: those that its rules wait for or ask about."""
    found: dict[str, set[str]] = {}
    for event, waiting in by_event.items():
        for rule in waiting:
            found.setdefault(DUTY if isinstance(rule, DutyRule) else rule.about, set()).add(event)
    for rule in rules:
        asked = found.setdefault(rule.about, set())
        for condition in _conditions(rule):
            asked |= condition.events()
        if isinstance(rule, ShareRule):
            asked |= {rule.part.event, rule.whole.event, *((rule.at_least_said.event,) if rule.at_least_said else ())}
        if isinstance(rule, ClockRule) and rule.before:
            asked.add(rule.before.event)
        if isinstance(rule, AssessmentRule):
            asked.update(HEARD)
        if isinstance(rule, HandoverRule):
            asked |= {*rule.finished_by, *rule.reopened_by, *rule.ready_by}
        if isinstance(rule, ApprovalRule):
            asked.update(rule.submitted_by)
        if any(condition.counts for condition in _conditions(rule)):
            asked |= {*GONE, REINSTATED}
    found.setdefault(DUTY, set()).difference_update(PERIOD_OPENINGS)
    return {about: frozenset(events) for about, events in found.items() if about != "case"}


def _conditions(rule: Rule) -> Iterator[Condition]:
    for name in ("when", "counts_if", "owed_if", "ends_when", "applies"):
        condition = getattr(rule, name, None)
        if isinstance(condition, Condition):
            yield condition


def _events(prefix: str, rule: Rule, clocks: Mapping[str, ClockRule], void_marks: frozenset[str]) -> Iterator[str]:
    if isinstance(rule, ClockRule):
        yield f"{LIMIT_PASSED}:{prefix}:{rule.id}"
        yield from _of_clock(prefix, rule, clocks, void_marks)
    elif isinstance(rule, DutyRule):
        yield from _of_duty(prefix, rule)
    elif isinstance(rule, WarningRule):
        yield from _of_warning(prefix, rule)
    elif isinstance(rule, LevelRule):
        yield from (f"{WARNING_CONFIRMED}:{rule.level}", f"{WARNING_DISMISSED}:{rule.level}")
        yield from (rule.sent_by.event, rule.answered_by.event, *filter(None, (rule.withdrawn_on,)))
    elif isinstance(rule, ApprovalRule):
        yield from (*rule.asked_on, ASKING)
        yield from DECISIONS if rule.decided_by == BY_APPROVAL else (rule.decided_by,)
    elif isinstance(rule, RefusalRule):
        yield from rule.event
    elif isinstance(rule, ScoreRule):
        yield from (f"{WARNING_CONFIRMED}:{rule.level}", *filter(None, (rule.taken_back_on,)))
    elif isinstance(rule, MarkRule):
        yield from (*rule.on, *rule.ends_on, *rule.lapses_on, *(GONE if rule.when.counts and rule.about != "case" else ()))
    elif isinstance(rule, PaperRule):
        handed_in = ("document_filed", *filter(None, (rule.on, rule.done_by)))
        yield from (*handed_in, *(f"{event}:incomplete" for event in handed_in), *rule.owed_from, *rule.begun_by, *rule.owed_until)
    else:
        yield from _of_others(rule)


def _of_others(rule: Rule) -> Iterator[str]:
    if isinstance(rule, (NoticeRule, ShareRule)):
        yield from rule.on
    elif isinstance(rule, PublicationRule | FigureRule):
        yield rule.on
    elif isinstance(rule, HandoverRule):
        yield rule.handed_by
    elif isinstance(rule, RetentionRule):
        yield from (*rule.on, DELETION_TRIED)
    elif isinstance(rule, StepRule):
        yield rule.event
    elif isinstance(rule, RegisterRule):
        yield from (one.event for one in rule.records)
    elif isinstance(rule, IndicatorRule):
        yield from SCORED_ON
    elif isinstance(rule, AssessmentRule):
        yield rule.on


def _of_duty(prefix: str, rule: DutyRule) -> Iterator[str]:
    yield from rule.opens_with if rule.period_setting is None else (*rule.opens_with, *PERIOD_OPENINGS)
    yield from (end.event for end in ends(rule))
    yield from (*rule.owed_again_by, *rule.undone_by)
    yield from filter(None, (rule.exempt_by, signing(rule), rule.done_once, f"{LIMIT_PASSED}:{prefix}:{rule.id}"))


def _of_clock(prefix: str, rule: ClockRule, clocks: Mapping[str, ClockRule], void_marks: frozenset[str]) -> Iterator[str]:
    yield from (start.event for start in rule.starts)
    yield from (end.event for end in (rule.ends, *rule.or_ends))
    yield from rule.when.events()
    yield from rule.until_happened
    yield from (f"{scheme}_set" for scheme in rule.restarts_on)
    yield from filter(None, (rule.counts_from,))
    if rule.about == "case":
        yield from (*MOVES, *GONE, REINSTATED)
        yield from (f"{prefix}/marked:{mark}" for mark in void_marks)
    for said in (rule.until_said, rule.before):
        if said:
            yield said.event
    for other in rule.else_due_of:
        yield from _of_clock(prefix, clocks[other], clocks, frozenset())


def _of_warning(prefix: str, rule: WarningRule) -> Iterator[str]:
    if rule.on:
        yield rule.on
    if rule.overdue:
        yield f"{LIMIT_PASSED}:{prefix}:{rule.overdue.clock}"
    if rule.ratio:
        yield from TALLIED
