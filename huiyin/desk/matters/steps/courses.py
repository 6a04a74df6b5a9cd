"""The courses that run on a case: which step of a procedure is done, which is next (``core/courses.py``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from huiyin.core.courses import Course, running
from huiyin.core.facts import Fact
from huiyin.core.questions import Scene
from huiyin.core.rules import Adopted, CourseRule
from huiyin.desk.matters.steps.subjects import Subject


def courses_of(subject: Subject, at: datetime) -> list[Course]:
    """The courses of every regulation in force for the case that run on it now, in the order of the rules."""
    prefixes = frozenset(one.regulation.prefix for one in subject.adopted)
    units, case = subject.house.units, subject.case
    fact = Fact("", at, case.key if case else None, subject.unit)
    unit, held = units.by_code.get(subject.unit), units.held_at(subject.unit, at)
    scenes = ((one, Scene(case, fact, unit, prefixes, one.setting, held)) for one in subject.adopted)
    return [course for adopted, scene in scenes for course in running(adopted, scene)]


def begun_by_kind(adopted: Iterable[Adopted]) -> list[tuple[Adopted, str, str]]:
    """What may be taken in so that a course begins at once: the regulation, the kind of record and the class, in the order of the rules."""
    found: dict[tuple[str, str, str], tuple[Adopted, str, str]] = {}
    for one in adopted:
        for rule in one.regulation.rules:
            if isinstance(rule, CourseRule) and rule.about == "case" and rule.on_duty:
                asked = {question.about: sorted(question.answers) for question in rule.when.questions}
                for record in asked.get("record", ()):
                    for category in asked.get("category", ()):
                        found.setdefault((one.regulation.prefix, record, category), (one, record, category))
    return list(found.values())


def records_with_courses(adopted: Iterable[Adopted]) -> list[str]:
    """The kinds of record on which a course may run that the duty screen leads through."""
    rules = (rule for one in adopted for rule in one.regulation.rules if isinstance(rule, CourseRule) and rule.on_duty)
    asked = (question for rule in rules for question in rule.when.questions if question.about == "record")
    return list(dict.fromkeys(record for question in asked for record in sorted(question.answers)))
