"""Limits of the clauses: reading them, and reckoning from a start when they end.

The conventions are those of the clause catalogue, "Conventions for reading the numbers", and decisions D4, D7, D19,
D20: days are 24 hours each and weeks seven of them; the day of the start does not count among workdays, the n-th
closes at 24:00; months and years end at 24:00 of the same day number or of the last day; "at once" has no number.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import Final

from huiyin.core import steps
from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.moments import closing_of, in_shanghai, later_by
from huiyin.core.recurrence import BadLimit, Recurrence, due_of, parse_recurrence, period_of
from huiyin.core.steps import Step

__all__ = [
    "AtOnce", "BadLimit", "Before", "Due", "Ending", "FixedInRecord", "Limit", "Recurring", "SameDay", "Span", "Step", "Unit",
    "due_at", "due_in_hours", "elapsed", "ending", "is_shorter", "parse_limit", "reckon",
]  # fmt: skip


class Unit(StrEnum):
    """The units of a span, as the clauses write them: always in the plural."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKDAYS = "workdays"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


LARGEST_NUMBER: Final = {unit: 3660 for unit in Unit} | {Unit.WEEKS: 520, Unit.MONTHS: 1200, Unit.YEARS: 100}
_ELAPSED: Final = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(hours=24),
    Unit.WEEKS: timedelta(hours=7 * 24),
}
_SPAN = re.compile(r"(\S+) (\S+)")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_BEFORE = re.compile(r"at least (.+) before")
_FIXED = re.compile(r"by the time (\S.*)")
_RECURRING = re.compile(r"(daily|weekly|monthly|quarterly|half-yearly|yearly|semesterly|periodically)\b.*")
_WORDS: Final = (
    *(f"<n> {unit}" for unit in Unit), "same day", "immediately", "promptly", "at least <n> <unit> before",
    "by the time …", "daily …", "weekly …", "monthly …", "quarterly …", "half-yearly", "semesterly …", "yearly …",
    "periodically (period set by the organisation)",
)  # fmt: skip
_NAMES: Final = (
    *Unit, "same day", "immediately", "promptly", "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """`<n> <unit>`, counted forward from the start; `passes` is the time that this is, None for what the calendar counts."""

    number: int
    unit: Unit
    passes: timedelta | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        one = _ELAPSED.get(self.unit)
        object.__setattr__(self, "passes", one * self.number if one is not None else None)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


@dataclass(frozen=True, slots=True)
class SameDay:
    """Until 24:00 of the date of the start (convention 4)."""

    def __str__(self) -> str:
        return "same day"


@dataclass(frozen=True, slots=True)
class AtOnce:
    """`immediately` or `promptly`: only a tolerance set by the organisation makes it a limit (convention 6, D4)."""

    word: str

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class Before:
    """`at least <n> <unit> before`, counted back from the event, whose moment is handed in as the start (D7)."""

    span: Span

    def __str__(self) -> str:
        return f"at least {self.span} before"


@dataclass(frozen=True, slots=True)
class FixedInRecord:
    """`by the time …`: the record itself holds the moment."""

    where: str

    def __str__(self) -> str:
        return f"by the time {self.where}"


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurring duty: due in the period in which the start lies."""

    recurrence: Recurrence

    def __str__(self) -> str:
        return self.recurrence.text


Limit = Span | SameDay | AtOnce | Before | FixedInRecord | Recurring


Ending = Callable[[datetime], datetime | None]
"""When a limit ends that begins at the moment; None where it has no number."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends (aware, Shanghai; None without a number), how that was reckoned, whether it may still move."""

    at: datetime | None
    steps: tuple[Step, ...]
    provisional: bool


@lru_cache(maxsize=1024)
def parse_limit(text: str) -> Limit:
    """Read a `within:` or `recurs:` of the catalogue. Raises BadLimit, which names the nearest word."""
    found = text.strip()
    if found == "same day":
        return SameDay()
    if found in ("immediately", "promptly"):
        return AtOnce(found)
    if match := _BEFORE.fullmatch(found):
        return Before(_span(found, match[1]))
    if match := _FIXED.fullmatch(found):
        return FixedInRecord(match[1])
    if _RECURRING.fullmatch(found):
        return Recurring(parse_recurrence(found))
    return _span(found, found)


def elapsed(text: str) -> timedelta:
    """A span of minutes, hours, days or weeks as time; raises BadLimit for what is no limit, ValueError for any other one."""
    limit = parse_limit(text)
    if not isinstance(limit, Span) or limit.passes is None:
        raise ValueError(f"found {text!r}; expected a number of minutes, hours, days or weeks")
    return limit.passes


def is_shorter(text: str, than: str) -> bool:
    """Whether a span always ends before another one from the same start: both of one unit, or both of time that elapses. A limit of
    another kind is not compared; raises BadLimit for what is no limit."""
    one, other = parse_limit(text), parse_limit(than)
    if not isinstance(one, Span) or not isinstance(other, Span):
        return False
    if one.unit is other.unit:
        return one.number < other.number
    return one.unit in _ELAPSED and other.unit in _ELAPSED and elapsed(text) < elapsed(than)


def _span(found: str, text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise _unknown(found, text)
    number, unit = match.groups()
    if unit not in set(Unit):
        raise _unknown(found, unit)
    largest = LARGEST_NUMBER[Unit(unit)]
    if _NUMBER.fullmatch(number) is None or int(number) > largest:
        raise BadLimit(
            f"found limit {_shown(found)!r} with the number {_shown(number)!r}; expected a whole number from "
            f"1 to {largest} in plain digits, such as '3 {unit}'",
            f"时限“{_shown(found)}”中的数字“{_shown(number)}”有误；请用 1 到 {largest} 的半角整数，例如“3 {unit}”",
        )
    return Span(int(number), Unit(unit))


def _unknown(found: str, word: str) -> BadLimit:
    nearest = tuple(found.replace(word, name) for name in get_close_matches(word, _NAMES, n=1, cutoff=0.6))
    perhaps_en = f"; perhaps {nearest[0]!r}" if nearest else ""
    perhaps_zh = f"；是否指“{nearest[0]}”" if nearest else ""
    return BadLimit(
        f"found limit {_shown(found)!r}; expected one of: {' | '.join(_WORDS)}{perhaps_en}",
        f"“{_shown(found)}”不是可识别的时限；可用：{' | '.join(_WORDS)}{perhaps_zh}",
        nearest,
    )


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def due_at(
    limit: Limit,
    start: datetime,
    workdays: Workdays,
    tolerance: Limit | None = None,
    *,
    fixed_at: datetime | None = None,
) -> datetime | None:
    """When a limit ends, without words: the quick way.

    In: an aware `start` (for `at least … before` the moment of the event itself); `tolerance`, a span or `same day`,
    for limits without a number; `fixed_at`, the moment that a record holds for `by the time …`.
    Out: an aware datetime in Shanghai, 24:00 being 00:00 of the next day; None where there is no number.
    Raises ValueError for a start without a zone, BadLimit for a tolerance that has no number itself.
    """
    local = in_shanghai(start)
    if isinstance(limit, Span):
        return _end_of(limit, local, workdays)
    if isinstance(limit, SameDay):
        return closing_of(local.date())
    if isinstance(limit, Before):
        return _latest_before(limit.span, local, workdays)
    if isinstance(limit, Recurring):
        return _due_in_period(limit.recurrence, local, workdays)
    if isinstance(limit, FixedInRecord):
        return None if fixed_at is None else in_shanghai(fixed_at)
    return None if tolerance is None else due_at(_numbered(tolerance), local, workdays)


def due_in_hours(limit: Limit, start: datetime, hours: DutyHours, workdays: Workdays) -> datetime | None:
    """When a limit of minutes or hours ends that runs only during duty hours; any other limit ends as `due_at` says.

    In: an aware `start`; time outside the hours does not count. Out: an aware datetime in Shanghai; a limit that is used up
    exactly at the close of a day ends there. The start is at most some months before the end (3,660 hours of one a day).
    """
    if not isinstance(limit, Span) or limit.unit not in (Unit.MINUTES, Unit.HOURS) or limit.passes is None:
        return due_at(limit, start, workdays)
    left = limit.passes
    now = in_shanghai(start)
    day = now.date()
    for _ in range(LARGEST_NUMBER[Unit.DAYS] * 4):
        if hours.on_duty_day(day, workdays):
            opens, closes = max(now, hours.opens_at(day)), hours.closes_at(day)
            if opens < closes and left <= closes - opens:
                return opens + left
            left -= max(closes - opens, timedelta())
        day += timedelta(days=1)
    raise BadLimit(
        f"found {limit} within {hours}, which does not end within years; choose longer hours or a shorter limit",
        f"时限“{limit}”在“{hours}”内多年也用不完；请放宽时段或缩短时限",
    )


def ending(limit: Limit, workdays: Workdays, hours: DutyHours | None = None) -> Ending:
    """One limit made ready: a function of its start that answers as `due_at` does, or, with `hours`, as `due_in_hours`."""
    if hours is not None:
        return lambda start: due_in_hours(limit, start, hours, workdays)
    passes = limit.passes if isinstance(limit, Span) else None
    if passes is not None:
        return lambda start: later_by(in_shanghai(start), passes)
    return lambda start: due_at(limit, start, workdays)


def _numbered(tolerance: Limit) -> Span | SameDay:
    if isinstance(tolerance, Span | SameDay):
        return tolerance
    raise BadLimit(
        f"found tolerance {str(tolerance)!r}; expected a length such as '30 minutes', '1 workdays' or 'same day'",
        f"容忍期“{tolerance}”没有长度；请写成“30 minutes”“1 workdays”或“same day”",
    )


def _end_of(span: Span, start: datetime, workdays: Workdays) -> datetime:
    if span.passes is not None:
        return later_by(start, span.passes)
    if span.unit is Unit.WORKDAYS:
        return closing_of(workdays.nth_workday_after(start.date(), span.number))
    return closing_of(_months_from(start.date(), _months(span)))


def _latest_before(span: Span, event: datetime, workdays: Workdays) -> datetime:
    if span.passes is not None:
        return later_by(event, -span.passes)
    if span.unit is Unit.WORKDAYS:
        return closing_of(workdays.nth_workday_before(event.date(), span.number))
    return closing_of(_months_from(event.date(), -_months(span)))


def _months(span: Span) -> int:
    return span.number * (12 if span.unit is Unit.YEARS else 1)


def _months_from(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _due_in_period(recurrence: Recurrence, start: datetime, workdays: Workdays) -> datetime | None:
    kind = recurrence.period_kind
    return None if kind is None else due_of(recurrence, period_of(kind, start), workdays)


def reckon(
    limit: Limit,
    start: datetime,
    workdays: Workdays,
    *,
    tolerance: Limit | None = None,
    fixed_at: datetime | None = None,
) -> Due:
    """When a limit ends and why, in Chinese and English sentences. In, out and errors as for `due_at`.

    Provisional: the answer counts workdays of a year whose notice has not been announced.
    """
    local = in_shanghai(start)
    at = due_at(limit, local, workdays, tolerance, fixed_at=fixed_at)
    counted = _numbered(tolerance) if isinstance(limit, AtOnce) and tolerance is not None else limit
    told = (*_opening_steps(limit, counted, local), *_middle_steps(counted, local, at, workdays))
    provisional = at is not None and _is_provisional(counted, local, at, workdays)
    if at is not None:
        told = (*told, steps.ends(at, passed=isinstance(limit, Recurring) and at <= local))
    return Due(at, (*told, steps.provisional()) if provisional else told, provisional)


def _opening_steps(limit: Limit, counted: Limit, start: datetime) -> tuple[Step, ...]:
    if isinstance(limit, Before):
        return (steps.event(start),)
    if isinstance(limit, FixedInRecord):
        return (steps.fixed_in_record(limit.where),)
    if isinstance(limit, AtOnce):
        return (steps.starts(start), steps.at_once(limit.word, None if counted is limit else str(counted)))
    uncounted = isinstance(counted, Span) and counted.unit is Unit.WORKDAYS
    return (steps.starts(start, day_counts=not uncounted),)


def _middle_steps(counted: Limit, start: datetime, at: datetime | None, workdays: Workdays) -> tuple[Step, ...]:
    if isinstance(counted, Recurring):
        kind = counted.recurrence.period_kind
        return (steps.recurring(counted.recurrence.text, period_of(kind, start).name if kind and at else None),)
    if isinstance(counted, SameDay):
        return (steps.same_day(start.date()),)
    backwards = isinstance(counted, Before)
    span = counted.span if isinstance(counted, Before) else counted
    if at is None or not isinstance(span, Span):
        return ()
    last = at.date() - timedelta(days=1)
    if span.unit is Unit.WORKDAYS:
        return steps.workdays_counted(workdays, start.date(), last, span.number, backwards=backwards)
    if span.unit in (Unit.MONTHS, Unit.YEARS):
        return (steps.months_counted(span.number, span.unit, start.date(), last, backwards=backwards),)
    return (steps.elapsed(span.number, span.unit, backwards=backwards),)


def _is_provisional(counted: Limit, start: datetime, at: datetime, workdays: Workdays) -> bool:
    if isinstance(counted, Recurring):
        hours = counted.recurrence.hours
        return hours is not None and hours.days == "workdays" and not workdays.known(start.date())
    span = counted.span if isinstance(counted, Before) else counted
    if not isinstance(span, Span) or span.unit is not Unit.WORKDAYS:
        return False
    last = at.date() - timedelta(days=1)
    return not workdays.known_through(min(start.date(), last), max(start.date(), last))
