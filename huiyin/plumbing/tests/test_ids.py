"""Identifiers sort by their moment and are never twice the same."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.plumbing.ids import new_id

MOMENT = datetime(2026, 2, 13, 9, 30, tzinfo=UTC)


def test_a_later_moment_gives_a_greater_identifier() -> None:
    made = [new_id(MOMENT + timedelta(milliseconds=number)) for number in range(1000)]
    assert made == sorted(made)
    assert len({new_id(MOMENT) for _ in range(1000)}) == 1000


def test_the_layout_is_version_seven_of_the_standard_with_the_milliseconds_in_front() -> None:
    made = new_id(MOMENT)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(MOMENT.timestamp() * 1000)


@pytest.mark.parametrize("moment", [datetime(2026, 1, 1), datetime(1969, 1, 1, tzinfo=UTC)])
def test_a_moment_without_zone_or_before_1970_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="expected"):
        new_id(moment)
