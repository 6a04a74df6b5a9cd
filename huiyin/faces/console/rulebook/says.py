"""A rule as people read it: what kind it is, and its parts, each named and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.rules import (
    ApprovalRule,
    AssessmentRule,
    Ceiling,
    ClockRule,
    CourseRule,
    DutyRule,
    End,
    FigureRule,
    HandoverRule,
    IndicatorRule,
    LevelRule,
    MarkRule,
    NoticeRule,
    PaperRule,
    PublicationRule,
    RefusalRule,
    RegisterRule,
    Regulation,
    RetentionRule,
    RosterRule,
    Rule,
    ScoreRule,
    SecretRule,
    ShareRule,
    StandardRule,
    Start,
    StepRule,
    WarningRule,
)
from huiyin.core.rules import Part as PartOfShare
from huiyin.faces.console.rulebook.names import by_clause, either, joined, parts_of_period, value_name
from huiyin.faces.console.rulebook.speech import Speech
from huiyin.faces.parts.templatetags.parts import span_words, warning_level
from huiyin.rulebook import words

_EACH: Final = {"entries": _("台账记录"), "papers": _("文书")}
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
    StepRule: _("步骤"),
    CourseRule: _("步骤顺序"),
    ShareRule: _("比例"),
    RetentionRule: _("保存期限"),
    RegisterRule: _("台账"),
    StandardRule: _("检查标准"),
    IndicatorRule: _("一级指标"),
    AssessmentRule: _("年度考核"),
    FigureRule: _("数字"),
    SecretRule: _("保密"),
    HandoverRule: _("汇齐上交"),
    RosterRule: _("值班"),
}
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
        self.of, self.language, self.speech = of, language, Speech(of, language)

    def parts(self, rule: Rule) -> Iterator[Part]:
        """The parts of any kind of rule."""
        said = {
            ClockRule: self._clock, DutyRule: self._duty, WarningRule: self._warning, LevelRule: self._level,
            NoticeRule: self._notice, ApprovalRule: self._approval, RefusalRule: self._refusal, MarkRule: self._mark,
            ScoreRule: self._score, PaperRule: self._paper, PublicationRule: self._publication, StepRule: self._step,
            ShareRule: self._share, RetentionRule: self._retention, RegisterRule: self._register, StandardRule: self._standard,
            IndicatorRule: self._indicator, AssessmentRule: self._assessment, FigureRule: self._figure, SecretRule: self._secret,
            HandoverRule: self._handover, CourseRule: self._course, RosterRule: self._roster,
        }  # fmt: skip
        yield from said[type(rule)](rule)  # type: ignore[operator]

    def _step(self, rule: StepRule) -> Iterator[Part]:
        yield gettext("登记"), self.speech.event(rule.event)
        yield gettext("由"), joined(map(self.speech.role, rule.by))
        yield gettext("填写"), joined(map(self.speech.detail, dict.fromkeys((*rule.requires, *rule.asks))))
        yield gettext("必填"), joined(map(self.speech.detail, rule.requires))
        yield gettext("注意"), by_clause(rule.mind)
        yield gettext("适用"), self.speech.when(rule.when)

    def _course(self, rule: CourseRule) -> Iterator[Part]:
        names = ((one, either(self.of.by_id[one.step].name)) for one in rule.turns)
        said = [gettext("%(step)s（必要时）") % {"step": name} if one.optional else name for one, name in names]
        yield gettext("依次"), " → ".join(said)
        yield gettext("致电"), joined(dict.fromkeys(self.speech.role(role) for one in rule.turns for role in one.calls))
        yield gettext("不可以"), by_clause(rule.never)
        yield gettext("适用"), self.speech.when(rule.when)

    def _share(self, rule: ShareRule) -> Iterator[Part]:
        parts = {"part": self._part(rule.part), "whole": self._part(rule.whole)}
        yield gettext("比例"), gettext("%(part)s ÷ %(whole)s") % parts
        compared = gettext("超过") if rule.over else gettext("达到")
        if rule.at_least is not None:
            yield compared, f"{rule.at_least}%"
        elif rule.at_least_setting:
            yield compared, gettext("由本单位设定（%(clause)s）") % {"clause": rule.at_least_setting[0]}
        elif rule.at_least_said:
            yield (
                compared,
                gettext("“%(event)s”时写明的%(detail)s")
                % {
                    "event": self.speech.event(rule.at_least_said.event),
                    "detail": self.speech.detail(rule.at_least_said.detail),
                },
            )
        yield gettext("认定为"), f"{self.speech.mark(rule.reached)} / {self.speech.mark(rule.below)}"
        yield gettext("发生"), self.speech.events(rule.on)

    def _part(self, part: PartOfShare) -> str:
        return f"{self.speech.event(part.event)}·{self.speech.detail(part.detail)}"

    def _retention(self, rule: RetentionRule) -> Iterator[Part]:
        if rule.each:
            yield gettext("每一条"), joined(str(_EACH[one]) for one in rule.each)
        else:
            yield gettext("起算"), self.speech.events(rule.on)
        yield gettext("保存"), self._kept(rule)
        yield gettext("原因"), either(rule.why)

    def _secret(self, rule: SecretRule) -> Iterator[Part]:
        yield gettext("标记"), self.speech.mark(rule.mark)
        yield gettext("隐藏"), self._secret_parts(rule)
        yield gettext("可查看"), gettext("由本单位设定（%(clause)s）") % {"clause": rule.cleared_setting[0]}
        yield gettext("说明"), either(rule.why)

    def _handover(self, rule: HandoverRule) -> Iterator[Part]:
        yield gettext("应交"), words.form_name(rule.form, rule.cites[0], self.language)
        yield gettext("归入"), self.speech.events(rule.finished_by)
        yield gettext("移出"), self.speech.events(rule.reopened_by)
        if rule.ready_by:
            yield gettext("备齐"), self.speech.events(rule.ready_by)
        yield gettext("上交"), self.speech.event(rule.handed_by)

    def _secret_parts(self, rule: SecretRule) -> str:
        named = [self.speech.detail(detail) for detail in (rule.parts, rule.words) if detail]
        return joined([*(words.part_name(part, self.language) for part in rule.hides), *named])

    def _kept(self, rule: RetentionRule) -> str:
        if rule.keep_setting:
            return gettext("由本组织设定，未设定的不销毁")
        return words.limit_words(str(rule.keep), self.language) if rule.keep else gettext("永久")

    def _register(self, rule: RegisterRule) -> Iterator[Part]:
        yield gettext("栏目"), joined(either(field.name) for field in rule.fields)
        yield gettext("保管"), self.speech.role(rule.kept_by)
        if rule.kept_in:
            yield gettext("各处一本"), joined(map(value_name, sorted(rule.kept_in)))
        if rule.records:
            yield gettext("同时记为办理"), joined(dict.fromkeys(self.speech.event(one.event) for one in rule.records))
        if rule.of_cases is not None:
            yield gettext("取自工单"), joined(words.class_name("record", one, self.language) for one in sorted(rule.of_cases.records))
        if rule.at_most is not None:
            yield gettext("核对"), self._ceiling(rule, rule.at_most)

    def _ceiling(self, rule: RegisterRule, ceiling: Ceiling) -> str:
        other = self.of.by_id[ceiling.register]
        columns = [{field.key: either(field.name) for field in one.fields} for one in (rule, other) if isinstance(one, RegisterRule)]
        said = {"amount": columns[0][ceiling.amount], "book": either(other.name), "most": columns[1][ceiling.most]}
        return gettext("%(amount)s不高于“%(book)s”当日有效的%(most)s") % said

    def _standard(self, rule: StandardRule) -> Iterator[Part]:
        yield gettext("扣分"), f"{rule.points}"
        yield gettext("计法"), gettext("每发现一次") if rule.per_occurrence else gettext("每次检查一次")
        if rule.cap is not None:
            yield gettext("最多"), f"{rule.cap}"
        yield gettext("检查方法"), either(rule.check)
        yield gettext("适用"), self.speech.when(rule.applies)

    def _indicator(self, rule: IndicatorRule) -> Iterator[Part]:
        yield gettext("分值"), f"{rule.points}"

    def _assessment(self, rule: AssessmentRule) -> Iterator[Part]:
        yield gettext("满分"), f"{rule.full}"
        yield gettext("超出上年每件"), f"-{rule.excess_points}"
        yield gettext("重复投诉每件"), f"-{rule.repeat_points}"
        yield gettext("表扬"), f"+{rule.praise_points}"
        yield gettext("最低"), f"{rule.floor}"
        yield gettext("发生"), self.speech.event(rule.on)

    def _figure(self, rule: FigureRule) -> Iterator[Part]:
        yield gettext("发生"), self.speech.event(rule.on)
        yield gettext("分值"), f"{rule.amount}"

    def _form(self, form: str) -> str:
        return words.form_name(form, f"{self.of.prefix}-", self.language)

    def _clock(self, rule: ClockRule) -> Iterator[Part]:
        starts = joined(self._start(start) for start in rule.starts)
        yield gettext("起算"), gettext("%(moments)s，取最早") % {"moments": starts} if len(rule.starts) > 1 else starts
        yield gettext("时限"), self._length(rule)
        if rule.target is not None:
            yield gettext("目标"), words.limit_words(str(rule.target), self.language)
        yield gettext("完成"), gettext("或").join(self._end(end) for end in (rule.ends, *rule.or_ends))
        if rule.until_happened:
            yield gettext("终止"), self.speech.events(rule.until_happened)
        yield gettext("责任"), self.speech.role(rule.responsible)
        yield gettext("适用"), self.speech.when(rule.when)
        yield gettext("计时"), words.calendar_name(rule.calendar, self.language)

    def _length(self, rule: ClockRule) -> str:
        if rule.until_said and rule.within is None:
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
        if rule.period_setting:
            yield gettext("周期"), gettext("由本单位设定（%(clause)s）") % {"clause": rule.period_setting[0]}
        else:
            yield gettext("周期"), parts_of_period(rule.recurs)
        yield gettext("单位"), self.speech.when(rule.owed_if)
        if rule.following_by_day or rule.following_setting:
            yield gettext("截止"), self._following(rule)
        if rule.due_before:
            yield gettext("截止"), gettext("%(day)s之前") % {"day": words.detail_name(rule.due_before[0], self.language)}
        yield gettext("完成"), gettext("或").join(self._end(end) for end in (rule.served_by, *rule.or_served_by))
        if rule.done_once:
            yield gettext("算完成"), self.speech.event(rule.done_once)
        if rule.exempt_by:
            yield gettext("免做"), self.speech.event(rule.exempt_by)
        if again := rule.owed_again_by | rule.undone_by:
            yield gettext("恢复应做"), self.speech.events(again)
        yield gettext("责任"), self.speech.role(rule.responsible)
        if rule.signatures:
            yield gettext("签字"), joined(map(self.speech.role, rule.signatures.all_of))
        yield gettext("适用"), self.speech.when(rule.counts_if)

    def _roster(self, rule: RosterRule) -> Iterator[Part]:
        yield gettext("每日"), str(rule.hours)
        yield gettext("责任"), self.speech.role(rule.responsible)

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
            yield (
                gettext("超时"),
                gettext("“%(clock)s”超过时限 %(span)s 仍未完成")
                % {
                    "clock": either(clock.name),
                    "span": span_words(rule.overdue.by),
                },
            )
        if rule.ratio:
            yield gettext("户数"), gettext("同一问题涉及户数达到总户数的 %(percent)s%%") % {"percent": rule.ratio.at_least_percent}
        yield gettext("适用"), self.speech.when(rule.when)

    def _level(self, rule: LevelRule) -> Iterator[Part]:
        yield gettext("级别"), warning_level(rule.level)
        yield gettext("下发"), self._end(rule.sent_by)
        yield gettext("答复"), self._end(rule.answered_by)
        if rule.withdrawn_on:
            yield gettext("撤销"), self.speech.event(rule.withdrawn_on)

    def _notice(self, rule: NoticeRule) -> Iterator[Part]:
        yield gettext("发生"), self.speech.events(rule.on)
        yield gettext("告知"), joined(map(self.speech.role, rule.to))
        yield gettext("适用"), self.speech.when(rule.when)

    def _approval(self, rule: ApprovalRule) -> Iterator[Part]:
        if rule.asked_on:
            yield gettext("提请"), self.speech.events(rule.asked_on)
        yield gettext("决定"), (gettext("、再由") if rule.in_turn else gettext("或")).join(map(self.speech.role, rule.of))
        for setting in filter(None, (rule.of_setting, rule.limits_setting)):
            yield gettext("权限"), gettext("由本单位设定（%(clause)s）") % {"clause": setting[0]}

    def _refusal(self, rule: RefusalRule) -> Iterator[Part]:
        yield gettext("不允许"), self.speech.events(rule.event)
        if rule.only_by:
            yield gettext("除非由"), gettext("或").join(map(self.speech.role, rule.only_by))
        yield gettext("原因"), either(rule.why)
        yield gettext("适用"), self.speech.when(rule.when)

    def _mark(self, rule: MarkRule) -> Iterator[Part]:
        yield gettext("认定为"), self.speech.mark(rule.mark)
        yield gettext("发生"), self.speech.events(rule.on)
        if rule.ends_on:
            yield gettext("解除"), self.speech.events(rule.ends_on)
        if rule.lapses_on:
            yield gettext("不再符合即解除"), self.speech.events(rule.lapses_on)
        yield gettext("适用"), self.speech.when(rule.when)

    def _score(self, rule: ScoreRule) -> Iterator[Part]:
        yield gettext("级别"), warning_level(rule.level)
        yield gettext("分值"), f"{rule.amount}"
        if rule.taken_back_on:
            yield gettext("冲回"), self.speech.event(rule.taken_back_on)

    def _paper(self, rule: PaperRule) -> Iterator[Part]:
        yield gettext("表单"), self._form(rule.form)
        if rule.on:
            yield gettext("提交"), self.speech.event(rule.on)
        if rule.owed_from:
            yield gettext("起算"), self.speech.events(rule.owed_from)
        if rule.owed_until:
            yield gettext("不再需要"), self.speech.events(rule.owed_until)
        yield gettext("适用"), self.speech.when(rule.when)

    def _publication(self, rule: PublicationRule) -> Iterator[Part]:
        yield gettext("发生"), self.speech.event(rule.on)
        yield gettext("范围"), self._audience(rule.audience)

    def _audience(self, audience: str) -> str:
        term = self.of.source.get("terms", {}).get(audience)
        return either((term["zh"], term["en"])) if term else self.speech.answer("audience", audience)

    def _start(self, start: Start) -> str:
        event = self.speech.event(start.event)
        if start.plus == timedelta():
            return event
        return gettext("%(event)s后 %(span)s") % {"event": event, "span": span_words(start.plus)}

    def _end(self, end: End) -> str:
        event = self.speech.event(end.event)
        if not end.to:
            return event
        return gettext("%(event)s（送达%(roles)s）") % {"event": event, "roles": joined(map(self.speech.role, sorted(end.to)))}


def duties_of_role(of: Regulation, role: str) -> list[tuple[str, Told]]:
    """What a role has to do by the rules: (as what: the kind of rule, the rule in words), in the order of the regulation."""
    return [(_as_what(rule), tell(rule, of)) for rule in of.rules if role in _held_by(rule)]


def _held_by(rule: Rule) -> Iterable[str]:
    if isinstance(rule, ClockRule | DutyRule):
        signers = rule.signatures.all_of if isinstance(rule, DutyRule) and rule.signatures else ()
        return (rule.responsible, *signers)
    if isinstance(rule, ApprovalRule):
        return rule.of
    if isinstance(rule, StepRule):
        return rule.by
    if isinstance(rule, RegisterRule):
        return (rule.kept_by,)
    if isinstance(rule, RosterRule):
        return (rule.responsible,)
    return rule.to if isinstance(rule, NoticeRule) else ()


def _as_what(rule: Rule) -> str:
    if isinstance(rule, NoticeRule):
        return gettext("应知悉")
    return gettext("应审批") if isinstance(rule, ApprovalRule) else gettext("应完成")
