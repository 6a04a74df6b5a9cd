"""Periods of the calendar and the duties that they open."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.core.moments import SHANGHAI
from huiyin.core.recurrence import (
    FORMS,
    PERIOD_KINDS,
    BadLimit,
    PeriodKind,
    due_of,
    next_opening,
    openings_at,
    parse_recurrence,
    period_named,
    period_of,
)
from huiyin.core.tests.timetables import WORKDAYS_2026, at, catalogue_texts

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("kind", "moment", "name", "opens", "closes"),
    [
        ("day", "2026-03-07 12:00", "2026-03-07", "2026-03-07 00:00", "2026-03-07 24:00"),
        ("day", "2026-03-07 24:00", "2026-03-08", "2026-03-08 00:00", "2026-03-08 24:00"),
        ("week", "2026-03-11 12:00", "2026-W11", "2026-03-09 00:00", "2026-03-15 24:00"),
        ("week", "2027-01-01 12:00", "2026-W53", "2026-12-28 00:00", "2027-01-03 24:00"),
        ("month", "2026-02-28 23:59", "2026-02", "2026-02-01 00:00", "2026-02-28 24:00"),
        ("quarter", "2026-03-31 23:59", "2026-Q1", "2026-01-01 00:00", "2026-03-31 24:00"),
        ("quarter", "2026-10-01 00:00", "2026-Q4", "2026-10-01 00:00", "2026-12-31 24:00"),
        ("half", "2026-07-01 00:00", "2026-H2", "2026-07-01 00:00", "2026-12-31 24:00"),
        ("year", "2026-12-31 23:59", "2026", "2026-01-01 00:00", "2026-12-31 24:00"),
    ],
)
def test_a_moment_lies_in_a_period(kind: PeriodKind, moment: str, name: str, opens: str, closes: str) -> None:
    period = period_of(kind, at(moment))
    assert (period.name, period.opens_at, period.closes_at, period.kind) == (name, at(opens), at(closes), kind)
    assert period_named(name) == period


@given(moment=MOMENTS, kind=st.sampled_from(PERIOD_KINDS))
def test_periods_follow_each_other_without_gap(moment: datetime, kind: PeriodKind) -> None:
    period = period_of(kind, moment)
    assert period.opens_at <= moment < period.closes_at
    assert next_opening(kind, moment) == period.closes_at
    assert next_opening(kind, period.opens_at) == period.closes_at
    assert period in openings_at(period.opens_at)
    assert period_named(period.name) == period


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        ("2026-03-01 00:00", ["2026-03-01", "2026-03"]),
        ("2026-06-01 00:00", ["2026-06-01", "2026-W23", "2026-06"]),
        ("2026-03-02 00:00", ["2026-03-02", "2026-W10"]),
        ("2026-04-01 00:00", ["2026-04-01", "2026-04", "2026-Q2"]),
        ("2026-07-01 00:00", ["2026-07-01", "2026-07", "2026-Q3", "2026-H2"]),
        ("2026-01-01 00:00", ["2026-01-01", "2026-01", "2026-Q1", "2026-H1", "2026"]),
        ("2025-12-31 24:00", ["2026-01-01", "2026-01", "2026-Q1", "2026-H1", "2026"]),
        ("2025-12-31 16:00Z", ["2026-01-01", "2026-01", "2026-Q1", "2026-H1", "2026"]),
        ("2026-03-01 00:01", []),
    ],
)
def test_periods_open_at_a_midnight(moment: str, names: list[str]) -> None:
    assert [period.name for period in openings_at(at(moment))] == names


@pytest.mark.parametrize(
    ("recurs", "period", "due"),
    [
        ("daily", "2026-03-07", "2026-03-07 24:00"),
        ("daily 08:30-17:30", "2026-03-07", "2026-03-07 17:30"),
        ("daily 00:00-24:00", "2026-03-07", "2026-03-07 24:00"),
        ("daily 08:30-17:30 on workdays", "2026-02-14", "2026-02-14 17:30"),
        ("daily 08:30-17:30 on workdays", "2026-02-16", None),
        ("weekly", "2026-W11", "2026-03-15 24:00"),
        ("weekly Friday", "2026-W11", "2026-03-13 24:00"),
        ("weekly Friday 17:00", "2026-W11", "2026-03-13 17:00"),
        ("weekly Sunday 24:00", "2026-W11", "2026-03-15 24:00"),
        ("monthly", "2026-02", "2026-02-28 24:00"),
        ("monthly by day 3", "2026-02", "2026-02-03 24:00"),
        ("monthly by day 28", "2026-02", "2026-02-28 24:00"),
        ("monthly by day 30", "2026-02", "2026-02-28 24:00"),
        ("monthly by day 30", "2026-03", "2026-03-30 24:00"),
        ("monthly by day 7 of the following month", "2026-12", "2027-01-07 24:00"),
        ("quarterly", "2026-Q1", "2026-03-31 24:00"),
        ("quarterly: first month by day 15", "2026-Q2", "2026-04-15 24:00"),
        ("quarterly: last month by day 31", "2026-Q2", "2026-06-30 24:00"),
        ("half-yearly", "2026-H1", "2026-06-30 24:00"),
        ("yearly", "2026", "2026-12-31 24:00"),
        ("yearly by 01-31", "2026", "2026-01-31 24:00"),
        ("yearly by 02-29", "2026", "2026-02-28 24:00"),
        ("yearly at the beginning of the following year", "2026", "2027-01-31 24:00"),
        ("yearly, before the year-end management review", "2026", None),
        ("semesterly 1 to 2 times", "2026", None),
        ("periodically (period set by the organisation)", "2026", None),
    ],
)
def test_the_duty_of_a_period_is_due(recurs: str, period: str, due: str | None) -> None:
    answer = due_of(parse_recurrence(recurs), period_named(period), WORKDAYS_2026)
    assert answer == (at(due) if due else None)


@pytest.mark.parametrize(
    ("recurs", "period", "by_day", "due"),
    [
        ("monthly", "2026-02", 7, "2026-03-07 24:00"),
        ("monthly", "2026-01", 31, "2026-02-28 24:00"),
        ("quarterly", "2026-Q4", 10, "2027-01-10 24:00"),
        ("monthly by day 28", "2026-02", 7, "2026-02-28 24:00"),
    ],
)
def test_the_organisation_may_set_a_day_of_the_following_month(recurs: str, period: str, by_day: int, due: str) -> None:
    answer = due_of(parse_recurrence(recurs), period_named(period), WORKDAYS_2026, following_by_day=by_day)
    assert answer == at(due)


def test_every_recurrence_of_the_catalogue_is_read() -> None:
    texts = catalogue_texts("recurs")
    assert len(texts) > 30
    for text in texts:
        assert str(parse_recurrence(text)) == text


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_a_refusal_names_is_read(form: str) -> None:
    assert str(parse_recurrence(form)) == form


@pytest.mark.parametrize(
    "text",
    ["dayly", "daily 8:30-17:30", "daily 17:30-08:30", "daily 08:30-25:00", "daily ", "weekly friday",
     "weekly Friday 24:01", "weekly Friday 17:60", "monthly by day 0", "monthly by day 32", "monthly by day 07",
     "monthly on day 3", "quarterly: fourth month by day 1", "quarterly: first month by day 32", "yearly by 13-01",
     "yearly by 02-30", "semesterly 2 to 1 times", "periodically", "fortnightly", ""],
)  # fmt: skip
def test_what_is_no_recurrence_is_refused(text: str) -> None:
    with pytest.raises(BadLimit, match="expected") as refusal:
        parse_recurrence(text)
    assert refusal.value.zh


@pytest.mark.parametrize("name", ["2026-W54", "2026-Q5", "2026-H3", "2026-13", "2026-02-30", "2026-W00", "26", "2026-W53x"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(BadLimit, match="expected"):
        period_named(name)


def test_a_period_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="a month; expected a week"):
        due_of(parse_recurrence("weekly"), period_named("2026-03"), WORKDAYS_2026)
