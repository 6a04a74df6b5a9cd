"""Conditions about persons: who acts, whom an act names, and posts that only such persons hold."""

from __future__ import annotations

from datetime import datetime

import pytest

from huiyin.core.conditions import Condition
from huiyin.core.facts import Fact
from huiyin.core.known import Case
from huiyin.core.moments import SHANGHAI
from huiyin.core.questions import Question, Scene

NINE = datetime(2026, 4, 7, 9, 0, tzinfo=SHANGHAI)
HELD = {"supervisor": frozenset({"wang"}), "team": frozenset({"wang", "zhao"}), "empty": frozenset[str]()}


def _scene(*persons: str, by: str | None = None, **told: object) -> Scene:
    case = Case("A", "P1", "complaint", NINE, told={"complained_person": list(persons)} if persons else {})
    return Scene(case, Fact("complaint_assigned", NINE, "A", details=told, person=by), holders=lambda role: HELD.get(role, frozenset()))


def _holds(question: Question, scene: Scene) -> bool:
    return Condition((question,), "AC").holds(scene)


@pytest.mark.parametrize(
    ("persons", "by", "told", "concerned"),
    [
        (("wang",), "wang", {}, True),
        (("wang",), "li", {}, False),
        (("wang",), None, {}, False),
        ((), "wang", {}, False),
        (("wang", "li"), None, {"assignee": ["li"]}, True),
        (("wang",), None, {"assignee": ["li", "wang"]}, True),
        (("wang",), None, {"assignee": "zhao"}, False),
    ],
)
def test_the_person_who_acts_or_is_named_is_among_those_told(
    persons: tuple[str, ...], by: str | None, told: dict[str, object], concerned: bool
) -> None:
    question = Question("person", frozenset({"by", "assignee"}), "complained_person")
    assert _holds(question, _scene(*persons, by=by, **told)) is concerned


def test_only_what_the_question_asks_for_counts() -> None:
    assert not _holds(Question("person", frozenset({"assignee"}), "complained_person"), _scene("wang", by="wang"))


@pytest.mark.parametrize(
    ("persons", "role", "concerned"),
    [(("wang",), "supervisor", True), (("wang",), "team", False), (("wang", "zhao"), "team", True), (("wang",), "empty", False)],
)
def test_a_post_is_told_when_everybody_who_holds_it_is_told_in_person(persons: tuple[str, ...], role: str, concerned: bool) -> None:
    scene = _scene(*persons)
    assert _holds(Question("told", frozenset({role}), "complained_about"), scene) is concerned
    assert _holds(Question("told_not", frozenset({role}), "complained_about"), scene) is not concerned
    assert not _holds(Question("told", frozenset({role}), "department"), scene)
