"""What the tests of limits and recurrence share: the working calendar of 2026, written out by hand from the notice."""

from datetime import date, datetime, timedelta
from pathlib import Path

from huiyin.core.calendars import Workdays
from huiyin.core.moments import parse_moment

SHARED = Path(__file__).resolve().parents[4] / "shared"
# first day off, last day off, name
_BREAKS_2026 = (
    ("2026-01-01", "2026-01-03", "元旦"),
    ("2026-02-15", "2026-02-23", "春节"),
    ("2026-04-04", "2026-04-06", "清明节"),
    ("2026-05-01", "2026-05-05", "劳动节"),
    ("2026-06-19", "2026-06-21", "端午节"),
    ("2026-09-25", "2026-09-27", "中秋节"),
    ("2026-10-01", "2026-10-07", "国庆节"),
)
_MAKEUP_2026 = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")


def _days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=offset) for offset in range((end - start).days + 1)]


NAMES_2026 = {day: name for first, last, name in _BREAKS_2026 for day in _days(first, last)}
WORKDAYS_2026 = Workdays(
    days_off=frozenset(NAMES_2026),
    makeup_days=frozenset(date.fromisoformat(day) for day in _MAKEUP_2026),
    known_years=frozenset({2026}),
    edition="test-2026",
    names=NAMES_2026,
)


def at(text: str) -> datetime:
    """A moment of Shanghai; 24:00 may be written."""
    return parse_moment(text)


def catalogue_texts(field: str) -> list[str]:
    """Every value of `within:` or `recurs:` in the clause catalogue, which must stand beside the repository."""
    files = sorted((SHARED / "clauses").glob("*.yaml"))
    assert files, f"the clause catalogue is missing: expected YAML files in {SHARED / 'clauses'}; put ../shared beside"
    lines = [line.strip().removeprefix("- ") for path in files for line in path.read_text("utf-8").splitlines()]
    return [line.removeprefix(f"{field}: ").strip("'\"") for line in lines if line.startswith(f"{field}: ")]
