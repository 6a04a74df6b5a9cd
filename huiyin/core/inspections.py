"""Inspections by a standard: findings take points off, rows share a deduction, caps hold, what is left is summed up (CR-0b, I18–I22)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from huiyin.core.facts import Fact
from huiyin.core.known import Case
from huiyin.core.records import Figure, Reckoning
from huiyin.core.rules import Adopted, IndicatorRule, StandardRule
from huiyin.core.work import Work

FINDING, WITHDRAWN = "finding_recorded", "finding_withdrawn"
CLOSED = "inspection_closed"
SCORED_ON = (CLOSED, FINDING, WITHDRAWN)
"""Acts after which an inspection is scored: its closing, and what was found before that and entered after it."""


def occurrences(case: Case, rule: StandardRule) -> int:
    """How often the standard was found unmet in the inspection; a withdrawn finding counts no more. Where findings count per household or
    shop, several at one of them are one."""
    clauses = {*rule.cites[:1], *rule.parts}
    count = 0
    places: dict[str, int] = {}
    for event, sign in ((FINDING, 1), (WITHDRAWN, -1)):
        past = case.happened.get(event)
        for told in past.told if past else ():
            if told.get("clause") not in clauses:
                continue
            times = sign * int(told.get("count") or 1)
            if rule.per and told.get(rule.per):
                places[told[rule.per]] = places.get(told[rule.per], 0) + times
            else:
                count += times
    return max(0, count) + sum(1 for times in places.values() if times > 0)


def deductions(adopted: Adopted, case: Case) -> Mapping[str, tuple[Decimal, int]]:
    """For each standard with a finding its deduction (negative) and how often it was found."""
    return price(adopted, {rule.cites[0]: occurrences(case, rule) for rule in standards(adopted)}, _found_under(case))


def price(adopted: Adopted, counts: Mapping[str, int], found_under: Collection[str] = ()) -> Mapping[str, tuple[Decimal, int]]:
    """For each standard that ``counts`` says was found so often its deduction (negative) and that number. Of a row only the first one takes
    points (I19); a row whose standards count each time is added up to its cap (I20). ``found_under`` are the clauses of findings."""
    found: dict[str, tuple[Decimal, int]] = {}
    rows: dict[str, Decimal] = {}
    for rule in standards(adopted):
        count = counts.get(rule.cites[0], 0)
        if not count:
            continue
        amount = rule.points * (count if rule.per_occurrence else 1)
        if _found_already(adopted, rule, found_under):
            count, amount = 0, Decimal()
        row = rule.row
        before = rows.get(row, Decimal()) if row else Decimal()
        amount = min(amount, max(Decimal(), rule.cap - before)) if rule.cap is not None else amount
        if row:
            amount = Decimal() if before and not rule.per_occurrence else amount
            rows[row] = before + amount
        found[rule.cites[0]] = (-amount, count)
    return found


def _found_under(case: Case) -> frozenset[str]:
    past = case.happened.get(FINDING)
    return frozenset(str(told.get("clause")) for told in past.told) if past else frozenset()


def _found_already(adopted: Adopted, rule: StandardRule, found_under: Collection[str]) -> bool:
    """Whether the same failure stands in another row too, and the organisation has set that it costs points once (I21)."""
    once = str(adopted.setting(*rule.once_if or ("", ""))).lower() == "true"
    return rule.same_as is not None and once and rule.same_as in found_under


def standards(adopted: Adopted) -> tuple[StandardRule, ...]:
    """The standards of the regulation, in the order of its file."""
    return tuple(rule for rule in adopted.regulation.rules if isinstance(rule, StandardRule))


def follow_indicator(work: Work, adopted: Adopted, rule: IndicatorRule, fact: Fact) -> None:
    """Work out what is left of the indicator, the deductions of its standards, and the sum of all indicators."""
    case = work.case
    if case is None or fact.case is None or not _scores(case, fact):
        return
    lost = deductions(adopted, case)
    total = Decimal()
    for other in adopted.regulation.rules:
        if isinstance(other, IndicatorRule):
            left = left_of(adopted, other, lost)
            total += left
            if other is rule:
                _keep(work, case, fact, rule.cites[0], left, (("points", rule.cites[0], str(rule.points)),))
    _keep(work, case, fact, rule.total, total, ())
    for standard in standards(adopted):
        amount, count = lost.get(standard.cites[0], (Decimal(), 0))
        if standard.indicator == rule.cites[0] and (count or fact.details.get("clause") in (standard.cites[0], *standard.parts)):
            reckoning: Reckoning = (("times", str(count), str(standard.points)), ("points", standard.cites[0], str(amount)))
            _keep(work, case, fact, standard.cites[0], amount, reckoning)


def _scores(case: Case, fact: Fact) -> bool:
    """Whether the inspection is scored with the fact: with its closing, and with what had been found by then."""
    closed = case.happened.get(CLOSED)
    return closed is not None and fact.event in SCORED_ON and fact.at <= closed.last_at


def left_of(adopted: Adopted, rule: IndicatorRule, lost: Mapping[str, tuple[Decimal, int]]) -> Decimal:
    """What is left of the indicator's points when its standards lose so much; never less than nothing."""
    off = sum((lost[one.cites[0]][0] for one in standards(adopted) if one.indicator == rule.cites[0] and one.cites[0] in lost), Decimal())
    return max(Decimal(), rule.points + off)


def _keep(work: Work, case: Case, fact: Fact, clause: str, amount: Decimal, reckoning: Reckoning) -> None:
    figure = Figure(f"{clause}|{case.key}", clause, case.unit, amount, fact.at, case.key, None, None, reckoning)
    work.changed[("Figure", figure.key)] = figure
