"""The calendar of workdays as a page shows it: months of weeks, each day with what it is, and the notices."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rulebook.calendars.load import FOLDER, load_workdays

COUNTRY = "cn"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the page: its date, the name of its holiday, and whether it is off, made up for, today, or of another month."""

    on: date
    name: str
    off: bool
    made_up: bool
    today: bool
    other_month: bool


def years() -> tuple[int, ...]:
    """The years whose notice is in the rulebook."""
    return tuple(sorted(load_workdays(COUNTRY).known_years))


@lru_cache(maxsize=64)
def sheet(year: int) -> Mapping[str, Any] | None:
    """The notices of the year, its days off and its make-up days, each day with its holiday; None while there is no notice."""
    path = FOLDER / COUNTRY / f"{year}.yaml"
    if not path.is_file():
        return None
    found = read_yaml(path).value
    listed = {key: [(date.fromisoformat(one["on"]), one["holiday"]) for one in found[key]] for key in ("days_off", "makeup_days")}
    return {"notices": found["notices"], **listed}


def months(year: int, today: date) -> list[tuple[date, list[Day]]]:
    """The twelve months, each with the days of its whole weeks, Monday first."""
    return [(date(year, month, 1), _days(year, month, today)) for month in range(1, 13)]


def _days(year: int, month: int, today: date) -> list[Day]:
    workdays = load_workdays(COUNTRY)
    return [
        Day(
            on=day,
            name=workdays.names.get(day, ""),
            off=not workdays.is_workday(day),
            made_up=day in workdays.makeup_days,
            today=day == today,
            other_month=day.month != month,
        )
        for day in Calendar().itermonthdates(year, month)
    ]
