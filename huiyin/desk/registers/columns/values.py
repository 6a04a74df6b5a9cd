"""Reading what people or files put into the columns of a register, and showing it again. Without the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from huiyin.core.moments import BadText, in_shanghai, opening_of, parse_moment
from huiyin.core.rules import RegisterField
from huiyin.plumbing.text import BadText as BadLine
from huiyin.plumbing.text import clean_text, fold_text, plain_digits

MOST_TEXT: Final = 2000
_LARGEST: Final = Decimal(10) ** 12
_YES: Final = frozenset({"true", "yes", "y", "1", "on", "是", "有", "√", "✓"})
_NO: Final = frozenset({"false", "no", "n", "0", "off", "否", "无", "×"})
Fields = tuple[RegisterField, ...]


class BadEntry(BadText):
    """An entry that cannot be taken: what is wrong with each column, by its key, in English and Chinese."""

    def __init__(self, problems: Mapping[str, tuple[str, str]]) -> None:
        super().__init__("; ".join(en for en, _ in problems.values()), "；".join(zh for _, zh in problems.values()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Wrong(Exception):
    found: str
    expected: tuple[str, str]


def lacking(fields: Fields, values: Mapping[str, str]) -> frozenset[str]:
    """The required columns that are empty in ``values``: those of an entry that followed from an act which did not tell them."""
    return frozenset(field.key for field in fields if field.required and field.key not in values)


def read_value(field: RegisterField, given: Any) -> str | None:
    """The value as it is kept of something that an act tells; None for what cannot stand in the column."""
    try:
        return _READERS[field.kind](given, field) or None
    except (_Wrong, BadLine):
        return None


def read_values(fields: Fields, sent: Mapping[str, Any], *, lacking: frozenset[str] = frozenset()) -> dict[str, str]:
    """The values as they are kept, by column, of what was sent: texts, or what a spreadsheet's cell held. Empty ones are left out.
    ``lacking``: required columns that may stay empty, because the entry followed from an act that did not tell them.

    Raises BadEntry, which names every column that is wrong: what was found, what was expected.
    """
    known = {field.key: field for field in fields}
    problems = {key: _unknown(key, fields) for key in sent if key not in known}
    values: dict[str, str] = {}
    for field in fields:
        given = sent.get(field.key)
        empty = given is None or (isinstance(given, str) and not given.strip())
        try:
            if not empty:
                values[field.key] = _READERS[field.kind](given, field)
        except _Wrong as wrong:
            problems[field.key] = _said(field, wrong)
        except BadLine as error:
            problems[field.key] = (f"{field.name[1]}: {error.message_en}", f"{field.name[0]}：{error.message_zh}")
        if empty and field.required and field.key not in lacking:
            what = _KINDS[field.kind]
            problems[field.key] = (
                f"{field.name[1]} ({field.key}): found nothing, expected {what[1]}; fill it in",
                f"{field.name[0]}：未填写，应为{what[0]}；请填写",
            )
    if problems:
        raise BadEntry(problems)
    return values


def _unknown(key: str, fields: Fields) -> tuple[str, str]:
    listed = ", ".join(field.key for field in fields), "、".join(field.name[0] for field in fields)
    return f"found the column {key[:60]!r}, expected one of: {listed[0]}", f"没有“{key[:60]}”这一栏；可填：{listed[1]}"


def _said(field: RegisterField, wrong: _Wrong) -> tuple[str, str]:
    found = wrong.found[:60]
    return (
        f"{field.name[1]} ({field.key}): found {found!r}, expected {wrong.expected[1]}; correct it",
        f"{field.name[0]}：“{found}”不对，应为{wrong.expected[0]}；请更正",
    )


_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "text": ("文字", "text"),
    "number": ("数字，例如 12.5", "a number such as 12.5"),
    "day": ("日期，例如 2026-02-13", "a day such as 2026-02-13"),
    "moment": ("时间，例如 2026-02-13 10:00", "a moment such as 2026-02-13 10:00"),
    "flag": ("“是”或“否”", "yes or no"),
    "choice": ("所列选项之一", "one of the choices"),
}


def _text(given: Any, field: RegisterField) -> str:
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, datetime):
        given = given.isoformat(sep=" ", timespec="minutes")
    return clean_text(str(given).strip(), most=MOST_TEXT, field=field.key)


def _number(given: Any, _field: RegisterField) -> str:
    text = plain_digits(str(given)).strip().replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Wrong(str(given), _KINDS["number"]) from None
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise _Wrong(str(given), _KINDS["number"])
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _day(given: Any, _field: RegisterField) -> str:
    if isinstance(given, date):
        found = in_shanghai(given).date() if isinstance(given, datetime) and given.tzinfo else given
        return date(found.year, found.month, found.day).isoformat()
    text = plain_digits(str(given)).strip()
    try:
        # What the reader of moments takes for a day, it takes with a time behind it.
        return parse_moment(f"{text} 00:00").date().isoformat()
    except BadText:
        raise _Wrong(str(given), _KINDS["day"]) from None


def _moment(given: Any, _field: RegisterField) -> str:
    text = given.isoformat(sep=" ", timespec="seconds") if isinstance(given, datetime) else plain_digits(str(given)).replace("T", " ")
    try:
        return parse_moment(text).isoformat()
    except BadText:
        raise _Wrong(str(given), _KINDS["moment"]) from None


def _flag(given: Any, _field: RegisterField) -> str:
    word = str(given).strip().lower().removesuffix(".0")
    if word in _YES | _NO:
        return "true" if word in _YES else "false"
    raise _Wrong(str(given), _KINDS["flag"])


def _choice(given: Any, field: RegisterField) -> str:
    wanted = fold_text(str(given).strip())
    for key, (zh, en) in field.choices:
        if wanted in (fold_text(key), fold_text(zh), fold_text(en)):
            return key
    names = "、".join(zh for _, (zh, _) in field.choices), ", ".join(key for key, _ in field.choices)
    raise _Wrong(str(given), (f"其中之一：{names[0]}", f"one of: {names[1]}"))


_READERS: Final[Mapping[str, Callable[[Any, RegisterField], str]]] = {
    "text": _text,
    "number": _number,
    "day": _day,
    "moment": _moment,
    "flag": _flag,
    "choice": _choice,
}


def show_value(field: RegisterField, value: str | None, *, chinese: bool = True) -> str:
    """A kept value as people read it: 是 or 否, the name of a choice, 2026-02-13 10:00; empty for none."""
    if value is None:
        return ""
    if field.kind == "flag":
        return ("是", "否")[value != "true"] if chinese else ("yes", "no")[value != "true"]
    if field.kind == "choice":
        return next((names[0 if chinese else 1] for key, names in field.choices if key == value), value)
    if field.kind == "moment":
        return f"{in_shanghai(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return value


def words_of(fields: Fields, values: Mapping[str, str]) -> str:
    """What an entry is found by: its values as they are shown in both languages, width and case made equal."""
    shown = (show_value(field, values.get(field.key), chinese=chinese) for field in fields for chinese in (True, False))
    return fold_text(" ".join(dict.fromkeys(one for one in shown if one)))


def digest_of(values: Mapping[str, str]) -> bytes:
    """The SHA-256 of the values: equal for two entries that say the same."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True, ensure_ascii=False).encode()).digest()


def happened_at(fields: Fields, values: Mapping[str, str]) -> datetime | None:
    """The moment that the first required moment or day of the entry tells (a day: its beginning); None where there is none."""
    for field in fields:
        told = values.get(field.key)
        if told and field.required and field.kind in ("moment", "day"):
            return parse_moment(told) if field.kind == "moment" else opening_of(date.fromisoformat(told))
    return None
