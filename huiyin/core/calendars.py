"""Workdays and hours of duty, as plain dates: weekends, days off, make-up workdays.

Nothing here reads a file; `huiyin.rulebook.calendars.load` hands the dates in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import accumulate
from typing import Literal

from huiyin.core.moments import SHANGHAI, closing_of, in_shanghai

DutyDays = Literal["daily", "workdays"]
MINUTES_OF_DAY = 24 * 60
_HOURS = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


def _weekdays_to(ordinal: int) -> int:
    """How many days from Monday to Friday lie in the days 1 to `ordinal` (day 1 of the calendar was a Monday)."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _weekday_number(count: int) -> int:
    """The ordinal of the `count`-th day from Monday to Friday: the other way round."""
    weeks, rest = divmod(count - 1, 5)
    return weeks * 7 + rest + 1


@dataclass(frozen=True, slots=True)
class Workdays:
    """A calendar of workdays.

    In: `days_off` (days without work, weekends or not), `makeup_days` (weekend days that are worked), `known_years`
    (the years whose notice has been announced), `edition` (what a reckoning cites), `names` of days (春节).
    Outside its dates the plain rule holds: Monday to Friday are workdays.
    Raises ValueError when a day is both off and worked, or when a known year has no workday at all.
    """

    days_off: frozenset[date]
    makeup_days: frozenset[date]
    known_years: frozenset[int]
    edition: str
    names: Mapping[date, str] = field(default_factory=dict, compare=False, repr=False)
    _first: int = field(init=False, repr=False, compare=False)
    _last: int = field(init=False, repr=False, compare=False)
    _works: bytes = field(init=False, repr=False, compare=False)
    _counts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _ordinals: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _weekdays_before: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if both := self.days_off & self.makeup_days:
            raise ValueError(f"found {min(both)} both off and worked; keep it in one of the two lists")
        years = self.known_years | {day.year for day in self.days_off | self.makeup_days} or {2000}
        first, last = date(min(years), 1, 1).toordinal(), date(max(years), 12, 31).toordinal()
        works = bytearray(1 if (ordinal - 1) % 7 < 5 else 0 for ordinal in range(first, last + 1))
        for day in self.days_off:
            works[day.toordinal() - first] = 0
        for day in self.makeup_days:
            works[day.toordinal() - first] = 1
        for name, value in (
            ("_first", first),
            ("_last", last),
            ("_works", bytes(works)),
            ("_counts", tuple(accumulate(works))),
            ("_ordinals", tuple(first + index for index, flag in enumerate(works) if flag)),
            ("_weekdays_before", _weekdays_to(first - 1)),
        ):
            object.__setattr__(self, name, value)
        self._refuse_idle_years()

    def _refuse_idle_years(self) -> None:
        for year in sorted(self.known_years):
            opens, closes = date(year, 1, 1).toordinal() - self._first, date(year, 12, 31).toordinal() - self._first
            if not any(self._works[opens : closes + 1]):
                raise ValueError(f"found no workday in {year}; no limit in workdays could end; correct the days off")

    def is_workday(self, day: date) -> bool:
        """Whether work is done on this day."""
        ordinal = day.toordinal()
        if self._first <= ordinal <= self._last:
            return self._works[ordinal - self._first] == 1
        return (ordinal - 1) % 7 < 5

    def known(self, day: date) -> bool:
        """Whether the notice for the year of this day has been announced; if not, answers about it are provisional."""
        return day.year in self.known_years

    def known_through(self, first: date, last: date) -> bool:
        """Whether every year from `first` to `last` has been announced."""
        if first.year == last.year:
            return first.year in self.known_years
        return all(year in self.known_years for year in range(first.year, last.year + 1))

    def nth_workday_after(self, day: date, n: int) -> date:
        """The n-th workday after `day`, which itself never counts. n >= 1; raises ValueError else."""
        if n < 1:
            raise ValueError(f"found n = {n}; expected 1 or more")
        return date.fromordinal(self._numbered(self._count_to(day.toordinal()) + n))

    def nth_workday_before(self, day: date, n: int) -> date:
        """The n-th workday before `day`, which itself never counts. n >= 1; raises ValueError else."""
        if n < 1:
            raise ValueError(f"found n = {n}; expected 1 or more")
        return date.fromordinal(self._numbered(self._count_to(day.toordinal() - 1) - n + 1))

    def count_between(self, after: date, to: date) -> int:
        """How many workdays lie after `after`, up to and including `to`."""
        return self._count_to(to.toordinal()) - self._count_to(after.toordinal())

    def _count_to(self, ordinal: int) -> int:
        if ordinal < self._first:
            return _weekdays_to(ordinal)
        if ordinal <= self._last:
            return self._weekdays_before + self._counts[ordinal - self._first]
        return self._weekdays_before + self._counts[-1] + _weekdays_to(ordinal) - _weekdays_to(self._last)

    def _numbered(self, count: int) -> int:
        inside = count - self._weekdays_before
        if inside <= 0:
            return _weekday_number(count)
        if inside <= len(self._ordinals):
            return self._ordinals[inside - 1]
        return _weekday_number(inside - len(self._ordinals) + _weekdays_to(self._last))


