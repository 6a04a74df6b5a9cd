"""Classes that a case gets by a regulation's own definition: major, invalid, hot. Each regulation's marks are its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.core.facts import MARKED, Fact
from huiyin.core.known import Case
from huiyin.core.questions import number_of
from huiyin.core.records import Mark
from huiyin.core.rules import Adopted, MarkRule, Part, Rule, ShareRule
from huiyin.core.work import Work


def follow_mark(work: Work, adopted: Adopted, rule: MarkRule, fact: Fact) -> None:
    """Put the mark on the case, once at a time; what the mark identifies becomes a fact of its own."""
    case = work.case
    if case is None or fact.case is None:
        return
    mine = _mine(work, adopted, rule, case)
    if _standing(mine) is not None:
        return
    ended_at = _ended_since(rule, case, fact.at)
    if ended_at is None:
        put_on(work, adopted, rule, rule.mark, _from_when(work, rule, fact), len(mine), rule.identifies)
    else:
        work.keep(_new(adopted, rule, case, rule.mark, fact.at, len(mine), ended_at))


def follow_ending(work: Work, adopted: Adopted, rule: MarkRule, fact: Fact) -> None:
    """Put the mark on the case or, where the fact is one that ends it, take it off."""
    case = work.case
    if case is None or fact.case is None:
        return
    begins = work.met(rule.on) and work.holds(rule.when)
    ends = (work.met(rule.ends_on) and work.holds(rule.ends_when)) or (work.met(rule.lapses_on) and not work.holds(rule.when))
    if not begins and not ends:
        return
    mine = _mine(work, adopted, rule, case)
    standing = _standing(mine)
    if standing is None and begins:
        put_on(work, adopted, rule, rule.mark, _from_when(work, rule, fact), len(mine), rule.identifies)
    elif standing is not None and ends:
        take_off(work, adopted, standing, fact)


def follow_uncounted(work: Work, adopted: Adopted, rule: MarkRule, fact: Fact) -> None:
    """What was taken back before the mark stood, and told of after it, leaves its count (D14): not reached without it, it never stood."""
    case = work.case
    standing = _standing(_mine(work, adopted, rule, case)) if case is not None and fact.case is not None else None
    if standing is not None and fact.at < standing.at and not rule.when.counted(work.scene):
        take_off(work, adopted, standing, fact)


def _ended_since(rule: MarkRule, case: Case, at: datetime) -> datetime | None:
    """When an act that takes the mark off was done after ``at``: put on by an act entered late, the mark stood only until then."""
    if rule.ends_when.tests or case.happened.keys().isdisjoint(rule.ends_on):
        return None
    later = (then for event in rule.ends_on if event in case.happened for then, _ in case.happened[event].times if then > at)
    return min(later, default=None)


def _from_when(work: Work, rule: MarkRule, fact: Fact) -> Fact:
    """The fact at the time from which the mark stands: an act entered late may complete a count that a later one reached."""
    if not rule.when.counts:
        return fact
    at = rule.when.holds_from(work.scene)
    return fact if at == fact.at else replace(fact, at=at)


def _standing(mine: Iterable[Mark]) -> Mark | None:
    for one in mine:
        if one.ended_at is None:
            return one
    return None


def _mine(work: Work, adopted: Adopted, rule: Rule, case: Case) -> list[Mark]:
    """The marks that the rule has put on the case: it numbers them from 1."""
    stem = f"{adopted.regulation.prefix}:{rule.id}|{case.key}|"
    found: list[Mark] = []
    while (one := work.marks.get(f"{stem}{len(found) + 1}")) is not None:
        found.append(one)
    return found


def put_on(work: Work, adopted: Adopted, rule: Rule, mark: str, fact: Fact, before: int, identifies: str | None = None) -> None:
    """Let the mark of ``rule`` stand on the case from now on, where it has put on so many ``before``; ``identifies`` is the event that
    this makes besides."""
    case = work.case
    if case is None:
        return
    prefix = adopted.regulation.prefix
    name = f"{prefix}/{mark}"
    work.keep(_new(adopted, rule, case, mark, fact.at, before))
    if name not in case.marks:
        work.now(case.with_marks({**case.marks, name: fact.at}))
        # What begins anew with the mark begins before anything asks whether the mark is there.
        if identifies:
            work.find_out(f"{prefix}/{identifies}", fact)
        # With no other regulation in force the mark speaks for all of them.
        work.find_out(f"{prefix}/{MARKED}:{mark}", fact, alone=len(work.adopted) == 1)


def _new(adopted: Adopted, rule: Rule, case: Case, mark: str, at: datetime, before: int, ended_at: datetime | None = None) -> Mark:
    key = f"{adopted.regulation.prefix}:{rule.id}|{case.key}|{before + 1}"
    return Mark(key, mark, rule.cites[0], case.key, at, ended_at, case.unit)


def take_off(work: Work, adopted: Adopted, standing: Mark, fact: Fact) -> None:
    """End the mark; where no other rule of the regulation has put the same one on the case, the case loses it."""
    case = work.case
    one = standing
    work.keep(Mark(one.key, one.mark, one.clause, one.case, one.at, fact.at, one.unit, one.period))
    if case is None or any(one.ended_at is None and one.name == standing.name for one in work.marks.values()):
        return
    work.now(case.with_marks({mark: at for mark, at in case.marks.items() if mark != standing.name}))
    work.find_out(f"{adopted.regulation.prefix}/un{MARKED}:{standing.mark}", fact)


def follow_share(work: Work, adopted: Adopted, rule: ShareRule, fact: Fact) -> None:
    """Mark the thing by its share as it now stands: one of the two marks stands, the other does not."""
    case = work.case
    if case is None or fact.case is None or not work.met(rule.on):
        return
    percent = _percent(adopted, rule, case)
    part, whole = _number(rule.part, case, rule.whole), _number(rule.whole, case)
    if percent is None or part is None or not whole:
        return
    share = part * 100
    reached = share > percent * whole if rule.over else share >= percent * whole
    wanted, other = (rule.reached, rule.below) if reached else (rule.below, rule.reached)
    mine = _mine(work, adopted, rule, case)
    standing = {one.mark: one for one in mine if one.ended_at is None}
    if other in standing:
        take_off(work, adopted, standing[other], fact)
    if wanted not in standing:
        put_on(work, adopted, rule, wanted, fact, len(mine))


def _percent(adopted: Adopted, rule: ShareRule, case: Case) -> Decimal | None:
    if rule.at_least_setting:
        return number_of(adopted.setting(*rule.at_least_setting))
    if rule.at_least_said:
        return number_of(case.said(rule.at_least_said.event, rule.at_least_said.detail))
    return rule.at_least


def _values(part: Part, case: Case) -> frozenset[str]:
    past = case.happened.get(part.event)
    return frozenset(str(told[part.detail]) for told in past.told if told.get(part.detail)) if past else frozenset()


def _number(part: Part, case: Case, whole: Part | None = None) -> Decimal | None:
    """The number; of different values of the same detail only those count that are of the whole too."""
    if part.distinct:
        values = _values(part, case)
        return Decimal(len(values & _values(whole, case) if whole and whole.detail == part.detail else values))
    past = case.happened.get(part.event)
    if past is None:
        return None
    value: Any = past.last.get(part.detail)
    if isinstance(value, dict):
        keys = part.keys or tuple(value)
        return sum((number_of(value.get(key)) or Decimal() for key in keys), Decimal())
    return number_of(value)
