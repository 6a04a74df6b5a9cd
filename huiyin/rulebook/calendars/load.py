"""Reading the calendars of workdays: one folder a country, one file a year, each with the notice that says so."""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NoReturn

from huiyin.core.calendars import Workdays
from huiyin.plumbing.strict_yaml import BadYaml, read_yaml

FOLDER: Final = Path(__file__).parent
_KEYS: Final = {"year", "notices", "source", "days_off", "makeup_days"}
_NOTICE_KEYS: Final = {"number", "title", "published", "address"}
_DAY_KEYS: Final = {"on", "holiday"}


class BadCalendar(ValueError):
    """A calendar file that cannot be taken: which file, what was found, what would be right."""


def countries() -> tuple[str, ...]:
    """The keys of the calendars that there are, such as `cn`."""
    return tuple(sorted(path.name for path in FOLDER.iterdir() if any(path.glob("[0-9]*.yaml"))))


@lru_cache(maxsize=256)
def load_workdays(country: str = "cn", company_days: tuple[tuple[date, bool], ...] = ()) -> Workdays:
    """The workdays of a country, with an organisation's own days on top.

    In: `country`, one of `countries()`; `company_days`, pairs of a day and whether it is worked
    (False: a company holiday).
    Out: the calendar; its `edition` names the last announced year and the content, so other content is another edition.
    Raises BadCalendar for a country that there is not, and for a file that is wrong.
    """
    if country not in countries():
        raise BadCalendar(f"found calendar {country!r}; expected one of: {', '.join(countries())}")
    own = dict(company_days)
    if len(own) != len(company_days):
        raise BadCalendar("found a company day twice; expected each day once; remove the doubled one")
    digest = hashlib.sha256(repr(sorted(own.items())).encode())
    names: dict[date, str] = {}
    works: dict[date, bool] = {}
    years: set[int] = set()
    for path in sorted((FOLDER / country).glob("[0-9]*.yaml")):
        digest.update(path.read_bytes())
        years.add(_take(path, works, names))
    works |= own
    return Workdays(
        days_off=frozenset(day for day, worked in works.items() if not worked),
        makeup_days=frozenset(day for day, worked in works.items() if worked and day.weekday() > 4),
        known_years=frozenset(years),
        edition=f"{country}-{max(years)}-{digest.hexdigest()[:8]}",
        names=names,
    )


def _take(path: Path, works: dict[date, bool], names: dict[date, str]) -> int:
    """Add the days of one file; answers its year."""
    try:
        found = read_yaml(path).value
    except BadYaml as reason:
        raise BadCalendar(f"{reason}; correct the file") from reason
    _check_head(path, found)
    for key, worked in (("days_off", False), ("makeup_days", True)):
        for entry in _listed(path, key, found[key]):
            day, name = _day(path, key, entry)
            if day in works:
                _refuse(path, f"the day {day} twice", "each day once in all files", "remove the doubled one")
            if worked and day.weekday() < 5:
                _refuse(path, f"make-up workday {day}, a weekday", "a Saturday or Sunday", "check the notice")
            works[day] = worked
            names[day] = name
    return int(found["year"])


def _check_head(path: Path, found: Any) -> None:
    if not isinstance(found, dict) or set(found) != _KEYS:
        keys = ", ".join(map(str, found)) if isinstance(found, dict) else type(found).__name__
        _refuse(path, keys, f"exactly the keys {', '.join(sorted(_KEYS))}", "correct the keys")
    if found["year"] != path.stem:
        _refuse(path, f"year {found['year']}", f"year {path.stem}, as the file is called", "correct one of the two")
    for notice in _listed(path, "notices", found["notices"]):
        if not isinstance(notice, dict) or set(notice) != _NOTICE_KEYS:
            _refuse(path, f"notice {notice}", f"exactly the keys {', '.join(sorted(_NOTICE_KEYS))}", "correct the keys")


def _listed(path: Path, key: str, entries: Any) -> Iterable[Any]:
    if not isinstance(entries, list):
        _refuse(path, f"{key} that is no list", "a list, [] when there is nothing", "write a list")
    return entries


def _day(path: Path, key: str, entry: Any) -> tuple[date, str]:
    try:
        on = date.fromisoformat(entry["on"]) if set(entry) == _DAY_KEYS else None
    except (TypeError, ValueError):
        on = None
    if on is None:
        _refuse(path, f"{entry} in {key}", "{on: 2026-01-01, holiday: 元旦}", "write the day so")
    if abs(on.year - int(path.stem)) > 1:
        _refuse(path, f"{on} in {key}", f"a day of {path.stem} or next to it", "move it to its year")
    return on, str(entry["holiday"])


def _refuse(path: Path, found: str, expected: str, remedy: str) -> NoReturn:
    raise BadCalendar(f"{path.parent.name}/{path.name}: found {found}; expected {expected}; {remedy}")
