"""What a year was to each assessed unit, and what it comes to (UL-5): complaints, base, excess, repeats, praise, points, grade, rank.

Everything is worked out of what the assessed organisation heard: a year may be reckoned while it runs, and each figure tells of what it
is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from huiyin.core.known import Case, Units
from huiyin.core.moments import in_shanghai
from huiyin.core.rules import Adopted, AssessmentRule

RECEIVED, REPEATED, PRAISED, ENTERED = "complaint_received", "repeat_confirmed", "praise_received", "past_year_count_entered"
MOVED = "complaint_received_by_unit"
ANSWERED = "complainant_replied"
HEARD: Final = (RECEIVED, MOVED, ANSWERED, REPEATED, PRAISED, ENTERED)
QUALIFIED, UNQUALIFIED, EXCELLENT = "qualified", "unqualified", "excellent"
REWARDED_RANK: Final = 3
"""The last rank that is listed for a reward (前三名)."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that counts: when it was, of which case (empty: of none), and what it says beside (the earlier case of a repeat, the number
    that was entered)."""

    at: datetime
    case: str
    beside: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """What one unit had in a year. ``entered``: the numbers that somebody entered for it; the last one stands for its complaints."""

    received: tuple[Told, ...] = ()
    entered: tuple[Told, ...] = ()
    repeated: tuple[Told, ...] = ()
    praised: tuple[Told, ...] = ()

    @property
    def complaints(self) -> int:
        """How many complaints the year counts."""
        return int(Decimal(self.entered[-1].beside or 0)) if self.entered else len(self.received)


NO_YEAR: Final = Year()


@dataclass(frozen=True, slots=True)
class Assessed:
    """The year of one unit: what it and the year before had, the points taken and given, the score, the grade and the rank.

    ``last`` is None where nothing is known of the year before. ``counted`` and ``compared`` say whether the organisation counts this year,
    and holds it against the one before. ``excess`` are the complaints more than then. ``before_floor`` is what the deductions would leave.
    """

    unit: str
    year: int
    this: Year
    last: Year | None
    counted: bool
    compared: bool
    excess: int
    for_excess: Decimal
    for_repeats: Decimal
    for_praise: Decimal
    before_floor: Decimal
    score: Decimal
    grade: str
    rank: int = 0
    grades: Mapping[str, str] = field(default_factory=dict)

    @property
    def fulfilled(self) -> bool:
        """Whether there were no more complaints than in the year before."""
        return not self.excess

    @property
    def rewarded(self) -> bool:
        """Whether the unit is listed for a reward."""
        return 0 < self.rank <= REWARDED_RANK


def assess(rule: AssessmentRule, adopted: Adopted, units: Units, heard: Case | None, year: int) -> tuple[Assessed, ...]:
    """Every assessed unit below the adopting one in the year, in the order of the tree; the same score shares a rank, the next is skipped.

    ``heard`` is the past of the assessed organisation; None where nothing has happened there yet.
    """
    told = years(heard) if heard is not None else {}
    codes = [unit.code for unit in units.below(adopted.unit) if unit.kind == rule.kind]
    found = [_assess(rule, adopted, told, code, year) for code in codes]
    grades = _grades(heard, year) if heard is not None else {}
    return tuple(
        replace(
            one,
            rank=1 + sum(other.score > one.score for other in found),
            grades={case: grade for case, (unit, grade) in grades.items() if unit == one.unit},
        )
        for one in found
    )


def _assess(rule: AssessmentRule, adopted: Adopted, told: Mapping[tuple[str, int], Year], unit: str, year: int) -> Assessed:
    first, compared_from = year_set(adopted, rule.first_year), year_set(adopted, rule.first_compared)
    # Of a year that was counted, no complaint is a number too; of an earlier one nothing is known unless it was entered.
    uncounted = NO_YEAR if first is not None and year - 1 >= first else None
    this, last = told.get((unit, year), NO_YEAR), told.get((unit, year - 1), uncounted)
    compared = compared_from is not None and year >= compared_from
    excess = max(0, this.complaints - last.complaints) if last is not None and compared else 0
    repeats = len(this.repeated)
    praised = bool(this.praised) and not repeats
    for_excess, for_repeats = -rule.excess_points * excess, -rule.repeat_points * repeats
    for_praise = rule.praise_points if praised else Decimal(0)
    before_floor = rule.full + for_excess + for_repeats
    return Assessed(
        unit=unit,
        year=year,
        this=this,
        last=last,
        counted=first is None or year >= first,
        compared=compared,
        excess=excess,
        for_excess=for_excess,
        for_repeats=for_repeats,
        for_praise=for_praise,
        before_floor=before_floor,
        score=max(before_floor, rule.floor) + for_praise,
        grade=UNQUALIFIED if repeats else EXCELLENT if praised else QUALIFIED,
    )


def year_set(adopted: Adopted, setting: tuple[str, str]) -> int | None:
    """The year that the organisation has set; None where it has not."""
    value = adopted.setting(*setting)
    return int(value) if value else None


def _grades(heard: Case, year: int) -> Mapping[str, tuple[str, str]]:
    """The unit and the grade of each complaint answered in the year: the unit's own grade is the worst of them (UL-5.3)."""
    units = _units_of_cases(heard)
    begun = {str(told.get("case")) for at, told in _acts(heard, RECEIVED) if in_shanghai(at).year == year}
    answered = {str(told.get("case")) for _, told in _acts(heard, ANSWERED)}
    repeated = {
        str(told.get("earlier"))
        for at, told in _acts(heard, REPEATED)
        if _answered_before(heard, units, units.get(str(told.get("case"))) or str(told.get("unit") or ""), at, told)
    }
    return {one: (units.get(one, ""), UNQUALIFIED if one in repeated else QUALIFIED) for one in sorted(begun & answered)}


