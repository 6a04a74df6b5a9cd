"""The decisions that a case on the duty screen waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from huiyin.core.approvals import BY_APPROVAL
from huiyin.core.records import NEEDED
from huiyin.desk.matters.steps import Offer, Subject
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.words import language, role_word
from huiyin.faces.console.guide.callers import Callers
from huiyin.faces.console.matters.shown import label_of
from huiyin.faces.console.matters.waiting import rule_of
from huiyin.rulebook.words import decision_name, edition_of


def awaited(subject: Subject, offered: Sequence[Offer], callers: Callers, number: str) -> list[dict[str, Any]]:
    """The decisions on the case that have been asked for and not taken: whom to ring up for each, and where it is taken by whoever may."""
    waiting = [one for one in subject.known.approvals.values() if one.state == NEEDED] if subject.known else []
    return [
        {
            "name": decision_name(one.clause, language()),
            "clause": one.clause,
            "clause_url": shown.clause_url(one.clause),
            "who": "、".join(role_word(role, edition_of(one.clause)) for role in one.of),
            "asked_at": one.asked_at,
            "calls": [call for role in one.of for stem in edition_of(one.clause) for call in callers.of(role, subject.unit, stem)],
            "acts": [{"label": label_of(act), "url": _url(number, act)} for act in offered if act.decides and _takes(act, one.clause)],
        }
        for one in sorted(waiting, key=lambda one: one.asked_at)
    ]


def _url(number: str, act: Offer) -> str:
    return reverse("console:case-step", args=[number, act.key])


def _takes(act: Offer, clause: str) -> bool:
    """Whether the act takes the decision under the clause."""
    rule = rule_of(clause)
    if rule is None or rule.level is not None:
        return False
    return act.clause == clause if rule.decided_by == BY_APPROVAL else act.event == rule.decided_by
