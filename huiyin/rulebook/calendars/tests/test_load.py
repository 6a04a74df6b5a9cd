"""The shipped calendars, held against three others, and files that must be refused."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from huiyin.rulebook.calendars import load
from huiyin.rulebook.calendars.load import BadCalendar, countries, load_workdays

DAILY = Path(__file__).resolve().parents[5] / "shared/data/holidays_cn/daily_workdays.csv"
GOOD = """\
year: 2030
notices: []
source: a test
days_off:
  - {on: 2030-01-01, holiday: 元旦}
makeup_days:
  - {on: 2030-01-05, holiday: 元旦}
"""


def _days(first_year: int, last_year: int) -> Iterator[date]:
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        yield day
        day += timedelta(days=1)


def test_every_day_agrees_with_the_notices_as_others_read_them() -> None:
    assert DAILY.is_file(), f"the list of workdays is missing: expected {DAILY}; put ../shared beside the repository"
    with DAILY.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == 2922
    workdays = load_workdays()
    theirs = {date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in rows}
    assert [day for day, works in theirs.items() if workdays.is_workday(day) != works] == []


def test_every_day_from_2007_to_2026_agrees_with_chinesecalendar() -> None:
    workdays = load_workdays()
    assert [day for day in _days(2007, 2026) if workdays.is_workday(day) != chinese_calendar.is_workday(day)] == []


def test_every_day_from_2007_to_2026_agrees_with_holidays() -> None:
    workdays = load_workdays()
    others = holidays.country_holidays("CN", years=range(2006, 2028))
    assert [day for day in _days(2007, 2026) if workdays.is_workday(day) != others.is_working_day(day)] == []


def test_the_years_2007_to_2026_are_announced() -> None:
    workdays = load_workdays()
    assert workdays.known_years == frozenset(range(2007, 2027))
    assert workdays.edition.startswith("cn-2026-")
    assert workdays.names[date(2026, 2, 17)] == "春节"
    assert countries() == ("cn",)


def test_a_company_may_have_days_of_its_own() -> None:
    own = load_workdays("cn", ((date(2026, 3, 9), False), (date(2026, 3, 14), True), (date(2026, 2, 16), True)))
    assert not own.is_workday(date(2026, 3, 9))
    assert own.is_workday(date(2026, 3, 14))
    assert own.is_workday(date(2026, 2, 16))
    assert own.edition != load_workdays().edition


def test_a_company_day_named_twice_is_refused() -> None:
    with pytest.raises(BadCalendar, match="company day twice"):
        load_workdays("cn", ((date(2026, 3, 9), False), (date(2026, 3, 9), True)))


def test_a_calendar_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadCalendar, match="expected one of: cn"):
        load_workdays("../cn")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of calendars with one empty country, xx."""
    (tmp_path / "xx").mkdir()
    monkeypatch.setattr(load, "FOLDER", tmp_path)
    load_workdays.cache_clear()
    yield tmp_path / "xx"
    load_workdays.cache_clear()


def test_a_good_file_is_taken(folder: Path) -> None:
    (folder / "2030.yaml").write_text(GOOD, encoding="utf-8")
    workdays = load_workdays("xx")
    assert not workdays.is_workday(date(2030, 1, 1))
    assert workdays.is_workday(date(2030, 1, 5))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("year: 2030", "year: 2031", "year 2030"),
        ("source: a test", "sauce: a test", "exactly the keys"),
        ("source: a test", "source: a test\nsource: twice", "a second time"),
        ("notices: []", "notices: [{number: 1}]", "exactly the keys"),
        ("2030-01-01", "2030-02-30", "on: 2026-01-01|day is out of range"),
        ("2030-01-01", "1 January", "on: 2026-01-01"),
        ("2030-01-01", "2027-01-01", "next to it"),
        ("2030-01-01", "2030-01-05", "twice"),
        ("2030-01-05", "2030-01-07", "a weekday"),
        ("notices: []", "notices: none", "no list"),
        ("year: 2030", "- year", "2030.yaml"),
    ],
)
def test_a_wrong_file_is_refused_by_name(folder: Path, right: str, wrong: str, said: str) -> None:
    (folder / "2030.yaml").write_text(GOOD.replace(right, wrong), encoding="utf-8")
    with pytest.raises(BadCalendar, match=said) as refusal:
        load_workdays("xx")
    assert "2030.yaml" in str(refusal.value)
