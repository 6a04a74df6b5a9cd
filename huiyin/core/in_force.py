"""Regulations in force together, and which of their rules wait for which fact: worked out once for each name, not for each fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, get_args

from huiyin.core.approvals import follow_approval
from huiyin.core.asking import Follow, Guard, Node, Step, laid_out
from huiyin.core.assessments import follow_assessment
from huiyin.core.clocks import follow_clock, lapse_clock
from huiyin.core.conditions import ALWAYS
from huiyin.core.duties import follow_duty
from huiyin.core.facts import Fact
from huiyin.core.handing import follow_handover
from huiyin.core.inspections import follow_indicator
from huiyin.core.keeping import follow_figure, follow_retention
from huiyin.core.known import Case
from huiyin.core.marks import follow_ending, follow_mark, follow_share, follow_uncounted
from huiyin.core.papers import follow_notice, follow_paper, follow_publication
from huiyin.core.refusals import REFUSE, Refusing, ever_refuses
from huiyin.core.registering import follow_register
from huiyin.core.repeating import follow_repeating, lapse_repeating
from huiyin.core.rules import (
    Adopted,
    ApprovalRule,
    AssessmentRule,
    ClockRule,
    CourseRule,
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
    Regulation,
    RetentionRule,
    RosterRule,
    Rule,
    ScoreRule,
    SecretRule,
    ShareRule,
    StandardRule,
    StepRule,
    WarningRule,
)
from huiyin.core.scores import follow_score
from huiyin.core.warnings import follow_level, follow_warning

_FOLLOW: Final[Mapping[type[Rule], Follow]] = {
    MarkRule: follow_mark,
    ShareRule: follow_share,
    ClockRule: follow_clock,
    DutyRule: follow_duty,
    PaperRule: follow_paper,
    PublicationRule: follow_publication,
    LevelRule: follow_level,
    WarningRule: follow_warning,
    ApprovalRule: follow_approval,
    ScoreRule: follow_score,
    NoticeRule: follow_notice,
    IndicatorRule: follow_indicator,
    AssessmentRule: follow_assessment,
    RetentionRule: follow_retention,
    FigureRule: follow_figure,
    HandoverRule: follow_handover,
    RegisterRule: follow_register,
}
ORDER: Final[tuple[type[Rule], ...]] = (RefusalRule, StepRule, *_FOLLOW, StandardRule, SecretRule, CourseRule, RosterRule)
"""The order in which the rules of one event are followed: what classes a case comes before what depends on its class."""
_RANK: Final = {kind: rank for rank, kind in enumerate(ORDER)}
_REFUSING: Final = get_args(Refusing)
DISPATCHES: Final = frozenset({"case_dispatched", "complaint_transferred_to_unit", "suggestion_transferred_to_unit"})
"""Events by which a case reaches its unit."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of one regulation waits for a fact: the rules that may refuse it, and those that are followed."""

    guards: tuple[Guard, ...] = ()
    nodes: tuple[Node, ...] = ()


@lru_cache(maxsize=32_768)
def waiting_in(regulation: Regulation, names: tuple[str, ...], about: str, of_unit: bool) -> Waiting:
    """What waits for a fact with these ``names`` that is followed for what it is ``about``; ``of_unit``: of no case or thing."""
    found = {id(rule): rule for name in names for rule in regulation.by_event.get(name, ())}
    concerned = [rule for rule in found.values() if _lives_on(rule, about, of_unit)]
    guards = [_guard(rule) for rule in concerned if isinstance(rule, _REFUSING) and ever_refuses(rule, names)]
    ranked = sorted(concerned, key=lambda rule: _RANK[type(rule)]) if len(names) > 1 else concerned
    return Waiting(tuple(guards), laid_out([_step(regulation, rule, names) for rule in ranked if type(rule) in _FOLLOW]))


class InForce:
    """The regulations ``adopted`` by a unit and those above it, the highest first."""

    __slots__ = ("_waited", "_waiting", "adopted", "prefixes")

    def __init__(self, adopted: tuple[Adopted, ...]) -> None:
        self.adopted = adopted
        self.prefixes = frozenset(one.regulation.prefix for one in adopted)
        self._waited = frozenset(name for one in adopted for name in one.regulation.by_event)
        self._waiting: dict[tuple[tuple[str, ...], str, bool], tuple[tuple[Adopted, Waiting], ...]] = {}

    def waiting(self, names: tuple[str, ...], about: str, of_unit: bool) -> tuple[tuple[Adopted, Waiting], ...]:
        """Each adoption of which something waits for the fact (``waiting_in``), with what does."""
        key = (names, about, of_unit)
        found = self._waiting.get(key)
        if found is None:
            known = tuple([name for name in names if name in self._waited])
            if known != names:
                # People make up results and levels without end: only what rules wait for is remembered.
                return self.waiting(known, about, of_unit) if known else ()
            each = ((one, waiting_in(one.regulation, names, about, of_unit)) for one in self.adopted)
            found = self._waiting[key] = tuple((one, waiting) for one, waiting in each if waiting.guards or waiting.nodes)
        return found


def governing(case: Case, fact: Fact | None = None) -> tuple[datetime, ...]:
    """The moments whose regulations govern the case: its receipt; where none was in force then, its first dispatch (``fact`` may be it)."""
    sent = [case.happened[event].first_at for event in DISPATCHES if event in case.happened]
    if fact is not None and fact.event in DISPATCHES:
        sent.append(fact.at)
    return (case.received_at, min(sent)) if sent else (case.received_at,)


@lru_cache(maxsize=256)
def in_force(adopted: tuple[Adopted, ...]) -> InForce:
    """The regulations in force together; remembered for the adoptions that were asked for last."""
    return InForce(adopted)


def _step(regulation: Regulation, rule: Rule, names: tuple[str, ...]) -> Step:
    """The rule made ready to be followed by a fact with these ``names``."""
    if isinstance(rule, ClockRule):
        follow, lapse = (follow_repeating, lapse_repeating) if rule.repeats else (follow_clock, lapse_clock)
        return Step(follow, rule, rule.when, f"{regulation.prefix}:{rule.id}", lapse)
    if isinstance(rule, MarkRule) and not {*rule.ends_on, *rule.lapses_on}.isdisjoint(names):
        # What takes the mark off asks questions of its own.
        return Step(follow_ending, rule)
    if isinstance(rule, MarkRule) and set(rule.on).isdisjoint(names):
        return Step(follow_uncounted, rule)
    return Step(_FOLLOW[type(rule)], rule, getattr(rule, "when", ALWAYS))


def _guard(rule: Refusing) -> Guard:
    tests = rule.when.tests if isinstance(rule, RefusalRule | ApprovalRule) else ()
    # A step may be recorded at any time, but what it requires it requires of its own kind of case.
    return Guard(rule.when.kinds if isinstance(rule, StepRule) else tests, REFUSE[type(rule)], rule)


def _lives_on(rule: Rule, about: str, of_unit: bool) -> bool:
    """Whether the rule is one of what the fact is followed for: duties are the unit's, whatever thing they are served with."""
    return of_unit if isinstance(rule, DutyRule) else rule.about == about
