"""The yearly assessment of units: from full points for excess complaints and repeats, with praise on top, then ranked (UL-5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.known import Case
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Figure, Mark, Reckoning
from huiyin.core.rules import Adopted, AssessmentRule
from huiyin.core.work import Work

RECEIVED, REPEATED, PRAISED, ENTERED = "complaint_received", "repeat_confirmed", "praise_received", "past_year_count_entered"
MOVED = "complaint_received_by_unit"
ANSWERED = "complainant_replied"
HEARD = (RECEIVED, MOVED, ANSWERED, REPEATED, PRAISED, ENTERED)


@dataclass(frozen=True, slots=True)
class Year:
    """What one unit had in a year: complaints, confirmed repeats of complaints, whether it was praised."""

    complaints: int
    repeats: int
    praised: bool


def follow_assessment(work: Work, adopted: Adopted, rule: AssessmentRule, fact: Fact) -> None:
    """Work out every unit's figures of the year, and their ranking, when the review is complete."""
    case = work.case
    if case is None or fact.case is None or rule.on not in work.names:
        return
    year = _year_told(fact) or fact.at.year - 1
    scores: dict[str, Decimal] = {}
    for unit in work.known.units.below(adopted.unit):
        if unit.kind == rule.kind:
            scores[unit.code] = _assess(work, adopted, rule, fact, case, unit.code, year)
    for unit_code, score in scores.items():
        rank = 1 + sum(other > score for other in scores.values())
        _keep(work, rule, fact, unit_code, year, "rank", score, (), rank)


def _year_told(fact: Fact) -> int | None:
    """The year that the act names; None where it names another kind of period or none."""
    named = fact.text("period") or ""
    return int(named) if named.isascii() and named.isdigit() else None


def _assess(work: Work, adopted: Adopted, rule: AssessmentRule, fact: Fact, case: Case, unit: str, year: int) -> Decimal:
    counts = years(case)
    first, compared = (_year(adopted, setting) for setting in (rule.first_year, rule.first_compared))
    # Of a year that was counted, no complaint is a number too; of an earlier one nothing is known unless it was entered.
    uncounted = Year(0, 0, False) if first is not None and year - 1 >= first else None
    this, last = counts.get((unit, year), Year(0, 0, False)), counts.get((unit, year - 1), uncounted)
    if first is None or year >= first:
        _keep(work, rule, fact, unit, year, "count", Decimal(this.complaints), (("counted", RECEIVED, str(this.complaints)),))
    _keep(work, rule, fact, unit, year, "full", rule.full, ())
    excess = max(0, this.complaints - last.complaints) if last and compared is not None and year >= compared else 0
    score = rule.full
    if excess:
        _mark(work, rule, adopted, fact, unit, year, "not_fulfilled", "standard_not_fulfilled")
        score -= _entry(work, rule, fact, unit, year, "excess", excess, rule.excess_points)
    if this.repeats:
        _mark(work, rule, adopted, fact, unit, year, "unqualified", "unqualified")
        score -= _entry(work, rule, fact, unit, year, "repeat", this.repeats, rule.repeat_points)
    score = max(score, rule.floor)
    if this.praised and not this.repeats:
        _mark(work, rule, adopted, fact, unit, year, "excellent", "excellent")
        score -= _entry(work, rule, fact, unit, year, "praise", -1, rule.praise_points)
    elif not this.repeats:
        _mark(work, rule, adopted, fact, unit, year, "qualified", "qualified")
    _keep(work, rule, fact, unit, year, "score", score, (("least", str(rule.floor)),))
    for about, grade in _grades(case, unit, year).items():
        _mark(work, rule, adopted, fact, unit, year, grade, grade, about)
    return score


def _grades(case: Case, unit: str, year: int) -> Mapping[str, str]:
    """The grade of each complaint that the unit answered in the year: the unit's own is the worst of them (UL-5.3)."""
    units = _units_of_cases(case)
    begun = {str(told.get("case")) for at, told in _acts(case, RECEIVED) if in_shanghai(at).year == year}
    answered = {str(told.get("case")) for _, told in _acts(case, ANSWERED)}
    repeated = {
        str(told.get("earlier"))
        for at, told in _acts(case, REPEATED)
        if _answered_before(case, units, units.get(str(told.get("case"))) or str(told.get("unit") or ""), at, told)
    }
    found = sorted(one for one in begun & answered if units.get(one) == unit)
    return {one: "unqualified" if one in repeated else "qualified" for one in found}


