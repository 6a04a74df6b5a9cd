"""Duties that will open: every midnight of the coming weeks is played on the reckoning, as the watch will play it when it comes.

What opens is what ``core.follow`` says of the opening of a period, so a coming duty is due when the real one will be. Duties that an act
opens (a semester, a scheduled review) cannot be foreseen; they stand on the calendar from the act on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from huiyin.core import records
from huiyin.core.facts import PERIOD_OPENINGS, YEAR_CLOSED, Fact
from huiyin.core.follow import follow
from huiyin.core.known import Known
from huiyin.core.moments import in_shanghai, opening_of
from huiyin.core.recurrence import next_opening, openings_at
from huiyin.core.rules import Adopted
from huiyin.desk.clocks.models import Clock, Opening
from huiyin.desk.facts.queries import House

DAYS = 60
COMING = "coming"
"""The state of a duty that has not opened yet; no stored clock has it."""
_EVENT_OF = {kind: event for event, kind in PERIOD_OPENINGS.items()}


def coming(organisation_id: UUID, now: datetime, days: int = DAYS) -> tuple[Clock, ...]:
    """The duties that will open within ``days`` days after ``now``, as rows that are not stored, the first to open first.

    Under the adoptions and settings of today: one that begins or ends within these days counts from its own day.
    """
    house = House.of(organisation_id)
    if house.root is None:
        return ()
    first = _first_unopened(organisation_id, now)
    until = in_shanghai(now).date() + timedelta(days=days)
    return _opened_between(organisation_id, house.edition, first, until)


def _first_unopened(organisation_id: UUID, now: datetime) -> date:
    """The first midnight that the watch has not opened: tomorrow's, or an earlier one that it still has to."""
    row = Opening.objects.filter(organisation_id=organisation_id).first()
    tomorrow = next_opening("day", now)
    return in_shanghai(min(row.look_at, tomorrow) if row else tomorrow).date()


@lru_cache(maxsize=64)
def _opened_between(organisation_id: UUID, _edition: UUID, first: date, until: date) -> tuple[Clock, ...]:
    house = House.of(organisation_id)
    found: list[Clock] = []
    day = first
    while day <= until:
        at = opening_of(day)
        found += [_row(organisation_id, clock) for clock in _at_midnight(house, house.adopted_anywhere(at), at)]
        day += timedelta(days=1)
    return tuple(found)


def _at_midnight(house: House, adopted: Iterable[Adopted], at: datetime) -> Iterator[records.Clock]:
    in_force, known = tuple(adopted), Known(house.units)
    for fact in _facts(str(house.root), at):
        outcome = follow(in_force, known, fact)
        yield from (one for one in outcome.records if isinstance(one, records.Clock) and one.kind == "duty" and one.case is None)


def _facts(root: str, at: datetime) -> Iterator[Fact]:
    for period in openings_at(at):
        yield Fact(_EVENT_OF[period.kind], at, None, root, "platform", {"period": period.name}, at)
        if period.kind == "year":
            yield Fact(YEAR_CLOSED, at, None, root, "platform", {"period": str(int(period.name) - 1)}, at)


def _row(organisation_id: UUID, clock: records.Clock) -> Clock:
    return Clock(
        organisation_id=organisation_id,
        key=clock.key,
        kind=clock.kind,
        rule=clock.rule,
        edition=clock.edition,
        cites=list(clock.cites),
        unit_code=clock.unit,
        period=clock.period,
        starts_at=clock.starts_at,
        due_at=clock.due_at,
        state=COMING,
        responsible=clock.responsible,
        calendar=clock.calendar,
        limit=clock.limit,
        level=clock.level,
    )