def years(heard: Case) -> Mapping[tuple[str, int], Year]:
    """By unit and year what the past of the assessed organisation tells."""
    units = _units_of_cases(heard)
    found: dict[tuple[str, int], Year] = {}
    for name, unit, year, one in _told(heard, units):
        before = found.get((unit, year), NO_YEAR)
        found[(unit, year)] = _with(before, name, one)
    return found


def _with(year: Year, name: str, one: Told) -> Year:
    if name == RECEIVED:
        return replace(year, received=(*year.received, one))
    if name == ENTERED:
        return replace(year, entered=(*year.entered, one))
    if name == REPEATED:
        return replace(year, repeated=(*year.repeated, one))
    return replace(year, praised=(*year.praised, one))


def received_in(heard: Case, year: int) -> tuple[Told, ...]:
    """Every complaint of the year once, whichever units got it, in the order of receipt."""
    listed = (_one(at, told) for at, told in _acts(heard, RECEIVED) if in_shanghai(at).year == year)
    return tuple({one.case: one for one in listed}.values())


def completed_in(heard: Case, rule: AssessmentRule, year: int) -> tuple[Told, ...]:
    """The acts that completed the review of the year, in their order."""
    return tuple(_one(at, told) for at, told in _acts(heard, rule.on) if year_named(str(told.get("period") or ""), at) == year)


def year_named(named: str, at: datetime) -> int:
    """The year that an act is about: the one that it names, else the one before it."""
    return int(named) if named.isascii() and named.isdigit() else in_shanghai(at).year - 1


def _units_of_cases(heard: Case) -> Mapping[str, str]:
    """Where each complaint ended up: the unit that got it last."""
    found: dict[str, str] = {}
    for event in (RECEIVED, MOVED):
        for _, told in _acts(heard, event):
            if told.get("case") and told.get("unit"):
                found[str(told["case"])] = str(told["unit"])
    return found


def _told(heard: Case, units: Mapping[str, str]) -> Iterator[tuple[str, str, int, Told]]:
    for at, told in _received(heard):
        yield RECEIVED, str(told.get("unit") or ""), in_shanghai(at).year, _one(at, told)
    for name in (ENTERED, REPEATED, PRAISED):
        for at, told in _acts(heard, name):
            unit = units.get(str(told.get("case"))) or str(told.get("unit") or "")
            if name == REPEATED and not _answered_before(heard, units, unit, at, told):
                continue
            period = str(told.get("period") or "")
            again = _made(heard, at, told) if name == REPEATED else at
            beside = {ENTERED: "count", REPEATED: "earlier"}.get(name, "")
            yield name, unit, int(period) if period.isdigit() else in_shanghai(again).year, _one(at, told, beside)


def _one(at: datetime, told: Mapping[str, Any], beside: str = "") -> Told:
    return Told(at, str(told.get("case") or ""), str(told.get(beside) or ""), str(told.get("by") or ""))


def _answered_before(heard: Case, units: Mapping[str, str], unit: str, at: datetime, told: Mapping[str, Any]) -> bool:
    """Whether the earlier complaint was one of the same unit and year, and had been answered when it was made again (UL-5.3b)."""
    earlier = str(told.get("earlier") or "")
    if units.get(earlier) != unit:
        return False
    again = _made(heard, at, told)
    answered = any(when <= again for when, reply in _acts(heard, ANSWERED) if str(reply.get("case")) == earlier)
    return answered and all(in_shanghai(when).year == in_shanghai(again).year for when in _begun(heard, earlier))


def _made(heard: Case, at: datetime, told: Mapping[str, Any]) -> datetime:
    """When the complaint was made again: its receipt, also where that it is a repeat was only confirmed at the review, a year later."""
    return min([at, *_begun(heard, str(told.get("case")))])


def _begun(heard: Case, complaint: str) -> list[datetime]:
    """When the complaint was received, as far as the organisation heard of it."""
    return [when for when, receipt in _acts(heard, RECEIVED) if str(receipt.get("case")) == complaint]


def _received(heard: Case) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    """Every complaint once for each unit that got it, also one that passed it on (UL-5.1a)."""
    seen: set[tuple[str, str]] = set()
    for event in (RECEIVED, MOVED):
        for at, told in _acts(heard, event):
            one = str(told.get("case")), str(told.get("unit"))
            if one not in seen:
                seen.add(one)
                yield at, told


def _acts(heard: Case, event: str) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    past = heard.happened.get(event)
    if past is not None:
        yield from ((at, told) for (at, _), told in zip(past.times, past.told, strict=True))
