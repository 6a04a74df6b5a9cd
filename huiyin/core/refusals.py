"""Acts that the regulations do not allow. They are asked before anything else; a refused act has no effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from huiyin.core.answers import NOTHING_TOLD
from huiyin.core.approvals import asked, asked_by, decider, deciders, decides, is_given, may_decide, missing_turns, submitted, turn_of
from huiyin.core.duties import ends, recurrence
from huiyin.core.facts import DELETION_TRIED, PERIOD_OPENINGS, Fact
from huiyin.core.moments import in_shanghai
from huiyin.core.records import DISMISSED, GIVEN, NEEDED, RAISED, WITHDRAWN, Refusal
from huiyin.core.recurrence import BadLimit, period_named, period_of
from huiyin.core.rules import Adopted, ApprovalRule, DutyRule, RefusalRule, RetentionRule, StepRule
from huiyin.core.warnings import warning_about
from huiyin.core.work import Work

Refusing = RefusalRule | ApprovalRule | DutyRule | StepRule | RetentionRule
"""The kinds of rule that may refuse an act."""
Refuse = Callable[[Work, Adopted, Any, Fact], Refusal | None]
"""The refusal of a fact under a rule whose condition holds, or None where the rule has nothing against it."""


def ever_refuses(rule: Refusing, names: tuple[str, ...]) -> bool:
    """Whether the rule may have anything against a fact with these names: a step that requires nothing has not."""
    if isinstance(rule, StepRule):
        return bool(rule.requires)
    return not isinstance(rule, RetentionRule) or any(name.startswith(DELETION_TRIED) for name in names)


def _incomplete(work: Work, adopted: Adopted, rule: StepRule, fact: Fact) -> Refusal | None:
    """An act without what the clause requires to be said with it."""
    if fact.event != rule.event:
        return None
    places = [place for place, name in enumerate(rule.requires) if fact.details.get(name) in NOTHING_TOLD]
    if not places:
        return None
    missing = [rule.required_names[place] if rule.required_names else (rule.requires[place],) * 2 for place in places]
    zh, en = "、".join(one[0] for one in missing), ", ".join(one[1] for one in missing)
    return Refusal(rule.cites[0], fact.event, fact.at, f"缺少：{zh}；请补充后再登记", f"found nothing for {en}; add it")


def _kept(work: Work, adopted: Adopted, rule: RetentionRule, fact: Fact) -> Refusal | None:
    """What has to be kept is not deleted before its last day is over."""
    if fact.event != DELETION_TRIED:
        return None
    register = fact.text("register")
    if rule.register and register and rule.register not in register:
        return None
    stem = f"{adopted.regulation.prefix}:{rule.id}|"
    today = in_shanghai(fact.at).date()
    for one in work.kept.values():
        if one.key.startswith(stem) and (one.until is None or today <= one.until):
            return Refusal(rule.cites[0], fact.event, fact.at, *rule.why)
    return None


def _no_such_period(work: Work, adopted: Adopted, rule: DutyRule, fact: Fact) -> Refusal | None:
    """An act serves a period that there is and that has begun, of the kind that the duty has."""
    named = fact.text("period")
    if named is None:
        return None
    recurs = recurrence(adopted, rule)
    if recurs is None or not any(end.event in work.names for end in ends(rule)) or recurs.period_kind is None:
        return None
    if not set(rule.opens_with) <= PERIOD_OPENINGS.keys():
        return None
    try:
        period = period_named(named)
    except BadLimit:
        period = None
    if period is not None and period.kind == recurs.period_kind and period.opens_at <= fact.at:
        return None
    usual = period_of(recurs.period_kind, fact.at).name
    why_en = f"found the period {named!r}, expected one that has begun, such as {usual}"
    return Refusal(rule.cites[0], fact.event, fact.at, f"“{named}”不是已开始的期间；请写成如 {usual}", why_en)


def _forbidden(work: Work, adopted: Adopted, rule: RefusalRule, fact: Fact) -> Refusal | None:
    if rule.only_by and _theirs(adopted, rule.only_by, fact.by):
        return None
    if rule.unless_warning is not None:
        level, states = rule.unless_warning
        signal = warning_about(work, adopted.regulation.prefix, level, fact)
        if signal is not None and signal.state in states:
            return None
    return Refusal(rule.cites[0], fact.event, fact.at, *rule.why)


def _theirs(adopted: Adopted, roles: tuple[str, ...], by: str | None) -> bool:
    return by is None or any(adopted.regulation.may_act_as(role, by) for role in roles)


def _not_theirs(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> Refusal | None:
    if not decides(rule, fact):
        return None
    if not may_decide(work, adopted, rule, fact):
        roles = deciders(adopted, rule)
        of = "、".join(_named(adopted, role, 0) for role in roles), " or ".join(_named(adopted, role, 1) for role in roles)
        found = _named(adopted, decider(fact) or "", 0), _named(adopted, decider(fact) or "", 1)
        return Refusal(
            rule.cites[0],
            fact.event,
            fact.at,
            f"此项由{of[0]}决定，{found[0] or '未署名者'}不能代为决定",
            f"this decision belongs to the {of[1]}; found {found[1] or 'nobody named'}",
        )
    asking = asked_by(work, rule)
    if decider(fact) in (asking, adopted.regulation.held_by.get(asking or "", asking)) and is_given(rule, fact):
        why_en = "nobody approves what they asked for themselves; another one decides"
        return _no(rule, fact, "提请的人不能自己批准；请由其他有权的人审批", why_en)
    turns = missing_turns(work, adopted, rule, fact)
    if turns and turn_of(adopted, rule, fact) in turns[1:]:
        first = _named(adopted, turns[0], 0), _named(adopted, turns[0], 1)
        return _no(rule, fact, f"须先由{first[0]}审批", f"the {first[1]} decides first")
    if rule.must_be_asked and not asked(work, adopted, rule, fact):
        return _no(rule, fact, "没有待决定的事项：须先有提请，才能审核或核实", "nothing to decide: it has to be submitted or raised first")
    seen, last = fact.details.get("requested_at"), submitted(work.case, rule) if rule.binds else None
    if seen is not None and last is not None and seen != last[0]:
        why_en = "something else was submitted since; read what is submitted now, then decide"
        return _no(rule, fact, "报审的内容已经改过；请看过新的内容再决定", why_en)
    no = _not_of_warning(work, adopted, rule, fact) if rule.level is not None else None
    return no or _said_already(work, adopted, rule, fact)


def _no(rule: ApprovalRule, fact: Fact, why_zh: str, why_en: str) -> Refusal:
    return Refusal(rule.cites[0], fact.event, fact.at, why_zh, why_en)


def _not_of_warning(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> Refusal | None:
    """A verification says yes or no, of a warning that still stands; a confirmed one has gone its way and is not dismissed any more."""
    if not fact.text("result"):
        return _no(rule, fact, "没有写明核实结果；请选“属实”或“误报”", "found no result; say confirmed or dismissed")
    signal = warning_about(work, adopted.regulation.prefix, str(rule.level), fact)
    if signal is not None and signal.state == WITHDRAWN:
        return _no(rule, fact, "预警已随无效投诉撤销，不必再核实", "the warning was withdrawn with its complaint: nothing to verify")
    if signal is not None and signal.state not in (RAISED, DISMISSED) and not is_given(rule, fact):
        return _no(rule, fact, "预警已核实属实，不能再判为误报", "the warning has been confirmed and cannot be dismissed any more")
    return None


def _said_already(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> Refusal | None:
    """The same decision is not taken twice, and what was given is not taken away; a new question opens it again."""
    before = asked(work, adopted, rule, fact)
    if not rule.once or not before or any(one.state == NEEDED for one in before) or missing_turns(work, adopted, rule, fact):
        return None
    last = max(before, key=lambda one: (one.decided_at or one.asked_at, one.key))
    if last.state != GIVEN and is_given(rule, fact):
        return None
    return _no(rule, fact, "这个决定已经作出，不能重复或改回", "this decision has been taken and is not taken again or back")


def _named(adopted: Adopted, role: str, language: int) -> str:
    return adopted.regulation.role_names.get(role, (role, role))[language]


REFUSE: Final[Mapping[type[Refusing], Refuse]] = {
    RefusalRule: _forbidden,
    ApprovalRule: _not_theirs,
    DutyRule: _no_such_period,
    StepRule: _incomplete,
    RetentionRule: _kept,
}
"""How each kind of rule refuses."""
