"""Reading the moments that people write. Everything is read in, and answered in, Asia/Shanghai.

The reader is strict where a guess could cost a day (26/2/3, week dates, 30 February, 12 o'clock at night) and
generous where there is only one reading (2026年2月3日 下午3点, 2026-03-02 24:00).
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
_ONE_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time()
_WIDEST_OFFSET_MINUTES: Final = 14 * 60

_TIME = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?)?"
_ZONE = r"(?:\s?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2}))?"
_PLAIN = re.compile(rf"(?P<year>[0-9]{{4}})([-/])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}})(?:T| +){_TIME}{_ZONE}")
_CHINESE = re.compile(
    r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]\s*"
    r"(?P<part>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上)?\s*"
    r"(?:(?P<hour>[0-9]{1,2})(?:[点时](?:(?P<half>半)|(?P<minute>[0-9]{1,2})分?)?|:(?P<clock>[0-9]{2})))"
)
_DATE_ONLY = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}[日号])")
_SHORT_DATE = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{1,4})\b(.*)", re.DOTALL)
_MORNING: Final = frozenset({"凌晨", "清晨", "早上", "上午"})
_AFTERNOON: Final = frozenset({"下午", "傍晚", "晚上"})


class BadText(ValueError):
    """A text that cannot be read: `str()` says so in English, `zh` in Chinese; `choices` is what was perhaps meant."""

    def __init__(self, en: str, zh: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh
        self.choices = choices


class BadMoment(BadText):
    """A text that is not a moment."""


def parse_moment(text: str) -> datetime:
    """Read one moment.

    In: `2026-02-13 10:00[:ss]`, with `T`, with a zone (`Z`, `+08:00`), `2026-03-02 24:00` (the end of that day),
    `2026年2月3日 下午3点`. Without a zone it is Shanghai time.
    Out: an aware datetime in Asia/Shanghai, from 2000 to the end of 2100.
    Raises BadMoment, which names what was found and what to write instead.
    """
    found = text.strip()
    if plain := _PLAIN.fullmatch(found):
        parts = plain.groupdict()
        moment = _assemble(found, parts, int(parts["hour"]), int(parts["minute"]))
        return _within_years(found, _in_shanghai(found, moment, parts["zone"]))
    if chinese := _CHINESE.fullmatch(found):
        parts = chinese.groupdict()
        minute = 30 if parts["half"] else int(parts["minute"] or parts["clock"] or 0)
        hour = _hour_of_day(found, int(parts["hour"]), parts["part"])
        return _within_years(found, _assemble(found, parts, hour, minute).replace(tzinfo=SHANGHAI))
    raise _refusal(found)


def closing_of(day: date) -> datetime:
    """24:00 of a day in Shanghai, which is 00:00 of the next."""
    return datetime.combine(day + _ONE_DAY, _MIDNIGHT, SHANGHAI)


def opening_of(day: date) -> datetime:
    """00:00 of a day in Shanghai."""
    return datetime.combine(day, _MIDNIGHT, SHANGHAI)


def in_shanghai(moment: datetime) -> datetime:
    """The same moment by the clock of Shanghai. Raises ValueError for a datetime without a zone."""
    if moment.tzinfo is SHANGHAI:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"found {moment.isoformat()} without a zone; expected an aware datetime; add tzinfo=SHANGHAI")
    return moment.astimezone(SHANGHAI)


def later_by(moment: datetime, span: timedelta) -> datetime:
    """A moment moved by elapsed time, not by the clock on the wall: they differ where summer time begins or ends."""
    later = moment + span
    if moment.tzinfo is SHANGHAI and later.utcoffset() == moment.utcoffset():
        return later
    return (moment.astimezone(UTC) + span).astimezone(SHANGHAI)


def months_before(moment: datetime, months: int) -> datetime:
    """The same time of day so many months earlier, on the same day number or the last day that the month has."""
    years, month = divmod(moment.month - 1 - months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _assemble(found: str, parts: dict[str, str | None], hour: int, minute: int) -> datetime:
    second = int(parts.get("second") or 0)
    microsecond = int((parts.get("fraction") or "0").ljust(6, "0"))
    try:
        day = date(int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 0))
    except ValueError:
        raise BadMoment(
            f"found {found!r}: there is no such day; write a day that the calendar has, such as 2026-02-28 10:00",
            f"“{found}”中没有这一天；请填写日历上有的日期，例如 2026-02-28 10:00",
        ) from None
    if (hour, minute, second, microsecond) == (24, 0, 0, 0) and day.year <= LAST_YEAR:
        return datetime(day.year, day.month, day.day) + timedelta(days=1)
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, microsecond)
    except ValueError:
        raise BadMoment(
            f"found {found!r}: there is no such time; write a time from 00:00 to 24:00, such as 2026-02-13 10:00",
            f"“{found}”中没有这个时刻；请填写 00:00 至 24:00 之间的时刻，例如 2026-02-13 10:00",
        ) from None


def _in_shanghai(found: str, moment: datetime, zone: str | None) -> datetime:
    if zone is None:
        return moment.replace(tzinfo=SHANGHAI)
    if zone == "Z":
        offset_minutes = 0
    else:
        digits = zone[1:].replace(":", "")
        offset_minutes = int(digits[:2]) * 60 + int(digits[2:])
        if int(digits[2:]) > 59 or offset_minutes > _WIDEST_OFFSET_MINUTES:
            raise BadMoment(
                f"found {found!r}: no place on earth keeps the zone {zone}; write Z or an offset such as +08:00",
                f"“{found}”中的时区 {zone} 不存在；请写 Z 或 +08:00 这样的时差",
            )
    sign = -1 if zone.startswith("-") else 1
    try:
        return moment.replace(tzinfo=timezone(timedelta(minutes=sign * offset_minutes))).astimezone(SHANGHAI)
    except OverflowError:
        raise _outside_years(found) from None


def _within_years(found: str, moment: datetime) -> datetime:
    closes_last_year = moment.replace(tzinfo=None) == datetime(LAST_YEAR + 1, 1, 1) and "24:00" in found
    if FIRST_YEAR <= moment.year <= LAST_YEAR or closes_last_year:
        return moment
    raise _outside_years(found)


def _outside_years(found: str) -> BadMoment:
    return BadMoment(
        f"found {found!r}: outside the years {FIRST_YEAR} to {LAST_YEAR}; check the year",
        f"“{found}”不在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间；请核对年份",
    )


def _hour_of_day(found: str, hour: int, part: str | None) -> int:
    if part is None or hour > 12:
        if part in _MORNING or part == "中午":
            raise _unclear_hour(found)
        return hour
    if part == "中午":
        if 1 < hour < 11:
            raise _unclear_hour(found)
        return hour + 12 if hour == 1 else hour
    if hour == 12 or (hour == 0 and part in _AFTERNOON):
        raise _unclear_hour(found)
    return hour + 12 if part in _AFTERNOON else hour


def _unclear_hour(found: str) -> BadMoment:
    return BadMoment(
        f"found {found!r}: the hour can be read in two ways; write it by the 24-hour clock, 00:00 to 24:00",
        f"“{found}”的钟点有两种读法；请用 24 小时制（00:00 至 24:00）书写",
    )


def _refusal(found: str) -> BadMoment:
    shown = found if len(found) <= 60 else found[:57] + "..."
    if _DATE_ONLY.fullmatch(found):
        return BadMoment(
            f"found the day {shown!r} without a time; write the time as well, such as 2026-02-13 10:00",
            f"“{shown}”只有日期没有时刻；请一并写明时刻，例如 2026-02-13 10:00",
        )
    if (short := _SHORT_DATE.fullmatch(found)) and (choices := _readings(short)):
        listed = " / ".join(choices)
        return BadMoment(
            f"found {shown!r}, which can be read in more than one way: {listed}; write one of them",
            f"“{shown}”有多种读法：{listed}；请写明其中一种",
            choices,
        )
    return BadMoment(
        f"found {shown!r}; expected a moment such as 2026-02-13 10:00, 2026-02-13T10:00+08:00 or 2026年2月3日 下午3点",
        f"“{shown}”不是可识别的时刻；请写成 2026-02-13 10:00、2026-02-13T10:00+08:00 或 2026年2月3日 下午3点",
    )


def _readings(short: re.Match[str]) -> tuple[str, ...]:
    """Every day that a date of two short numbers and a year, in any order, may mean."""
    first, second, third = (int(short.group(number)) for number in (1, 2, 3))
    orders = ((first, second, third), (third, first, second), (third, second, first))
    days: list[str] = []
    for year, month, day in orders:
        full_year = year + 2000 if year < 100 else year
        try:
            reading = date(full_year, month, day)
        except ValueError:
            continue
        if FIRST_YEAR <= full_year <= LAST_YEAR and reading.isoformat() not in days:
            days.append(reading.isoformat())
    rest = short.group(4).strip()
    return tuple(f"{day} {rest}".strip() for day in days)
