"""The working copy during one reckoning: what was known, brought up to date step by step, and what has changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.known import Case, Known
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Approval, Clock, Mark, Paper, Record, Score, WarningSignal
from huiyin.core.rules import Adopted


@dataclass(slots=True)
class Work:
    """``known`` stays as it was handed in; the dictionaries are copies. ``changed`` holds each changed record once, as it now stands."""

    known: Known
    adopted: Sequence[Adopted]
    case: Case | None
    clocks: dict[str, Clock]
    warnings: dict[str, WarningSignal]
    approvals: dict[str, Approval]
    scores: dict[str, Score]
    marks: dict[str, Mark]
    papers: dict[str, Paper]
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
        )

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
