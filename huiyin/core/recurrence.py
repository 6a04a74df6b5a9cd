"""Duties that come again: the periods of the calendar, and when the duty of a period is due.

A duty belongs to the period that opened it; one with a period but no day is due at the end of the
period (decision D20).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, Literal, get_args

from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.moments import BadText, closing_of, in_shanghai, opening_of

PeriodKind = Literal["day", "week", "month", "quarter", "half", "year"]
# The calendar knows the periods of a PeriodKind; semesters and periods set by the organisation come from its settings.
Every = Literal["day", "week", "month", "quarter", "half", "year", "semester", "set"]

PERIOD_KINDS: Final[tuple[PeriodKind, ...]] = get_args(PeriodKind)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FORMS: Final = (
    "daily", "daily 08:30-17:30", "daily 08:30-17:30 on workdays", "weekly", "weekly Friday", "weekly Friday 17:00",
    "monthly", "monthly by day 28", "monthly by day 7 of the following month", "quarterly",
    "quarterly: first month by day 15", "half-yearly", "yearly", "yearly by 01-31",
    "yearly at the beginning of the following year", "yearly, before the year-end management review",
    "semesterly 1 to 2 times", "periodically (period set by the organisation)",
)  # fmt: skip
_PLAIN: Final[dict[str, Every]] = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "half-yearly": "half",
    "yearly": "year",
    "periodically (period set by the organisation)": "set",
}
_DAILY = re.compile(r"daily(?: ([0-9:-]+))?( on workdays)?")
_WEEKLY = re.compile(rf"weekly ({'|'.join(WEEKDAYS)})(?: ([0-9]{{2}}):([0-9]{{2}}))?")
_MONTHLY = re.compile(r"monthly by day ([1-9][0-9]?)( of the following month)?")
_QUARTERLY = re.compile(r"quarterly: (first|second|last) month by day ([1-9][0-9]?)")
_YEARLY = re.compile(r"yearly by ([0-9]{2})-([0-9]{2})")
_YEARLY_BEFORE = re.compile(r"yearly, before the ([a-z][a-z -]+)")
_DAYS = re.compile(r"([1-9][0-9]{0,2}) days")
_SEMESTERLY = re.compile(r"semesterly ([1-9]) to ([1-9]) times")
# "At the beginning of the following year" has no date; by 31 January is the reading of the catalogue (D8, RH-4.10a).
_BEGINNING_OF_YEAR: Final = (1, 31)
_NAME = re.compile(r"([0-9]{4})(?:-(?:W([0-9]{2})|Q([1-4])|H([12])|([0-9]{2})(?:-([0-9]{2}))?))?")
_MONTHS_OF: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class BadLimit(BadText):
    """A text that is neither a limit nor a recurrence of the catalogue."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a duty comes and by when it is due; `str()` gives back the text of the clause.

    `by_month` counts from the first month of the period (1); `following` puts the day into the month (monthly) or the
    year (yearly) after the period; `before_event` names the event that fixes the time instead; `times`: least and most;
    `days`: the organisation has set a period of so many days.
    """

    text: str
    every: Every
    hours: DutyHours | None = None
    weekday: int | None = None
    minute_of_day: int | None = None
    by_month: int = 1
    by_day: int | None = None
    following: bool = False
    before_event: str | None = None
    times: tuple[int, int] = (1, 1)
    days: int = 0

    @property
    def period_kind(self) -> PeriodKind | None:
        """The calendar's kind of period, None for semesters and periods that the organisation sets."""
        return self.every if self.every in PERIOD_KINDS else None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Period:
    """One period: `name` (2026-03-07, 2026-W11, 2026-03, 2026-Q1, 2026-H1, 2026), [opens_at, closes_at)."""

    name: str
    opens_at: datetime
    closes_at: datetime
    kind: PeriodKind


def parse_recurrence(text: str) -> Recurrence:
    """Read the `recurs:` of a clause. Raises BadLimit, which names the forms that there are."""
    if every := _PLAIN.get(text):
        return Recurrence(text, every)
    if text == "yearly at the beginning of the following year":
        month, day = _BEGINNING_OF_YEAR
        return Recurrence(text, "year", by_month=month, by_day=day, following=True)
    recurrence = _daily(text) or _weekly(text) or _by_day(text) or _yearly(text) or _semesterly(text)
    if recurrence is None:
        raise bad_recurrence(text)
    return recurrence


