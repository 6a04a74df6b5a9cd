"""Reads about inspections: the checklist with what each standard has cost, the findings, how inspections compare."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection

from huiyin.core.facts import Fact as CoreFact
from huiyin.core.inspections import CLOSED, FINDING, WITHDRAWN, deductions, standards
from huiyin.core.known import Case
from huiyin.core.questions import Scene
from huiyin.core.rules import Adopted, IndicatorRule, StandardRule
from huiyin.desk.facts.models import Fact
from huiyin.desk.facts.queries import House, load_cases
from huiyin.desk.inspections.access import INSPECTION
from huiyin.desk.inspections.evidence import clauses_of
from huiyin.desk.inspections.models import Finding, Photo, Rejection
from huiyin.desk.matters.models import Matter

OPENED: Final = "inspection_opened"
LOOKED_BACK: Final = timedelta(days=92)
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Standing:
    """A standard in an inspection: what it has cost (negative), how often it was found, and whether it is one for the site."""

    rule: StandardRule
    amount: Decimal
    count: int
    applies: bool

    @property
    def clause(self) -> str:
        """Its own clause."""
        return self.rule.cites[0]


@dataclass(frozen=True, slots=True)
class Branch:
    """An indicator with what is left of its points, and its standards."""

    rule: IndicatorRule
    left: Decimal
    standards: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checklist of one regulation as it stands in an inspection."""

    adopted: Adopted
    branches: tuple[Branch, ...]

    @property
    def whole(self) -> Decimal:
        """The points with nothing found."""
        return sum((one.rule.points for one in self.branches), Decimal())

    @property
    def left(self) -> Decimal:
        """The points left of all indicators."""
        return sum((one.left for one in self.branches), Decimal())

    def standard(self, clause: str) -> Standing | None:
        """The standard that stands under the clause, or has it as a part."""
        every = (one for branch in self.branches for one in branch.standards)
        return next((one for one in every if clause in clauses_of(one.rule)), None)


def checklists(house: House, unit: str, adopted: Sequence[Adopted], case: Case | None, at: datetime) -> list[Checklist]:
    """The checklists of the regulations that have one, as the findings in ``case`` leave them (None: nothing found yet)."""
    found = []
    for one in adopted:
        rules = [rule for rule in one.regulation.rules if isinstance(rule, IndicatorRule)]
        if rules:
            lost = deductions(one, case) if case is not None else {}
            prefixes = frozenset(other.regulation.prefix for other in adopted)
            fact = CoreFact("", at, None, unit)
            scene = Scene(None, fact, house.units.by_code.get(unit), prefixes, one.setting)
            found.append(Checklist(one, tuple(_branch(one, rule, lost, scene) for rule in rules)))
    return found


