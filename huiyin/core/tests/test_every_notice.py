"""Every notice that a clause asks for is given: a past is made in which its condition holds, then its act happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from huiyin.core.conditions import Condition
from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome, follow
from huiyin.core.known import Case, Happened, Known, Unit, Units
from huiyin.core.moments import SHANGHAI
from huiyin.core.questions import Question, mark_name
from huiyin.core.records import NEEDED, Approval, Notice, WarningSignal
from huiyin.core.rules import Adopted, ApprovalRule, NoticeRule, RefusalRule, Regulation, StepRule
from huiyin.core.subjects import THINGS
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation, stems, vocabulary

EARLIER = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=SHANGHAI)
LEVELS = ("blue", "yellow", "red")
SAMPLES: Mapping[str, Any] = {
    "text": "已办", "key": "k1", "keys": ["k1"], "number": 1, "flag": True, "moment": NOW, "day": NOW.date(), "roles": ["handler"],
    "people": ["p1"],
    "cases": ["K1"],
    "map": {"k1": "1"},
}  # fmt: skip
"""A value of each kind of detail."""
MOST_CURES = 8
OF_CASES = frozenset({"record", "category", "channel", "marked"})


@dataclass
class Scene:
    """What has happened before the act, and the act: filled from the questions that a condition asks."""

    prefix: str
    about: str = "case"
    record: str = "complaint"
    kind: str = "project"
    happened: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    schemes: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    by: str | None = None

    def satisfy(self, condition: Condition) -> None:
        """Let the condition hold."""
        for question in condition.questions:
            self._answer(question)

    def _answer(self, question: Question) -> None:
        first = min(question.answers, default="")
        if question.about == "record":
            self.record = first
        elif question.about in ("channel", "category", "severity"):
            self.schemes[question.about] = first
        elif question.about in ("happened", "since"):
            self.happened.add(question.name or first)
        elif question.about == "marked":
            self.marks.add(mark_name(first, self.prefix))
        elif question.about == "unit_kind":
            self.kind = first
        elif question.about == "told":
            self.told[question.name] = [first]
        elif question.about == "fact":
            scheme = question.name in ("category", "severity", "channel")
            self.details[question.name] = {self.prefix: first} if scheme else first

    def cure(self, rule: object, roles: Iterable[str]) -> None:
        """Let a rule that refused the act refuse it no more: do before what it misses; let another one of the ``roles`` act."""
        if isinstance(rule, StepRule):
            self.details |= {name: _sample(name) for name in rule.requires if name not in self.details}
        if isinstance(rule, ApprovalRule) and rule.must_be_asked:
            self.asked.add(rule.cites[0])
        if isinstance(rule, RefusalRule) and rule.unless_warning is not None:
            self.warnings[rule.unless_warning[0]] = min(rule.unless_warning[1])
        for question in getattr(rule, "when", Condition()).questions:
            first = min(question.answers, default="")
            if question.about in ("not_happened", "not_since"):
                self.happened.add(question.name or first)
            elif question.about == "lacks":
                self.details[question.name] = _sample(question.name)
            elif question.about == "not_marked":
                self.marks.add(mark_name(first, self.prefix))
            elif question.about == "by":
                self.by = next(role for role in roles if role not in question.answers)
            elif question.about == "no_consent" and question.ask is not None:
                self.happened.add(f"approval_given:{getattr(question.ask, 'clause', '')}")

    def raised(self) -> dict[str, WarningSignal]:
        """The warnings that stand on the case, by key."""
        told = {"regulation": self.prefix, "case": "K1", "unit": "P1", "issue": None, "grounds": (), "raised_at": EARLIER}
        return {level: WarningSignal(key=level, level=level, state=state, **told) for level, state in self.warnings.items()}  # type: ignore[arg-type]

    def waiting(self) -> dict[str, Approval]:
        """The decisions on the case that were asked for, by key."""
        told = {"of": (), "case": "K1", "unit": "P1", "issue": None, "period": None, "state": NEEDED, "asked_at": EARLIER, "subject": "K1"}
        return {clause: Approval(key=clause, clause=clause, **told) for clause in self.asked}  # type: ignore[arg-type]

    def case(self) -> Case:
        """The case, or the thing, as this past has left it."""
        happened = {name: Happened(((EARLIER, frozenset()),), {}, {}, ({},)) for name in self.happened}
        schemes = {name: {self.prefix: (key,)} for name, key in self.schemes.items()}
        record = self.about if self.about in THINGS else self.record
        marks = dict.fromkeys(self.marks, EARLIER)
        return Case("K1", "P1", record, EARLIER, schemes, {}, happened, marks, self.told)


def _sample(name: str) -> Any:
    return SAMPLES[vocabulary()["facts"].get(name, {}).get("kind", "text")]


def _notices(found: Regulation) -> list[tuple[NoticeRule, str]]:
    return [(rule, event) for rule in found.rules if isinstance(rule, NoticeRule) for event in rule.on]


def _act(name: str, details: Mapping[str, Any], by: str | None) -> Fact:
    """The act that rules know under ``name``: what stands behind its event travelled with it."""
    event, _, told = name.partition(":")
    if "/" in name or event == "approved" or not told:
        # Found out by the reckoning itself, under this very name.
        return Fact(name, NOW, "K1", "P1", by, details)
    if told == "incomplete":
        return Fact(event, NOW, "K1", "P1", by, {**details, "missing_parts": ["k1"]})
    clause = re.match(r"[A-Z]{2}-", told) is not None
    detail = "clause" if clause else "level" if told in LEVELS else "into" if event.endswith("_converted") else "result"
    return Fact(event, NOW, "K1", "P1", by, {**details, detail: told})


def _actor(found: Regulation, name: str) -> str | None:
    """Who may do the act: the post whose decision it is, else the one whose step it is."""
    event, _, told = name.partition(":")
    for rule in found.rules:
        if isinstance(rule, ApprovalRule) and rule.of and event in ("approval_given", "approval_refused") and told in rule.cites:
            return rule.of[-1]
    return next((rule.by[0] for rule in found.rules if isinstance(rule, StepRule) and rule.event == event and rule.by), None)


def _follow(found: Regulation, scene: Scene, case: Case, act: Fact) -> Outcome:
    units = Units.of([Unit("P1", scene.kind, None, 100)])
    adopted = Adopted(found, "P1", load_workdays())
    about = scene.about if scene.about in THINGS else "case"
    return follow([adopted], Known(units=units, case=case, warnings=scene.raised(), approvals=scene.waiting(), about=about), act)


def _given(found: Regulation, rule: NoticeRule, name: str, **more: Any) -> tuple[Scene, Fact, list[Notice]]:
    """The notices of the rule when its act happens in a past in which its condition holds."""
    scene = Scene(found.prefix, rule.about, by=_actor(found, name))
    scene.satisfy(rule.when)
    for _ in range(MOST_CURES):
        act = _act(name, {**scene.details, **more}, scene.by)
        outcome = _follow(found, scene, scene.case(), act)
        if outcome.refusal is None:
            return scene, act, _of(found, rule, outcome)
        before = repr(scene)
        for refusing in _refusing(found, act.event, outcome.refusal.clause):
            scene.cure(refusing, found.role_names)
        assert before != repr(scene), f"{rule.id}: {outcome.refusal}"
    raise AssertionError(f"{rule.id}: {name} is refused whatever was done before")


def _refusing(found: Regulation, event: str, clause: str) -> Iterator[object]:
    for rule in found.rules:
        if clause in rule.cites and isinstance(rule, StepRule | RefusalRule | ApprovalRule):
            events = rule.event if isinstance(rule, RefusalRule) else (getattr(rule, "event", event),)
            if any(one.partition(":")[0] == event for one in events):
                yield rule


def _of(found: Regulation, rule: NoticeRule, outcome: Outcome) -> list[Notice]:
    return [one for one in outcome.records if isinstance(one, Notice) and one.rule == f"{found.prefix}:{rule.id}"]


@pytest.mark.parametrize("stem", stems())
def test_every_notice_of_every_regulation_is_given(stem: str) -> None:
    found = regulation(stem)
    for rule, name in _notices(found):
        scene, act, notices = _given(found, rule, name)
        expected = set(act.to()) if rule.to_addressed and act.to() else set(rule.to)
        assert {one.to for one in notices} == expected, f"{rule.id} on {name}"
        assert {(one.clause, one.at, one.unit, one.topic) for one in notices} == {(rule.cites[0], NOW, "P1", rule.topic)}, rule.id
        if OF_CASES & {question.about for question in rule.when.questions}:
            assert _of(found, rule, _follow(found, scene, _another(scene), act)) == [], f"{rule.id} is given whatever the case is"


def _another(scene: Scene) -> Case:
    """A case of which none of what was asked holds."""
    return replace(scene.case(), record="none", schemes={}, marks={})


@pytest.mark.parametrize("stem", stems())
def test_an_act_that_names_whom_it_addresses_tells_these(stem: str) -> None:
    found = regulation(stem)
    for rule, name in _notices(found):
        if rule.to_addressed:
            _, _, notices = _given(found, rule, name, to=["somebody_else"])
            assert {one.to for one in notices} == {"somebody_else"}, rule.id
