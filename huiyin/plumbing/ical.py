"""iCalendar text (RFC 5545): one calendar of events, for people's own calendars. No word of our trade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_MOST_OCTETS: Final = 75


@dataclass(frozen=True, slots=True)
class Event:
    """One event: ``on`` is a day (it lasts that day) or an aware moment; ``remind`` is how long before its start the reader's calendar
    speaks up."""

    uid: str
    on: date | datetime
    summary: str
    description: str = ""
    url: str = ""
    changed_at: datetime | None = None
    remind: tuple[timedelta, ...] = ()


def calendar_text(
    product: str, name: str, events: Iterable[Event], made_at: datetime, *, zone: ZoneInfo, again_after: timedelta = timedelta(hours=1)
) -> str:
    """The calendar as text with CRLF line ends, lines folded at 75 octets.

    ``product`` names who writes it, ``made_at`` (aware) when. ``zone`` has one offset all through (no summer time) and is the clock of the
    moments; it stands in the calendar also where there is no event, which would not be a calendar else (3.6). ``again_after`` is how often
    a program that follows it should look. Raises ValueError for a naive moment.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_text(product)}",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{zone.key}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{int(again_after.total_seconds()) // 60}M",
        f"X-PUBLISHED-TTL:PT{int(again_after.total_seconds()) // 60}M",
        *_zone(zone, made_at),
    ]
    for event in events:
        lines += _event(event, made_at, zone)
    return "".join(f"{part}\r\n" for line in (*lines, "END:VCALENDAR") for part in _folded(line))


def _zone(zone: ZoneInfo, at: datetime) -> Iterator[str]:
    local = at.astimezone(zone)
    yield from ("BEGIN:VTIMEZONE", f"TZID:{zone.key}", "BEGIN:STANDARD", "DTSTART:19920101T000000")
    yield from (f"TZOFFSETFROM:{local:%z}", f"TZOFFSETTO:{local:%z}", f"TZNAME:{local:%Z}", "END:STANDARD", "END:VTIMEZONE")


def _event(event: Event, made_at: datetime, zone: ZoneInfo) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_moment(event.changed_at or made_at)}"
    if event.changed_at is not None:
        yield f"LAST-MODIFIED:{_moment(event.changed_at)}"
    if isinstance(event.on, datetime):
        yield f"DTSTART;TZID={zone.key}:{_aware(event.on).astimezone(zone):%Y%m%dT%H%M%S}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    for before in event.remind:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(event.summary)}")
        yield from (f"TRIGGER:-PT{int(before.total_seconds()) // 60}M", "END:VALARM")
    yield "END:VEVENT"


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"found the naive moment {at!r}, expected an aware one; give it a time zone where it arose")
    return at


def _moment(at: datetime) -> str:
    return f"{_aware(at).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT: backslash, semicolon, comma and line ends are escaped, other control characters left out (3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lined = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in lined if letter >= " " and letter != "\x7f")


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, never within a character; each further part begins with a space (3.1)."""
    part, length = "", 0
    for letter in line:
        octets = len(letter.encode())
        if length + octets > _MOST_OCTETS:
            yield part
            part, length = " ", 1
        part, length = part + letter, length + octets
    yield part
