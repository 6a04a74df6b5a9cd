"""Small words that the pages of the regulations share: joined lists, the language in use, recurrences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.recurrence import Recurrence
from huiyin.core.rules import Regulation, Words
from huiyin.faces.parts.templatetags.parts import WEEKDAYS
from huiyin.rulebook.load import vocabulary

LEVELS: Final[Mapping[str, Any]] = {
    "group": _("集团"),
    "company": _("公司"),
    "branch": _("分公司"),
    "project": _("项目"),
    "outside": _("本单位以外"),
}
"""The levels that duties are listed by, from the top."""
EVERY: Final = {
    "day": _("每日"), "week": _("每周"), "month": _("每月"), "quarter": _("每季度"), "half": _("每半年"),
    "year": _("每年"), "semester": _("每学期"), "set": _("定期（周期由本单位设定）"),
}  # fmt: skip

UNIT_KINDS: Final[Mapping[str, Any]] = {
    "group": _("集团"), "property_company": _("物业公司"), "branch": _("分公司"), "project": _("项目"), "centre": _("服务中心"),
    "cluster": _("片区"), "department": _("部门"), "building": _("楼栋"), "university_logistics_office": _("大学后勤管理处"),
    "student_apartment_centre": _("学生公寓中心"), "management_office": _("管理处"), "service_centre": _("服务中心"),
    "community": _("小区"), "campus": _("校区"), "office": _("办公室"),
}  # fmt: skip
"""The kinds of unit that the duties and scopes of a regulation concern."""
TRAITS: Final[Mapping[str, Any]] = {
    "site": _("场所类型"), "phased": _("分期开发"), "floor_area_m2": _("建筑面积（平方米）"), "delivered_on": _("交付时间"),
}  # fmt: skip
"""What a unit may have of its own that a condition asks for."""


def in_chinese() -> bool:
    """Whether the language in use is Chinese."""
    return (get_language() or "zh").startswith("zh")


def either(names: Sequence[str] | Mapping[str, str]) -> str:
    """The one of two names, (Chinese, English) or {zh, en}, that the language in use wants."""
    if isinstance(names, Mapping):
        return names["zh" if in_chinese() else "en"]
    return names[0 if in_chinese() else 1]


def joined(texts: Iterable[str]) -> str:
    """A list in one line: 、 in Chinese, commas in English."""
    return ("、" if in_chinese() else ", ").join(texts)


def by_clause(words: Iterable[tuple[str, Words]]) -> str:
    """What several clauses say, each with its number behind it."""
    return joined(f"{either(one)}（{clause}）" for clause, one in words)


def level_name(level: str) -> str:
    """The name of a level; an unknown one comes back as it is."""
    return str(LEVELS.get(level, level))


def trait_name(trait: str) -> str:
    """The name of a trait of a unit; an unknown one comes back as it is."""
    return str(TRAITS.get(trait, trait))


def value_name(key: str) -> str:
    """The name of a word that facts carry, or of a kind of unit; an unknown one comes back as it is."""
    named = vocabulary()["values"].get(key)
    return either(named) if named else str(UNIT_KINDS.get(key, key))


def parts_of_period(recurs: Recurrence) -> str:
    """How often a duty comes, with its hours or its day."""
    every = str(EVERY[recurs.every])
    if recurs.hours:
        return f"{every} {recurs.hours}"
    if recurs.weekday:
        minute = recurs.minute_of_day or 0
        return f"{every} {WEEKDAYS[recurs.weekday - 1]} {minute // 60:02d}:{minute % 60:02d}"
    if recurs.by_day and recurs.following:
        return gettext("%(every)s，次期 %(day)s 日前") % {"every": every, "day": recurs.by_day}
    if recurs.by_day:
        return gettext("%(every)s %(day)s 日前") % {"every": every, "day": recurs.by_day}
    return every


def all_words(of: Regulation) -> Mapping[str, str]:
    """Every key that the regulation's own sheet names, with its name in the language in use."""
    found: dict[str, str] = {key: either(names) for key, names in of.role_names.items()}
    for listed in of.source.get("classes", {}).values():
        found |= {one["key"]: either(one) for one in listed}
    return found
