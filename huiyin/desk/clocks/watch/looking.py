"""One batch of the watch: claim what is due, let the limits pass, keep what follows, all in one transaction."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import Error, connection, transaction

from huiyin.core.facts import PERIOD_OPENINGS, YEAR_CLOSED, Fact
from huiyin.core.known import Known
from huiyin.core.moments import in_shanghai
from huiyin.core.recurrence import next_opening, openings_at
from huiyin.core.subjects import CLOSED
from huiyin.desk.clocks.actions import KEEPER, begin_openings
from huiyin.desk.clocks.models import Opening
from huiyin.desk.facts.actions import Desk
from huiyin.desk.facts.queries import House, Past, load_cases
from huiyin.desk.messaging.actions import put_now
from huiyin.desk.people.queries import holders
from huiyin.plumbing.prepared import prepared_cursor
from huiyin.plumbing.rows import Rows

AT_MOST = 200
SET_ASIDE = timedelta(hours=1)
# Of what is due so many times the batch are glanced at: several workers find something of their own each.
_GLANCED = 4
_EVENT_OF = {kind: event for event, kind in PERIOD_OPENINGS.items()}
_SUBJECT = "organisation_id::text || '/' || coalesce(case_id::text, 'unit/' || unit_code)"
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT organisation_id, case_id, unit_code, key, {_SUBJECT} AS subject FROM clocks_clock
    WHERE look_at <= %s AND (set_aside_until IS NULL OR set_aside_until <= %s) AND (%s::uuid IS NULL OR organisation_id = %s)
    ORDER BY look_at, key LIMIT %s
)
SELECT organisation_id, case_id, unit_code, key FROM due WHERE pg_try_advisory_xact_lock(hashtextextended(subject, 0)) LIMIT %s
"""
_OPENING = """
SELECT organisation_id FROM clocks_opening
WHERE look_at <= %s AND (set_aside_until IS NULL OR set_aside_until <= %s) AND (%s::uuid IS NULL OR organisation_id = %s)
"""
_TO_OPEN = "SELECT look_at FROM clocks_opening WHERE organisation_id = %s AND look_at <= %s FOR UPDATE SKIP LOCKED"
_OPENED = "UPDATE clocks_opening SET look_at = %s, set_aside_until = NULL, error = '' WHERE organisation_id = %s"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """What has a limit that is due: a case, or a unit with its duties."""

    organisation_id: UUID
    case_id: UUID | None
    unit: str


def look(now: datetime, most: int = AT_MOST, organisation_id: UUID | None = None) -> int:
    """Let the limits pass that are due by ``now``, for up to ``most`` clocks, and open the periods that begin; returns how much was done.

    With ``organisation_id`` only there: a rehearsal hands in times of its own, which must not reach others.

    Any number of workers may look at once: nobody works on a case that another one has. What cannot be worked out is set aside for an
    hour, with its error, and its administrators are told; the others go on. 0 does not mean that nothing is due: others may be at it.
    """
    opened = open_periods(now, organisation_id)
    try:
        with transaction.atomic(), prepared_cursor() as cursor:
            return opened + _look_at(cursor, _claim(cursor, now, most, organisation_id), now)
    except Exception:
        # One that is broken must not hold up the rest: each alone now, the broken one is set aside.
        log.exception("a batch of the watch failed; its clocks are looked at one by one")
        return opened + sum(_look_alone(subject, now) for subject in _due_subjects(now, most, organisation_id))


def _claim(cursor: Any, now: datetime, most: int, organisation_id: UUID | None = None) -> dict[Subject, set[str]]:
    """What is due and nobody else is working on; it is ours until the transaction ends."""
    cursor.execute(_CLAIM, [now, now, organisation_id, organisation_id, most * _GLANCED, most])
    claimed: dict[Subject, set[str]] = {}
    for organisation_id, case_id, unit, key in cursor.fetchall():
        claimed.setdefault(Subject(organisation_id, case_id, "" if case_id else unit), set()).add(key)
    return claimed


def _look_at(cursor: Any, claimed: dict[Subject, set[str]], now: datetime) -> int:
    rows, passed = Rows(), 0
    for organisation_id in {one.organisation_id for one in claimed}:
        desk = Desk(cursor, House.of(organisation_id), None, now, rows)
        ours = {one: keys for one, keys in claimed.items() if one.organisation_id == organisation_id}
        for past in _pasts(desk, ours):
            passed += desk.pass_limits(past, now, until_included=True)
        desk.collect()
    rows.flush(cursor)
    return passed


def _pasts(desk: Desk, claimed: dict[Subject, set[str]]) -> Iterable[Past]:
    cases = [one.case_id for one in claimed if one.case_id is not None]
    if cases:
        desk.cases.update(load_cases(desk.cursor, desk.house, cases))
        yield from list(desk.cases.values())
    keys = sorted(key for one, found in claimed.items() if one.case_id is None for key in found)
    if keys:
        yield from _duties(desk, keys)


def _duties(desk: Desk, keys: Sequence[str]) -> Iterable[Past]:
    """The duties with these keys as they stand now that they are ours."""
    desk.cursor.execute(
        "SELECT to_jsonb(c) FROM clocks_clock c WHERE organisation_id = %s AND key = ANY(%s)",
        [desk.house.organisation_id, list(keys)],
    )
    from_row = KEEPER.record
    for (row,) in desk.cursor.fetchall():
        if from_row is not None:
            clock = from_row(_as_mapping(row))
            yield Past(Known(desk.house.units, clocks={clock.key: clock}))


def _as_mapping(row: Any) -> Any:
    return json.loads(row) if isinstance(row, str) else row


