"""Inspections by a standard: findings take points off, rows share a deduction, caps hold, what is left is summed up (CR-0b, I18–I22)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from huiyin.core.facts import Fact
from huiyin.core.known import Case
from huiyin.core.records import Figure, Reckoning
from huiyin.core.rules import Adopted, IndicatorRule, StandardRule
from huiyin.core.work import Work

FINDING, WITHDRAWN = "finding_recorded", "finding_withdrawn"
SCORED_ON = ("inspection_opened", FINDING, WITHDRAWN, "inspection_closed")


def occurrences(case: Case) -> Mapping[str, int]:
    """How often each clause was found unmet in the inspection, by clause; a withdrawn finding counts no more."""
    found: dict[str, int] = {}
    for event, sign in ((FINDING, 1), (WITHDRAWN, -1)):
        past = case.happened.get(event)
        for told in past.told if past else ():
            clause = str(told.get("clause") or "")
            found[clause] = max(0, found.get(clause, 0) + sign * int(told.get("count") or 1))
    return found


def deductions(adopted: Adopted, case: Case) -> Mapping[str, tuple[Decimal, int]]:
    """For each standard with a finding its deduction (negative) and how often it was found. Of a row only the first one takes points
    (I19); a row whose standards count each time is added up to its cap (I20)."""
    times = occurrences(case)
    found: dict[str, tuple[Decimal, int]] = {}
    rows: dict[str, Decimal] = {}
    for rule in standards(adopted):
        count = sum(times.get(clause, 0) for clause in dict.fromkeys((*rule.cites[:1], *rule.parts)))
        if not count:
            continue
        amount = rule.points * (count if rule.per_occurrence else 1)
        before = rows.get(rule.row, Decimal()) if rule.row else Decimal()
        amount = min(amount, max(Decimal(), rule.cap - before)) if rule.cap is not None else amount
        if rule.row:
            amount = Decimal() if before and not rule.per_occurrence else amount
            rows[rule.row] = before + amount
        found[rule.cites[0]] = (-amount, count)
    return found


def standards(adopted: Adopted) -> tuple[StandardRule, ...]:
    """The standards of the regulation, in the order of its file."""
    return tuple(rule for rule in adopted.regulation.rules if isinstance(rule, StandardRule))


def follow_indicator(work: Work, adopted: Adopted, rule: IndicatorRule, fact: Fact) -> None:
    """Work out what is left of the indicator, the deductions of its standards, and the sum of all indicators."""
    case = work.case
    if case is None or fact.case is None or fact.event not in SCORED_ON:
        return
    lost = deductions(adopted, case)
    total = Decimal()
    for other in adopted.regulation.rules:
        if isinstance(other, IndicatorRule):
            left = _left(adopted, other, lost)
            total += left
            if other is rule:
                _keep(work, case, fact, rule.cites[0], left, (("points", rule.cites[0], str(rule.points)),))
    _keep(work, case, fact, rule.total, total, ())
    for standard in standards(adopted):
        amount, count = lost.get(standard.cites[0], (Decimal(), 0))
        if standard.indicator == rule.cites[0] and count:
            reckoning: Reckoning = (("times", str(count), str(standard.points)), ("points", standard.cites[0], str(amount)))
            _keep(work, case, fact, standard.cites[0], amount, reckoning)


def _left(adopted: Adopted, rule: IndicatorRule, lost: Mapping[str, tuple[Decimal, int]]) -> Decimal:
    off = sum((lost[one.cites[0]][0] for one in standards(adopted) if one.indicator == rule.cites[0] and one.cites[0] in lost), Decimal())
    return max(Decimal(), rule.points + off)


def _keep(work: Work, case: Case, fact: Fact, clause: str, amount: Decimal, reckoning: Reckoning) -> None:
    figure = Figure(f"{clause}|{case.key}", clause, case.unit, amount, fact.at, case.key, None, None, reckoning)
    work.changed[("Figure", figure.key)] = figure
