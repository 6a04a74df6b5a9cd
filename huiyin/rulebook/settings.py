"""What a regulation leaves to the organisation: reading what somebody typed for it, and saying it back for a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from huiyin.core.limits import BadLimit, FixedInRecord, Span, Unit, parse_limit
from huiyin.core.moments import BadText
from huiyin.core.recurrence import parse_period
from huiyin.rulebook.load import regulation
from huiyin.rulebook.words import calendar_name, class_name, is_chinese, limit_words, role_name, value_name

MOST: Final = 500
_EVERY: Final = {
    "daily": ("每日", "daily"),
    "weekly": ("每周", "weekly"),
    "monthly": ("每月", "monthly"),
    "quarterly": ("每季度", "quarterly"),
    "half-yearly": ("每半年", "half-yearly"),
    "yearly": ("每年", "yearly"),
}
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
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
        return _EVERY[key][0 if is_chinese(language) else 1] if key in _EVERY else key
    if kind == "calendar":
        return calendar_name(key, language)
    named = class_name("scope", key, language, stem)
    return named if named != key else value_name(key, language)


def said(stem: str, one: Mapping[str, Any], value: Any, language: str) -> str:
    """A value of the setting as people read it: choices by their names, lengths of time in words."""
    names = dict(choices(stem, one, language))
    if isinstance(value, Mapping):
        return "、".join(f"{names.get(str(key), key)} {each}" for key, each in value.items())
    listed = value if isinstance(value, list | tuple) else [str(value).lower() if isinstance(value, bool) else str(value)]
    return "、".join(names.get(str(each), limit_words(str(each), language)) for each in listed)


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
    clause = one["clause"]
    return BadText(f"found {found[:40]!r} for {clause}, expected {en}; type that", f"{clause}“{one['zh']}”填的是“{found[:40]}”，应为{zh}")


def _limit(one: Mapping[str, Any], text: str) -> str:
    try:
        limit = parse_limit(text)
    except BadLimit as error:
        raise BadText(f"{one['clause']}: {error}", f"{one['clause']}“{one['zh']}”有误：{error.zh}") from None
    if isinstance(limit, FixedInRecord):
        raise _bad(one, text, "a length such as 15 minutes, 2 hours, 1 workdays", "一段时长，如 15 minutes、2 hours、1 workdays")
    return text


def _keeping(one: Mapping[str, Any], text: str) -> str:
    """A time of keeping: nothing shorter than a day."""
    try:
        limit = parse_limit(text)
    except BadLimit as error:
        raise BadText(f"{one['clause']}: {error}", f"{one['clause']}“{one['zh']}”有误：{error.zh}") from None
    if not isinstance(limit, Span) or limit.unit not in (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS):
        raise _bad(one, text, "a length such as 180 days, 6 months, 3 years", "一段时长，如 180 days、6 months、3 years")
    return text


def _period(one: Mapping[str, Any], text: str) -> str:
    if one.get("choices") and text not in one["choices"]:
        raise _bad(one, text, ", ".join(one["choices"]), "、".join(one["choices"]) + "之一")
    try:
        parse_period(text)
    except BadLimit as error:
        raise BadText(f"{one['clause']}: {error}", f"{one['clause']}“{one['zh']}”有误：{error.zh}") from None
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
        raise _bad(one, text, ", ".join(listed), "、".join(listed) + "之一")
    return text


def _several(one: Mapping[str, Any], text: str) -> list[str]:
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    return [_choice(one, line) for line in lines] if one["kind"] not in _LINES else [_text(one, line) for line in lines]


def _amounts(one: Mapping[str, Any], text: str) -> dict[str, str]:
    """Lines of ``role: yuan``."""
    found = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        role, sign, amount = (part.strip() for part in line.replace("：", ":").partition(":"))
        if not sign or role not in one.get("roles", ()) or not _NUMBER.fullmatch(amount):
            raise _bad(one, line, "lines such as department_head: 500", f"每行一个岗位和金额，如 {one['roles'][0]}: 500")
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
