"""What a unit hands over each month of what it has finished: which cases belong to it, and whether all of them are in it (RC-4.8e)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.core.duties import period_served, recurrence
from huiyin.core.facts import Fact
from huiyin.core.keeping import kept
from huiyin.core.known import Case
from huiyin.core.questions import values_of
from huiyin.core.recurrence import BadLimit, due_of, period_named
from huiyin.core.rules import Adopted, DutyRule, HandoverRule, RetentionRule
from huiyin.core.work import Work


@dataclass(frozen=True, slots=True)
class Handover:
    """The hand-over of a period: the cases that still belong into it, in the order in which they were finished, and those handed over."""

    missing: tuple[str, ...]
    handed: tuple[str, ...]


def follow_handover(work: Work, adopted: Adopted, rule: HandoverRule, fact: Fact) -> None:
    """Keep from now on what is handed over, and find out that nothing is missing: the duty is done with that."""
    if work.case is None or rule.handed_by not in work.names:
        return
    _keep(work, adopted, rule, work.case, fact)
    if not handover(adopted, rule, work.case, fact.text("period"), fact.at).missing:
        period = {"period": fact.details["period"]} if fact.text("period") else {}
        work.find_out(f"{adopted.regulation.prefix}/{rule.identifies}", fact, **period)


def handover(adopted: Adopted, rule: HandoverRule, past: Case, period: str | None, at: datetime) -> Handover:
    """What belongs to the hand-over of the period (None: the one of ``at``) as it stands at ``at``, by the ``past`` of the unit.

    A case belongs to the first hand-over after it was finished: what is finished after the duty's day goes with the next period. Nothing
    is handed over twice; an act that names no cases hands over all that belong to its period and are ready.
    """
    wanted, handed = _period(adopted, rule, period, at), _handed(adopted, rule, past, at)
    gone = frozenset(case for _, _, case in handed)
    missing = _finished(adopted, rule, past, wanted, at, gone)
    return Handover(missing, tuple(dict.fromkeys(case for own, _, case in handed if own == wanted)))


def _handed(adopted: Adopted, rule: HandoverRule, past: Case, at: datetime) -> list[tuple[str, datetime, str]]:
    """What has been handed over by ``at``: the period, when, and the case."""
    handed: list[tuple[str, datetime, str]] = []
    for done_at, told in _acts(past, rule.handed_by):
        if done_at <= at:
            own = _period(adopted, rule, told.get("period"), done_at)
            gone = frozenset(case for _, _, case in handed)
            named = tuple(sorted(values_of(told.get(rule.names)))) or _ready(adopted, rule, past, own, done_at, gone)
            handed += [(own, done_at, one) for one in named]
    return handed


def _finished(adopted: Adopted, rule: HandoverRule, past: Case, period: str, at: datetime, gone: frozenset[str]) -> tuple[str, ...]:
    """The cases that had been finished by the day of the period, and by ``at``, and were in no hand-over yet (``gone``)."""
    until = _until(adopted, rule, period, at)
    done = {case: when for case, when in _ends(past, rule.finished_by, rule.of, until).items() if case not in gone}
    again = _ends(past, rule.reopened_by, (), at)
    standing = [(when, case) for case, when in done.items() if again.get(case, when) <= when]
    return tuple(case for _, case in sorted(standing))


def _ready(adopted: Adopted, rule: HandoverRule, past: Case, period: str, at: datetime, gone: frozenset[str]) -> tuple[str, ...]:
    """Of the cases that belong to the period those that can be handed over: of the others the paper is not there."""
    finished, ready = _finished(adopted, rule, past, period, at, gone), _ends(past, rule.ready_by, (), at)
    return tuple(case for case in finished if case in ready or not rule.ready_by)


def _keep(work: Work, adopted: Adopted, rule: HandoverRule, past: Case, fact: Fact) -> None:
    """Keep the cases that the act hands over; of one entered late also those that acts after it hand over now."""
    found = adopted.regulation.by_id.get(rule.kept_by)
    for _, at, case in _handed(adopted, rule, past, past.happened[rule.handed_by].last_at) if isinstance(found, RetentionRule) else ():
        if at >= fact.at and isinstance(found, RetentionRule):
            work.keep(kept(adopted, found, case, past.unit, at))


def _ends(past: Case, events: tuple[str, ...], of: tuple[tuple[str, frozenset[str]], ...], until: datetime) -> dict[str, datetime]:
    """When one of the events happened last on each case, up to ``until``."""
    found: dict[str, datetime] = {}
    for event in events:
        for at, told in _acts(past, event):
            case = told.get("case")
            if case and at <= until and all(values_of(told.get(name)) & values for name, values in of):
                found[str(case)] = max(at, found.get(str(case), at))
    return found


def _acts(past: Case, event: str) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    happened = past.happened.get(event)
    for (at, _), told in zip(happened.times, happened.told, strict=True) if happened else ():
        yield at, told


def _period(adopted: Adopted, rule: HandoverRule, named: Any, at: datetime) -> str:
    recurs = recurrence(adopted, _duty(adopted, rule))
    return str(named) if named or recurs is None else period_served(recurs, Fact(rule.handed_by, at))


def _until(adopted: Adopted, rule: HandoverRule, period: str, at: datetime) -> datetime:
    """The moment up to which what is finished belongs to the period: the duty's day, or ``at`` where that comes first."""
    recurs = recurrence(adopted, _duty(adopted, rule))
    try:
        due = due_of(recurs, period_named(period), adopted.workdays) if recurs is not None else None
    except (BadLimit, ValueError):
        due = None
    return min(at, due) if due is not None else at


def _duty(adopted: Adopted, rule: HandoverRule) -> DutyRule:
    found = adopted.regulation.by_id[rule.duty]
    if not isinstance(found, DutyRule):
        raise TypeError(
            f"found {rule.duty}, a {type(found).__name__}, expected the duty that {rule.id} serves; name a duty in the rulebook"
        )
    return found
