"""How far a case is in the courses of its regulations: which steps are done, which one is next, what nobody does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from huiyin.core.known import Case
from huiyin.core.questions import Scene
from huiyin.core.rules import Adopted, CourseRule, StepRule, Turn

Stand = Literal["done", "next", "possible", "later", "skipped"]
"""Done; the next to be done; to be done now if it is necessary; to be done after the next; not asked for as things went."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a course as it stands on a case; ``done_at`` is when it was done last."""

    turn: Turn
    step: StepRule
    stand: Stand
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A course that runs on a case, with its steps in their order."""

    adopted: Adopted
    rule: CourseRule
    stages: tuple[Stage, ...]

    @property
    def next(self) -> Stage | None:
        """The step that has to be done next; None where all are done."""
        return next((one for one in self.stages if one.stand == "next"), None)


def running(adopted: Adopted, scene: Scene) -> Iterator[Course]:
    """The courses of a regulation in force that hold for the case of the scene, in the order of the rules."""
    if scene.case is None:
        return
    for rule in adopted.regulation.rules:
        if isinstance(rule, CourseRule) and rule.when.holds(scene):
            yield Course(adopted, rule, tuple(_stages(adopted, rule, scene, scene.case)))


def _stages(adopted: Adopted, rule: CourseRule, scene: Scene, case: Case) -> Iterator[Stage]:
    ahead = False
    for turn in rule.turns:
        step = adopted.regulation.by_id[turn.step]
        assert isinstance(step, StepRule), f"found {turn.step} in the course {rule.id}, expected the id of a step"
        done_at = _done_at(step, case)
        if done_at is not None:
            yield Stage(turn, step, "done", done_at)
        elif ahead:
            of_its_kind = all(test(scene) for test in step.when.kinds)
            yield Stage(turn, step, "later" if of_its_kind else "skipped")
        elif not step.when.holds(scene):
            yield Stage(turn, step, "skipped")
        elif turn.optional:
            yield Stage(turn, step, "possible")
        else:
            ahead = True
            yield Stage(turn, step, "next")


def _done_at(step: StepRule, case: Case) -> datetime | None:
    """When the step was done last: after what has to have happened before it, so that an act told earlier is not taken for it."""
    past = case.happened.get(step.event)
    if past is None:
        return None
    before = [case.happened[event].last_at for one in step.when.questions if one.about == "happened" for event in one.answers
              if event in case.happened and event != step.event]  # fmt: skip
    return past.last_at if not before or past.last_at >= min(before) else None
