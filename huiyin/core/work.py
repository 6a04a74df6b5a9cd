"""The working copy during one reckoning: what was known, brought up to date step by step, and what has changed."""

from __future__ import annotations

from collections.abc import Container, Mapping, Set
from datetime import datetime
from typing import Any, Final

from huiyin.core.conditions import Condition
from huiyin.core.facts import Fact
from huiyin.core.known import Case, Known
from huiyin.core.moments import in_shanghai
from huiyin.core.questions import Scene
from huiyin.core.records import Approval, Clock, Mark, Paper, Record, Retention, Score, WarningSignal
from huiyin.core.rules import Adopted


class Work:
    """``known`` stays as it was handed in: its records are copied when the first of a kind changes. ``changed`` holds each changed record
    once, as it now stands, ``derived`` what was found out. ``names`` are the names under which the rules know the fact that is being
    followed; ``scene`` is what their questions look at."""

    __slots__ = (
        "_gone", "_moment", "_owed", "_own", "adopted", "approvals", "case", "changed", "clocks", "derived", "kept", "known", "marks",
        "names", "papers", "scene", "scores", "warnings",
    )  # fmt: skip

    def __init__(self, known: Known, adopted: tuple[Adopted, ...], prefixes: frozenset[str], fact: Fact) -> None:
        """A working copy of ``known`` under the regulations ``adopted``, which have these ``prefixes``."""
        self.known = known
        self.adopted = adopted
        self.case = case = known.case
        self.clocks: Mapping[str, Clock] = known.clocks
        self.warnings: Mapping[str, WarningSignal] = known.warnings
        self.approvals: Mapping[str, Approval] = known.approvals
        self.scores: Mapping[str, Score] = known.scores
        self.marks: Mapping[str, Mark] = known.marks
        self.papers: Mapping[str, Paper] = known.papers
        self.kept: Mapping[str, Retention] = known.kept
        unit = known.units.by_code.get((case.unit if case is not None else fact.unit) or "")
        self.scene = Scene(case, fact, unit, prefixes, holders=self._holders)
        self.names: tuple[str, ...] = ()
        self.changed: dict[tuple[str, str], Record] = {}
        self.derived: list[Fact] = []
        self._gone = case is not None and known.about == "case" and case.gone
        self._moment: tuple[datetime, str] | None = None
        self._owed: Set[str] | None = None
        self._own: set[str] = set()

    def turn_to(self, fact: Fact, names: tuple[str, ...]) -> None:
        """Follow ``fact`` from now on, which the rules know under these ``names``."""
        self.names, self._owed = names, None
        if self.scene.fact is not fact:
            self.scene.fact = fact
            if self.case is None:
                self.scene.unit = self.known.units.by_code.get(fact.unit or "")

    def now(self, case: Case) -> None:
        """The case as it stands from now on."""
        scene = self.scene
        if scene.case is None or scene.case.unit != case.unit:
            scene.unit = self.known.units.by_code.get(case.unit or "")
        self.case = scene.case = case
        self._gone = self.known.about == "case" and case.gone

    def met(self, events: Container[str]) -> bool:
        """Whether the fact is one of the events."""
        for name in self.names:  # noqa: SIM110 - asked for every rule of every fact: a generator costs half as much again
            if name in events:
                return True
        return False

    def holds(self, condition: Condition, unit: str | None = None) -> bool:
        """Whether ``condition`` holds of the case and the fact; of the ``unit`` where that is another one."""
        scene = self.scene
        if unit is not None and condition.tests:
            units = self.known.units
            held = units.held_at(unit, scene.fact.at)
            scene = Scene(scene.case, scene.fact, units.by_code.get(unit), scene.adopted, scene.setting, held)
        return condition.holds(scene)

    def _holders(self, role: str) -> frozenset[str]:
        """Who holds the role for the unit of the case, or of the fact, when the fact happens."""
        fact = self.scene.fact
        return self.known.units.holders(role, (self.case.unit if self.case is not None else fact.unit) or "", fact.at)

    def owed(self) -> Set[str]:
        """The rules of which a clock ran when the fact came in."""
        if self._owed is None:
            self._owed = {clock.rule for clock in self.clocks.values() if clock.open}
        return self._owed

    def is_void(self, adopted: Adopted) -> bool:
        """Whether the regulation takes the case for none: declared invalid by it, or gone for all."""
        marks = self.case.marks if self.case is not None else None
        return self._gone or (bool(marks) and not adopted.regulation.void_names.isdisjoint(marks or ()))

    def written(self, at: datetime) -> str:
        """The moment as reckonings write it: clocks that begin together write the same one."""
        if self._moment is None or self._moment[0] is not at:
            self._moment = (at, at.isoformat())
        return self._moment[1]

    def keep(self, record: Record) -> None:
        """Let ``record`` stand from now on."""
        kind = type(record)
        name = _SHELVES.get(kind)
        if name is not None:
            shelf = getattr(self, name)
            before = shelf.get(record.key)
            if before is not None and before == record:
                return
            if name not in self._own:
                self._own.add(name)
                shelf = {**shelf}
                setattr(self, name, shelf)
            shelf[record.key] = record
        self.changed[(kind.__name__, record.key)] = record

    def find_out(self, event: str, fact: Fact, **details: Any) -> None:
        """Something that follows from ``fact`` and is itself a fact: it is followed after the present one, at the same time."""
        self.derived.append(Fact(event, fact.at, fact.case, fact.unit, "platform", details, None, True))

    def unit_of(self, fact: Fact) -> str:
        """The unit that the fact is about: the case's, or the one the fact names."""
        return self.case.unit if self.case is not None and fact.case is not None else str(fact.unit)


_SHELVES: Final[Mapping[type[Record], str]] = {
    Clock: "clocks",
    WarningSignal: "warnings",
    Approval: "approvals",
    Score: "scores",
    Mark: "marks",
    Paper: "papers",
    Retention: "kept",
}
"""Where the records stand that the reckoning asks about."""


def subject_of(case: str | None, unit: str, issue: str | None, at: datetime) -> str:
    """The key of what a record is about: the case; or the unit's issue in the calendar year of ``at`` (Shanghai)."""
    return case if case is not None else f"{unit}/{issue}/{in_shanghai(at).year}"
