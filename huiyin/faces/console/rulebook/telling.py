"""A worked example of a regulation in words: what happened when, and what must follow, as the rehearsals play it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.rules import Regulation
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import CLOCK_STATES, WARNING_STATES
from huiyin.faces.console.matters.shown import APPROVAL_STATES, KINDS, PAPER_STATES
from huiyin.faces.console.rulebook.names import either
from huiyin.faces.console.rulebook.speech import CLASSED, Speech
from huiyin.faces.parts.templatetags.parts import warning_level
from huiyin.rulebook import words
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.showing import chinese_names

_LINES: Final = {
    "clock": _("时限"), "duty": _("定期职责"), "classified": _("认定"), "warning": _("预警"), "notice": _("告知"), "approval": _("审批"),
    "refused": _("不允许"), "score": _("计分"), "document": _("文书"), "published": _("公布"), "retained": _("保存"), "hidden": _("保密"),
}  # fmt: skip
_KEYS: Final = {
    "case": _("工单"), "unit": _("单位"), "starts": _("起算"), "due": _("到期"), "target": _("目标"), "state": _("状态"),
    "stopped": _("完成"), "responsible": _("责任"), "to": _("告知"), "of": _("决定"), "at": _("时间"), "amount": _("分值"),
    "until": _("至"), "rank": _("名次"), "period": _("期间"), "by": _("由"), "entered_at": _("录入时间"), "event": _("发生"),
    "name": _("名称"), "audience": _("范围"), "approver": _("由"), "clause": _("条款"),
}  # fmt: skip
_STATES: Final = {
    **APPROVAL_STATES, **PAPER_STATES, **WARNING_STATES, **CLOCK_STATES,
    "open": _("待报"), "done": _("已报"), "withdrawn": _("已撤销"), "running": _("计时中"),
}  # fmt: skip
_ROLES: Final = frozenset({"by", "to", "of", "responsible", "approver", "decider"})
_HEAD: Final = frozenset({"at", "event", "case", "unit"})


class Example:
    """One example in the language in use."""

    def __init__(self, of: Regulation, told: Mapping[str, Any]) -> None:
        self.of, self.told, self.language = of, told, get_language() or "zh-hans"
        self.speech = Speech(of, self.language)

    def shown(self) -> dict[str, Any]:
        """The example as the page shows it."""
        return {
            "name": self._name(),
            "adopted": [either(regulation(stem).title) for stem in map(_stem, self.told.get("adopt") or ())],
            "settings": list(self._settings()),
            "acts": [self._act(one) for one in self.told.get("timeline") or ()],
            "until": self.told.get("until") or "",
            "expected": [self._line(one) for one in self.told.get("expect") or ()],
            "not_expected": [self._line(one) for one in self.told.get("expect_not") or ()],
        }

    def _name(self) -> str:
        name = str(self.told["scenario"])
        return chinese_names(self.of.stem)[name] if words.is_chinese(self.language) else name

    def _settings(self) -> Iterator[tuple[str, str]]:
        for clause, chosen in (self.told.get("settings") or {}).items():
            found = words.regulation_of(str(clause)) or self.of
            names = {one["key"]: either(one) for one in found.source.get("settings", ()) if one["clause"] == clause}
            yield str(clause), " · ".join(f"{names.get(key, key)} {self._value(str(key), value)}" for key, value in chosen.items())

    def _act(self, one: Mapping[str, Any]) -> dict[str, str]:
        things = [f"{KINDS[key]} {one[key]}" for key in KINDS if key in one and key != "unit"]
        about = [f"{_KEYS[key]} {one[key]}" for key in ("case", "unit") if one.get(key)]
        rest = {key: value for key, value in one.items() if key not in _HEAD and key not in KINDS}
        event = words.event_name(str(one["event"]), self.language)
        return {"at": str(one["at"]), "event": event, "about": " · ".join([*about, *map(str, things)]), "rest": self._parts(rest)}

    def _line(self, one: Mapping[str, Any]) -> dict[str, str]:
        kind = next(iter(one))
        what = str(one[kind])
        is_clause = "-" in what and what in self._clauses(what)
        said = what if is_clause else warning_level(what) if kind == "warning" else self.speech.answer("marks", what)
        rest = {key: value for key, value in one.items() if key != kind}
        return {
            "kind": str(_LINES.get(kind, kind)),
            "what": said,
            "url": clause_url(what) if is_clause else "",
            "rest": self._parts(rest),
        }

    def _clauses(self, what: str) -> tuple[str, ...]:
        found = words.regulation_of(what)
        return found.clauses if found else ()

    def _parts(self, told: Mapping[str, Any]) -> str:
        return " · ".join(f"{self._key(str(key))} {self._value(str(key), value)}" for key, value in told.items())

    def _key(self, key: str) -> str:
        return str(_KEYS.get(key) or CLASSED.get(key) or KINDS.get(key) or self.speech.detail(key))

    def _value(self, key: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return " · ".join(f"{self._named(str(name))} {self._value(key, one)}" for name, one in value.items())
        if isinstance(value, list):
            return "、".join(self._value(key, one) for one in value)
        text = str(value)
        if key in _ROLES:
            return self.speech.role(text)
        if key == "state":
            return str(_STATES.get(text, text))
        if key == "event":
            return words.event_name(text, self.language)
        if text in ("true", "false"):
            return gettext("是") if text == "true" else gettext("否")
        scheme = {"channel": "channels", "into": "record"}.get(key, key)
        said = self.speech.answer(scheme, text)
        # Of several regulations in force each may have named it.
        said = self._named(text) if said == text else said
        return words.limit_words(text, self.language) if said == text else said

    def _named(self, key: str) -> str:
        return _names(self.language).get(key) or words.value_name(key, self.language)


@lru_cache(maxsize=4)
def _names(language: str) -> Mapping[str, str]:
    """Whatever any regulation's own sheet names by a key (classes, channels, roles, grades), in the language."""
    return {str(one["key"]): either(one) for of in map(regulation, stems()) for one in _keyed(of.source)}


def _keyed(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if {"key", "zh", "en"} <= value.keys():
            yield value
        for one in value.values():
            yield from _keyed(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _keyed(one)


def _stem(adopted: Any) -> str:
    return str(adopted["regulation"]) if isinstance(adopted, Mapping) else str(adopted)
