"""When a rule holds: a closed list of questions about the case and the fact, no expression language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.known import Case

SCHEMES = frozenset({"channel", "category", "severity"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``about`` (record, channel, category, severity, happened, not_happened, marked,
    not_marked, fact, fact_not, said, said_lacks, lacks)
    with the answers that satisfy it. ``name`` is the detail asked for by fact, fact_not, said ("event.detail")
    and lacks."""

    about: str
    answers: frozenset[str]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """All of its questions have to be answered with yes. ``scales`` and ``defaults`` are those of the regulation's schemes."""

    questions: tuple[Question, ...] = ()
    prefix: str = ""
    scales: Mapping[str, frozenset[str]] | None = None
    defaults: Mapping[str, str] | None = None

    def holds(self, case: Case | None, fact: Fact) -> bool:
        """Whether the condition holds for ``case`` at ``fact``; a question about a case is no where there is none."""
        return all(self._answered(question, case, fact) for question in self.questions)

    def _answered(self, question: Question, case: Case | None, fact: Fact) -> bool:
        about = question.about
        if about == "fact":
            return bool(_values(fact.details.get(question.name), self.prefix) & question.answers)
        if about == "fact_not":
            return not _values(fact.details.get(question.name), self.prefix) & question.answers
        if about == "said_lacks":
            event, _, name = question.name.partition(".")
            return case is not None and not case.said(event, name)
        if about == "lacks":
            return not fact.text(question.name)
        if case is None:
            return False
        if about == "record":
            return case.record in question.answers
        if about in SCHEMES:
            return self._in_scheme(case, about) in question.answers
        return _past(case, question)

    def _in_scheme(self, case: Case, name: str) -> str | None:
        scale = self.scales.get(name) if self.scales else None
        value = case.scheme(name, self.prefix, scale)
        return value if value is not None or not self.defaults else self.defaults.get(name)

    def events(self) -> frozenset[str]:
        """The events after which the answer may be another one."""
        found: set[str] = set()
        for question in self.questions:
            if question.about in ("happened", "not_happened"):
                found |= question.answers
            elif question.about in ("marked", "not_marked"):
                found |= {f"{change}:{mark}" for mark in question.answers for change in ("marked", "unmarked")}
            elif question.about in ("said", "said_lacks"):
                found.add(question.name.partition(".")[0])
            elif question.about in SCHEMES:
                found.add(f"{question.about}_set")
        return frozenset(found)


def _past(case: Case, question: Question) -> bool:
    about = question.about
    if about == "happened":
        return any(event in case.happened for event in question.answers)
    if about == "not_happened":
        return not any(event in case.happened for event in question.answers)
    if about == "marked":
        return any(case.marked(mark) for mark in question.answers)
    if about == "not_marked":
        return not any(case.marked(mark) for mark in question.answers)
    event, _, name = question.name.partition(".")
    return bool(_values(case.said(event, name)) & question.answers)


def _values(value: Any, prefix: str = "") -> frozenset[str]:
    """A detail as the set of its values; of a mapping per scheme only the own regulation's value; an absent one gives none."""
    if isinstance(value, Mapping):
        value = value.get(prefix)
    if value is None or value == "":
        return frozenset()
    if isinstance(value, (list, tuple, set, frozenset)):
        return frozenset(str(one) for one in value)
    return frozenset((str(value),))
