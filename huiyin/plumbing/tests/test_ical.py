"""A calendar as another program reads it: whole lines, one zone, a component always, moments by the clock of the zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huiyin.plumbing.ical import Event, calendar_text

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _lines(*events: Event) -> list[str]:
    text = calendar_text("-//House//Duties//ZH", "报送日历 赵对接", events, NOW, zone=ZONE)
    assert text.endswith("\r\n") and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_calendar_without_events_still_has_a_component() -> None:
    lines = _lines()
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    assert {"TZID:Asia/Shanghai", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "DTSTART:19920101T000000"} <= set(zone)
    # A feed is no scheduling message (RFC 5546 would ask for an organiser then); a follower is told when to look again.
    assert not [one for one in lines if one.startswith("METHOD")] and "REFRESH-INTERVAL;VALUE=DURATION:PT60M" in lines


def test_a_moment_is_told_by_the_clock_of_the_zone_and_a_day_as_a_day() -> None:
    moment = Event("a", datetime(2026, 11, 27, 9, 0, tzinfo=UTC), "周报；签字版", changed_at=NOW, remind=(timedelta(days=1),))
    lines = _lines(moment, Event("b", date(2026, 12, 31), "月报, 一式两份"))
    assert "DTSTART;TZID=Asia/Shanghai:20261127T170000" in lines and "TRIGGER:-PT1440M" in lines
    assert {"DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", r"SUMMARY:月报\, 一式两份"} <= set(lines)
    assert "LAST-MODIFIED:20261123T020000Z" in lines
    opened = [re.sub("^BEGIN:", "", one) for one in lines if one.startswith("BEGIN:")]
    closed = [re.sub("^END:", "", one) for one in lines if one.startswith("END:")]
    assert sorted(opened) == sorted(closed)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        _lines(Event("a", datetime(2026, 11, 27, 9, 0), "周报"))
