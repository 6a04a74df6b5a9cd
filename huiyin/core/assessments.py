"""The yearly assessment of units, kept as figures and grades when the review of the year is complete (UL-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from huiyin.core.assessed import EXCELLENT, QUALIFIED, RECEIVED, UNQUALIFIED, Assessed, assess, year_named
from huiyin.core.facts import Fact
from huiyin.core.records import Figure, Mark, Reckoning
from huiyin.core.rules import Adopted, AssessmentRule
from huiyin.core.work import Work

NOT_FULFILLED = "standard_not_fulfilled"


def follow_assessment(work: Work, adopted: Adopted, rule: AssessmentRule, fact: Fact) -> None:
    """Work out every unit's figures of the year, and their ranking, when the review is complete."""
    if work.case is None or fact.case is None or rule.on not in work.names:
        return
    year = year_named(fact.text("period") or "", fact.at)
    found = assess(rule, adopted, work.known.units, work.case, year)
    for one in found:
        _keep_year(_Keeping(work, adopted, rule, fact), one)
    for one in found:
        _Keeping(work, adopted, rule, fact).figure(one, "rank", one.score, (), one.rank)


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Where figures and grades of a year go, and under which clauses."""

    work: Work
    adopted: Adopted
    rule: AssessmentRule
    fact: Fact

    def figure(self, of: Assessed, name: str, amount: Decimal, why: Reckoning, rank: int | None = None) -> None:
        clause = self.rule.clauses.get(name)
        if clause is not None:
            key = f"{clause}|{of.unit}|{of.year}|{name}"
            one = Figure(key, clause, of.unit, amount, self.fact.at, None, str(of.year), rank, why)
            self.work.changed[("Figure", one.key)] = one

    def points(self, of: Assessed, name: str, amount: Decimal, times: int, points: Decimal) -> None:
        self.figure(of, name, amount, (("times", str(times), str(points)),))

    def mark(self, of: Assessed, figure: str, mark: str, about: str = "") -> None:
        clause = self.rule.clauses.get(figure)
        if clause is not None:
            key = self._key(of, mark, about)
            self.work.keep(Mark(key, mark, clause, about or str(self.fact.case), self.fact.at, None, of.unit, str(of.year)))

    def ends(self, of: Assessed, mark: str) -> bool:
        """End the mark where an earlier completion of the same year put it; out: whether it stood."""
        before = self.work.marks.get(self._key(of, mark, ""))
        if before is None or before.ended_at is not None:
            return False
        self.work.keep(replace(before, ended_at=self.fact.at))
        return True

    def _key(self, of: Assessed, mark: str, about: str) -> str:
        return f"{self.adopted.regulation.prefix}:{self.rule.id}|{about or of.unit}/{of.year}|{mark}"


def _keep_year(keep: _Keeping, of: Assessed) -> None:
    rule = keep.rule
    if of.counted:
        keep.figure(of, "count", Decimal(of.this.complaints), (("counted", RECEIVED, str(of.this.complaints)),))
    keep.figure(of, "full", rule.full, ())
    # A year may be completed again, when something was entered late: what does not hold any more is taken back.
    if not of.fulfilled:
        keep.mark(of, "not_fulfilled", NOT_FULFILLED)
        keep.points(of, "excess", of.for_excess, of.excess, rule.excess_points)
    elif keep.ends(of, NOT_FULFILLED):
        keep.points(of, "excess", Decimal(0), 0, rule.excess_points)
    if of.for_repeats:
        keep.points(of, "repeat", of.for_repeats, len(of.this.repeated), rule.repeat_points)
    if of.for_praise:
        keep.points(of, "praise", of.for_praise, 1, rule.praise_points)
    keep.mark(of, of.grade, of.grade)
    for grade, figure, points in (
        (UNQUALIFIED, "repeat", rule.repeat_points), (EXCELLENT, "praise", rule.praise_points), (QUALIFIED, "", Decimal(0)),
    ):  # fmt: skip
        if grade != of.grade and keep.ends(of, grade):
            keep.points(of, figure, Decimal(0), 0, points)
    keep.figure(of, "score", of.score, (("least", str(rule.floor)),))
    for case, grade in of.grades.items():
        keep.mark(of, grade, grade, case)
