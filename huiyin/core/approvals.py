"""Decisions that a clause gives to certain posts: asked for, taken, and refused to everybody else."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.facts import WARNING_CONFIRMED, WARNING_DISMISSED, Fact
from huiyin.core.known import names_of
from huiyin.core.records import GIVEN, NEEDED, REFUSED, Approval
from huiyin.core.rules import Adopted, ApprovalRule
from huiyin.core.warnings import subject_about, warning_about
from huiyin.core.work import Work

BY_APPROVAL = "approval"
DECISIONS = ("approval_given", "approval_refused")


def decides(rule: ApprovalRule, fact: Fact) -> bool:
    """Whether ``fact`` is a decision under the rule."""
    if rule.decided_by == BY_APPROVAL:
        return fact.event in DECISIONS and fact.details.get("clause") in rule.cites
    return fact.event == rule.decided_by and (rule.level is None or fact.details.get("level") == rule.level)


def decider(fact: Fact) -> str | None:
    """The role that decides: the approver it names, else the one who acts."""
    return fact.text("approver") or fact.by


def may_decide(adopted: Adopted, rule: ApprovalRule, fact: Fact) -> bool:
    """Whether the one who decides is one of those to whom the rule gives the decision, or stands in for one (D15)."""
    return any(adopted.regulation.may_act_as(role, decider(fact)) for role in rule.of)


def is_given(rule: ApprovalRule, fact: Fact) -> bool:
    """Whether the decision is a yes; what says neither is none."""
    return fact.event == "approval_given" or fact.text("result") in rule.given_if


def follow_approval(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> None:
    """Ask for the decision, or keep the one that was taken and let follow what it decides about a warning."""
    if rule.asked_on in names_of(fact):
        _ask(work, adopted, rule, fact)
    elif decides(rule, fact) and may_decide(adopted, rule, fact):
        _decide(work, adopted, rule, fact)


def _subject(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> str:
    subject = subject_about(work, adopted.regulation.prefix, rule.level, fact)
    return f"{subject}:{rule.level}" if rule.level else subject


def asked(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> list[Approval]:
    """All records of this decision on the subject of ``fact``, oldest first."""
    subject = _subject(work, adopted, rule, fact)
    found = [one for one in work.approvals.values() if one.clause == rule.cites[0] and one.subject == subject]
    return sorted(found, key=lambda one: (one.asked_at, one.key))


def _ask(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> None:
    before = asked(work, adopted, rule, fact)
    if any(one.state == NEEDED for one in before):
        return
    work.keep(_blank(work, adopted, rule, fact, len(before) + 1))


def _blank(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact, number: int) -> Approval:
    subject = _subject(work, adopted, rule, fact)
    return Approval(
        key=f"{rule.cites[0]}|{subject}|{number}",
        clause=rule.cites[0],
        of=rule.of,
        case=fact.case,
        unit=work.unit_of(fact),
        issue=None if fact.case else fact.text("issue"),
        period=None,
        state=NEEDED,
        asked_at=fact.at,
        subject=subject,
    )


def _decide(work: Work, adopted: Adopted, rule: ApprovalRule, fact: Fact) -> None:
    before = asked(work, adopted, rule, fact)
    record = next((one for one in before if one.state == NEEDED), None) or _blank(work, adopted, rule, fact, len(before) + 1)
    given = is_given(rule, fact)
    by = str(decider(fact))
    named = next((role for role in rule.of if role == by), rule.of[0])
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
    elif given:
        work.find_out(f"approved:{rule.cites[0]}", fact)
