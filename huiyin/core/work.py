"""The working copy during one reckoning: what was known, brought up to date step by step, and what has changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.core.conditions import Condition
from huiyin.core.facts import Fact
from huiyin.core.known import Case, Known, Unit
from huiyin.core.moments import in_shanghai
from huiyin.core.questions import Scene
from huiyin.core.records import Approval, Clock, Mark, Paper, Record, Retention, Score, WarningSignal
from huiyin.core.rules import Adopted


@dataclass(slots=True)
class Work:
    """``known`` stays as it was handed in; the dictionaries are copies. ``changed`` holds each changed record once, as it now stands.
    ``names`` are the names under which the rules know the fact that is being followed. ``scene``, ``void`` and ``prefixes`` remember
    what rule after rule asks anew."""

    known: Known
    adopted: Sequence[Adopted]
    case: Case | None
    clocks: dict[str, Clock]
    warnings: dict[str, WarningSignal]
    approvals: dict[str, Approval]
    scores: dict[str, Score]
    marks: dict[str, Mark]
    papers: dict[str, Paper]
    kept: dict[str, Retention]
    names: tuple[str, ...] = ()
    scene: tuple[Case | None, Fact, Adopted, Scene] | None = None
    void: tuple[Case, Adopted, bool] | None = None
    prefixes: frozenset[str] | None = None
    changed: dict[tuple[str, str], Record] = field(default_factory=dict)
    derived: list[Fact] = field(default_factory=list)
    waiting: deque[Fact] = field(default_factory=deque)

    @classmethod
    def on(cls, known: Known, adopted: Sequence[Adopted]) -> Work:
        """A working copy of ``known`` under the regulations ``adopted``."""
        return cls(
            known,
            adopted,
            known.case,
            dict(known.clocks),
            dict(known.warnings),
            dict(known.approvals),
            dict(known.scores),
            dict(known.marks),
            dict(known.papers),
            dict(known.kept),
        )

    def holds(self, condition: Condition, adopted: Adopted, fact: Fact, unit: str | None = None) -> bool:
        """Whether ``condition`` holds of the case and the fact, or of the ``unit`` where that is another one."""
        if not condition.questions:
            return True
        return condition.holds(self._scene(adopted, fact, unit))

    def _scene(self, adopted: Adopted, fact: Fact, unit: str | None) -> Scene:
        """What questions may look at; remembered as long as neither the case nor the fact is another one."""
        scene = self.scene
        if scene is not None and unit is None and scene[0] is self.case and scene[1] is fact and scene[2] is adopted:
            return scene[3]
        code = unit or (self.case.unit if self.case is not None else fact.unit)
        site: Unit | None = self.known.units.by_code.get(code or "")
        if self.prefixes is None:
            self.prefixes = frozenset(one.regulation.prefix for one in self.adopted)
        made = Scene(self.case, fact, site, self.prefixes, adopted.setting, self.known.units.held_at(code or "", fact.at))
        if unit is None:
            self.scene = (self.case, fact, adopted, made)
        return made

    def is_void(self, adopted: Adopted) -> bool:
        """Whether the regulation takes the case for none: declared invalid by it, or gone for all."""
        case = self.case
        if case is None:
            return False
        if self.void is not None and self.void[0] is case and self.void[1] is adopted:
            return self.void[2]
        own = (f"{adopted.regulation.prefix}/{mark}" for mark in adopted.regulation.void_marks)
        void = (case.gone and self.known.about == "case") or not case.marks.keys().isdisjoint(own)
        self.void = (case, adopted, void)
        return void

    def keep(self, record: Record) -> None:
        """Let ``record`` stand from now on."""
        shelf = self._shelf(record)
        if shelf is not None:
            if shelf.get(record.key) == record:
                return
            shelf[record.key] = record
        self.changed[(type(record).__name__, record.key)] = record

    def _shelf(self, record: Record) -> dict[str, Any] | None:
        shelves: Mapping[type, dict[str, Any]] = {
            Clock: self.clocks,
            WarningSignal: self.warnings,
            Approval: self.approvals,
            Score: self.scores,
            Mark: self.marks,
            Paper: self.papers,
            Retention: self.kept,
        }
        return shelves.get(type(record))

    def find_out(self, event: str, fact: Fact, **details: Any) -> None:
        """Something that follows from ``fact`` and is itself a fact: it is followed after the present one, at the same time."""
        found = Fact(event, fact.at, fact.case, fact.unit, "platform", details, None, True)
        self.derived.append(found)
        self.waiting.append(found)

    def unit_of(self, fact: Fact) -> str:
        """The unit that the fact is about: the case's, or the one the fact names."""
        return self.case.unit if self.case is not None and fact.case is not None else str(fact.unit)


def subject_of(case: str | None, unit: str, issue: str | None, at: datetime) -> str:
    """The key of what a record is about: the case; or the unit's issue in the calendar year of ``at`` (Shanghai)."""
    return case if case is not None else f"{unit}/{issue}/{in_shanghai(at).year}"
