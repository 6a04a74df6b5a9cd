"""The book of a rehearsal on the core alone: it keeps in memory what the platform keeps in its database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.known import Case, Known, Units
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Approval, Clock, Mark, Notice, Paper, Record, Refusal, Retention, Score, WarningSignal
from huiyin.core.subjects import Subject, about_of
from huiyin.rulebook.load import counts_in_tallies

Shelf = dict[type, dict[str, Any]]


@dataclass(slots=True)
class Book:
    """All records by what they are about (a case, or a unit), the cases, and who complained of which issue in which year.

    ``refused_for`` are the unit and the case of each refusal.
    """

    units: Units
    shelves: dict[str, Shelf] = field(default_factory=dict)
    issues: dict[str, dict[str, WarningSignal]] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    refused_for: list[tuple[str, str]] = field(default_factory=list)
    tally: dict[tuple[str, str, int], dict[str, set[str]]] = field(default_factory=dict)
    looks: list[tuple[datetime, str, str]] = field(default_factory=list)
    counted: dict[str, tuple[str, str, str, int] | None] = field(default_factory=dict)

    def records(self) -> Iterator[Record]:
        """Every record of the book."""
        for shelf in self.shelves.values():
            for kept in shelf.values():
                yield from kept.values()

    def known(self, subject: Subject) -> Known:
        """What the book knows of the ``subject``."""
        fact = subject.fact
        case = self.cases.get(fact.case) if fact.case else None
        shelf = self.shelves.get(_place(fact.case, fact.unit), {})
        issue = fact.text("issue") or (case.plain.get("issue") if case else None)
        warnings: Mapping[str, WarningSignal] = shelf.get(WarningSignal, {})
        return Known(
            units=self.units,
            case=case,
            clocks=shelf.get(Clock, {}),
            warnings={**warnings, **self.issues.get(issue, {})} if issue else warnings,
            approvals=shelf.get(Approval, {}),
            scores=shelf.get(Score, {}),
            marks=shelf.get(Mark, {}),
            papers=shelf.get(Paper, {}),
            kept=shelf.get(Retention, {}),
            tallies=self._tallies(fact, case) if subject.about == "case" else {},
            about=subject.about,
        )

    def _tallies(self, fact: Fact, case: Case | None) -> dict[str, int]:
        """Distinct households of each unit above the case that have complained of its issue this year, the fact's own included."""
        counted = self._counted(fact, case)
        if counted is None:
            return {}
        unit, issue, household, year = counted
        found = {}
        for code in self.units.path(unit):
            households = self.tally.get((code, issue, year), {})
            found[code] = len(households) + (household not in households)
        return found

    def _counted(self, fact: Fact, case: Case | None) -> tuple[str, str, str, int] | None:
        issue = fact.text("issue") or (case.plain.get("issue") if case else None)
        household = fact.text("household") or (case.plain.get("household") if case else None)
        record = case.record if case else fact.text("record") or ("complaint" if fact.event == "complaint_received" else None)
        unit = case.unit if case else fact.unit
        if not (fact.case and issue and household and unit and record == "complaint"):
            return None
        return unit, issue, f"{unit}/{household}", in_shanghai(case.received_at if case else fact.at).year

    def keep(self, fact: Fact, outcome: Outcome) -> None:
        """Keep what follows from ``fact``."""
        if outcome.refusal is not None:
            self.refusals.append(outcome.refusal)
            case = self.cases.get(fact.case or "")
            self.refused_for.append(((case.unit if case else fact.unit) or "", fact.case or ""))
            return
        if fact.case and outcome.case is not None:
            self.cases[fact.case] = outcome.case
            if about_of(outcome.case) == "case":
                self._count(outcome.case)
        for record in outcome.records:
            self.put(record)

    def _count(self, case: Case) -> None:
        """Let the case's household be counted where the case now stands, and nowhere else."""
        where = self._counted(Fact("", case.received_at, case.key), case)
        if not counts_in_tallies(case):
            where = None
        before = self.counted.get(case.key)
        if before == where:
            return
        for unit, issue, household, year in filter(None, (before,)):
            for code in self.units.path(unit):
                households = self.tally[(code, issue, year)]
                households[household].discard(case.key)
                if not households[household]:
                    del households[household]
        for unit, issue, household, year in filter(None, (where,)):
            for code in self.units.path(unit):
                self.tally.setdefault((code, issue, year), {}).setdefault(household, set()).add(case.key)
        self.counted[case.key] = where

    def put(self, record: Record) -> None:
        """Keep one record as it now stands; a notice that was given stays as it was."""
        case = getattr(record, "case", None)
        place = _place(case, getattr(record, "unit", None))
        shelf = self.shelves.setdefault(place, {}).setdefault(type(record), {})
        if isinstance(record, Notice) and record.key in shelf:
            return
        shelf[record.key] = record
        if isinstance(record, WarningSignal) and record.issue:
            self.issues.setdefault(record.issue, {})[record.key] = record
        if isinstance(record, Clock) and record.look_at is not None:
            heappush(self.looks, (record.look_at, record.key, place))

    def next_look(self) -> Clock | None:
        """The clock that has to be looked at first, or None; times that no longer hold are forgotten on the way."""
        while self.looks:
            at, key, place = self.looks[0]
            clock: Clock = self.shelves[place][Clock][key]
            if clock.look_at == at:
                return clock
            heappop(self.looks)
        return None


def _place(case: str | None, unit: str | None) -> str:
    return f"case {case}" if case else f"unit {unit}"
