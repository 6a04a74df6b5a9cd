"""The flow of a case (流程): the courses of the regulations that run on it, with the present step, and what one bears in mind at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from huiyin.core.courses import Course, Stage
from huiyin.core.rules import Words
from huiyin.desk.matters.steps import Offer, Subject, barred, courses_of
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import role_word
from huiyin.faces.console.matters.forms import said


def said_by(words: Iterable[tuple[str, Words]]) -> list[dict[str, str]]:
    """What the clauses say to whoever is at work: the words, the clause, and its page."""
    return [{"clause": clause, "url": clause_url(clause), "words": said(one)} for clause, one in words]


def told_barred(offer: Offer, subject: Subject, now: datetime) -> list[dict[str, str]]:
    """Why the act would be refused now whatever is said with it: the clause, its page, and what has to happen before."""
    return said_by((one.cites[0], one.why) for one in barred(offer, subject, now))


def flow(subject: Subject, now: datetime) -> list[dict[str, Any]]:
    """Every course that runs on the case, step by step; how long after the receipt each step was done."""
    received_at = subject.case.received_at if subject.case else now
    return [_course(one, received_at) for one in courses_of(subject, now)]


def _course(course: Course, received_at: datetime) -> dict[str, Any]:
    stages = [_stage(course, one, received_at) for one in course.stages if one.stand != "skipped"]
    return {
        "name": said(course.rule.name),
        "clause": course.rule.cites[0],
        "clause_url": clause_url(course.rule.cites[0]),
        "never": said_by(course.rule.never),
        "stages": stages,
        "next": next((one for one in stages if one["stand"] == "next"), None),
        "done": len([one for one in stages if one["stand"] == "done"]),
        "count": len(stages),
    }


def _stage(course: Course, stage: Stage, received_at: datetime) -> dict[str, Any]:
    return {
        "label": said(stage.step.name),
        "stand": stage.stand,
        "done_at": stage.done_at,
        "after": stage.done_at - received_at if stage.done_at else None,
        "who": "、".join(role_word(role, [course.adopted.regulation.stem]) for role in stage.step.by),
        "mind": said_by(stage.step.mind),
    }
