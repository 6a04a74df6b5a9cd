"""A rule as people read it: what kind it is, and its parts, each named and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.conditions import Condition, Question
from huiyin.core.rules import (
    ApprovalRule,
    ClockRule,
    DutyRule,
    End,
    LevelRule,
    MarkRule,
    NoticeRule,
    PaperRule,
    PublicationRule,
    RefusalRule,
    Regulation,
    Rule,
    ScoreRule,
    Start,
    WarningRule,
)
from huiyin.faces.console.rulebook.names import all_words, either, joined, parts_of_period
from huiyin.faces.parts.templatetags.parts import span_words, warning_level
from huiyin.rulebook import words

KINDS: Final[dict[type[Rule], Any]] = {
    ClockRule: _("时限"),
    DutyRule: _("定期职责"),
    WarningRule: _("预警条件"),
    LevelRule: _("预警处置"),
    NoticeRule: _("告知"),
    ApprovalRule: _("审批"),
    RefusalRule: _("不允许"),
    MarkRule: _("认定"),
    ScoreRule: _("计分"),
    PaperRule: _("文书"),
    PublicationRule: _("通报"),
}
_CLASSED: Final = {"record": _("类型"), "channel": _("渠道"), "category": _("类别"), "severity": _("程度")}
_MARK: Final = "marks"
Part = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in words: its kind, its name, its parts as (what, in words), the clauses it cites, and who answers for it."""

    id: str
    kind: str
    name: str
    parts: tuple[Part, ...]
    cites: tuple[str, ...]


def tell(rule: Rule, of: Regulation) -> Told:
    """The rule in the language in use."""
    speaker = _Speaker(of, get_language() or "zh-hans")
    kind = str(KINDS.get(type(rule), type(rule).__name__))
    return Told(rule.id, kind, either(rule.name), tuple(part for part in speaker.parts(rule) if part[1]), rule.cites)


