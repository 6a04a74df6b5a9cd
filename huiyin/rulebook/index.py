"""Which rules wait for which event: worked out once, when a regulation is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huiyin.core.approvals import BY_APPROVAL, DECISIONS
from huiyin.core.facts import LIMIT_PASSED, WARNING_CONFIRMED, WARNING_DISMISSED
from huiyin.core.follow import ORDER
from huiyin.core.rules import (
    ApprovalRule,
    ClockRule,
    DutyRule,
    LevelRule,
    MarkRule,
    NoticeRule,
    PaperRule,
    PublicationRule,
    RefusalRule,
    Rule,
    ScoreRule,
    WarningRule,
)

TALLIED = ("complaint_received", "issue_set")
"""Events after which a share of households may be another one."""


def index_rules(prefix: str, rules: tuple[Rule, ...], void_marks: frozenset[str]) -> Mapping[str, tuple[Rule, ...]]:
    """For each event the rules that it may concern, in the order in which they are followed."""
    by_id = {rule.id: rule for rule in rules if isinstance(rule, ClockRule)}
    found: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: ORDER.index(type(rule))):
        for event in dict.fromkeys(_events(prefix, rule, by_id, void_marks)):
            found.setdefault(event, []).append(rule)
    return {event: tuple(waiting) for event, waiting in found.items()}


def _events(prefix: str, rule: Rule, clocks: Mapping[str, ClockRule], void_marks: frozenset[str]) -> Iterator[str]:
    if isinstance(rule, ClockRule):
        yield f"{LIMIT_PASSED}:{prefix}:{rule.id}"
        yield from _of_clock(rule, clocks, void_marks)
    elif isinstance(rule, DutyRule):
        yield from (rule.opens_with, rule.served_by.event, f"{LIMIT_PASSED}:{prefix}:{rule.id}")
    elif isinstance(rule, WarningRule):
        yield from _of_warning(prefix, rule)
    elif isinstance(rule, LevelRule):
        yield from (f"{WARNING_CONFIRMED}:{rule.level}", f"{WARNING_DISMISSED}:{rule.level}")
        yield from (rule.sent_by.event, rule.answered_by.event, *filter(None, (rule.withdrawn_on,)))
    elif isinstance(rule, ApprovalRule):
        yield rule.asked_on
        yield from DECISIONS if rule.decided_by == BY_APPROVAL else (rule.decided_by,)
    elif isinstance(rule, RefusalRule):
        yield rule.event
    elif isinstance(rule, ScoreRule):
        yield from (f"{WARNING_CONFIRMED}:{rule.level}", *filter(None, (rule.taken_back_on,)))
    elif isinstance(rule, MarkRule):
        yield from (rule.on, *filter(None, (rule.ends_on,)))
    elif isinstance(rule, PaperRule):
        yield from (rule.on, f"{rule.on}:incomplete", "document_filed", *filter(None, (rule.owed_from,)))
    elif isinstance(rule, (NoticeRule, PublicationRule)):
        yield rule.on


def _of_clock(rule: ClockRule, clocks: Mapping[str, ClockRule], void_marks: frozenset[str]) -> Iterator[str]:
    yield from (start.event for start in rule.starts)
    yield rule.ends.event
    yield from rule.when.events()
    yield "case_transferred"
    yield from (f"marked:{mark}" for mark in void_marks)
    if rule.until_said:
        yield rule.until_said.event
    for other in rule.else_due_of:
        yield from _of_clock(clocks[other], clocks, frozenset())


def _of_warning(prefix: str, rule: WarningRule) -> Iterator[str]:
    if rule.on:
        yield rule.on
    if rule.overdue:
        yield f"{LIMIT_PASSED}:{prefix}:{rule.overdue.clock}"
    if rule.ratio:
        yield from TALLIED
