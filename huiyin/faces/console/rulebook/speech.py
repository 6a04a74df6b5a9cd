"""Events, roles and conditions of a regulation in words: what the sentences about its rules are made of."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.conditions import Condition
from huiyin.core.questions import Consent, Count, Question
from huiyin.core.rules import Regulation
from huiyin.faces.console.rulebook.names import all_words, joined, trait_name, value_name
from huiyin.faces.parts.templatetags.parts import warning_level
from huiyin.rulebook import words
from huiyin.rulebook.load import BadRulebook, regulation, stems

CLASSED: Final[dict[str, Any]] = {"record": _("类型"), "channel": _("渠道"), "category": _("类别"), "severity": _("程度")}
MARKS: Final = "marks"
TRAITED: Final = frozenset({"unit", "unit_at_least", "unit_over", "unit_newer"})
"""The questions that ask for a trait of the unit."""


class Speech:
    """The words of one regulation in one language."""

    def __init__(self, of: Regulation, language: str) -> None:
        self.of, self.language = of, language

    def event(self, event: str) -> str:
        """An event as rules write it, with its level, result or clause."""
        owner, _slash, event = event.rpartition("/")
        stem, _colon, what = event.partition(":")
        if stem in ("marked", "unmarked"):
            mark = self.mark(f"{owner}/{what}" if owner else what)
            return gettext("认定为%(mark)s") % {"mark": mark} if stem == "marked" else gettext("不再是%(mark)s") % {"mark": mark}
        if stem == "approved":
            return gettext("%(clause)s 审批通过") % {"clause": what}
        if stem == "limit_passed":
            return gettext("“%(clock)s”超过时限") % {"clock": self._clock_name(what)}
        if stem == "limit_kept":
            return gettext("补录后“%(clock)s”未超时限") % {"clock": self._clock_name(what)}
        name = words.event_name(stem, self.language)
        if not what:
            return name
        said = warning_level(what) if stem.startswith("warning_") else self.answer("result", what)
        return f"{name}（{said}）"

    def events(self, events: tuple[str, ...] | frozenset[str]) -> str:
        """Several events, any of which may happen."""
        return joined(map(self.event, sorted(events) if isinstance(events, frozenset) else events))

    def mark(self, mark: str) -> str:
        """A mark; another regulation's under that one's name for it."""
        owner, _slash, bare = mark.rpartition("/")
        stem = self.of.stem
        if owner and owner != self.of.prefix:
            stem = next((one for one in stems() if _prefix(one) == owner), stem)
            return f"{words.class_name(MARKS, bare, self.language, stem)}（{owner}）"
        return words.class_name(MARKS, bare, self.language, stem)

    def _clock_name(self, clock: str) -> str:
        rule = self.of.by_id.get(clock.rpartition(":")[2])
        return rule.name[0 if self.language.startswith("zh") else 1] if rule else clock

    def role(self, role: str) -> str:
        """A role by its name."""
        return words.role_name(role, self.language, (self.of.stem,))

    def roles(self, roles: tuple[str, ...] | frozenset[str]) -> str:
        """Several roles."""
        return joined(map(self.role, roles))

    def detail(self, detail: str) -> str:
        """A detail of a fact by its name."""
        return words.detail_name(detail, self.language)

    def when(self, when: Condition) -> str:
        """A whole condition."""
        return "；".join(self._question(question) for question in when.questions)

    def _question(self, question: Question) -> str:
        about, answers = question.about, self._answers(question)
        if about in CLASSED:
            return f"{CLASSED[about]}：{answers}"
        if isinstance(question.ask, Count):
            return self._count(question.ask, reached=about == "count")
        if isinstance(question.ask, Consent):
            form = gettext("已按 %(clause)s 取得同意") if about == "consent" else gettext("未按 %(clause)s 取得同意")
            return form % {"clause": question.ask.clause}
        told = {
            "event": self.event(question.name.partition(".")[0]),
            "detail": trait_name(question.name) if about in TRAITED else self.detail(question.name.rpartition(".")[2]),
            "answers": answers,
            "number": question.number,
        }
        return _forms()[about] % told

    def _count(self, count: Count, *, reached: bool) -> str:
        least = gettext("本单位设定的次数（%(clause)s）") % {"clause": count.least_setting[0]} if count.least_setting else str(count.least)
        form = gettext("“%(event)s”达到 %(least)s 次") if reached else gettext("“%(event)s”不足 %(least)s 次")
        told = form % {"event": self.events(count.events), "least": least}
        if count.distinct:
            told += gettext("（按不同%(detail)s计）") % {"detail": self.detail(count.distinct)}
        return told + (gettext("，%(span)s内") % {"span": words.limit_words(count.within, self.language)} if count.within else "")

    def _answers(self, question: Question) -> str:
        about, keys = question.about, sorted(question.answers)
        if about in ("happened", "not_happened", "since", "not_since", "fact_over", "fact_differs"):
            return joined(map(self.event, keys))
        if about in ("marked", "not_marked"):
            return joined(map(self.mark, keys))
        if about == "by":
            return joined(map(self.role, keys))
        if about == "fact_reaches":
            return joined(map(self.detail, keys))
        if about == "person":
            return joined(gettext("经办人") if key == "by" else self.detail(key) for key in keys)
        if about == "unit_newer":
            return joined(words.limit_words(key, self.language) for key in keys)
        scheme = {"channel": "channels"}.get(name := question.name if about.startswith("fact") else about, name)
        return joined(self.answer(scheme, key) for key in keys)

    def answer(self, scheme: str, key: str) -> str:
        """A key of a scheme of classes, or any word of the regulation."""
        if key in ("true", "false"):
            return gettext("是") if key == "true" else gettext("否")
        name = words.class_name(scheme, key, self.language, self.of.stem)
        return all_words(self.of).get(key) or value_name(key) if name == key else name


def _prefix(stem: str) -> str:
    try:
        return regulation(stem).prefix
    except BadRulebook:
        return ""


def _forms() -> dict[str, str]:
    return {
        "happened": gettext("已有“%(answers)s”"),
        "not_happened": gettext("尚无“%(answers)s”"),
        "since": gettext("“%(answers)s”之后已有“%(event)s”"),
        "not_since": gettext("“%(answers)s”之后尚无“%(event)s”"),
        "marked": gettext("已认定为%(answers)s"),
        "not_marked": gettext("未认定为%(answers)s"),
        "fact": gettext("%(detail)s为%(answers)s"),
        "fact_not": gettext("%(detail)s不是%(answers)s"),
        "fact_at_least": gettext("%(detail)s达到 %(number)s"),
        "fact_reaches": gettext("%(detail)s不少于%(answers)s"),
        "fact_over": gettext("%(detail)s超过“%(answers)s”时所报"),
        "fact_differs": gettext("%(detail)s与“%(answers)s”时的不同"),
        "keys_beyond": gettext("%(detail)s超出%(answers)s"),
        "told": gettext("%(detail)s为%(answers)s"),
        "told_not": gettext("%(detail)s不是%(answers)s"),
        "told_at_least": gettext("%(detail)s达到 %(number)s"),
        "said": gettext("“%(event)s”时%(detail)s为%(answers)s"),
        "said_lacks": gettext("“%(event)s”时没有写明%(detail)s"),
        "lacks": gettext("没有写明%(detail)s"),
        "has": gettext("写明了%(detail)s"),
        "several": gettext("写了不止一个%(detail)s"),
        "person": gettext("%(answers)s正是%(detail)s"),
        "unit": gettext("单位的%(detail)s为%(answers)s"),
        "unit_kind": gettext("单位类型为%(answers)s"),
        "unit_at_least": gettext("单位的%(detail)s达到 %(number)s"),
        "unit_over": gettext("单位的%(detail)s超过 %(number)s"),
        "unit_newer": gettext("单位的%(detail)s不超过 %(answers)s"),
        "by": gettext("经办为%(answers)s"),
        "adopted": gettext("同时采用%(answers)s"),
        "not_adopted": gettext("未采用%(answers)s"),
    }
