"""The kinds of rule in ``rules.yaml`` about what people do: steps, and the courses that give them their order."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from huiyin.core import rules as core
from huiyin.rulebook.schema.parts import Names, RuleSheet, Scheme, Strict, When, Words


class SaidSheet(Words):
    """Words for whoever is at work, and the clause that says so."""

    clause: str


class CasesCountedSheet(Strict):
    """Which cases an act counts that tells of a period."""

    record: Names
    channel: Names


class StepSheet(RuleSheet):
    """An act of the procedure."""

    kind: ClassVar[str] = "step"
    step: str
    event: str
    by: Names = ()
    asks: Names = ()
    requires: Names = ()
    when: When = When()
    mind: tuple[SaidSheet, ...] = ()
    last: bool = False
    after_last: bool = False
    counts: CasesCountedSheet | None = None

    def rule(self, scheme: Scheme) -> core.StepRule:
        """The step rule of the core."""
        when, mind = self.when.condition(scheme), _said(self.mind)
        if (self.last or self.after_last) and self.about == "case":
            raise ValueError(f"step {self.step} is about a case, whose states say what comes last; leave last and after_last out")
        return core.StepRule(
            *self.head(),
            about=self.about,
            event=self.event,
            by=self.by,
            asks=self.asks,
            requires=self.requires,
            when=when,
            mind=mind,
            last=self.last,
            after_last=self.after_last,
            counts=core.CasesCounted(self.counts.record, self.counts.channel) if self.counts else None,
        )


class TurnSheet(Strict):
    """A step in its course: the id of its rule."""

    step: str
    optional: bool = False
    calls: Names = ()
    dials: str = Field(default="", pattern=r"^\d{0,8}$")
    says: dict[str, str] = Field(default_factory=dict)

    def turn(self) -> core.Turn:
        """The turn of the core."""
        return core.Turn(self.step, self.optional, self.calls, self.dials, tuple(self.says.items()))


def _said(sheets: tuple[SaidSheet, ...]) -> tuple[tuple[str, core.Words], ...]:
    return tuple((one.clause, one.pair()) for one in sheets)


def _as_turns(value: Any) -> Any:
    return [{"step": one} if isinstance(one, str) else one for one in value] if isinstance(value, list) else value


class CourseSheet(RuleSheet):
    """The order of steps."""

    kind: ClassVar[str] = "course"
    course: str
    when: When
    turns: Annotated[tuple[TurnSheet, ...], BeforeValidator(_as_turns)] = Field(min_length=1)
    never: tuple[SaidSheet, ...] = ()
    on_duty: bool = True

    def rule(self, scheme: Scheme) -> core.CourseRule:
        """The course rule of the core."""
        turns, when = tuple(one.turn() for one in self.turns), self.when.condition(scheme)
        return core.CourseRule(*self.head(), about=self.about, turns=turns, when=when, never=_said(self.never), on_duty=self.on_duty)
