"""The demonstration: organisations with three months of lived history, built by the real acts at their own moments.

Everything invented stands in the YAML files; ``build_next`` founds an organisation, plans what happened (seeded, so always the same for
the same present), and lives it through the desk's actions with the watch looking in between. Each organisation is one transaction: one
that was interrupted leaves nothing, is never seen half, and is built afresh by the next who builds. The first is built before the house
serves; the others beside the live house, in a process of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from time import monotonic
from typing import Any

from django.db import connection, transaction

from huiyin.core.moments import in_shanghai
from huiyin.desk.clocks.actions import begin_openings
from huiyin.desk.messaging import actions as messaging
from huiyin.desk.places.models import Organisation
from huiyin.rehearsal.demo import history, homes, organisation, present, rosters
from huiyin.rehearsal.demo.life import SHORTEST_LIMIT, Life
from huiyin.rehearsal.demo.rounds import at_hour
from huiyin.rehearsal.demo.script import length, plan, read_script

_SEED = 20180101
_PLANNED_AHEAD_DAYS = 31
_POSTS_SINCE_DAYS = 400
_READ_UNTIL_DAYS, _EVENING = 1, 18
_COUNTED_AFTER_DAYS = (0, 2, 7, 21, 45, 70)
"""The database's own clerk counts only what is committed: without these counts it would plan its queries for empty tables."""
LOCK = 0x44454D4F
"""An arbitrary number that keeps this advisory lock apart from others: whoever holds it is building."""
_BUILDS = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


def standing() -> list[str]:
    """The codes of the demonstration's organisations that stand; none in a house of others."""
    told = [str(one["code"]) for one in organisation.sheets()]
    there = set(Organisation.objects.filter(code__in=told).values_list("code", flat=True))
    return [code for code in told if code in there] if told[0] in there else []


def missing() -> list[Mapping[str, Any]]:
    """The sheets of the organisations that are still to be built, in their order: all in an empty house, none in a house of others."""
    there = standing()
    if not there and Organisation.objects.exists():
        return []
    return [one for one in organisation.sheets() if one["code"] not in there]


def being_built(there: Sequence[str]) -> list[Mapping[str, Any]]:
    """The sheets of those that do not stand (``there`` do) while somebody builds; nothing is kept of it, so nothing can go stale."""
    told = [one for one in organisation.sheets() if one["code"] not in there]
    if not told or not there:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BUILDS, [LOCK])
        (builds,) = cursor.fetchone()
    return told if builds else []


def build_next(at: datetime, *, progress: Callable[[str], None], days: int = history.USUAL_DAYS, every_seconds: float = 1) -> list[str]:
    """Build the first organisation that is missing: so many ``days`` up to ``at``. ``progress`` is told a line ``every_seconds``.

    Returns its logins, and the key for programs of the main one, a line each; nothing where none is missing. Several may build: one waits
    for the other. Raises what the rulebook's loader and the database raise (IntegrityError: somebody took a login of the sheet).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
        told = next(iter(missing()), None)
        if told is None:
            return []
        live(told, in_shanghai(at), progress, days, every_seconds)
        key = organisation.give_key(told, at) if "api_key" in told else []
    return [*organisation.login_lines([told["code"]]), *key]


def live(told: Mapping[str, Any], now: datetime, progress: Callable[[str], None], days: int, every_seconds: float = 1) -> Life:
    """Found the organisation of a sheet and live so many ``days`` of it up to ``now``; returns the life that was lived."""
    random, today = Random(_SEED), now.date()
    first = today - timedelta(days=days)
    start = at_hour(first, 0)
    progress(f"Building {told['name']['en']}: units, people, homes, rosters …")
    house = organisation.found(told, start, first - timedelta(days=_POSTS_SINCE_DAYS))
    settled = homes.settle(house, start, random)
    shortest = length(told["shortest_limit"]) if "shortest_limit" in told else SHORTEST_LIMIT
    life = Life(house, now, random, shortest=shortest)
    begin_openings(house.organisation_id, start)
    rosters.plan_told(house, first, today + timedelta(days=_PLANNED_AHEAD_DAYS), start)
    if told["code"] == organisation.MAIN:
        rosters.plan(house, first, today, today + timedelta(days=_PLANNED_AHEAD_DAYS), start)
        rounds = history.plan(life, settled, first)
        present.plan(life, settled, rounds)
    plan(life, settled, read_script(told), first)
    life.plan(at_hour(today - timedelta(days=_READ_UNTIL_DAYS), _EVENING), lambda at: _everybody_reads(house, at))
    for after in _COUNTED_AFTER_DAYS:
        life.plan(at_hour(first + timedelta(days=after), 0), _count_rows)
    life.live(_now_and_then(progress, told["name"]["en"], every_seconds))
    return life


def _count_rows(_at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _everybody_reads(house: organisation.House, at: datetime) -> None:
    """Nobody comes to their place and finds three months of messages."""
    for one in house.staff.values():
        messaging.read_all(one.pk, at=at)


def _now_and_then(progress: Callable[[str], None], name: str, every_seconds: float) -> Callable[[datetime], None]:
    said = monotonic()

    def say(at: datetime) -> None:
        nonlocal said
        if monotonic() - said >= every_seconds:
            said = monotonic()
            progress(f"  {name}: living {at:%Y-%m-%d} …")

    return say
