"""Filters that put moments, people and states into words, and addresses into QR codes.

None of them asks the time: the present moment is the filter's argument (`{{ clock.due_at|due_words:now }}`).
Moments are aware; they are shown in the time of Asia/Shanghai. The forms are those of users.md 2.9, 2.10 and 4.5.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.steps import written
from huiyin.faces.parts.masks import masked_name, masked_phone
from huiyin.plumbing.qr import qr_svg

register = template.Library()

SHANGHAI = ZoneInfo("Asia/Shanghai")
NO_DATA = "--"
SOON = timedelta(minutes=15)
DAYS_OF_A_WEEK = 7

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))

STATES = {
    "pending_dispatch": _("待派单"),
    "pending_acceptance": _("待接单"),
    "in_progress": _("处理中"),
    "on_hold": _("已挂起"),
    "pending_return_visit": _("待回访"),
    "closed": _("已办结"),
    "archived": _("已归档"),
    "void": _("已作废"),
}

RESIDENT_STATES = {
    "pending_dispatch": _("已受理"),
    "pending_acceptance": _("已受理"),
    "in_progress": _("处理中"),
    "on_hold": _("处理中"),
    "pending_return_visit": _("待您确认"),
    "closed": _("已完成"),
    "archived": _("已完成"),
    "void": _("已关闭"),
}

WARNING_LEVELS = {"blue": _("蓝色预警"), "yellow": _("黄色预警"), "red": _("红色预警")}
WARNING_SHAPES = {"blue": "●", "yellow": "▲", "red": "◆"}


def _here(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"found the naive moment {value!r}, expected an aware one: give it a time zone where it arose")
    return value.astimezone(SHANGHAI)


@register.filter
def under(values: Mapping[str, Any] | None, key: str) -> Any:
    """Return what the mapping has under the key; nothing where it has none or there is no mapping."""
    return values.get(key) if values else None


@register.filter
def moment(value: datetime | None) -> str:
    """Return a moment as `2025-05-21 14:30`; `--` where there is none. Raise ValueError for a naive moment."""
    return f"{_here(value):%Y-%m-%d %H:%M}" if value else NO_DATA


@register.filter
def due(value: datetime | None) -> str:
    """Return a moment by which something is due as `2025-05-21 14:30`, midnight as `2025-05-20 24:00`; `--` where there is none.

    Seconds stand in the reckoning only.
    """
    if not value:
        return NO_DATA
    day, time = _to_the_minute(value)
    return f"{day:%Y-%m-%d} {time}"


@register.filter
def short_day(value: date | datetime | None, now: datetime) -> str:
    """Return a day as `05-21` in the year of `now`, else `2024-05-21`; `--` where there is none."""
    if not value:
        return NO_DATA
    day = _here(value).date() if isinstance(value, datetime) else value
    return f"{day:%m-%d}" if day.year == _here(now).year else f"{day:%Y-%m-%d}"


@register.filter
def due_words(due_at: datetime | None, now: datetime) -> str:
    """Return when a thing is due: `今天 15:40`, `明天 24:00`, `周五 17:00` (this week), `05-21 14:30`."""
    if not due_at:
        return NO_DATA
    day, time = _to_the_minute(due_at)
    return f"{_day_words(day, _here(now))} {time}"


def _to_the_minute(value: datetime) -> tuple[date, str]:
    return written(_here(value).replace(second=0, microsecond=0))


def _day_words(day: date, here: datetime) -> str:
    today = here.date()
    # In English these stand within a sentence, other than as the name of a filter or of a list.
    near = {-1: pgettext("moment", "昨天"), 0: pgettext("moment", "今天"), 1: pgettext("moment", "明天")}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    if 0 < distance < DAYS_OF_A_WEEK - today.weekday():
        return str(WEEKDAYS[day.weekday()])
    return short_day(day, here)


@register.filter
def left_words(due_at: datetime | None, now: datetime) -> str:
    """Return the time left or passed in its two greatest units: `剩 1小时20分`, `超时 3天4小时`, or `--`."""
    if not due_at:
        return NO_DATA
    late = now > due_at
    span = span_words(abs(due_at - now))
    return gettext("超时 %(span)s") % {"span": span} if late else gettext("剩 %(span)s") % {"span": span}


@register.filter
def met_words(met_at: datetime | None, due_at: datetime) -> str:
    """Return by how much a limit was kept or missed: `提前 12分钟`, `晚 3分钟`; `--` while it is open."""
    if not met_at:
        return NO_DATA
    span = span_words(abs(due_at - met_at))
    return gettext("晚 %(span)s") % {"span": span} if met_at > due_at else gettext("提前 %(span)s") % {"span": span}


@register.filter
def span_words(span: timedelta) -> str:
    """Return a duration, cut to whole minutes, in its two greatest units: `3天4小时`, `1小时20分`, `不到1分`."""
    minutes = int(span.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        minutes = 0
    counted = {gettext("%(count)s天"): days, gettext("%(count)s小时"): hours, gettext("%(count)s分"): minutes}
    words = [unit % {"count": count} for unit, count in counted.items() if count]
    if not words:
        return gettext("不到1分")
    if len(words) == 1:
        return words[0]
    return gettext("%(greater)s%(smaller)s") % {"greater": words[0], "smaller": words[1]}


@register.filter
def lateness(due_at: datetime | None, now: datetime) -> str:
    """Return the class word of a limit: `late` after it, `soon` in its last 15 minutes, else nothing (users.md 4.5)."""
    if not due_at:
        return ""
    if now > due_at:
        return "late"
    return "soon" if due_at - now <= SOON else ""


@register.filter
def mask_phone(value: str | None) -> str:
    """Return a telephone number with its middle hidden (`138****5678`, `0755-****8888`); `--` where there is none."""
    return masked_phone(value) if value else NO_DATA


@register.filter
def mask_name(value: str | None) -> str:
    """Return a name with its given name hidden (`王*`, `王*芳`, `王女士`); `--` where there is none."""
    return masked_name(value) if value else NO_DATA


@register.filter
def state_word(state: str) -> str:
    """Return the staff's word for a state of a case; an unknown one comes back as it is."""
    return str(STATES.get(state, state))


@register.filter
def resident_state_word(state: str) -> str:
    """Return the resident's word for a state of a case (four words for eight states, users.md 2.1)."""
    return str(RESIDENT_STATES.get(state, state))


@register.filter
def warning_level(level: str) -> str:
    """Return the words of a warning's level: 蓝色预警, 黄色预警, 红色预警; an unknown one comes back as it is."""
    return str(WARNING_LEVELS.get(level, level))


@register.filter
def warning_shape(level: str) -> str:
    """Return the shape reserved for a warning's level: ● blue, ▲ yellow, ◆ red; nothing for an unknown one."""
    return WARNING_SHAPES.get(level, "")


@register.filter
def page_numbers(page: "Page[object]") -> Iterator[int | str]:
    """Yield the page numbers worth a link around `page`, with the paginator's ellipsis for those left out."""
    return iter(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag
def qr(text: str) -> SafeString:
    """Return a QR code of the text as an SVG element of the class `qr`."""
    return mark_safe(qr_svg(text))


@register.filter
def named(one: Any) -> str:
    """Return the name of a unit in the language of the page; the Chinese one where it has no other."""
    return str(one.name if (get_language() or "zh").startswith("zh") else one.name_en or one.name)
