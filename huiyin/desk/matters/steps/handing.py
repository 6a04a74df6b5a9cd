"""What a unit has to hand over of the cases it has finished: by rule and period, what is in it and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from huiyin.core.duties import recurrence
from huiyin.core.handing import Handover, handover
from huiyin.core.known import Case
from huiyin.core.rules import Adopted, DutyRule, HandoverRule
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.queries import House, load_cases, thing_id
from huiyin.desk.matters.steps.subjects import two_periods


@dataclass(frozen=True, slots=True)
class Handing:
    """The hand-over of a period that a rule asks of a unit, as it stands; ``duty`` is its record, where the period has one."""

    rule: HandoverRule
    prefix: str
    period: str
    stands: Handover
    duty: Clock | None


def handings(organisation_id: UUID, unit: str, at: datetime) -> list[Handing]:
    """The hand-overs of the unit that are still owed, and those of the present and the last period, by rule, the latest period first."""
    house = House.of(organisation_id)
    rules = [(one, rule) for one in house.adopted(unit, at) for rule in one.regulation.rules if isinstance(rule, HandoverRule)]
    past = past_of(house, unit) if rules else None
    return [one for adopted, rule in rules for one in _of_rule(organisation_id, unit, adopted, rule, past, at)]


def _of_rule(organisation_id: UUID, unit: str, adopted: Adopted, rule: HandoverRule, past: Case | None, at: datetime) -> list[Handing]:
    prefix, duty = adopted.regulation.prefix, adopted.regulation.by_id[rule.duty]
    recurs = recurrence(adopted, duty) if isinstance(duty, DutyRule) else None
    if recurs is None or recurs.period_kind is None:
        return []
    rows = Clock.objects.filter(organisation_id=organisation_id, kind="duty", unit_code=unit, rule=f"{prefix}:{rule.duty}")
    usual = two_periods(recurs.period_kind, at)
    records = {one.period: one for one in rows.filter(state__in=("running", "overdue")) | rows.filter(period__in=usual)}
    named = sorted({one for one in records if one} | {usual[0]}, reverse=True)
    nothing = Handover((), ())
    stands = {one: handover(adopted, rule, past, one, at) if past is not None else nothing for one in named}
    return [Handing(rule, prefix, one, stands[one], records.get(one)) for one in named]


def past_of(house: House, unit: str) -> Case | None:
    """What the unit remembers of its cases; None where it has heard of none yet."""
    key = thing_id(house.organisation_id, f"unit:{unit}")
    with connection.cursor() as cursor:
        found = load_cases(cursor, house, [key]).get(str(key))
    return found.known.case if found is not None else None
