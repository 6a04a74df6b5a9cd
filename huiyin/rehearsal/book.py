"""The book of a rehearsal on the core alone: it keeps in memory what the platform keeps in its database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.known import Case, Known, Units
from huiyin.core.records import Approval, Clock, Mark, Paper, Record, Refusal, Score, WarningSignal


@dataclass(slots=True)
class Book:
    """All records by kind and key, the cases, and for each unit, issue and year the households that complained."""

    units: Units
    records: dict[type, dict[str, Any]] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    tally: dict[tuple[str, str, int], dict[str, set[str]]] = field(default_factory=dict)

    def known(self, fact: Fact) -> Known:
        """What the book knows that concerns ``fact``."""
        case = self.cases.get(fact.case) if fact.case else None
        return Known(
            units=self.units,
            case=case,
            clocks=self._of(Clock, fact),
            warnings=self._warnings(fact, case),
            approvals=self._of(Approval, fact),
            scores=self._of(Score, fact),
            marks=self._of(Mark, fact),
            papers=self._of(Paper, fact),
            tallies=self._tallies(fact, case),
        )

    def _of(self, kind: type[Any], fact: Fact) -> dict[str, Any]:
        """The records of the case; for a fact without one those without a case. (A rehearsal is small: no index is needed.)"""
        return {key: one for key, one in self.records.get(kind, {}).items() if one.case == fact.case}

    def _warnings(self, fact: Fact, case: Case | None) -> dict[str, WarningSignal]:
        kept: dict[str, WarningSignal] = self.records.get(WarningSignal, {})
        issue = fact.text("issue") or (case.plain.get("issue") if case else None)
        return {key: one for key, one in kept.items() if (fact.case and one.case == fact.case) or (issue and one.issue == issue)}

    def _tallies(self, fact: Fact, case: Case | None) -> dict[str, int]:
        """Distinct households of each unit above the case that have complained of its issue this year, the fact's own included."""
        counted = self._counted(fact, case)
        if counted is None:
            return {}
        unit, issue, household, year = counted
        found = {}
        for code in self.units.path(unit):
            households = {one for one, cases in self.tally.get((code, issue, year), {}).items() if cases}
            found[code] = len(households | {f"{unit}/{household}"})
        return found

    def _counted(self, fact: Fact, case: Case | None) -> tuple[str, str, str, int] | None:
        issue = fact.text("issue") or (case.plain.get("issue") if case else None)
        household = fact.text("household") or (case.plain.get("household") if case else None)
        record = case.record if case else fact.text("record") or ("complaint" if fact.event == "complaint_received" else None)
        unit = case.unit if case else fact.unit
        if not (fact.case and issue and household and unit and record == "complaint"):
            return None
        return unit, issue, household, (case.received_at if case else fact.at).year

    def keep(self, fact: Fact, outcome: Outcome) -> None:
        """Keep what follows from ``fact``."""
        if outcome.refusal is not None:
            self.refusals.append(outcome.refusal)
            return
        before = self.cases.get(fact.case) if fact.case else None
        counted = self._counted(fact, before)
        if fact.case and outcome.case is not None:
            self.cases[fact.case] = outcome.case
            if counted:
                self._count(fact.case, *counted, leaves=bool(outcome.case.marks.keys() & {"invalid", "withdrawn"}))
        for record in outcome.records:
            self._keep(record)

    def _count(self, case: str, unit: str, issue: str, household: str, year: int, *, leaves: bool) -> None:
        for code in self.units.path(unit):
            cases = self.tally.setdefault((code, issue, year), {}).setdefault(f"{unit}/{household}", set())
            if leaves:
                cases.discard(case)
            else:
                cases.add(case)

    def _keep(self, record: Record) -> None:
        self.records.setdefault(type(record), {})[record.key] = record
