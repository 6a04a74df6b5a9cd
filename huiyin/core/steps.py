"""The reckoning of a limit in words, in Chinese and English, for people who check it with a calendar in hand."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from huiyin.core.calendars import Workdays

_WEEKDAYS_ZH: Final = "一二三四五六日"
_WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_UNITS_ZH: Final = {
    "minutes": "分钟", "hours": "小时", "days": "日", "workdays": "个工作日",
    "weeks": "周", "months": "个月", "years": "年",
}  # fmt: skip
_HOLIDAYS_EN: Final = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
    "抗战胜利70周年纪念日": "70th Victory Day",
}
# Longer counts are told by their first and last workday and a sum of what lies between.
_TOLD_ONE_BY_ONE: Final = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of a reckoning, in Chinese and in English."""

    zh: str
    en: str


def day_zh(day: date) -> str:
    """2026-02-13（周五）."""
    return f"{day.isoformat()}（周{_WEEKDAYS_ZH[day.weekday()]}）"


def day_en(day: date) -> str:
    """2026-02-13 (Fri)."""
    return f"{day.isoformat()} ({_WEEKDAYS_EN[day.weekday()]})"


def written(moment: datetime) -> tuple[date, str]:
    """The day and the time of a due moment as people write it: midnight is 24:00 of the day that ends."""
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return moment.date() - timedelta(days=1), "24:00"
    return moment.date(), _clock(moment)


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S" if moment.second or moment.microsecond else "%H:%M")


def starts(start: datetime, *, day_counts: bool = True) -> Step:
    """From when the limit runs."""
    zh = f"起算 {day_zh(start.date())}{_clock(start)}"
    en = f"Starts {day_en(start.date())} {_clock(start)}"
    return Step(zh, en) if day_counts else Step(f"{zh}；当日不计", f"{en}; this day does not count")


def event(moment: datetime) -> Step:
    """From which event a limit is counted back."""
    return Step(
        f"事项定于 {day_zh(moment.date())}{_clock(moment)}，由此倒算",
        f"The event is on {day_en(moment.date())} {_clock(moment)}; counted back from there",
    )


def ends(at: datetime, *, passed: bool) -> Step:
    """When the limit ends."""
    day, time = written(at)
    zh, en = f"到期 {day_zh(day)}{time}", f"Due {day_en(day)} {time}"
    return Step(f"{zh}（起算时已过）", f"{en} (already past at the start)") if passed else Step(zh, en)


def provisional() -> Step:
    """Why the answer may still move."""
    return Step(
        "涉及的年份尚未公布放假安排，按周末规则暂算；公布后重新计算",
        "The days off of a year concerned are not announced; reckoned by weekends for now, to be reckoned again",
    )


def same_day(day: date) -> Step:
    """Until the end of the day of the start."""
    return Step(f"当日：至 {day_zh(day)}24:00 止", f"Same day: until {day_en(day)} 24:00")


def fixed_in_record(where: str) -> Step:
    """The record fixes the time."""
    return Step(f"时限由记录中约定的时间确定（{where}）", f"The record fixes the time ({where})")


def at_once(word: str, tolerance: str | None) -> Step:
    """A limit without a number, with or without a tolerance."""
    zh = "立即" if word == "immediately" else "及时"
    if tolerance is None:
        return Step(
            f"“{zh}”没有数字，未设容忍期，故无到期时间；只记录间隔",
            f"“{word}” has no number and no tolerance is set: no due time, only the gap is recorded",
        )
    return Step(
        f"“{zh}”没有数字，按本单位设定的容忍期 {tolerance} 计",
        f"“{word}” has no number; the tolerance set is {tolerance}",
    )


def recurring(text: str, period: str | None) -> Step:
    """The duty of a period."""
    if period is None:
        return Step(f"周期“{text}”的时间由本单位或事项确定", f"The organisation or an event fixes the time of “{text}”")
    return Step(f"周期“{text}”，本期为 {period}", f"Recurs “{text}”, in the period {period}")


