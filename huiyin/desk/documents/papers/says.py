"""How days, moments, periods and levels are written on papers (users.md 2.9, 2.10)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huiyin.core.moments import in_shanghai
from huiyin.core.recurrence import period_named

LEVELS = {"blue": "● 蓝", "yellow": "▲ 黄", "red": "◆ 红"}
"""Shape and word, so that a level is still read on black and white paper."""
_QUARTERS = "一二三四"


def day(value: date) -> str:
    """2025年5月21日."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """2025年5月21日14时30分, by the clock of Shanghai; empty for None."""
    if value is None:
        return ""
    local = in_shanghai(value)
    return f"{day(local)}{local.hour}时{local.minute:02d}分"


def short_moment(value: datetime | None) -> str:
    """5月21日14时30分, for the narrow cells of a list; empty for None."""
    return moment(value).split("年", 1)[1] if value is not None else ""


def on_day(value: datetime | None) -> str:
    """The day of a moment, 2025年5月21日; empty for None."""
    return day(in_shanghai(value)) if value is not None else ""


def period(name: str) -> str:
    """2025年第21周（5.19–5.25）, 2025年5月, 2025年第二季度. Raises BadLimit for a name that no period has."""
    found = period_named(name)
    first, last = in_shanghai(found.opens_at), in_shanghai(found.closes_at) - timedelta(days=1)
    if found.kind == "week":
        return f"{name[:4]}年第{int(name[-2:])}周（{first.month}.{first.day}–{last.month}.{last.day}）"
    if found.kind == "month":
        return f"{first.year}年{first.month}月"
    if found.kind == "quarter":
        return f"{first.year}年第{_QUARTERS[int(name[-1]) - 1]}季度"
    return day(first) if found.kind == "day" else f"{day(first)}至{day(last)}"