def _branch(adopted: Adopted, rule: IndicatorRule, lost: Mapping[str, tuple[Decimal, int]], scene: Scene) -> Branch:
    own = tuple(
        Standing(one, *lost.get(one.cites[0], (Decimal(), 0)), one.applies.holds(scene))
        for one in standards(adopted)
        if one.indicator == rule.cites[0]
    )
    return Branch(rule, max(Decimal(), rule.points + sum((one.amount for one in own), Decimal())), own)


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection in a list: whose it is, from when until when, by whom it was opened, what is left of how many points."""

    matter: Matter
    opened_at: datetime
    closed_at: datetime | None
    by_person: UUID | None
    left: Decimal
    whole: Decimal
    branches: tuple[Branch, ...]


def listed(organisation_id: UUID, units: Collection[str], *, most: int = 200) -> list[Inspection]:
    """The inspections at the units, the latest first."""
    rows = Matter.objects.filter(organisation_id=organisation_id, about=INSPECTION, unit_code__in=list(units))
    return told(organisation_id, list(rows.order_by("-began_at")[:most]))


def told(organisation_id: UUID, matters: Sequence[Matter]) -> list[Inspection]:
    """The inspections with their points, all read together, in the order of ``matters``."""
    house = House.of(organisation_id)
    ids = [one.id for one in matters]
    with connection.cursor() as cursor:
        pasts = load_cases(cursor, house, ids)
    acts: dict[tuple[UUID, str], Fact] = {}
    for fact in Fact.objects.filter(organisation_id=organisation_id, case_id__in=ids, event__in=(OPENED, CLOSED)).order_by("number"):
        if fact.case_id is not None:
            acts.setdefault((fact.case_id, fact.event), fact)
    found = []
    for one in matters:
        past, opened, closed = pasts.get(str(one.id)), acts.get((one.id, OPENED)), acts.get((one.id, CLOSED))
        at = closed.at if closed else one.last_at
        lists = checklists(house, one.unit_code, house.adopted(one.unit_code, one.began_at), past.known.case if past else None, at)
        left, whole = sum((each.left for each in lists), Decimal()), sum((each.whole for each in lists), Decimal())
        branches = tuple(branch for each in lists for branch in each.branches)
        by = opened.by_person if opened else None
        found.append(Inspection(one, one.began_at, closed.at if closed else None, by, left, whole, branches))
    return found


def closed_at(case: Case | None) -> datetime | None:
    """When the inspection ended; None while it goes on."""
    past = case.happened.get(CLOSED) if case is not None else None
    return past.first_at if past else None


def looked_back(inspection: Matter, until: datetime) -> tuple[datetime, datetime]:
    """The span whose records an inspection looks at: from the end of the one before at the unit, at most a year; else three months."""
    before = Fact.objects.filter(
        organisation_id=inspection.organisation_id, unit_code=inspection.unit_code, event=CLOSED, at__lt=inspection.began_at
    )
    last = before.exclude(case_id=inspection.id).order_by("-at").first()
    since = max(last.at, until - LONGEST) if last else until - LOOKED_BACK
    return since, until


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as its fact tells it, with what is kept beside it; ``row`` is missing for one that came in by the general form."""

    clause: str
    count: int
    household: str
    merchant: str
    text: str
    at: datetime
    by_role: str
    by_person: UUID | None
    withdrawn: bool
    row: Finding | None
    photos: tuple[Photo, ...]


def findings_of(inspection: Matter) -> list[Found]:
    """Every finding of the inspection in the order of its facts, the withdrawn ones among them."""
    key = {"organisation_id": inspection.organisation_id}
    rows = {str(one.id): one for one in Finding.objects.filter(**key, inspection_id=inspection.id)}
    photos: dict[UUID, list[Photo]] = {}
    for photo in Photo.objects.filter(**key, finding_id__in=[one.id for one in rows.values()]).order_by("at", "id"):
        photos.setdefault(photo.finding_id, []).append(photo)
    facts = list(Fact.objects.filter(**key, case_id=inspection.id, event__in=(FINDING, WITHDRAWN)).order_by("number"))
    taken_back = [one for one in facts if one.event == WITHDRAWN and not one.details.get("finding")]
    found = []
    for fact in (one for one in facts if one.event == FINDING):
        row = rows.get(str(fact.details.get("finding", "")))
        withdrawn = row.withdrawn_at is not None if row else _taken_back(taken_back, fact)
        found.append(_found(fact, row, withdrawn, tuple(photos.get(row.id, ())) if row else ()))
    return found


def _taken_back(withdrawals: list[Fact], finding: Fact) -> bool:
    """Whether one of the withdrawals that name no finding takes this one back; it is used up then."""
    same = next((one for one in withdrawals if one.details.get("clause") == finding.details.get("clause")), None)
    if same is not None:
        withdrawals.remove(same)
    return same is not None


def _found(fact: Fact, row: Finding | None, withdrawn: bool, photos: tuple[Photo, ...]) -> Found:
    told = {name: str(fact.details.get(name) or "") for name in ("clause", "household", "merchant", "text")}
    count = int(fact.details.get("count") or 1)
    return Found(
        **told, count=count, at=fact.at, by_role=fact.by_role, by_person=fact.by_person, withdrawn=withdrawn, row=row, photos=photos
    )


def rejections_of(inspection: Matter) -> dict[tuple[str, str], Rejection]:
    """What was proposed and not counted, by clause of the standard and rule."""
    rows = Rejection.objects.filter(organisation_id=inspection.organisation_id, inspection_id=inspection.id)
    return {(one.clause, one.rule): one for one in rows}
