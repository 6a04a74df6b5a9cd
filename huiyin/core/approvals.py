"""Decisions that a clause gives to certain posts: asked for, taken, and refused to everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.core.facts import WARNING_CONFIRMED, WARNING_DISMISSED, Fact
from huiyin.core.known import Case
from huiyin.core.questions import number_of
from huiyin.core.records import GIVEN, NEEDED, REFUSED, Approval
from huiyin.core.rules import Adopted, ApprovalRule
from huiyin.core.warnings import subject_about, warning_about
from huiyin.core.work import Work

BY_APPROVAL = "approval"
ASKING = "approval_requested"
AUTHORISED = "authorisation_given"
APPROVAL_GIVEN = "approval_given"
DECISIONS = (APPROVAL_GIVEN, "approval_refused")


def decides(rule: ApprovalRule, fact: Fact) -> bool:
    """Whether ``fact`` is a decision under the rule."""
    if rule.decided_by == BY_APPROVAL:
        return fact.event in DECISIONS and fact.details.get("clause") in rule.cites
    return fact.event == rule.decided_by and (rule.level is None or fact.details.get("level") == rule.level)


def decider(fact: Fact) -> str | None:
    """The role that decides: the approver it names, else the one who acts."""
    return fact.text("approver") or fact.by


def may_decide(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> bool:
    """Whether the one who decides is one of those to whom the rule gives the decision, stands in for one (D15) or was authorised to, and
    the amount is not beyond what that role may approve."""
    if _authorised(work, adopted, rule, fact):
        return True
    if rule.limits_setting:
        return _within_limit(adopted, rule, fact)
    return any(adopted.regulation.may_act_as(role, decider(fact)) for role in deciders(adopted, rule))


def _authorised(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> bool:
    """Whether somebody who may decide has let this one decide in the own place, on this case or thing."""
    past = work.case.happened.get(f"{AUTHORISED}:{rule.cites[0]}") if work.case is not None else None
    if past is None:
        return False
    theirs = deciders(adopted, rule)
    given = ((told.get("by"), to) for (_, to), told in zip(past.times, past.told, strict=True))
    return any(decider(fact) in to and any(adopted.regulation.may_act_as(role, by) for role in theirs) for by, to in given)


def deciders(adopted: Adopted, rule: ApprovalRule) -> tuple[str, ...]:
    """The roles that may decide: the organisation's choice where the clause leaves it one, else the rule's."""
    chosen = adopted.setting(*rule.of_setting) if rule.of_setting else None
    return (str(chosen),) if chosen else rule.of


def limits_of(adopted: Adopted, rule: ApprovalRule) -> Mapping[str, Decimal]:
    """The largest amount, in yuan, that each role may approve; empty where none is set: then the rule's own roles decide."""
    limits = adopted.setting(*rule.limits_setting) if rule.limits_setting else None
    found = {role: number_of(most) for role, most in limits.items()} if isinstance(limits, Mapping) else {}
    return {role: most for role, most in found.items() if most is not None}


def _within_limit(adopted: Adopted, rule: ApprovalRule, fact: Fact) -> bool:
    limits, by = limits_of(adopted, rule), decider(fact)
    if not limits:
        return any(adopted.regulation.may_act_as(role, by) for role in rule.of)
    amount = number_of(fact.details.get("amount_yuan")) or Decimal()
    return any(amount <= most and adopted.regulation.may_act_as(role, by) for role, most in limits.items())


def is_given(rule: ApprovalRule, fact: Fact) -> bool:
    """Whether the decision is a yes; what says neither is none."""
    if rule.decided_by not in (BY_APPROVAL, fact.event):
        return False
    if rule.decided_by != BY_APPROVAL and not rule.given_if:
        return True
    return fact.event == APPROVAL_GIVEN or fact.text("result") in rule.given_if


