"""The words of case pages: kinds of record, classes, channels, marks, in the terms of the regulations a case began under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy

from huiyin.core.rules import MarkRule, Regulation
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.cases.models import Case
from huiyin.desk.people.models import Resident
from huiyin.desk.people.queries import names_of
from huiyin.desk.places import queries as places
from huiyin.faces.parts.masks import masked_name
from huiyin.plumbing.ids import read_id
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.words import class_name, classes, role_name

RECORDS: Final = {
    "complaint": gettext_lazy("投诉"),
    "repair": gettext_lazy("报修"),
    "help_request": gettext_lazy("求助"),
    "suggestion": gettext_lazy("建议"),
    "inquiry": gettext_lazy("咨询"),
    "praise": gettext_lazy("表扬"),
    "opinion": gettext_lazy("评价意见"),
    "emergency": gettext_lazy("突发事件"),
}
CLOCK_STATES: Final = {
    "running": gettext_lazy("计时中"),
    "met": gettext_lazy("按时完成"),
    "late": gettext_lazy("逾期完成"),
    "overdue": gettext_lazy("已超时"),
    "cancelled": gettext_lazy("已取消"),
    "exempt": gettext_lazy("免计"),
}
WARNING_STATES: Final = {
    "raised": gettext_lazy("待核实"),
    "confirmed": gettext_lazy("已核实"),
    "dismissed": gettext_lazy("误报"),
    "answered": gettext_lazy("已答复"),
    "withdrawn": gettext_lazy("已解除"),
}
OWN_CHANNELS: Final = {
    "counter": gettext_lazy("前台来访"),
    "phone": gettext_lazy("电话"),
    "wechat": gettext_lazy("微信"),
    "web": gettext_lazy("网上登记"),
    "email": gettext_lazy("电子邮件"),
    "import": gettext_lazy("历史台账"),
    "api": gettext_lazy("外部系统"),
}


def language() -> str:
    """The language of the page being made."""
    return get_language() or "zh-hans"


def record_word(record: str, editions: Iterable[str] = ()) -> str:
    """What kind of record a case is, in a word: that of the first of the regulations that has one for it, else the usual one."""
    named = (class_name("record", record, language(), stem) for stem in editions)
    if own := next((one for one in named if one != record), ""):
        return own
    return str(RECORDS.get(record, "")) or class_name("record", record, language())


def channel_word(channel: str, editions: Iterable[str] = ()) -> str:
    """By which way a case came in."""
    if channel in OWN_CHANNELS:
        return str(OWN_CHANNELS[channel])
    named = (class_name("channels", channel, language(), stem) for stem in (*editions, ""))
    return next((one for one in named if one != channel), channel)


def class_words(scheme: str, given: Mapping[str, str], editions: Iterable[str]) -> str:
    """The classes of a case in one scheme (category, severity), each regulation's own, without repeating."""
    known = {regulation(stem).prefix: stem for stem in editions if stem in stems()}
    words = [class_name(scheme, key, language(), known.get(prefix, "")) for prefix, key in given.items()]
    return "、".join(dict.fromkeys(words))


def mark_word(mark: str, editions: Iterable[str] = ()) -> str:
    """The word of a mark (重大投诉 …): that of the first of the regulations that has one for it, else of any."""
    named = (class_name("marks", mark, language(), stem) for stem in (*editions, ""))
    return next((one for one in named if one != mark), mark)


def marks_of(regulations: Iterable[Regulation]) -> dict[str, str]:
    """The marks that the regulations put on cases, with their words, each key once."""
    put = ((rule.mark, found.stem) for found in regulations for rule in found.rules if isinstance(rule, MarkRule) and rule.about == "case")
    stems_of = {key: stem for key, stem in reversed(list(put))}
    return {key: mark_word(key, (stem,)) for key, stem in reversed(stems_of.items())}


def unit_word(organisation_id: UUID, code: str) -> str:
    """The name of a unit in the language of the page."""
    names = places.tree(organisation_id).names.get(code)
    return (names[0] if language().startswith("zh") else names[1]) if names else code


def customer_word(organisation_id: UUID, said: str) -> str:
    """A customer as pages may show one: masked, whether facts name a registered resident by id or somebody by name."""
    try:
        found = Resident.objects.filter(organisation_id=organisation_id, id=UUID(said)).first()
    except ValueError:
        return masked_name(said)
    return masked_name(f"{found.name}{found.title}") if found else ""


def staff_words(told: Any) -> str:
    """Members of staff by their names, as a fact names them by id; what is no id of one is shown as it is."""
    ids = [(one, read_id(one)) for one in (told if isinstance(told, list | tuple) else [told])]
    names = names_of(key for _one, key in ids if key is not None)
    return "、".join(names.get(key, str(one)) if key is not None else str(one) for one, key in ids)


def case_words(organisation_id: UUID, told: Any) -> str:
    """Cases by their numbers, as a fact names them by id; what is no id of one is shown as it is."""
    ids = [(one, read_id(one)) for one in (told if isinstance(told, list | tuple) else [told])]
    rows = Case.objects.filter(organisation_id=organisation_id, id__in=[key for _one, key in ids if key is not None])
    numbers = dict(rows.values_list("id", "number"))
    return "、".join(numbers.get(key, str(one)) if key is not None else str(one) for one, key in ids)


def terms(organisation_id: UUID, unit: str, at: datetime) -> dict[str, str]:
    """The words in force at the unit in the language of the page: ``customer``, ``unit`` and whatever else its regulations name."""
    index = 0 if language().startswith("zh") else 1
    return {key: word[index] for key, word in terms_of(organisation_id, unit, at).items()}


def records_of(regulations: Iterable[Regulation]) -> list[tuple[str, str]]:
    """The kinds of record that can be registered: those that the regulations class, then the others that every office takes."""
    known = list(regulations)
    classed = [str(one["key"]) for found in known for one in found.source["classes"].get("record", ())]
    keys, stems_of = dict.fromkeys((*classed, *RECORDS)), [found.stem for found in known]
    return [(key, record_word(key, stems_of)) for key in keys if key in RECORDS]


def classes_of(regulations: Iterable[Regulation], scheme: str) -> list[tuple[str, str]]:
    """The classes of a scheme as choices; the value names the regulation too ("GP:cleaning"), so that several may class one case."""
    return [(f"{found.prefix}:{key}", name) for found in regulations for key, name in classes(found.stem, scheme, language(), "case")]


def as_map(values: Iterable[str]) -> dict[str, str]:
    """Choices of ``classes_of`` back as the map that facts carry: prefix → key."""
    return {prefix: key for prefix, _sign, key in (value.partition(":") for value in values) if key}


def role_word(role: str, editions: Iterable[str] = ()) -> str:
    """What a role is called."""
    return role_name(role, language(), editions)
