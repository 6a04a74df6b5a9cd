"""Workdays and hours of duty. That the shipped calendars are right is tested beside their files."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.tests.timetables import WORKDAYS_2026, at

PLAIN = Workdays(frozenset(), frozenset(), frozenset(), "plain")
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # make-up Saturday
        ("2026-02-15", False),
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # make-up Saturday
        ("2026-03-01", False),
        ("2025-10-01", True),  # not among the known years: the plain rule
        ("2027-10-02", False),
        ("2027-10-01", True),
    ],
)
def test_a_day_is_worked_or_not(day: str, works: bool) -> None:
    assert WORKDAYS_2026.is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("after", "n", "day"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-02-18", 1, "2026-02-24"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-12-31", 1, "2027-01-01"),
        ("2025-12-31", 1, "2026-01-04"),
    ],
)
def test_the_nth_workday_after_a_day(after: str, n: int, day: str) -> None:
    assert WORKDAYS_2026.nth_workday_after(date.fromisoformat(after), n) == date.fromisoformat(day)


@pytest.mark.parametrize(("day", "n", "before"), [("2026-02-25", 1, "2026-02-24"), ("2026-02-24", 2, "2026-02-13")])
def test_the_nth_workday_before_a_day(day: str, n: int, before: str) -> None:
    assert WORKDAYS_2026.nth_workday_before(date.fromisoformat(day), n) == date.fromisoformat(before)


def _walked(workdays: Workdays, day: date, n: int, step: int) -> date:
    while n:
        day += timedelta(days=step)
        n -= workdays.is_workday(day)
    return day


@pytest.mark.parametrize("workdays", [WORKDAYS_2026, PLAIN])
@given(day=st.dates(date(2024, 12, 1), date(2027, 2, 1)), n=st.integers(1, 300))
def test_counting_agrees_with_walking_day_by_day(workdays: Workdays, day: date, n: int) -> None:
    assert workdays.nth_workday_after(day, n) == _walked(workdays, day, n, 1)
    assert workdays.nth_workday_before(day, n) == _walked(workdays, day, n, -1)
    assert workdays.count_between(day, workdays.nth_workday_after(day, n)) == n


@given(day=DAYS, n=st.integers(1, 3660), off=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40))
def test_more_days_off_never_bring_a_workday_forward(day: date, n: int, off: frozenset[date]) -> None:
    fewer = WORKDAYS_2026
    more = Workdays(fewer.days_off | off, fewer.makeup_days - off, fewer.known_years, "more")
    assert more.nth_workday_after(day, n) >= fewer.nth_workday_after(day, n)


def test_an_answer_beyond_the_last_announced_year_is_not_known() -> None:
    assert WORKDAYS_2026.known(date(2026, 12, 31))
    assert not WORKDAYS_2026.known(date(2027, 1, 1))
    assert WORKDAYS_2026.known_through(date(2026, 1, 1), date(2026, 12, 31))
    assert not WORKDAYS_2026.known_through(date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.parametrize("n", [0, -1])
def test_the_zeroth_workday_does_not_exist(n: int) -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        WORKDAYS_2026.nth_workday_after(date(2026, 1, 1), n)
    with pytest.raises(ValueError, match="expected 1 or more"):
        WORKDAYS_2026.nth_workday_before(date(2026, 1, 1), n)


def test_a_day_both_off_and_worked_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-02-14 both off and worked"):
        Workdays(frozenset({date(2026, 2, 14)}), frozenset({date(2026, 2, 14)}), frozenset({2026}), "x")


def test_a_year_without_a_workday_is_refused() -> None:
    whole_year = frozenset(date(2026, 1, 1) + timedelta(days=offset) for offset in range(365))
    with pytest.raises(ValueError, match="no workday in 2026"):
        Workdays(whole_year, frozenset(), frozenset({2026}), "x")


@pytest.mark.parametrize(
    ("hours", "days", "moment", "covered"),
    [
        ("08:30-17:30", "daily", "2026-02-16 08:29:59", False),
        ("08:30-17:30", "daily", "2026-02-16 08:30", True),
        ("08:30-17:30", "daily", "2026-02-16 17:29:59", True),
        ("08:30-17:30", "daily", "2026-02-16 17:30", False),
        ("08:30-17:30", "workdays", "2026-02-16 09:00", False),
        ("08:30-17:30", "workdays", "2026-02-14 09:00", True),
        ("00:00-24:00", "daily", "2026-02-16 23:59:59", True),
        ("00:00-24:00", "daily", "2026-02-16 24:00", True),
    ],
)
def test_hours_of_duty_cover_a_moment(hours: str, days: str, moment: str, covered: bool) -> None:
    duty = DutyHours.parse(hours, "workdays" if days == "workdays" else "daily")
    assert duty.covers(at(moment), WORKDAYS_2026) is covered


def test_hours_of_duty_open_and_close() -> None:
    whole_day = DutyHours.parse("00:00-24:00")
    assert whole_day.opens_at(date(2026, 3, 1)) == at("2026-03-01 00:00")
    assert whole_day.closes_at(date(2026, 3, 1)) == at("2026-03-01 24:00")
    assert str(whole_day) == "00:00-24:00"


@pytest.mark.parametrize("hours", ["8:30-17:30", "08:30", "17:30-08:30", "08:30-08:30", "08:61-17:30", "08:30-24:01"])
def test_hours_that_are_none_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        DutyHours.parse(hours)
