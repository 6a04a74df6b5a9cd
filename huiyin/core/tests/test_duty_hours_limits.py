"""Limits that run only while somebody is on duty, where the organisation has chosen so."""

from __future__ import annotations

from datetime import datetime

import pytest

from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.limits import due_in_hours, parse_limit
from huiyin.core.moments import parse_moment

ROUND_THE_YEAR = Workdays(frozenset(), frozenset(), frozenset({2026}), "plain weeks")
MOBILE = DutyHours.parse("08:00-20:00")
OFFICE = DutyHours.parse("08:30-17:30", "workdays")


def _due(limit: str, start: str, hours: DutyHours = MOBILE) -> datetime | None:
    return due_in_hours(parse_limit(limit), parse_moment(start), hours, ROUND_THE_YEAR)


@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        ("10 minutes", "2026-03-02 09:00", "2026-03-02 09:10"),
        ("10 minutes", "2026-03-02 19:50", "2026-03-02 20:00"),
        ("10 minutes", "2026-03-02 19:55", "2026-03-03 08:05"),
        ("10 minutes", "2026-03-02 23:00", "2026-03-03 08:10"),
        ("10 minutes", "2026-03-02 07:00", "2026-03-02 08:10"),
        ("24 hours", "2026-03-02 08:00", "2026-03-03 20:00"),
        ("2 days", "2026-03-02 23:00", "2026-03-04 23:00"),
    ],
)
def test_a_limit_in_duty_hours_ends_when_its_time_on_duty_is_used_up(limit: str, start: str, due: str) -> None:
    assert _due(limit, start) == parse_moment(due)


def test_office_hours_skip_the_weekend() -> None:
    assert _due("1 hours", "2026-03-06 17:00", OFFICE) == parse_moment("2026-03-09 09:00")
