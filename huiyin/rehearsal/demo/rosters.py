"""The demonstration's rosters: who is on which duty, for the months that were lived and the one to come, with two gaps on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from huiyin.core.calendars import DutyHours
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit
from huiyin.rehearsal.demo.organisation import House

_FOUNDER = By("admin")
_DAY_START, _EVENING, _MIDNIGHT = 8 * 60, 20 * 60, 24 * 60
_ONLINE_END = 17 * 60 + 30
_GAPS_AFTER_DAYS = {"SFY": ("service_phone", 6), "MYF": ("liaison_mobile", 11)}
"""For these units nobody is planned for a part of this duty so many days from today: what the page of rosters has to point out."""

Shift = tuple[int, int, Staff]


def plan(house: House, first: date, today: date, last: date, at: datetime) -> None:
    """Plan every duty of every day from ``first`` to ``last``."""
    quality = house.holder("quality_dept", "WY")
    desk = [(_DAY_START + 30, _ONLINE_END, quality)]
    company = house.units["WY"]
    plans = [(company, "quality_desk", day, desk) for day in _days(first, last)]
    for unit in house.projects:
        plans += [(unit, *one) for day in _days(first, last) for one in _project_day(house, unit, day, today)]
    people.plan_duties(house.organisation_id, plans, by=_FOUNDER, at=at)


def plan_told(house: House, first: date, last: date, at: datetime) -> None:
    """Plan the rosters that the sheet of the organisation tells: each shift by hours and login, the same every day."""
    plans = []
    for told in house.told.get("rosters", ()):
        unit = house.units[told["unit"]]
        shifts = [_shift(house, *one) for one in told["shifts"]]
        plans += [(unit, str(told["roster"]), day, shifts) for day in _days(first, last)]
    if plans:
        people.plan_duties(house.organisation_id, plans, by=_FOUNDER, at=at)


def _shift(house: House, hours: str, login: str) -> Shift:
    span = DutyHours.parse(hours)
    return span.opens_minute, span.closes_minute, house.staff[login]


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _project_day(house: House, unit: Unit, day: date, today: date) -> Iterator[tuple[str, date, list[Shift]]]:
    liaison, manager = house.holder("unit_liaison", unit.code), house.holder("project_manager", unit.code)
    night = house.holder("handler", unit.code)
    on_duty = liaison if day.weekday() < 5 else manager
    yield "liaison_online", day, [(_DAY_START, _ONLINE_END, on_duty)]
    yield "liaison_mobile", day, _without_gap(unit, "liaison_mobile", day, today, [(_DAY_START, _EVENING, on_duty)])
    phone = [(0, _DAY_START, night), (_DAY_START, _EVENING, on_duty), (_EVENING, _MIDNIGHT, night)]
    yield "service_phone", day, _without_gap(unit, "service_phone", day, today, phone)


def _without_gap(unit: Unit, duty: str, day: date, today: date, shifts: list[Shift]) -> list[Shift]:
    gap = _GAPS_AFTER_DAYS.get(unit.code)
    planned_gap = gap is not None and gap[0] == duty and day == today + timedelta(days=gap[1])
    return shifts[:-1] if planned_gap else shifts
