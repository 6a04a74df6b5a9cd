"""Random limits, and where the product and the oracle differ on them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from huiyin.core.limits import due_at, parse_limit
from huiyin.rulebook.calendars.load import load_workdays
from tests.oracle.oracle import SHANGHAI, due_moment, read_workdays

SEED = 20260
_FIRST, _LAST = datetime(2007, 1, 1, tzinfo=SHANGHAI), datetime(2027, 12, 31, tzinfo=SHANGHAI)
# Sixty workdays from here at the latest still end within the years whose holidays are known.
_FIRST_WORKED, _LAST_WORKED = datetime(2019, 1, 1, tzinfo=SHANGHAI), datetime(2026, 8, 31, tzinfo=SHANGHAI)
# The largest number that a limit may have in the product is 3660 (520 weeks, 1200 months, 100 years).
_LARGEST = {"minutes": 3_660, "hours": 400, "days": 400, "workdays": 60, "weeks": 60, "months": 40, "years": 8}
_PLAIN = ("same day", "immediately", "promptly")
_KINDS = ("after", "after", "after", "after", "before", "plain")


def draw(chance: random.Random) -> tuple[datetime, str]:
    """A start and the text of a limit; years whose holidays are not known come only with limits that ask for no workdays.

    Every fourth start lies at an edge: at midnight, in the last minute of a day, on the last days of a month.
    """
    kind = chance.choice(_KINDS)
    if kind == "plain":
        return _moment(chance, _FIRST, _LAST), chance.choice(_PLAIN)
    unit = chance.choice([one for one in _LARGEST if kind == "after" or one != "workdays"])
    number = chance.randint(1, chance.choice([3, _LARGEST[unit]]))
    if kind == "before":
        return _moment(chance, _FIRST, _LAST), f"at least {number} {unit} before"
    first, last = (_FIRST_WORKED, _LAST_WORKED) if unit == "workdays" else (_FIRST, _LAST)
    return _moment(chance, first, last), f"{number} {unit}"


def disagreements(times: int, seed: int = SEED) -> Iterator[str]:
    """A line for each of ``times`` random limits on which the two differ; the same ``seed`` draws the same limits."""
    chance = random.Random(seed)
    ours, theirs = load_workdays(), read_workdays()
    for _ in range(times):
        start, text = draw(chance)
        found, expected = due_at(parse_limit(text), start, ours), due_moment(start, text, theirs)
        if found != expected:
            yield f"{text} from {start:%Y-%m-%d %H:%M:%S.%f}: the product says {found}, the oracle {expected}"


def _moment(chance: random.Random, first: datetime, last: datetime) -> datetime:
    day = first + timedelta(days=chance.randint(0, (last - first).days))
    if chance.random() < 0.25:
        if chance.random() < 0.5:
            day = _month_end(day, last, chance.randint(0, 3))
        return day + chance.choice([timedelta(), timedelta(hours=23, minutes=59, seconds=59), timedelta(microseconds=1)])
    return day + timedelta(seconds=chance.randint(0, 24 * 60 * 60 - 1), microseconds=chance.choice([0, chance.randint(0, 999_999)]))


def _month_end(day: datetime, last: datetime, before: int) -> datetime:
    """So many days before the end of the month of ``day``, but not after ``last``."""
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(next_month - timedelta(days=1 + before), last)