def _due_subjects(now: datetime, most: int, organisation_id: UUID | None) -> list[Subject]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT organisation_id, case_id, CASE WHEN case_id IS NULL THEN unit_code ELSE '' END FROM ("
            "SELECT * FROM clocks_clock WHERE look_at <= %s AND (set_aside_until IS NULL OR set_aside_until <= %s) "
            "AND (%s::uuid IS NULL OR organisation_id = %s) ORDER BY look_at, key LIMIT %s) AS due",
            [now, now, organisation_id, organisation_id, most],
        )
        return [Subject(*row) for row in cursor.fetchall()]


def _look_alone(subject: Subject, now: datetime) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT key FROM clocks_clock WHERE look_at <= %s AND organisation_id = %s AND {_of(subject)} "
                f"AND pg_try_advisory_xact_lock(hashtextextended({_SUBJECT}, 0))",
                [now, subject.organisation_id, subject.case_id or subject.unit],
            )
            keys = {key for (key,) in cursor.fetchall()}
            return _look_at(cursor, {subject: keys}, now) if keys else 0
    except Exception as error:
        _set_aside(subject, now, error)
        return 0


def _of(subject: Subject) -> str:
    return "case_id = %s" if subject.case_id else "case_id IS NULL AND unit_code = %s"


def _set_aside(subject: Subject, now: datetime, error: Exception) -> None:
    """Look again in an hour; the moment at which the limit passed stays, so nothing is dated later for it."""
    text = f"{type(error).__name__}: {error}"[:500]
    log.error("set aside %s: %s", subject, text)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE clocks_clock SET set_aside_until = %s, error = %s WHERE look_at <= %s AND organisation_id = %s AND {_of(subject)}",
            [now + SET_ASIDE, text, now, subject.organisation_id, subject.case_id or subject.unit],
        )
        _tell(subject.organisation_id, f"set-aside:{subject.case_id or subject.unit}:{now.isoformat()}", text, now)


def _tell(organisation_id: UUID, key: str, text: str, now: datetime) -> None:
    root = House.of(organisation_id).root
    told = holders(organisation_id, "admin", root, in_shanghai(now).date()) if root else ()
    for staff_id in told or (None,):
        put_now(
            organisation_id,
            key,
            "clock.set_aside",
            at=now,
            to_staff=staff_id,
            title="时限检查出错，一小时后重试",
            body=text,
        )


def open_periods(now: datetime, organisation_id: UUID | None) -> int:
    """Open the periods that begin by ``now``, with ``organisation_id`` only there; returns how many times something was opened."""
    if organisation_id is None:
        _begin_missing(now)
    with prepared_cursor() as cursor:
        cursor.execute(_OPENING, [now, now, organisation_id, organisation_id])
        due = [row[0] for row in cursor.fetchall()]
    return sum(_open_next(one, now) for one in due)


def _begin_missing(now: datetime) -> None:
    """Organisations that have adopted a regulation since: their first midnight is the next."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT organisation_id FROM adoptions_adoption a WHERE NOT EXISTS "
            "(SELECT 1 FROM clocks_opening o WHERE o.organisation_id = a.organisation_id)"
        )
        missing = [row[0] for row in cursor.fetchall()]
    for organisation_id in missing:
        begin_openings(organisation_id, now)


def _open_next(organisation_id: UUID, now: datetime) -> int:
    """Open every midnight up to ``now``, one after the other; each in a transaction of its own."""
    opened = 0
    try:
        while _open_one(organisation_id, now):
            opened += 1
    except Error as error:
        _set_opening_aside(organisation_id, now, error)
    except (ValueError, KeyError, LookupError) as error:
        _set_opening_aside(organisation_id, now, error)
    return opened


def _set_opening_aside(organisation_id: UUID, now: datetime, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:500]
    log.error("set the openings of %s aside: %s", organisation_id, text)
    Opening.objects.filter(pk=organisation_id).update(set_aside_until=now + SET_ASIDE, error=text)
    _tell(organisation_id, f"opening:{now.isoformat()}", text, now)


def opened_at(house: House, midnight: datetime) -> Iterator[Fact]:
    """The openings at a midnight that an adopted regulation waits for; with a year's, that the year before closed."""
    adopted = house.adopted_anywhere(midnight) if house.root else ()
    for period in openings_at(midnight) if adopted else ():
        event = _EVENT_OF[period.kind]
        found = [Fact(event, midnight, None, house.root, "platform", {"period": period.name})]
        if period.kind == "year":
            found.append(Fact(YEAR_CLOSED, midnight, None, house.root, "platform", {"period": str(int(period.name) - 1)}))
        for fact in found:
            names = {fact.event, CLOSED.get(fact.event, "")}
            if any(not names.isdisjoint(one.regulation.waited) for one in adopted):
                yield fact


def _next_openings(house: House, midnight: datetime, now: datetime) -> tuple[list[Fact], datetime]:
    """The openings at the first midnight, from ``midnight`` up to ``now``, at which some rule waits for one; and the midnight after it."""
    openings: list[Fact] = []
    while midnight <= now and not openings:
        openings = list(opened_at(house, in_shanghai(midnight)))
        midnight = next_opening("day", midnight)
    return openings, midnight


def _open_one(organisation_id: UUID, now: datetime) -> bool:
    with transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute(_TO_OPEN, [organisation_id, now])
        row = cursor.fetchone()
        if row is None:
            return False
        house = House.of(organisation_id)
        desk = Desk(cursor, house, None, now, Rows())
        openings, midnight = _next_openings(house, row[0], now)
        for opening in openings:
            desk.follow(replace(opening, entered_at=now))
        desk.keep()
        cursor.execute(_OPENED, [midnight, organisation_id])
    return True
