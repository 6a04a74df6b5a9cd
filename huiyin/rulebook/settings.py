"""What a regulation leaves to the organisation: reading what somebody typed for it, and saying it back for a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from huiyin.core.limits import BadLimit, FixedInRecord, Span, Unit, parse_limit
from huiyin.core.moments import BadText
from huiyin.core.recurrence import parse_period
from huiyin.rulebook.load import regulation
from huiyin.rulebook.words import calendar_name, class_name, is_chinese, limit_words, regulation_of, role_name, value_name

MOST: Final = 500
_EVERY: Final = {
    "daily": ("每日", "daily"),
    "weekly": ("每周", "weekly"),
    "monthly": ("每月", "monthly"),
    "quarterly": ("每季度", "quarterly"),
    "half-yearly": ("每半年", "half-yearly"),
    "yearly": ("每年", "yearly"),
}
EVERY_DAYS: Final = re.compile(r"([1-9][0-9]{0,3}) days")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_KEPT_FOR: Final = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)
SAME_DAY: Final = "same day"
_LINES: Final = frozenset({"texts", "list", "issue_codes"})


Reader = Callable[[Mapping[str, Any], str], Any]


def declared(stem: str) -> tuple[Mapping[str, Any], ...]:
    """The open numbers and choices of the regulation, as its source sheet declares them, in its own order."""
    return tuple(regulation(stem).source.get("settings", ()))


def offered(one: Mapping[str, Any]) -> str:
    """What a form offers for a setting: the default, else what is proposed, as text to be typed; nothing where there is neither."""
    value = one["default"] if one["default"] not in (None, []) else one.get("proposed")
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def must_be_ticked(one: Mapping[str, Any]) -> bool:
    """Whether the proposal is only taken where somebody says so: the text gives no number, and by itself nothing runs."""
    return one["default"] in (None, []) and one.get("proposed") not in (None, [])


def choices(stem: str, one: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """The choices of a setting with their names; empty for one that is typed."""
    if one["kind"] == "flag":
        return [("true", "是" if language.startswith("zh") else "yes"), ("false", "否" if language.startswith("zh") else "no")]
    return [(str(key), _choice_name(str(key), one["kind"], stem, language)) for key in one.get("choices", one.get("roles", ()))]


def _choice_name(key: str, kind: str, stem: str, language: str) -> str:
    if kind in ("role", "roles", "limits"):
        return role_name(key, language, (stem,))
    if kind == "period":
        return period_name(key, language)
    if kind == "calendar":
        return calendar_name(key, language)
    named = class_name("scope", key, language, stem)
    return named if named != key else value_name(key, language)


def period_name(period: str, language: str) -> str:
    """A period as people say it: "quarterly" → 每季度, "3 days" → 每3日."""
    if period in _EVERY:
        return _EVERY[period][0 if is_chinese(language) else 1]
    days = EVERY_DAYS.fullmatch(period)
    return (f"每{days[1]}日" if is_chinese(language) else f"every {limit_words(period, language)}") if days else period


def periods(language: str) -> list[tuple[str, str]]:
    """The periods that an organisation may set where the clause lists none, with their names; besides these any number of days."""
    return [(key, period_name(key, language)) for key in _EVERY if key != "daily"]


def units(one: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """The units in which a length of time is set, with their names; "same day" takes no number."""
    listed = _KEPT_FOR if one["kind"] == "keeping" else (*Unit, SAME_DAY)
    return [(str(unit), limit_words(f"2 {unit}", language).removeprefix("2").strip() if unit != SAME_DAY else limit_words(unit, language))
            for unit in listed]  # fmt: skip


def said(stem: str, one: Mapping[str, Any], value: Any, language: str) -> str:
    """A value of the setting as people read it: choices by their names, lengths of time and periods in words."""
    names = dict(choices(stem, one, language))
    mark = "、" if is_chinese(language) else ", "
    if isinstance(value, Mapping):
        return mark.join(f"{names.get(str(key), key)} {each}" for key, each in value.items())
    listed = value if isinstance(value, list | tuple) else [str(value).lower() if isinstance(value, bool) else str(value)]
    worded = period_name if one["kind"] == "period" else limit_words
    return mark.join(names.get(str(each), worded(str(each), language)) for each in listed)


def read_setting(one: Mapping[str, Any], text: str) -> Any:
    """The value of a setting from what was typed; None for nothing. Raises BadText: what was found, what is expected, what to do."""
    text = text.strip()
    if not text:
        return None
    if len(text) > MOST * 10:
        raise _bad(one, text, "shorter text", "内容过长")
    reader: Reader = _READERS.get(str(one["kind"]), _text)
    return reader(one, text)


def _bad(one: Mapping[str, Any], found: str, en: str, zh: str) -> BadText:
    clause, found = one["clause"], found[:40]
    return BadText(
        f"found {limit_words(found, 'en')!r} for {clause} ({one['en']}), expected {en}; correct it",
        f"{clause}“{one['zh']}”填的是“{limit_words(found, 'zh-hans')}”，应为{zh}；请改正",
    )


def _limit(one: Mapping[str, Any], text: str) -> str:
    try:
        limit = parse_limit(text)
    except BadLimit:
        limit = None
    if limit is None or isinstance(limit, FixedInRecord):
        raise _bad(one, text, "a whole number and a unit, such as 15 minutes, 2 hours, 1 workday", "整数和单位，如15分钟、2小时、1个工作日")
    return text


def _keeping(one: Mapping[str, Any], text: str) -> str:
    """A time of keeping: nothing shorter than a day."""
    try:
        limit = parse_limit(text)
    except BadLimit:
        limit = None
    if not isinstance(limit, Span) or limit.unit not in _KEPT_FOR:
        raise _bad(one, text, "a whole number of days, weeks, months or years, such as 6 months", "整数和单位（日、周、个月、年），如6个月")
    return text


def _period(one: Mapping[str, Any], text: str) -> str:
    if one.get("choices"):
        return _choice(one, text)
    try:
        parse_period(text)
    except BadLimit:
        expected = (", ".join(dict(periods("en")).values()), "、".join(dict(periods("zh-hans")).values()))
        raise _bad(one, text, f"{expected[0]}, or a number of days", f"{expected[1]}，或若干日一次") from None
    return text


def _whole(least: int, most: int) -> Callable[[Mapping[str, Any], str], str]:
    def read(one: Mapping[str, Any], text: str) -> str:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise _bad(one, text, f"a whole number from {least} to {most}", f"{least}至{most}的整数")
        return text

    return read


def _choice(one: Mapping[str, Any], text: str) -> str:
    listed = ("true", "false") if one["kind"] == "flag" else tuple(map(str, one.get("choices", ())))
    if listed and text not in listed:
        named = [[name for _key, name in choices(_stem(one), one, language)] for language in ("en", "zh-hans")]
        raise _bad(one, text, f"one of: {', '.join(named[0])}", f"下列之一：{'、'.join(named[1])}")
    return text


def _stem(one: Mapping[str, Any]) -> str:
    found = regulation_of(str(one["clause"]))
    return found.stem if found else ""


def _several(one: Mapping[str, Any], text: str) -> list[str]:
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    return [_choice(one, line) for line in lines] if one["kind"] not in _LINES else [_text(one, line) for line in lines]


def _amounts(one: Mapping[str, Any], text: str) -> dict[str, str]:
    """Lines of ``role: yuan``."""
    found = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        role, sign, amount = (part.strip() for part in line.replace("：", ":").partition(":"))
        if not sign or role not in one.get("roles", ()) or not _NUMBER.fullmatch(amount):
            of = [role_name(role, language, (_stem(one),)) for language in ("en", "zh-hans")]
            raise _bad(one, f"{of[1]} {amount}", f"an amount in yuan for the {of[0]}, such as 500", f"{of[1]}的金额（元），如500")
        found[role] = amount
    return found


def _text(one: Mapping[str, Any], text: str) -> str:
    if len(text) > MOST:
        raise _bad(one, text, f"at most {MOST} characters", f"最多{MOST}字")
    return text


_READERS: Final[Mapping[str, Reader]] = {
    "limit": _limit,
    "keeping": _keeping,
    "period": _period,
    "number": _whole(0, 1_000_000),
    "percent": _whole(1, 100),
    "day_of_month": _whole(1, 31),
    "year": _whole(2000, 2100),
    "role": _choice,
    "choice": _choice,
    "calendar": _choice,
    "flag": _choice,
    "roles": _several,
    "limits": _amounts,
    **dict.fromkeys(_LINES, _several),
}
