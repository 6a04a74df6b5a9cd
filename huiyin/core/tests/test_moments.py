"""Moments that people write, and those that are refused."""

from datetime import UTC, datetime

import pytest

from huiyin.core.moments import SHANGHAI, BadMoment, closing_of, in_shanghai, later_by, parse_moment


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-13 10:00", "2026-02-13T10:00:00+08:00"),
        ("  2026-02-13 10:00 ", "2026-02-13T10:00:00+08:00"),
        ("2026-02-13 10:00:59", "2026-02-13T10:00:59+08:00"),
        ("2026-02-13T10:00", "2026-02-13T10:00:00+08:00"),
        ("2026/2/3 8:05", "2026-02-03T08:05:00+08:00"),
        ("2026-02-13T10:00:00.25+08:00", "2026-02-13T10:00:00.250000+08:00"),
        ("2026-02-13T10:00Z", "2026-02-13T18:00:00+08:00"),
        ("2026-02-13 10:00 -1200", "2026-02-14T06:00:00+08:00"),
        ("2026-02-13T10:00+14:00", "2026-02-13T04:00:00+08:00"),
        ("2026-03-02 24:00", "2026-03-03T00:00:00+08:00"),
        ("2026-12-31 24:00", "2027-01-01T00:00:00+08:00"),
        ("2100-12-31 24:00", "2101-01-01T00:00:00+08:00"),
        ("2028-02-29 00:00", "2028-02-29T00:00:00+08:00"),
        ("2026年2月3日 下午3点", "2026-02-03T15:00:00+08:00"),
        ("2026年2月3日下午3点半", "2026-02-03T15:30:00+08:00"),
        ("2026年2月3日 15时20分", "2026-02-03T15:20:00+08:00"),
        ("2026年02月03日 15:20", "2026-02-03T15:20:00+08:00"),
        ("2026年2月3号 上午9点5分", "2026-02-03T09:05:00+08:00"),
        ("2026年2月3日 中午12点", "2026-02-03T12:00:00+08:00"),
        ("2026年2月3日 中午1点", "2026-02-03T13:00:00+08:00"),
        ("2026年2月3日 晚上8点", "2026-02-03T20:00:00+08:00"),
        ("2026年2月3日 下午15点", "2026-02-03T15:00:00+08:00"),
        ("2026年2月3日 凌晨0点", "2026-02-03T00:00:00+08:00"),
        ("2026年2月3日 24点", "2026-02-04T00:00:00+08:00"),
    ],
)
def test_a_moment_is_read(written: str, read: str) -> None:
    assert parse_moment(written).isoformat() == read
    assert parse_moment(written).tzinfo is SHANGHAI


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-02-30 10:00", "no such day"),
        ("2027-02-29 10:00", "no such day"),
        ("2026-13-01 10:00", "no such day"),
        ("0000-01-01 10:00", "no such day"),
        ("2026-02-13 25:00", "no such time"),
        ("2026-02-13 24:01", "no such time"),
        ("2026-02-13 24:00:01", "no such time"),
        ("2026-02-13 10:60", "no such time"),
        ("2026-02-13 10:00:60", "no such time"),
        ("9999-12-31T23:59Z", "outside the years"),
        ("9999-12-31 24:00", "outside the years|no such time"),
        ("0001-01-01 00:00", "outside the years"),
        ("0001-01-01 00:00+14:00", "outside the years"),
        ("1999-12-31 23:59", "outside the years"),
        ("2101-01-01 00:00", "outside the years"),
        ("2026-W01-1 10:00", "expected a moment"),
        ("20260101T0000", "expected a moment"),
        ("1770000000000", "expected a moment"),
        ("0", "expected a moment"),
        ("-1", "expected a moment"),
        ("", "expected a moment"),
        ("infinity", "expected a moment"),
        ("２０２６-02-13 10:00", "expected a moment"),
        ("2026-02/13 10:00", "expected a moment"),
        ("2026-02-13T10:00+9999", "zone"),
        ("2026-02-13T10:00+14:01", "zone"),
        ("2026-02-13T10:00+08:60", "zone"),
        ("2026-02-13", "without a time"),
        ("2026年2月13日", "without a time"),
        ("2026年2月3日 晚上12点", "24-hour clock"),
        ("2026年2月3日 上午12点", "24-hour clock"),
        ("2026年2月3日 上午15点", "24-hour clock"),
        ("2026年2月3日 中午5点", "24-hour clock"),
        ("2026年2月30日 15点", "no such day"),
    ],
)
def test_what_is_no_moment_is_refused_in_two_languages(written: str, said: str) -> None:
    with pytest.raises(BadMoment, match=said) as refusal:
        parse_moment(written)
    assert refusal.value.zh
    assert refusal.value.zh != refusal.value.en


@pytest.mark.parametrize(
    ("written", "choices"),
    [
        ("26/2/3", ("2026-02-03", "2003-02-26")),
        ("26/2/3 10:00", ("2026-02-03 10:00", "2003-02-26 10:00")),
        ("3/2/2026", ("2026-03-02", "2026-02-03")),
        ("13/2/2026 8:00", ("2026-02-13 8:00",)),
    ],
)
def test_an_ambiguous_date_is_answered_with_choices(written: str, choices: tuple[str, ...]) -> None:
    with pytest.raises(BadMoment) as refusal:
        parse_moment(written)
    assert refusal.value.choices == choices


def test_a_datetime_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        in_shanghai(datetime(2026, 2, 13, 10))


def test_24_00_is_the_next_midnight() -> None:
    assert closing_of(datetime(2026, 2, 28).date()) == parse_moment("2026-03-01 00:00")


def test_elapsed_time_is_kept_where_the_summer_time_of_1991_began() -> None:
    before = datetime(1991, 4, 13, 17, 0, tzinfo=UTC)
    later = later_by(in_shanghai(before), parse_moment("2026-01-01 03:00") - parse_moment("2026-01-01 00:00"))
    assert later.astimezone(UTC) == datetime(1991, 4, 13, 20, 0, tzinfo=UTC)
    assert later.hour == 5