def follow_approval(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> None:
    """Ask for the decision, or keep the one that was taken and let follow what it decides about a warning."""
    asks = work.met(rule.asked_on) or (fact.event == ASKING and fact.details.get("clause") in rule.cites)
    if asks:
        _ask(work, adopted, rule, fact)
    elif decides(rule, fact) and may_decide(work, adopted, rule, fact):
        _decide(work, adopted, rule, fact)


def _subject(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> str:
    subject = subject_about(work, adopted.regulation.prefix, rule.level, fact)
    same = "/".join(str(fact.details.get(name) or "") for name in rule.same)
    return f"{subject}:{rule.level}" if rule.level else f"{subject}:{same}" if same else subject


def asked(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> list[Approval]:
    """All records of this decision on the subject of ``fact``, oldest first."""
    subject = _subject(work, adopted, rule, fact)
    found = [one for one in work.approvals.values() if one.clause == rule.cites[0] and one.subject == subject]
    return sorted(found, key=lambda one: (one.asked_at, one.key))


def asked_by(work: Work, rule: ApprovalRule) -> str | None:
    """The role that asked for the decision last: nobody approves what they submitted (D15). None where nobody asked on this thing."""
    if work.case is None:
        return None
    names = (*(f"{ASKING}:{clause}" for clause in rule.cites), *rule.asked_on, *rule.submitted_by)
    asking = [past for name in names if (past := work.case.happened.get(name)) is not None and past.told]
    by_people = [past for past in asking if past.told[-1].get("by") != "platform"]
    last = max(by_people, key=lambda past: past.last_at, default=None)
    by = last.told[-1].get("by") if last is not None else None
    return str(by) if by else None


def submitted(case: Case | None, rule: ApprovalRule) -> tuple[datetime, Mapping[str, Any]] | None:
    """When that on which the rule decides was submitted last, and the details that the decision is about; None where it was not."""
    names = (*(f"{ASKING}:{clause}" for clause in rule.cites), *rule.asked_on)
    asking = [past for name in names if case is not None and (past := case.happened.get(name)) is not None]
    last = max(asking, key=lambda past: past.last_at, default=None)
    return (last.last_at, {name: last.last.get(name) for name in rule.binds}) if last is not None else None


def _ask(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> None:
    before = asked(work, adopted, rule, fact)
    waiting = [one for one in before if one.state == NEEDED]
    if waiting and rule.binds:
        # Submitted anew: who decides has the newer one before them.
        work.keep(replace(waiting[-1], asked_at=fact.at))
    if waiting:
        return
    roles = [(role,) for role in rule.of] if rule.in_turn else [deciders(adopted, rule)]
    for number, of in enumerate(roles, start=len(before) + 1):
        work.keep(replace(_blank(work, adopted, rule, fact, number), of=of))


def _blank(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact, number: int) -> Approval:
    subject = _subject(work, adopted, rule, fact)
    return Approval(
        key=f"{rule.cites[0]}|{subject}|{number}",
        clause=rule.cites[0],
        of=deciders(adopted, rule),
        case=fact.case,
        unit=work.unit_of(fact),
        issue=None if fact.case else fact.text("issue"),
        period=None,
        state=NEEDED,
        asked_at=fact.at,
        subject=subject,
    )


def turn_of(adopted: Adopted, rule: ApprovalRule, fact: Fact) -> str:
    """The role in whose name the decision is taken: the one who decides, or the one whom that one stands in for."""
    by = str(decider(fact))
    named = (*limits_of(adopted, rule), *deciders(adopted, rule))
    standing_in = next((role for role in named if adopted.regulation.may_act_as(role, by)), named[0])
    return by if by in named else standing_in


def _decide(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> None:
    before, named = asked(work, adopted, rule, fact), turn_of(adopted, rule, fact)
    waiting = [one for one in before if one.state == NEEDED and (not rule.in_turn or one.of == (named,))]
    record = next(iter(waiting), None) or _blank(work, adopted, rule, fact, len(before) + 1)
    given = is_given(rule, fact)
    by = str(decider(fact))
    work.keep(
        replace(
            record,
            of=(named,),
            state=GIVEN if given else REFUSED,
            decided_at=fact.at,
            decided_by=by,
            in_place_of=None if named == by else named,
            reason=fact.text("reason") or fact.text("text"),
        )
    )
    if rule.level is not None:
        signal = warning_about(work, adopted.regulation.prefix, rule.level, fact)
        event = WARNING_CONFIRMED if given else WARNING_DISMISSED
        if signal is not None:
            work.find_out(event, fact, level=rule.level, issue=signal.issue, warning=signal.key, decider=by)
    elif given and not missing_turns(work, adopted, rule, fact):
        told = {key: value for key, value in fact.details.items() if key not in _OF_THE_ACT and key not in rule.binds}
        _, bound = submitted(work.case, rule) or (None, {})
        work.find_out(f"approved:{rule.cites[0]}", fact, **told, **{key: value for key, value in bound.items() if value is not None})


_OF_THE_ACT = frozenset(
    {"clause", "requested_at", "approver", "to", "level", "result", "missing_parts", "channel", "category", "severity", "into"}
)


def missing_turns(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> tuple[str, ...]:
    """Of a decision that several take in turn: the roles that have not given it yet, in their order."""
    if not rule.in_turn:
        return ()
    given = {role for one in asked(work, adopted, rule, fact) if one.state == GIVEN for role in one.of}
    return tuple(role for role in rule.of if role not in given)