def elapsed(number: int, unit: str, *, backwards: bool) -> Step:
    """Minutes, hours, days and weeks: time that passes, around the clock."""
    hours = number * {"days": 24, "weeks": 168}.get(unit, 0)
    zh, en = f"{number}{_UNITS_ZH[unit]}", f"{number} {unit}"
    if hours:
        zh, en = f"{zh}（{hours}小时）", f"{en} ({hours} hours)"
    if backwards:
        return Step(f"提前{zh}，不分昼夜", f"{en} earlier, around the clock")
    return Step(f"经过{zh}，不分昼夜连续计算", f"{en} pass, around the clock")


def months_counted(number: int, unit: str, start: date, last: date, *, backwards: bool) -> Step:
    """Months and years: the same day number, or the last day of a shorter month."""
    way_zh, way_en = ("前", "earlier") if backwards else ("后", "later")
    zh, en = f"{number}{_UNITS_ZH[unit]}{way_zh}的同一日", f"The same day number {number} {unit} {way_en}"
    if last.day != start.day:
        return Step(
            f"{zh}不存在，取该月最后一日 {day_zh(last)}",
            f"{en} does not exist; the last day of that month, {day_en(last)}",
        )
    return Step(f"{zh}：{day_zh(last)}", f"{en}: {day_en(last)}")


def workdays_counted(workdays: Workdays, start: date, last: date, number: int, *, backwards: bool) -> tuple[Step, ...]:
    """The count of workdays, day by day when it is short, in a sum when it is long."""
    step = -1 if backwards else 1
    days = [start + timedelta(days=step * offset) for offset in range(1, abs((last - start).days) + 1)]
    if number > _TOLD_ONE_BY_ONE:
        return _summed(workdays, days, number)
    told: list[Step] = []
    counted = 0
    for works, run in groupby(days, key=workdays.is_workday):
        same = list(run)
        if not works:
            told.append(_idle(workdays, min(same), max(same)))
            continue
        for day in same:
            counted += 1
            told.append(_worked(workdays, day, counted))
    return tuple(told)


def _worked(workdays: Workdays, day: date, number: int) -> Step:
    zh, en = f"第{number}个工作日：{day_zh(day)}", f"Workday {number}: {day_en(day)}"
    if day in workdays.makeup_days:
        return Step(f"{zh}，调休上班", f"{en}, a make-up workday")
    return Step(zh, en)


def _idle(workdays: Workdays, first: date, last: date) -> Step:
    names = _names(workdays, first, last)
    zh_why, en_why = "休息", "weekend"
    if names:
        zh_why = f"{'、'.join(names)}放假"
        en_why = ", ".join(_HOLIDAYS_EN.get(name, name) for name in names)
    if first == last:
        return Step(f"{day_zh(first)}{zh_why}，不计", f"{day_en(first)}: {en_why}, not counted")
    return Step(
        f"{day_zh(first)}至{day_zh(last)}{zh_why}，不计",
        f"{day_en(first)} to {day_en(last)}: {en_why}, not counted",
    )


def _names(workdays: Workdays, first: date, last: date) -> list[str]:
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    found = (workdays.names.get(day) for day in days if day in workdays.days_off)
    return list(dict.fromkeys(part for name in found if name for part in name.split("、")))


def _summed(workdays: Workdays, days: list[date], number: int) -> tuple[Step, ...]:
    worked = [day for day in days if workdays.is_workday(day)]
    made_up = sum(1 for day in worked if day in workdays.makeup_days)
    off = sum(1 for day in days if day.weekday() < 5 and day in workdays.days_off)
    idle = len(days) - len(worked)
    return (
        _worked(workdays, worked[0], 1),
        Step(
            f"其间休息 {idle} 天不计（含工作日放假 {off} 天），调休上班 {made_up} 天计入",
            f"In between {idle} idle days do not count ({off} of them weekdays off); {made_up} make-up workdays count",
        ),
        _worked(workdays, worked[-1], number),
    )
