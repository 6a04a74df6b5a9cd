"""What travels with a fact, in words: every detail with its name, keys by what the regulations call them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huiyin.desk.facts.actions import is_stand_in
from huiyin.faces.console import periods
from huiyin.faces.console.cases.forms import RESULTS
from huiyin.faces.console.cases.words import (
    RECORDS,
    case_words,
    channel_word,
    class_words,
    customer_word,
    language,
    role_word,
    staff_words,
    unit_word,
)
from huiyin.rulebook.load import regulation, stems, vocabulary
from huiyin.rulebook.words import detail_name, moment_words, value_name

_SAID_ELSEWHERE: Final = frozenset({"record", "channel", "customer", "household", "clock", "level", "case", "by", "entered_at"})
_FOR_THE_RECKONING: Final = frozenset({"alone", "entry", "state_before", "takes_back", "warning"})
"""Details by which the reckoning finds its own things again; they say nothing to people."""
_RESULT_WORDS: Final[Mapping[str, Any]] = {key: word for choices in RESULTS.values() for key, word in choices}
_CASES: Final = frozenset({"earlier", "new_case", "into"})
_YES_OR_NO: Final = {"true": True, "false": False}


def told(
    organisation_id: UUID, details: Mapping[str, Any], editions: Iterable[str] = (), event: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Each detail of an ``event`` that says something to people: its key, its name, its value in words; keys are those of ``editions``
    first."""
    known = tuple(editions)
    for name, value in details.items():
        if name in _SAID_ELSEWHERE or name in _FOR_THE_RECKONING or value in (None, "", [], {}):
            continue
        if is_stand_in(value) or (isinstance(value, list) and any(map(is_stand_in, value))):
            continue
        yield name, detail_name(name, language(), event), value_word(organisation_id, name, value, known)


def value_word(organisation_id: UUID, name: str, value: Any, editions: tuple[str, ...] = ()) -> str:
    """The value of a detail as people read it."""
    kind = vocabulary()["facts"].get(name, {}).get("kind")
    if name in ("category", "severity") and isinstance(value, dict):
        return class_words(name, value, editions)
    if kind == "people":
        return staff_words(value)
    if kind == "cases" or name in _CASES:
        return _key_word(case_words(organisation_id, value), editions)
    if kind == "moment" and (at := parse_datetime(str(value))):
        return moment_words(at.replace(second=0, microsecond=0), language())
    if name == "period":
        return periods.words(str(value))
    if name in ("unit", "customer"):
        return (unit_word if name == "unit" else customer_word)(organisation_id, str(value))
    if isinstance(value, bool) or (kind == "flag" and value in _YES_OR_NO):
        return _("是") if _YES_OR_NO.get(str(value).lower()) else _("否")
    if isinstance(value, dict):
        return "、".join(f"{_class_word(str(key), editions) or _key_word(str(key), editions)} {one}" for key, one in value.items())
    if name == "result" and str(value) in _RESULT_WORDS:
        return str(_RESULT_WORDS[str(value)])
    if kind in ("text", "number", "day"):
        return str(value)
    return "、".join(_key_word(str(one), editions) for one in (value if isinstance(value, list | tuple) else [value]))


def _key_word(key: str, editions: tuple[str, ...]) -> str:
    """What a key is called: a class of the regulations named first, else of any, a role, a kind of record, a word of the vocabulary."""
    if key in RECORDS:
        return str(RECORDS[key])
    if named := _class_word(key, editions):
        return named
    role = role_word(key, editions)
    if role != key:
        return role
    channel = channel_word(key, editions)
    return channel if channel != key else value_name(key, language())


def _class_word(key: str, editions: tuple[str, ...]) -> str:
    return next(filter(None, (_class_of(stem, key) for stem in dict.fromkeys((*editions, *stems())))), "")


def _class_of(stem: str, key: str) -> str:
    listed = regulation(stem).source["classes"].values() if stem in stems() else ()
    names = next((one for scheme in listed for one in scheme if one["key"] == key), None)
    return str(names["zh" if language().startswith("zh") else "en"]) if names else ""
