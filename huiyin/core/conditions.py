"""When a rule holds: a closed list of questions about the case and the fact, no expression language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from huiyin.core.answers import Test, reached, test_of
from huiyin.core.questions import SCHEMES, Consent, Count, Question, Scene, mark_name


@dataclass(frozen=True, slots=True)
class Condition:
    """All of its questions have to be answered with yes. ``scales`` and ``defaults`` are those of the regulation's schemes; ``tests`` are
    the questions made ready to be asked, ``kinds`` those of them that ask what sort of case it is, not how far it has come; it ``counts``
    where one of them counts acts."""

    questions: tuple[Question, ...] = ()
    prefix: str = ""
    scales: Mapping[str, frozenset[str]] | None = None
    defaults: Mapping[str, str] | None = None
    tests: tuple[Test, ...] = field(init=False, repr=False, compare=False)
    kinds: tuple[Test, ...] = field(init=False, repr=False, compare=False)
    counts: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        scales, defaults = self.scales or {}, self.defaults or {}
        tests = [test_of(one, self.prefix, scales.get(one.about), defaults.get(one.about)) for one in self.questions]
        object.__setattr__(self, "tests", tuple(tests))
        object.__setattr__(self, "counts", any(isinstance(one.ask, Count) for one in self.questions))
        asked = zip(self.questions, tests, strict=True)
        object.__setattr__(self, "kinds", tuple(test for one, test in asked if one.about == "record" or one.about in SCHEMES))

    def holds(self, scene: Scene) -> bool:
        """Whether the condition holds; a question about a case is no where there is none."""
        for test in self.tests:  # noqa: SIM110 - asked for rule after rule: a generator costs half as much again
            if not test(scene):
                return False
        return True

    def holds_from(self, scene: Scene) -> datetime:
        """From when a condition holds that does: from the fact, or, where that was entered late, from the act that reached its counts."""
        counts = [reached(one, scene, self.prefix) for one in self.questions if one.about == "count"]
        return max([scene.fact.at, *filter(None, counts)])

    def counted(self, scene: Scene) -> bool:
        """Whether its counts are reached, whatever else it asks."""
        return all(reached(one, scene, self.prefix) is not None for one in self.questions if one.about == "count")

    def events(self) -> frozenset[str]:
        """The events after which the answer may be another one."""
        return frozenset(event for question in self.questions for event in _events(question, self.prefix))


ALWAYS = Condition()
"""The condition that always holds."""


def _events(question: Question, prefix: str) -> Iterator[str]:
    about = question.about
    if about in ("happened", "not_happened", "fact_over", "fact_differs"):
        yield from question.answers
    elif about in ("since", "not_since"):
        yield from (question.name, *question.answers)
    elif about in ("marked", "not_marked"):
        for mark in question.answers:
            owner, _, bare = mark_name(mark, prefix).partition("/")
            yield from (f"{owner}/marked:{bare}", f"{owner}/unmarked:{bare}")
    elif about in ("said", "said_lacks"):
        yield question.name.partition(".")[0]
    elif about in SCHEMES:
        yield f"{about}_set"
    elif isinstance(question.ask, Count):
        yield from question.ask.events
    elif isinstance(question.ask, Consent):
        yield f"approval_given:{question.ask.clause}"
