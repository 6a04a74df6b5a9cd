"""When limits end: timetables by the conventions of the clause catalogue, and properties that always hold."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.core.calendars import Workdays
from huiyin.core.limits import (
    LARGEST_NUMBER,
    AtOnce,
    BadLimit,
    Before,
    FixedInRecord,
    SameDay,
    Span,
    Unit,
    due_at,
    parse_limit,
    reckon,
)
from huiyin.core.moments import SHANGHAI
from huiyin.core.tests.timetables import WORKDAYS_2026, at, catalogue_texts

STARTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))
SPANS = st.sampled_from(list(Unit)).flatmap(lambda unit: st.integers(1, LARGEST_NUMBER[unit]).map(lambda number: Span(number, unit)))
LIMITS = st.one_of(SPANS, st.just(SameDay()), SPANS.map(Before))


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # minutes and hours run from the moment of the start
        ("2026-02-13 10:00", "10 minutes", "2026-02-13 10:10"),
        ("2026-02-13 23:50:30", "15 minutes", "2026-02-14 00:05:30"),
        ("2026-02-13 22:00", "4 hours", "2026-02-14 02:00"),
        ("2026-12-30 10:00", "48 hours", "2027-01-01 10:00"),
        # days are 24 hours, weeks seven of them, holidays or not
        ("2026-02-13 10:00", "2 days", "2026-02-15 10:00"),
        ("2026-02-13 10:00", "10 days", "2026-02-23 10:00"),
        ("2026-02-13 10:00", "1 weeks", "2026-02-20 10:00"),
        # the day of the start does not count among workdays; the n-th closes at 24:00
        ("2026-02-13 10:00", "1 workdays", "2026-02-14 24:00"),
        ("2026-02-13 10:00", "2 workdays", "2026-02-24 24:00"),
        ("2026-02-13 10:00", "3 workdays", "2026-02-25 24:00"),
        ("2026-02-13 00:00", "3 workdays", "2026-02-25 24:00"),
        ("2026-02-13 23:59:59", "3 workdays", "2026-02-25 24:00"),
        ("2026-02-13 24:00", "3 workdays", "2026-02-26 24:00"),
        ("2026-02-18 10:00", "1 workdays", "2026-02-24 24:00"),
        ("2026-09-30 18:00", "3 workdays", "2026-10-10 24:00"),
        # months and years: 24:00 of the same day number, or of the last day
        ("2026-01-15 10:00", "1 months", "2026-02-15 24:00"),
        ("2026-01-31 10:00", "1 months", "2026-02-28 24:00"),
        ("2027-12-31 10:00", "2 months", "2028-02-29 24:00"),
        ("2026-11-30 10:00", "3 months", "2027-02-28 24:00"),
        ("2028-02-29 10:00", "1 years", "2029-02-28 24:00"),
        ("2028-02-29 10:00", "4 years", "2032-02-29 24:00"),
        # the same day ends at its 24:00; midnight belongs to the day that begins
        ("2026-02-13 00:00", "same day", "2026-02-13 24:00"),
        ("2026-02-13 23:59:59", "same day", "2026-02-13 24:00"),
        ("2026-02-13 24:00", "same day", "2026-02-14 24:00"),
        # counted back from the event (D7)
        ("2026-03-31 14:00", "at least 1 months before", "2026-02-28 24:00"),
        ("2026-07-15 14:00", "at least 2 months before", "2026-05-15 24:00"),
        ("2026-03-31 14:00", "at least 3 days before", "2026-03-28 14:00"),
        ("2026-03-31 14:00", "at least 1 weeks before", "2026-03-24 14:00"),
        ("2026-02-25 14:00", "at least 2 workdays before", "2026-02-14 24:00"),
        # recurring: due in the period of the start
        ("2026-02-13 10:00", "monthly by day 30", "2026-02-28 24:00"),
        ("2026-02-13 10:00", "weekly Friday 17:00", "2026-02-13 17:00"),
        ("2026-02-13 10:00", "quarterly: first month by day 15", "2026-01-15 24:00"),
        ("2026-02-13 10:00", "daily 08:30-17:30", "2026-02-13 17:30"),
        ("2026-02-13 10:00", "half-yearly", "2026-06-30 24:00"),
    ],
)
def test_a_limit_ends(start: str, limit: str, due: str) -> None:
    assert due_at(parse_limit(limit), at(start), WORKDAYS_2026) == at(due)
    assert reckon(parse_limit(limit), at(start), WORKDAYS_2026).at == at(due)


@pytest.mark.parametrize(
    "limit",
    ["immediately", "promptly", "by the time fixed on the form", "periodically (period set by the organisation)",
     "semesterly 1 to 2 times", "yearly, before the year-end management review"],
)  # fmt: skip
def test_a_limit_without_a_number_has_no_due_time_but_says_why(limit: str) -> None:
    due = reckon(parse_limit(limit), at("2026-02-13 10:00"), WORKDAYS_2026)
    assert due.at is None
    assert due.steps
    assert not due.provisional


@pytest.mark.parametrize(
    ("tolerance", "due"),
    [
        ("30 minutes", "2026-02-13 10:30"),
        ("same day", "2026-02-13 24:00"),
        ("1 workdays", "2026-02-14 24:00"),
        ("2 hours", "2026-02-13 12:00"),
    ],
)
def test_a_tolerance_makes_at_once_a_limit(tolerance: str, due: str) -> None:
    for word in ("immediately", "promptly"):
        answer = reckon(AtOnce(word), at("2026-02-13 10:00"), WORKDAYS_2026, tolerance=parse_limit(tolerance))
        assert answer.at == at(due)
        assert any(tolerance in step.zh and tolerance in step.en for step in answer.steps)


@pytest.mark.parametrize("tolerance", ["promptly", "monthly", "at least 1 days before", "by the time on the form"])
def test_a_tolerance_without_a_length_is_refused(tolerance: str) -> None:
    with pytest.raises(BadLimit, match="tolerance"):
        due_at(AtOnce("promptly"), at("2026-02-13 10:00"), WORKDAYS_2026, parse_limit(tolerance))


def test_a_tolerance_does_not_touch_a_limit_with_a_number() -> None:
    assert due_at(Span(4, Unit.HOURS), at("2026-02-13 10:00"), WORKDAYS_2026, SameDay()) == at("2026-02-13 14:00")


def test_a_time_fixed_in_the_record_is_the_due_time() -> None:
    limit = FixedInRecord("fixed on the form")
    due = reckon(limit, at("2026-02-13 10:00"), WORKDAYS_2026, fixed_at=at("2026-02-20 12:00"))
    assert due.at == at("2026-02-20 12:00")


def test_every_limit_of_the_catalogue_is_read() -> None:
    texts = catalogue_texts("within")
    assert len(texts) > 50
    for text in texts:
        assert str(parse_limit(text)) == text


def test_every_recurrence_of_the_catalogue_is_read_as_a_limit() -> None:
    for text in catalogue_texts("recurs"):
        assert str(parse_limit(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 days", "from 1 to 3660"),
        ("-1 days", "from 1 to 3660"),
        ("3661 days", "from 1 to 3660"),
        ("99999999999999999999 days", "from 1 to 3660"),
        ("101 years", "from 1 to 100"),
        ("３ days", "plain digits"),
        ("三 days", "plain digits"),
        ("1e3 days", "plain digits"),
        ("1.5 hours", "plain digits"),
        ("03 days", "plain digits"),
        ("+3 days", "plain digits"),
        ("at least 0 days before", "from 1 to 3660"),
        ("3 workday", "perhaps '3 workdays'"),
        ("3 wrokdays", "perhaps '3 workdays'"),
        ("1 day", "perhaps '1 days'"),
        ("at least 2 month before", "perhaps 'at least 2 months before'"),
        ("imediately", "perhaps 'immediately'"),
        ("sameday", "perhaps 'same day'"),
        ("3  days", "expected one of"),
        ("3days", "expected one of"),
        ("", "expected one of"),
        ("by the time ", "expected one of"),
        ("at least same day before", "expected"),
        ("weekly Fryday 17:00", "perhaps 'weekly Friday 17:00'"),
        ("x" * 10_000, "expected one of"),
    ],
)
def test_what_is_no_limit_is_refused_with_what_would_be_one(text: str, said: str) -> None:
    with pytest.raises(BadLimit, match=said) as refusal:
        parse_limit(text)
    assert refusal.value.zh
    assert len(str(refusal.value)) < 1000


def test_the_reckoning_can_be_checked_with_a_calendar_in_hand() -> None:
    due = reckon(parse_limit("3 workdays"), at("2026-02-13 10:00"), WORKDAYS_2026)
    assert [step.zh for step in due.steps] == [
        "起算 2026-02-13（周五）10:00；当日不计",
        "第1个工作日：2026-02-14（周六），调休上班",
        "2026-02-15（周日）至2026-02-23（周一）春节放假，不计",
        "第2个工作日：2026-02-24（周二）",
        "第3个工作日：2026-02-25（周三）",
        "到期 2026-02-25（周三）24:00",
    ]
    assert due.steps[-1].en == "Due 2026-02-25 (Wed) 24:00"


@given(limit=LIMITS, start=STARTS)
def test_a_reckoning_is_short_and_agrees_with_the_quick_answer(limit: Span | SameDay | Before, start: datetime) -> None:
    due = reckon(limit, start, WORKDAYS_2026)
    assert due.at == due_at(limit, start, WORKDAYS_2026)
    assert 0 < len(due.steps) < 30
    assert all(step.zh and step.en for step in due.steps)


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("2026-12-30 10:00", "1 workdays", False),
        ("2026-12-31 10:00", "1 workdays", True),
        ("2026-12-30 10:00", "5 workdays", True),
        ("2026-12-30 10:00", "5 days", False),
        ("2027-01-15 10:00", "at least 20 workdays before", True),
        ("2027-01-15 10:00", "daily 08:30-17:30 on workdays", True),
        ("2027-01-15 10:00", "daily 08:30-17:30", False),
    ],
)
def test_an_answer_that_counts_unannounced_days_is_provisional(start: str, limit: str, provisional: bool) -> None:
    due = reckon(parse_limit(limit), at(start), WORKDAYS_2026)
    assert due.provisional is provisional
    assert ("暂算" in due.steps[-1].zh) is provisional


@given(limit=LIMITS, start=STARTS, later=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_later_start_never_gives_an_earlier_due(limit: Span | SameDay | Before, start: datetime, later: timedelta) -> None:
    first = due_at(limit, start, WORKDAYS_2026)
    second = due_at(limit, start + later, WORKDAYS_2026)
    assert first is not None and second is not None and first <= second


@given(
    limit=st.one_of(SPANS, st.just(SameDay())),
    start=STARTS,
    off=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40),
)
def test_more_holidays_never_bring_a_limit_forward(limit: Span | SameDay, start: datetime, off: frozenset[date]) -> None:
    fewer = WORKDAYS_2026
    more = Workdays(fewer.days_off | off, fewer.makeup_days - off, fewer.known_years, "more")
    with_fewer, with_more = due_at(limit, start, fewer), due_at(limit, start, more)
    assert with_fewer is not None and with_more is not None and with_more >= with_fewer > start


@given(limit=LIMITS)
def test_a_limit_written_out_reads_back_the_same(limit: Span | SameDay | Before) -> None:
    assert parse_limit(str(limit)) == limit


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        due_at(SameDay(), datetime(2026, 2, 13), WORKDAYS_2026)