@lru_cache(maxsize=1024)
def parse_period(text: str) -> Recurrence:
    """Read a period that an organisation sets: weekly, monthly, quarterly, half-yearly, yearly, or `<n> days`. Raises BadLimit."""
    match = _DAYS.fullmatch(text.strip())
    return Recurrence(text, "set", days=int(match[1])) if match else parse_recurrence(text.strip())


def _daily(text: str) -> Recurrence | None:
    match = _DAILY.fullmatch(text)
    if match is None:
        return None
    try:
        hours = DutyHours.parse(match[1] or "00:00-24:00", "workdays" if match[2] else "daily")
    except ValueError as reason:
        zh = f"“{text}”的时间段有误；请写成 08:30-17:30，最晚至当日 24:00"
        raise BadLimit(f"found {text!r}: {reason}", zh) from None
    return Recurrence(text, "day", hours=hours)


def _weekly(text: str) -> Recurrence | None:
    match = _WEEKLY.fullmatch(text)
    if match is None:
        return None
    minute_of_day = 24 * 60
    if match[2] is not None:
        minute_of_day = int(match[2]) * 60 + int(match[3])
        if int(match[3]) > 59 or minute_of_day > 24 * 60:
            raise bad_recurrence(text)
    return Recurrence(text, "week", weekday=WEEKDAYS.index(match[1]) + 1, minute_of_day=minute_of_day)


def _by_day(text: str) -> Recurrence | None:
    if match := _MONTHLY.fullmatch(text):
        return _refusing_late_days(Recurrence(text, "month", by_day=int(match[1]), following=match[2] is not None))
    if match := _QUARTERLY.fullmatch(text):
        by_month = ("first", "second", "last").index(match[1]) + 1
        return _refusing_late_days(Recurrence(text, "quarter", by_month=by_month, by_day=int(match[2])))
    return None


def _refusing_late_days(recurrence: Recurrence) -> Recurrence:
    if recurrence.by_day is not None and recurrence.by_day > 31:
        raise bad_recurrence(recurrence.text)
    return recurrence


def _yearly(text: str) -> Recurrence | None:
    if match := _YEARLY_BEFORE.fullmatch(text):
        return Recurrence(text, "year", before_event=match[1])
    match = _YEARLY.fullmatch(text)
    if match is None:
        return None
    month, day = int(match[1]), int(match[2])
    # 2028 is a leap year: 02-29 may be written, and means the last day of February in the others.
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2028, month)[1]:
        raise bad_recurrence(text)
    return Recurrence(text, "year", by_month=month, by_day=day)


def _semesterly(text: str) -> Recurrence | None:
    match = _SEMESTERLY.fullmatch(text)
    if match is None:
        return None
    least, most = int(match[1]), int(match[2])
    if least > most:
        raise bad_recurrence(text)
    return Recurrence(text, "semester", times=(least, most))


def bad_recurrence(text: str) -> BadLimit:
    """The refusal of a text that is no recurrence, with the nearest form there is."""
    shown = text if len(text) <= 60 else text[:57] + "..."
    nearest = tuple(get_close_matches(text, FORMS, n=2, cutoff=0.5))
    perhaps_en = f"; perhaps {' or '.join(repr(form) for form in nearest)}" if nearest else ""
    perhaps_zh = f"；是否指“{'”或“'.join(nearest)}”" if nearest else ""
    return BadLimit(
        f"found recurrence {shown!r}; expected one of: {' | '.join(FORMS)}{perhaps_en}",
        f"“{shown}”不是可识别的周期；可用：{' | '.join(FORMS)}{perhaps_zh}",
        nearest,
    )


def period_of(kind: PeriodKind, moment: datetime) -> Period:
    """The period of this kind in which an aware moment lies, by the calendar of Shanghai (weeks are ISO weeks)."""
    return _period_around(kind, in_shanghai(moment).date())