class _Speaker:
    """Says the rules of one regulation in one language."""

    def __init__(self, of: Regulation, language: str) -> None:
        self.of, self.language = of, language

    def parts(self, rule: Rule) -> Iterator[Part]:
        """The parts of any kind of rule."""
        said = {
            ClockRule: self._clock, DutyRule: self._duty, WarningRule: self._warning, LevelRule: self._level,
            NoticeRule: self._notice, ApprovalRule: self._approval, RefusalRule: self._refusal, MarkRule: self._mark,
            ScoreRule: self._score, PaperRule: self._paper, PublicationRule: self._publication,
        }  # fmt: skip
        yield from said[type(rule)](rule)  # type: ignore[operator]

    def _clock(self, rule: ClockRule) -> Iterator[Part]:
        starts = joined(self._start(start) for start in rule.starts)
        yield gettext("起算"), gettext("%(moments)s，取最早") % {"moments": starts} if len(rule.starts) > 1 else starts
        yield gettext("时限"), self._length(rule)
        yield gettext("完成"), self._end(rule.ends)
        yield gettext("责任"), self._role(rule.responsible)
        yield gettext("适用"), self._when(rule.when)
        yield gettext("计时"), words.calendar_name(rule.calendar, self.language)

    def _length(self, rule: ClockRule) -> str:
        if rule.until_said:
            said = {
                "event": words.event_name(rule.until_said.event, self.language),
                "detail": words.detail_name(rule.until_said.detail, self.language),
            }
            return gettext("到“%(event)s”时所报的%(detail)s为止") % said
        if rule.within is not None:
            return words.limit_words(str(rule.within), self.language)
        if setting := rule.within_setting or rule.tolerance:
            return gettext("由本单位设定（%(clause)s）") % {"clause": setting[0]}
        return gettext("未写明时长，由本单位设定容许时间后才计时")

    def _duty(self, rule: DutyRule) -> Iterator[Part]:
        yield gettext("周期"), parts_of_period(rule.recurs)
        if rule.following_by_day or rule.following_setting:
            yield gettext("截止"), self._following(rule)
        yield gettext("完成"), self._end(rule.served_by)
        yield gettext("责任"), self._role(rule.responsible)
        if rule.signatures:
            yield gettext("签字"), joined(map(self._role, rule.signatures.all_of))
        yield gettext("适用"), self._when(rule.counts_if)

    def _following(self, rule: DutyRule) -> str:
        if rule.following_setting:
            default = self.of.settings.get(rule.following_setting[0], {}).get(rule.following_setting[1])
            return gettext("次月几日前由本单位设定，未设定时为 %(day)s 日") % {"day": default}
        return gettext("次月 %(day)s 日前") % {"day": rule.following_by_day}

    def _warning(self, rule: WarningRule) -> Iterator[Part]:
        yield gettext("级别"), warning_level(rule.level)
        if rule.on:
            yield gettext("发生"), words.event_name(rule.on, self.language)
        if rule.overdue:
            clock = self.of.by_id[rule.overdue.clock]
            yield gettext("超时"), gettext("“%(clock)s”超过时限 %(span)s 仍未完成") % {
                "clock": either(clock.name),
                "span": span_words(rule.overdue.by),
            }
        if rule.ratio:
            yield gettext("户数"), gettext("同一问题涉及户数达到总户数的 %(percent)s%%") % {"percent": rule.ratio.at_least_percent}
        yield gettext("适用"), self._when(rule.when)

    def _level(self, rule: LevelRule) -> Iterator[Part]:
        yield gettext("级别"), warning_level(rule.level)
        yield gettext("下发"), self._end(rule.sent_by)
        yield gettext("答复"), self._end(rule.answered_by)
        if rule.withdrawn_on:
            yield gettext("撤销"), self._event(rule.withdrawn_on)

    def _notice(self, rule: NoticeRule) -> Iterator[Part]:
        yield gettext("发生"), self._event(rule.on)
        yield gettext("告知"), joined(map(self._role, rule.to))
        yield gettext("适用"), self._when(rule.when)

    def _approval(self, rule: ApprovalRule) -> Iterator[Part]:
        yield gettext("提请"), self._event(rule.asked_on)
        yield gettext("决定"), joined(map(self._role, rule.of))

    def _refusal(self, rule: RefusalRule) -> Iterator[Part]:
        yield gettext("不允许"), self._event(rule.event)
        yield gettext("原因"), either(rule.why)
        yield gettext("适用"), self._when(rule.when)

    def _mark(self, rule: MarkRule) -> Iterator[Part]:
        yield gettext("认定为"), words.class_name(_MARK, rule.mark, self.language, self.of.stem)
        yield gettext("发生"), self._event(rule.on)
        if rule.ends_on:
            yield gettext("解除"), self._event(rule.ends_on)
        yield gettext("适用"), self._when(rule.when)

    def _score(self, rule: ScoreRule) -> Iterator[Part]:
        yield gettext("级别"), warning_level(rule.level)
        yield gettext("分值"), f"{rule.amount}"
        if rule.taken_back_on:
            yield gettext("冲回"), self._event(rule.taken_back_on)

    def _paper(self, rule: PaperRule) -> Iterator[Part]:
        yield gettext("提交"), self._event(rule.on)
        if rule.owed_from:
            yield gettext("起算"), self._event(rule.owed_from)
        yield gettext("适用"), self._when(rule.when)

    def _publication(self, rule: PublicationRule) -> Iterator[Part]:
        yield gettext("发生"), self._event(rule.on)
        yield gettext("范围"), self._audience(rule.audience)

    def _audience(self, audience: str) -> str:
        term = self.of.source.get("terms", {}).get(audience)
        return either((term["zh"], term["en"])) if term else audience

    def _start(self, start: Start) -> str:
        event = self._event(start.event)
        if start.plus == timedelta():
            return event
        return gettext("%(event)s后 %(span)s") % {"event": event, "span": span_words(start.plus)}

    def _end(self, end: End) -> str:
        event = self._event(end.event)
        if not end.to:
            return event
        return gettext("%(event)s（送达%(roles)s）") % {"event": event, "roles": joined(map(self._role, sorted(end.to)))}

    def _event(self, event: str) -> str:
        stem, _colon, what = event.partition(":")
        if stem in ("marked", "unmarked"):
            mark = words.class_name(_MARK, what, self.language, self.of.stem)
            return gettext("认定为%(mark)s") % {"mark": mark} if stem == "marked" else gettext("不再是%(mark)s") % {"mark": mark}
        if stem == "approved":
            return gettext("%(clause)s 审批通过") % {"clause": what}
        name = words.event_name(stem, self.language)
        return f"{name}（{warning_level(what)}）" if what and stem.startswith("warning_") else name

    def _role(self, role: str) -> str:
        return words.role_name(role, self.language, (self.of.stem,))

    def _when(self, when: Condition) -> str:
        return "；".join(self._question(question) for question in when.questions)

    def _question(self, question: Question) -> str:
        about, answers = question.about, self._answers(question)
        if about in _CLASSED:
            return f"{_CLASSED[about]}：{answers}"
        detail = words.detail_name(question.name.rpartition(".")[2], self.language)
        told = {"event": words.event_name(question.name.partition(".")[0], self.language), "detail": detail, "answers": answers}
        forms = {
            "happened": gettext("已有“%(answers)s”"),
            "not_happened": gettext("尚无“%(answers)s”"),
            "marked": gettext("已认定为%(answers)s"),
            "not_marked": gettext("未认定为%(answers)s"),
            "fact": gettext("%(detail)s为%(answers)s"),
            "fact_not": gettext("%(detail)s不是%(answers)s"),
            "said": gettext("“%(event)s”时%(detail)s为%(answers)s"),
            "said_lacks": gettext("“%(event)s”时没有写明%(detail)s"),
            "lacks": gettext("没有写明%(detail)s"),
        }
        return forms[about] % told

    def _answers(self, question: Question) -> str:
        about, keys = question.about, sorted(question.answers)
        if about in ("happened", "not_happened"):
            return joined(map(self._event, keys))
        scheme = {"channel": "channels", "marked": _MARK, "not_marked": _MARK}.get(about, about)
        return joined(self._answer(scheme, key) for key in keys)

    def _answer(self, scheme: str, key: str) -> str:
        name = words.class_name(scheme, key, self.language, self.of.stem)
        return all_words(self.of).get(key, name) if name == key else name


def duties_of_role(of: Regulation, role: str) -> list[tuple[str, Told]]:
    """What a role has to do by the rules: (as what: the kind of rule, the rule in words), in the order of the regulation."""
    return [(_as_what(rule), tell(rule, of)) for rule in of.rules if role in _held_by(rule)]


def _held_by(rule: Rule) -> Iterable[str]:
    if isinstance(rule, ClockRule | DutyRule):
        signers = rule.signatures.all_of if isinstance(rule, DutyRule) and rule.signatures else ()
        return (rule.responsible, *signers)
    if isinstance(rule, ApprovalRule):
        return rule.of
    return rule.to if isinstance(rule, NoticeRule) else ()


def _as_what(rule: Rule) -> str:
    if isinstance(rule, NoticeRule):
        return gettext("应知悉")
    return gettext("应审批") if isinstance(rule, ApprovalRule) else gettext("应完成")
