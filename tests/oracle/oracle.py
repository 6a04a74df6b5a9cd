"""An oracle for limits: the slowest way to a due moment, written from the words of the clause catalogue and from nothing else.

It follows "Conventions for reading the numbers" and the decisions D4, D7, D19 and D20 in ``clauses/README.md`` of the shared folder. It
counts as a person with a calendar on the wall would: minute by minute up to three days, day by day beyond that, month by month. It takes
nothing from the product and reads the workdays itself, so that the two can only agree by both being right.

``24:00`` of a day is written as ``00:00`` of the next one: they are the same moment.
"""

from __future__ import annotations

import json
from collections.abc import Set
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
HOLIDAYS = SHARED / "data" / "holidays_cn"

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_MINUTES_OF = {"minutes": 1, "hours": 60, "days": 24 * 60, "weeks": 7 * 24 * 60}
_MONTHS_OF = {"months": 1, "years": 12}
_MINUTES_OF_A_DAY = 24 * 60
_COUNTED_BY_MINUTES = 3 * _MINUTES_OF_A_DAY
_SATURDAY = 5
_SHORTEST_MONTH = 28


class NoAnswer(ValueError):
    """The conventions say nothing about such a limit, or the calendar does not reach so far."""


def read_workdays(folder: Path = HOLIDAYS) -> frozenset[date]:
    """Every workday of the years for which ``folder`` holds a file (``2019.json`` …).

    A day is worked unless it is a Saturday or Sunday; the days that a file lists are off or worked as it says. A day may be listed in
    the file of a neighbouring year. Raises FileNotFoundError, with a sentence, where there is no file.
    """
    files = sorted(folder.glob("[0-9]*.json"))
    if not files:
        raise FileNotFoundError(f"the holidays are missing: expected 2026.json and others in {folder}; put ../shared beside the repository")
    is_off: dict[date, bool] = {}
    for file in files:
        for entry in json.loads(file.read_text(encoding="utf-8"))["days"]:
            is_off[date.fromisoformat(entry["date"])] = bool(entry["isOffDay"])
    return frozenset(day for file in files for day in _days_of_year(int(file.stem)) if not is_off.get(day, day.weekday() >= _SATURDAY))


def due_moment(start: datetime, limit: str, workdays: Set[date] = frozenset()) -> datetime | None:
    """The moment at which ``limit`` is due.

    In: ``start``, an aware datetime in Asia/Shanghai, from which the limit runs, or back from which an "at least … before" counts;
    ``limit``, one of ``<n> minutes|hours|days|workdays|weeks|months|years``, ``same day``, ``immediately``, ``promptly``,
    ``at least <n> <unit> before``; ``workdays``, as ``read_workdays`` gives them, needed for limits in workdays only.
    Out: the due moment in Asia/Shanghai; None for "immediately" and "promptly", which have no number of their own (convention 6, D4).
    Raises NoAnswer for a limit of which the conventions do not speak, and for workdays of a year that is not known.
    """
    words = limit.split()
    if limit in ("immediately", "promptly"):
        return None
    if limit == "same day":
        return _close_of(start.date())
    if len(words) == 2:
        return _due_after(start, int(words[0]), words[1], workdays)
    if len(words) == 5 and words[:2] == ["at", "least"] and words[4] == "before":
        return _due_before(start, int(words[2]), words[3])
    raise NoAnswer(f"found the limit {limit!r}, of which the conventions do not speak")


def _due_after(start: datetime, number: int, unit: str, workdays: Set[date]) -> datetime:
    """Conventions 2 to 4, D19 and D20, forward."""
    if unit in _MINUTES_OF:
        return _walk(start, number * _MINUTES_OF[unit], forward=True)
    if unit in _MONTHS_OF:
        return _close_of(_same_day_in(start.date(), number * _MONTHS_OF[unit], forward=True))
    if unit == "workdays":
        return _close_of(_nth_workday_after(start.date(), number, workdays))
    raise NoAnswer(f"found the unit {unit!r}, of which the conventions do not speak")


def _due_before(event: datetime, number: int, unit: str) -> datetime:
    """D7, back from the moment of the event: for months (and years, which are twelve of them) by the end of the day that lies so far
    before the day of the event, for shorter units so many minutes before its moment."""
    if unit in _MINUTES_OF:
        return _walk(event, number * _MINUTES_OF[unit], forward=False)
    if unit in _MONTHS_OF:
        return _close_of(_same_day_in(event.date(), number * _MONTHS_OF[unit], forward=False))
    raise NoAnswer(f"found {unit!r} before an event, of which the conventions do not speak")


def _walk(start: datetime, minutes: int, *, forward: bool) -> datetime:
    """``minutes`` after or before ``start``: minute by minute up to three days, beyond that day by day and the rest by minutes.

    Days of 24 hours each (convention 2). The clocks in Shanghai have not been changed since 1991, so that walking on the wall clock and
    walking in elapsed time are one.
    """
    now, left = start, minutes
    while left > _COUNTED_BY_MINUTES:
        now = now + _DAY if forward else now - _DAY
        left -= _MINUTES_OF_A_DAY
    while left > 0:
        now = now + _MINUTE if forward else now - _MINUTE
        left -= 1
    return now


def _nth_workday_after(day: date, number: int, workdays: Set[date]) -> date:
    """The ``number``-th workday after ``day``, which itself is not counted, whether it is worked or not (convention 3)."""
    known = {one.year for one in workdays}
    while number > 0:
        day += _DAY
        if day.year not in known:
            raise NoAnswer(f"found no workdays of {day.year}; a limit in workdays ends within the years known")
        if day in workdays:
            number -= 1
    return day


def _same_day_in(day: date, months: int, *, forward: bool) -> date:
    """The day of the same number so many months later or earlier, or the last day of that month where it is shorter (D19)."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1 if forward else -1
        if month > 12:
            year, month = year + 1, 1
        elif month < 1:
            year, month = year - 1, 12
    return date(year, month, min(day.day, _length_of(year, month)))


def _length_of(year: int, month: int) -> int:
    """The number of the last day of the month."""
    day = date(year, month, _SHORTEST_MONTH)
    while (day + _DAY).month == month:
        day += _DAY
    return day.day


def _close_of(day: date) -> datetime:
    """24:00 of the day (convention 4, D20), told as 00:00 of the next."""
    after = day + _DAY
    return datetime(after.year, after.month, after.day, tzinfo=SHANGHAI)


def _days_of_year(year: int) -> list[date]:
    days = [date(year, 1, 1)]
    while (days[-1] + _DAY).year == year:
        days.append(days[-1] + _DAY)
    return days