def period_named(name: str) -> Period:
    """The period with this name, as `Period.name` writes it. Raises BadLimit for a name that no period has."""
    match = _NAME.fullmatch(name)
    try:
        if match is None:
            raise ValueError(name)
        year, week, quarter, half, month, day = match.groups()
        if week:
            return _period_around("week", date.fromisocalendar(int(year), int(week), 1))
        if day:
            return _period_around("day", date(int(year), int(month), int(day)))
        if month:
            return _period_around("month", date(int(year), int(month), 1))
        if quarter:
            return _period_around("quarter", date(int(year), int(quarter) * 3, 1))
        return _period_around("half" if half else "year", date(int(year), int(half or 1) * 6, 1))
    except ValueError:
        raise BadLimit(
            f"found period {name!r}; expected 2026-03-07, 2026-W11, 2026-03, 2026-Q1, 2026-H1 or 2026",
            f"“{name}”不是可识别的周期名称；请写成 2026-03-07、2026-W11、2026-03、2026-Q1、2026-H1 或 2026",
        ) from None


def _period_around(kind: PeriodKind, day: date) -> Period:
    if kind == "day":
        return Period(day.isoformat(), opening_of(day), closing_of(day), kind)
    if kind == "week":
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Period(f"{year:04d}-W{week:02d}", opening_of(monday), closing_of(monday + timedelta(days=6)), kind)
    months = _MONTHS_OF[kind]
    number = (day.month - 1) // months + 1
    first = date(day.year, (number - 1) * months + 1, 1)
    name = {
        "month": f"{day.year:04d}-{day.month:02d}",
        "quarter": f"{day.year:04d}-Q{number}",
        "half": f"{day.year:04d}-H{number}",
        "year": f"{day.year:04d}",
    }[kind]
    return Period(name, opening_of(first), closing_of(_day_of_month(first, months - 1, 31)), kind)


def next_opening(kind: PeriodKind, after: datetime) -> datetime:
    """When the next period of this kind opens, strictly after the moment."""
    return period_of(kind, after).closes_at


def openings_at(moment: datetime) -> tuple[Period, ...]:
    """Every period that opens exactly at this moment, the shortest first; empty at any moment but a midnight."""
    local = in_shanghai(moment)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return ()
    periods = (_period_around(kind, local.date()) for kind in PERIOD_KINDS)
    return tuple(period for period in periods if period.opens_at == local)


def due_of(recurrence: Recurrence, period: Period, workdays: Workdays, *, following_by_day: int | None = None) -> datetime | None:
    """When the duty that this period opened is due, Shanghai time.

    `following_by_day` (1 to 31) is the organisation's setting "by day n of the following month"; it stands in the place
    of the end of the period, never in the place of a day that the clause itself names.
    None: no duty on that day (duties of workdays), or an event, a semester or the organisation fixes the time.
    Raises ValueError when the period is of another kind than the recurrence.
    """
    if recurrence.period_kind is None or recurrence.before_event is not None:
        return None
    if recurrence.period_kind != period.kind:
        raise ValueError(f"found period {period.name}, a {period.kind}; expected a {recurrence.every} for {recurrence}")
    first = in_shanghai(period.opens_at).date()
    if recurrence.hours is not None:
        return recurrence.hours.closes_at(first) if recurrence.hours.on_duty_day(first, workdays) else None
    if recurrence.weekday is not None and recurrence.minute_of_day is not None:
        day = first + timedelta(days=recurrence.weekday - 1)
        whole_day = recurrence.minute_of_day == 24 * 60
        return closing_of(day) if whole_day else opening_of(day) + timedelta(minutes=recurrence.minute_of_day)
    if recurrence.by_day is not None:
        following = (1 if period.kind == "month" else 12) if recurrence.following else 0
        return closing_of(_day_of_month(first, recurrence.by_month - 1 + following, recurrence.by_day))
    if following_by_day is not None:
        return closing_of(_day_of_month(in_shanghai(period.closes_at).date(), 0, following_by_day))
    return period.closes_at


def _day_of_month(first: date, months_later: int, day: int) -> date:
    """Day `day` of the month that lies so many months after `first`, or the last day that this month has."""
    years, month = divmod(first.month - 1 + months_later, 12)
    return date(first.year + years, month + 1, min(day, monthrange(first.year + years, month + 1)[1]))
