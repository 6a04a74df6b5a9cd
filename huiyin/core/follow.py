"""The one idea: a fact comes in, consequences go out. ``follow`` decides everything that a regulation says, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast, get_args

from huiyin.core.approvals import follow_approval
from huiyin.core.assessments import follow_assessment
from huiyin.core.clocks import follow_clock
from huiyin.core.duties import follow_duty
from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.handing import follow_handover
from huiyin.core.inspections import follow_indicator
from huiyin.core.keeping import follow_figure, follow_retention
from huiyin.core.known import Case, Known, begin, names_of, note
from huiyin.core.marks import follow_mark, follow_share
from huiyin.core.papers import follow_notice, follow_paper, follow_publication
from huiyin.core.records import Record, Refusal
from huiyin.core.refusals import Refusing, refused
from huiyin.core.repeating import follow_repeating
from huiyin.core.rules import (
    Adopted,
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
    SecretRule,
    ShareRule,
    StandardRule,
    StepRule,
    WarningRule,
)
from huiyin.core.scores import follow_score
from huiyin.core.subjects import THINGS
from huiyin.core.warnings import follow_level, follow_warning
from huiyin.core.work import Work


def _follow_limit(work: Work, adopted: Adopted, rule: ClockRule, fact: Fact) -> None:
    (follow_repeating if rule.repeats else follow_clock)(work, adopted, rule, fact)


_FOLLOW: Mapping[type[Rule], Callable[[Work, Adopted, Any, Fact], None]] = {
    MarkRule: follow_mark,
    ShareRule: follow_share,
    ClockRule: _follow_limit,
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
}
ORDER: tuple[type[Rule], ...] = (RefusalRule, StepRule, *_FOLLOW, StandardRule, RegisterRule, SecretRule)
"""The order in which the rules of one event are followed: what classes a case comes before what depends on its class."""
_RANK = {kind: rank for rank, kind in enumerate(ORDER)}
_REFUSING = frozenset(get_args(Refusing))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a fact: the case as it now stands, every record that changed, and the facts that were found out.

    With a ``refusal`` nothing else follows.
    """

    case: Case | None
    records: tuple[Record, ...] = ()
    derived: tuple[Fact, ...] = ()
    refusal: Refusal | None = None


def follow(adopted: Sequence[Adopted], known: Known, fact: Fact) -> Outcome:
    """Everything that the regulations in force say about ``fact``, given what is ``known``.

    ``adopted`` are the regulations that bind the unit of the fact, the highest first. Pure: neither argument is changed, and the same
    arguments always give the same outcome. A fact of a case that is not known begins it.
    """
    work = Work.on(known, adopted)
    if work.case is None and fact.case is not None:
        work.case = begin(fact, known.about if known.about in THINGS else _record_of(fact))
    work.names = names_of(fact)
    refusal = _refusal(work, fact)
    if refusal is not None:
        return Outcome(known.case, refusal=refusal)
    work.waiting.append(fact)
    while work.waiting:
        _follow_one(work, work.waiting.popleft())
    return Outcome(work.case, tuple(work.changed.values()), tuple(work.derived))


def _record_of(fact: Fact) -> str:
    """The kind of record that a case is whose first fact does not name one: the events of the vocabulary speak for themselves."""
    named = fact.text("record")
    if named:
        return named
    first = fact.event.partition("_")[0]
    return {"help": "help_request", "repair": "repair", "suggestion": "suggestion", "opinion": "opinion"}.get(first, "complaint")


def _refusal(work: Work, fact: Fact) -> Refusal | None:
    about = work.known.about
    for adopted in work.adopted:
        by_event = adopted.regulation.by_event
        for name in work.names:
            for rule in by_event.get(name, ()):
                if type(rule) in _REFUSING and _lives_on(rule, about, fact):
                    found = refused(work, adopted, cast("Refusing", rule), fact)
                    if found is not None:
                        return found
    return None


def _follow_one(work: Work, fact: Fact) -> None:
    if work.case is not None and fact.case is not None and fact.event != LIMIT_PASSED:
        work.case = note(work.case, fact)
    work.names = names = _index_names(work, fact)
    about = work.known.about
    for adopted in work.adopted:
        for rule in _concerned(adopted, names):
            if _lives_on(rule, about, fact) and (follow_rule := _FOLLOW.get(type(rule))) is not None:
                follow_rule(work, adopted, rule, fact)


def _lives_on(rule: Rule, about: str, fact: Fact) -> bool:
    """Whether the rule is one of what the fact is followed for: duties are the unit's, whatever thing they are served with."""
    if isinstance(rule, DutyRule):
        return fact.case is None
    return rule.about == about


def _index_names(work: Work, fact: Fact) -> tuple[str, ...]:
    """The names under which rules wait for the fact; that a limit passed concerns only the rules of that clock."""
    if fact.event != LIMIT_PASSED:
        return names_of(fact)
    clock = work.clocks.get(str(fact.details.get("clock")))
    return (f"{LIMIT_PASSED}:{clock.rule}",) if clock is not None else ()


def _concerned(adopted: Adopted, names: tuple[str, ...]) -> Sequence[Rule]:
    by_event = adopted.regulation.by_event
    if len(names) == 1:
        return by_event.get(names[0], ())
    found = {id(rule): rule for name in names for rule in by_event.get(name, ())}
    return sorted(found.values(), key=lambda rule: _RANK[type(rule)])
