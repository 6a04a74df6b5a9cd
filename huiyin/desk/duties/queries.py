"""The calendar of what is owed when, and who is missing on the rosters. Duties are clocks of the kind "duty"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from huiyin.core.facts import Fact
from huiyin.core.moments import closing_of, opening_of
from huiyin.core.records import EXEMPT, LATE, MET, OVERDUE, RUNNING
from huiyin.core.recurrence import period_named
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties.calendar.ahead import COMING, coming
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.facts.queries import facts_of_unit
from huiyin.desk.matters.models import Matter
from huiyin.desk.people.models import Presence
from huiyin.desk.places import queries as places

DUTY = "duty"
OWED, DONE = (RUNNING, OVERDUE), (MET, LATE)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which duties: every part that is given must fit. ``units`` are codes, ``rule`` is like "GP:weekly-signed-summary".

    ``steps``: also the dated steps of surveys, inspections and other things; ``undated``: also duties without a last day, by the day on
    which they opened.
    """

    units: frozenset[str] | None = None
    rule: str = ""
    states: tuple[str, ...] = ()
    responsible: str = ""
    period: str = ""
    due_from: datetime | None = None
    due_until: datetime | None = None
    daily: bool = True
    steps: bool = False
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of duties of one rule in one state, with the filter that opens the list behind it."""

    rule: str
    state: str
    count: int
    filter: Filter


def find(organisation_id: UUID, wanted: Filter) -> QuerySet[Clock]:
    """The duties that ``wanted`` describes, the next due first; those without a time at the end.

    ``daily`` false leaves out the duties of single days, which would bury the others in a calendar.
    """
    rows = Clock.objects.filter(_kinds(organisation_id, wanted), organisation_id=organisation_id)
    if wanted.units is not None:
        rows = rows.filter(unit_code__in=wanted.units)
    if wanted.rule:
        rows = rows.filter(rule=wanted.rule)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.responsible:
        rows = rows.filter(responsible=wanted.responsible)
    if wanted.period:
        rows = rows.filter(period=wanted.period)
    if wanted.due_from is not None:
        rows = rows.filter(_on_or_undated("gte", wanted.due_from, wanted.undated))
    if wanted.due_until is not None:
        rows = rows.filter(_on_or_undated("lt", wanted.due_until, wanted.undated))
    if not wanted.daily:
        rows = rows.exclude(period__regex=_ONE_DAY)
    return rows.order_by("due_at", "unit_code", "rule")


def late(organisation_id: UUID, units: frozenset[str], now: datetime, *, daily: bool = False) -> QuerySet[Clock]:
    """What the units owe and have not done in time, steps of things among it, the longest late first."""
    return find(organisation_id, Filter(units=units, states=OWED, due_until=now, daily=daily, steps=True))


def late_count(organisation_id: UUID, units: frozenset[str], now: datetime, *, most: int) -> int:
    """How many duties and steps are late, ``most`` at most."""
    return late(organisation_id, units, now)[:most].count()


_ONE_DAY = r"^\d{4}-\d{2}-\d{2}$"


def _kinds(organisation_id: UUID, wanted: Filter) -> Q:
    if not wanted.steps:
        return Q(kind=DUTY)
    things = Matter.objects.filter(organisation_id=organisation_id)
    if wanted.units is not None:
        things = things.filter(unit_code__in=wanted.units)
    return Q(kind=DUTY) | Q(case_id__in=things.values("id"))


def _on_or_undated(compared: str, moment: datetime, undated: bool) -> Q:
    dated = Q(**{f"due_at__{compared}": moment})
    return dated | Q(**{"due_at": None, f"starts_at__{compared}": moment}) if undated else dated


def coming_of(organisation_id: UUID, wanted: Filter, now: datetime) -> list[Clock]:
    """The duties that will open after ``now`` and that ``wanted`` describes, the next due first; none for a state but "coming"."""
    if wanted.states and COMING not in wanted.states:
        return []
    found = [one for one in coming(organisation_id, now) if _describes(wanted, one)]
    return sorted(found, key=lambda one: (one.due_at or one.starts_at, one.unit_code, one.rule))


def _describes(wanted: Filter, one: Clock) -> bool:
    on = one.due_at or (one.starts_at if wanted.undated else None)
    dated = wanted.due_from is None and wanted.due_until is None
    return (
        (wanted.units is None or one.unit_code in wanted.units)
        and wanted.rule in ("", one.rule)
        and wanted.responsible in ("", one.responsible)
        and wanted.period in ("", one.period)
        and (wanted.daily or not re.fullmatch(_ONE_DAY, one.period or ""))
        and (dated or (on is not None and _between(on, wanted)))
    )


def _between(moment: datetime, wanted: Filter) -> bool:
    return (wanted.due_from is None or moment >= wanted.due_from) and (wanted.due_until is None or moment < wanted.due_until)


def evidence(organisation_id: UUID, clocks: Iterable[Clock]) -> Mapping[UUID, FactRow]:
    """For duties that were served or from which somebody freed, by the id of the fact: the act that did it."""
    ids = {one.fact_id for one in clocks if one.state in (*DONE, EXEMPT) and one.fact_id}
    return {one.id: one for one in FactRow.objects.filter(organisation_id=organisation_id, id__in=ids)}


def of_month(month: str, units: frozenset[str] | None = None) -> Filter:
    """What is due in the month ("2026-03"), for the submission calendar. Raises BadLimit for a name that is no period."""
    found = period_named(month)
    # Due at 24:00 of the last day belongs to the month that ends, not to the next one.
    return Filter(units, due_from=found.opens_at + _MOMENT, due_until=found.closes_at + _MOMENT, daily=False, steps=True, undated=True)


_MOMENT = (closing_of(date(2000, 1, 1)) - opening_of(date(2000, 1, 1))).resolution


def calendar(organisation_id: UUID, month: str, units: frozenset[str] | None = None) -> list[Clock]:
    """Who owes what when in the month: the submission calendar."""
    return list(find(organisation_id, of_month(month, units)))


def figures(organisation_id: UUID, wanted: Filter) -> list[Figure]:
    """How many duties of each rule are in each state, in one query; each figure's own filter opens its list."""
    counted = find(organisation_id, wanted).order_by("rule", "state").values_list("rule", "state").annotate(Count("key"))
    return [Figure(rule, state, count, replace(wanted, rule=rule, states=(state,))) for rule, state, count in counted]