@dataclass(frozen=True, slots=True)
class DutyHours:
    """Hours in which somebody is on duty, in minutes after 00:00 (1440 is 24:00), daily or on workdays."""

    opens_minute: int
    closes_minute: int
    days: DutyDays = "daily"

    def __post_init__(self) -> None:
        if not 0 <= self.opens_minute < self.closes_minute <= MINUTES_OF_DAY:
            raise ValueError(
                f"found hours {clock(self.opens_minute)}-{clock(self.closes_minute)}; expected an opening before "
                "the closing within one day, such as 08:30-17:30; write a shift over midnight as two"
            )

    @classmethod
    def parse(cls, text: str, days: DutyDays = "daily") -> "DutyHours":
        """Read `08:30-17:30`; 24:00 may close. Raises ValueError."""
        match = _HOURS.fullmatch(text)
        if match is None or int(match[2]) > 59 or int(match[4]) > 59:
            raise ValueError(f"found hours {text!r}; expected hh:mm-hh:mm, such as 08:30-17:30 or 00:00-24:00")
        return cls(int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4]), days)

    def on_duty_day(self, day: date, workdays: Workdays) -> bool:
        """Whether there is duty on this day at all."""
        return self.days == "daily" or workdays.is_workday(day)

    def opens_at(self, day: date) -> datetime:
        """When duty opens on this day, Shanghai time."""
        return _at_minute(day, self.opens_minute)

    def closes_at(self, day: date) -> datetime:
        """When duty closes on this day, Shanghai time; 24:00 is 00:00 of the next day."""
        if self.closes_minute == MINUTES_OF_DAY:
            return closing_of(day)
        return _at_minute(day, self.closes_minute)

    def covers(self, moment: datetime, workdays: Workdays) -> bool:
        """Whether somebody is on duty at this moment; the opening belongs to the duty, the closing no longer."""
        local = in_shanghai(moment)
        minute = local.hour * 60 + local.minute
        return self.opens_minute <= minute < self.closes_minute and self.on_duty_day(local.date(), workdays)

    def __str__(self) -> str:
        return f"{clock(self.opens_minute)}-{clock(self.closes_minute)}"


def _at_minute(day: date, minute_of_day: int) -> datetime:
    return datetime.combine(day, time(minute_of_day // 60, minute_of_day % 60), SHANGHAI)


def clock(minute_of_day: int) -> str:
    """Minutes after 00:00 as `hh:mm`; 1440 is `24:00`."""
    return f"{minute_of_day // 60:02d}:{minute_of_day % 60:02d}"
