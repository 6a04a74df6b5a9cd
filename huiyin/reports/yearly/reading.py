"""Reads about yearly assessments: those in force, a year of one as the records tell it, its review, what its completion kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from huiyin.core.assessed import Assessed, Told, assess, completed_in, received_in, year_set
from huiyin.core.known import Case as Past
from huiyin.core.recurrence import Period, period_named
from huiyin.core.rules import Adopted, AssessmentRule, DutyRule
from huiyin.desk.cases.models import Mark
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.facts.queries import House, thing_id
from huiyin.desk.matters.models import Figure
from huiyin.desk.matters.steps import of_thing
from huiyin.desk.registers.models import Entry


@dataclass(frozen=True, slots=True)
class Assessment:
    """A yearly assessment that is in force: the adoption, and the rule that asks for it."""

    organisation_id: UUID
    adopted: Adopted
    rule: AssessmentRule

    @property
    def thing(self) -> str:
        """The key of what hears everything that the assessment is reckoned from."""
        return f"house:{self.adopted.unit}"

    @property
    def prefix(self) -> str:
        """The prefix of the regulation."""
        return self.adopted.regulation.prefix

    @property
    def rewards(self) -> str:
        """The key of the register of what the first ones were given; empty where the regulation has none."""
        return f"{self.prefix}:{self.rule.rewards}" if self.rule.rewards else ""

    @property
    def first_year(self) -> int | None:
        """The first year that the organisation counts."""
        return year_set(self.adopted, self.rule.first_year)


def in_force(organisation_id: UUID, codes: Collection[str], at: datetime) -> list[Assessment]:
    """The assessments that concern one of the units: of regulations that it or a unit above it has adopted."""
    house = House.of(organisation_id)
    reached = {above for code in codes for above in house.units.path(code)}
    return [
        Assessment(organisation_id, adopted, rule)
        for adopted in house.adopted_anywhere(at)
        if adopted.unit in reached
        for rule in adopted.regulation.rules
        if isinstance(rule, AssessmentRule)
    ]


@dataclass(frozen=True, slots=True)
class Completed:
    """The review of a year was completed: when, under which role, by whom."""

    at: datetime
    role: str
    person: UUID | None


@dataclass(frozen=True, slots=True)
class Review:
    """How far the review of a year has come: every complaint of the year, when which of them was reviewed, and what completed it (the last
    completion counts). ``duty`` is what the unit owes for the year, where that has opened."""

    cases: tuple[Told, ...]
    reviewed: Mapping[str, datetime]
    completed: Completed | None
    duty: Clock | None

    @property
    def left(self) -> tuple[Told, ...]:
        """The complaints that nobody has reviewed yet."""
        return tuple(one for one in self.cases if one.case not in self.reviewed)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the completion of a year kept of a unit."""

    score: Decimal
    rank: int | None


@dataclass(frozen=True, slots=True)
class YearOf:
    """A year of an assessment, as the records tell it now: every unit in the order of the tree, the review, and what was kept (by unit)."""

    assessment: Assessment
    period: Period
    units: tuple[Assessed, ...]
    review: Review
    kept: Mapping[str, Kept]

    @property
    def year(self) -> int:
        """The year as a number."""
        return int(self.period.name)

    def is_over(self, now: datetime) -> bool:
        """Whether the year has ended."""
        return self.period.closes_at <= now

    @property
    def changed(self) -> tuple[Assessed, ...]:
        """The units of which the records now tell another score or rank than the completion kept."""
        return tuple(one for one in self.units if one.unit in self.kept and self.kept[one.unit] != Kept(one.score, one.rank))


def year_of(of: Assessment, year: int, at: datetime) -> YearOf:
    """The year of the assessment as it stands at ``at``."""
    heard = of_thing(of.organisation_id, of.thing, of.adopted.unit, at).case
    units = assess(of.rule, of.adopted, House.of(of.organisation_id).units, heard, year)
    return YearOf(of, period_named(str(year)), units, _review(of, heard, year), _kept(of, year))


def _review(of: Assessment, heard: Past | None, year: int) -> Review:
    cases = received_in(heard, year) if heard is not None else ()
    completed = completed_in(heard, of.rule, year) if heard is not None else ()
    ids = [one.case for one in cases]
    rows = Mark.objects.filter(organisation_id=of.organisation_id, case_id__in=ids, mark=of.rule.reviewed, ended_at=None)
    reviewed = {str(case): at for case, at in rows.filter(key__startswith=f"{of.prefix}:").values_list("case_id", "at")}
    return Review(cases, reviewed, _completed(of, completed[-1]) if completed else None, _duty(of, year))


def _completed(of: Assessment, told: Told) -> Completed:
    row = acts_of(of, of.rule.on).filter(at=told.at).first()
    return Completed(told.at, told.by, row.by_person if row is not None else None)


def acts_of(of: Assessment, event: str) -> QuerySet[Fact]:
    """The acts of one kind that the assessed organisation heard of, in their order."""
    rows = Fact.objects.filter(organisation_id=of.organisation_id, case_id=thing_id(of.organisation_id, of.thing), event=event)
    return rows.order_by("at", "id")


def _duty(of: Assessment, year: int) -> Clock | None:
    rules = [
        f"{of.prefix}:{one.id}" for one in of.adopted.regulation.rules if isinstance(one, DutyRule) and one.served_by.event == of.rule.on
    ]
    rows = Clock.objects.filter(organisation_id=of.organisation_id, kind="duty", rule__in=rules, unit_code=of.adopted.unit)
    return rows.filter(period=str(year)).first()


def _kept(of: Assessment, year: int) -> dict[str, Kept]:
    clauses = [of.rule.clauses[one] for one in ("score", "rank") if one in of.rule.clauses]
    rows = Figure.objects.filter(organisation_id=of.organisation_id, clause__in=clauses, period=str(year), case_id=None)
    ranks = {one.unit_code: one.rank for one in rows if one.rank is not None}
    return {one.unit_code: Kept(one.amount, ranks.get(one.unit_code)) for one in rows if one.rank is None}


def rewards_of(of: Assessment, year: int) -> Sequence[Entry]:
    """What was given to the first ones of the year, as the register tells it."""
    if not of.rewards:
        return ()
    rows = Entry.objects.filter(organisation_id=of.organisation_id, register=of.rewards, values__year=str(year))
    return sorted(rows, key=lambda one: (one.values.get("rank", ""), one.at))