def not_handed_in(organisation_id: UUID, rule: str, period: str) -> list[Clock]:
    """The duties of the rule and period that are still owed: who has to be chased."""
    return list(find(organisation_id, Filter(rule=rule, period=period, states=OWED)))


def on_day(organisation_id: UUID, unit_codes: Iterable[str], day: date) -> list[Clock]:
    """The duties of the units that are due on the day or owed since before: the list of a day's work."""
    units = frozenset(unit_codes)
    owed = find(organisation_id, Filter(units=units, due_until=opening_of(day) + _MOMENT, states=OWED))
    todays = find(organisation_id, Filter(units=units, due_from=opening_of(day) + _MOMENT, due_until=closing_of(day) + _MOMENT))
    return [*owed, *todays]


def missed_calls(organisation_id: UUID, unit_code: str, since: datetime, until: datetime) -> list[Fact]:
    """The calls to the unit's service telephone that nobody answered from ``since`` to before ``until``, the latest first."""
    return [one for one in reversed(facts_of_unit(organisation_id, unit_code, since, until)) if one.event == "phone_missed"]


def present(organisation_id: UUID, unit_codes: Iterable[str], at: datetime) -> list[Presence]:
    """Who is signed in to a duty of the units at the moment."""
    ids = places.tree(organisation_id).ids
    units = [ids[code] for code in unit_codes if code in ids]
    rows = Presence.objects.filter(Q(closed_at=None) | Q(closed_at__gt=at), unit_id__in=units, opened_at__lte=at)
    return list(rows.select_related("unit", "staff").order_by("unit__document_order", "duty", "opened_at"))