def _year(adopted: Adopted, setting: tuple[str, str]) -> int | None:
    value = adopted.setting(*setting)
    return int(value) if value else None


def years(case: Case) -> Mapping[tuple[str, int], Year]:
    """By unit and year what the past of the assessed organisation tells; a number entered for a past year stands for its complaints."""
    units = _units_of_cases(case)
    found: dict[tuple[str, int], Year] = {}
    for name, unit, year, told in _told(case, units):
        before = found.get((unit, year), Year(0, 0, False))
        if name == RECEIVED:
            before = replace(before, complaints=before.complaints + 1)
        elif name == ENTERED:
            before = replace(before, complaints=int(told.get("count") or 0))
        elif name == REPEATED:
            before = replace(before, repeats=before.repeats + 1)
        else:
            before = replace(before, praised=True)
        found[(unit, year)] = before
    return found


def _units_of_cases(case: Case) -> Mapping[str, str]:
    """Where each complaint ended up: the unit that got it last."""
    found: dict[str, str] = {}
    for event in (RECEIVED, MOVED):
        for _, told in _acts(case, event):
            if told.get("case") and told.get("unit"):
                found[str(told["case"])] = str(told["unit"])
    return found


def _told(case: Case, units: Mapping[str, str]) -> Iterator[tuple[str, str, int, Mapping[str, Any]]]:
    for at, told in _received(case):
        yield RECEIVED, str(told.get("unit") or ""), at.year, told
    for name in (ENTERED, REPEATED, PRAISED):
        for at, told in _acts(case, name):
            unit = units.get(str(told.get("case"))) or str(told.get("unit") or "")
            if name == REPEATED and not _answered_before(case, units, unit, at, told):
                continue
            period = str(told.get("period") or "")
            yield name, unit, int(period) if period.isdigit() else at.year, told


def _answered_before(case: Case, units: Mapping[str, str], unit: str, at: datetime, told: Mapping[str, Any]) -> bool:
    """Whether the earlier complaint was one of the same unit and year, and had been answered when it was made again (UL-5.3b)."""
    earlier = str(told.get("earlier") or "")
    if units.get(earlier) != unit:
        return False
    again = min([at, *_begun(case, str(told.get("case")))])
    answered = any(when <= again for when, reply in _acts(case, ANSWERED) if str(reply.get("case")) == earlier)
    return answered and all(in_shanghai(when).year == in_shanghai(at).year for when in _begun(case, earlier))


def _begun(case: Case, complaint: str) -> list[datetime]:
    """When the complaint was received, as far as the thing heard of it."""
    return [when for when, receipt in _acts(case, RECEIVED) if str(receipt.get("case")) == complaint]


def _received(case: Case) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Every complaint once for each unit that got it, also one that passed it on (UL-5.1a)."""
    seen: set[tuple[str, str]] = set()
    for event in (RECEIVED, MOVED):
        for at, told in _acts(case, event):
            one = str(told.get("case")), str(told.get("unit"))
            if one not in seen:
                seen.add(one)
                yield at, told


def _acts(case: Case, event: str) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    past = case.happened.get(event)
    if past is not None:
        yield from ((at, told) for (at, _), told in zip(past.times, past.told, strict=True))


def _entry(work: Work, rule: AssessmentRule, fact: Fact, unit: str, year: int, figure: str, times: int, points: Decimal) -> Decimal:
    """Keep what was taken off (or put on, for fewer than none); returns the points off."""
    amount = points * times
    _keep(work, rule, fact, unit, year, figure, -amount, (("times", str(abs(times)), str(points)),))
    return amount


def _keep(
    work: Work,
    rule: AssessmentRule,
    fact: Fact,
    unit: str,
    year: int,
    figure: str,
    amount: Decimal,
    why: Reckoning,
    rank: int | None = None,
) -> None:
    clause = rule.clauses.get(figure)
    if clause is None:
        return
    one = Figure(f"{clause}|{unit}|{year}|{figure}", clause, unit, amount, fact.at, None, str(year), rank, why)
    work.changed[("Figure", one.key)] = one


def _mark(
    work: Work, rule: AssessmentRule, adopted: Adopted, fact: Fact, unit: str, year: int, figure: str, mark: str, about: str = ""
) -> None:
    clause = rule.clauses.get(figure)
    if clause is not None:
        key = f"{adopted.regulation.prefix}:{rule.id}|{about or unit}/{year}|{mark}"
        work.keep(Mark(key, mark, clause, about or str(fact.case), fact.at, None, unit, str(year)))
