"""What messages say, in Chinese and in English, by topic (users.md 5.5).

A part of a text (between two `` · ``) that misses one of its values is left out, so a text never shows a hole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from huiyin.desk.messaging.texts.reasons import reason
from huiyin.desk.messaging.texts.topics import FALLBACK, RULE, TOPICS
from huiyin.plumbing.text import count_graphemes, cut_text

LONGEST_TITLE: Final = {"zh": 26, "en": 60}
"""Graphemes of a title: what a card shows in one line."""
__all__ = ["CHANNELS", "FALLBACK", "LEVELS", "RECORDS", "RULE", "TOPICS", "reason", "said", "words"]
_HOLE: Final = re.compile(r"\{([a-z_]+)\}")
_JOIN: Final = " · "
_CUT_FIRST: Final = "summary"

CUSTOMER: Final[Mapping[str, Mapping[str, str]]] = {"customer": {"zh": "客户", "en": "customer"}}
"""Said where the unit of a message has no term of its own."""

LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "blue": ("蓝色", "blue"),
    "yellow": ("黄色", "yellow"),
    "red": ("红色", "red"),
}

RECORDS: Final[Mapping[str, tuple[str, str]]] = {
    "complaint": ("投诉", "complaint"),
    "repair": ("报修", "repair"),
    "help_request": ("求助", "help request"),
    "suggestion": ("建议", "suggestion"),
    "inquiry": ("咨询", "inquiry"),
    "praise": ("表扬", "praise"),
    "opinion": ("评价意见", "opinion"),
    "emergency": ("突发事件", "emergency"),
}
CHANNELS: Final[Mapping[str, tuple[str, str]]] = {"email": ("邮件", "E-mail"), "sms": ("短信", "SMS"), "robot": ("群机器人", "Group robot")}
"""What ways out of the house are called."""
_KEYS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {"level": LEVELS, "record": RECORDS, "channel": CHANNELS}


def words(topic: str, params: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Title and body of a message in ``language`` (a code that begins with "zh", or any other for English).

    ``params`` fill the holes (``what``: the name of the rule that tells it; ``customer``: the people whom the unit serves, in its own
    term); a value that is a map is taken by language (``{"zh": …, "en": …}``). A topic that is not listed says what its rule is called,
    or without a rule words that are always true.
    A title above 26 characters (60 in English) is made to fit by cutting its summary first (users.md 5.5).
    """
    texts = TOPICS.get(topic) or (RULE if params.get("what") else FALLBACK)
    chinese = language.lower().startswith("zh")
    title, body = texts[:2] if chinese else texts[2:]
    values = {name: _said(name, value, chinese) for name, value in {**CUSTOMER, **params}.items()}
    title = _filled(title, values) if texts is RULE else _title(title, values, LONGEST_TITLE["zh" if chinese else "en"])
    return title, _parts(body, values) or _parts(RULE[1], values)


def said(params: Mapping[str, Any], *, chinese: bool) -> dict[str, str]:
    """The values in words, without those that say nothing."""
    found = {name: _said(name, value, chinese) for name, value in params.items()}
    return {name: value for name, value in found.items() if value}


def _said(name: str, value: Any, chinese: bool) -> str:
    if isinstance(value, str) and (known := _KEYS.get(name, {}).get(value)):
        return known[0 if chinese else 1]
    if isinstance(value, Mapping):
        value = value.get("zh" if chinese else "en") or next(iter(value.values()), "")
    return "" if value is None else str(value)


def _title(template: str, values: Mapping[str, str], most: int) -> str:
    title = _filled(template, values)
    over = count_graphemes(title) - most
    if over > 0 and f"{{{_CUT_FIRST}}}" in template and (said := values.get(_CUT_FIRST)):
        room = count_graphemes(said) - over
        title = _filled(template, {**values, _CUT_FIRST: cut_text(said, room) if room > 1 else ""})
    return cut_text(title, most)


def _filled(template: str, values: Mapping[str, str]) -> str:
    return " ".join(_HOLE.sub(lambda hole: values.get(hole[1], ""), template).split())


def _parts(template: str, values: Mapping[str, str]) -> str:
    whole = [part for part in template.split(_JOIN) if all(values.get(name) for name in _HOLE.findall(part))]
    return _JOIN.join(_filled(part, values) for part in whole)
