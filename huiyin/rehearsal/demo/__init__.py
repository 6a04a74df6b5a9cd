"""The demonstration: organisations with three months of lived history, built by the real acts at their own moments.

Everything invented stands in the YAML files; ``build`` founds each organisation, plans what happened (seeded, so always the same for the
same present), and lives it through the desk's actions with the watch looking in between. All of it is one transaction: a
demonstration that was interrupted leaves the house empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from time import monotonic
from typing import Any

from django.db import transaction

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


def build(at: datetime, *, progress: Callable[[str], None], days: int = history.USUAL_DAYS) -> list[str]:
    """Build the demonstration in an empty house: so many ``days`` up to ``at``. ``progress`` is told a line every second.

    Returns its logins and its key for programs, a line each; in a house with other organisations nothing is built and the answer is
    empty. Raises what the rulebook's loader and the database raise.
    """
    if Organisation.objects.exists():
        there = Organisation.objects.filter(code=organisation.sheet()["code"]).exists()
        return organisation.login_lines() if there else []
    with transaction.atomic():
        for told in organisation.sheets():
            live(told, in_shanghai(at), progress, days)
        key = organisation.give_key(organisation.sheet(), at)
    return [*organisation.login_lines(), *key]


def live(told: Mapping[str, Any], now: datetime, progress: Callable[[str], None], days: int) -> Life:
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
    if told["code"] == organisation.MAIN:
        rosters.plan(house, first, today, today + timedelta(days=_PLANNED_AHEAD_DAYS), start)
        rounds = history.plan(life, settled, first)
        present.plan(life, settled, rounds)
    plan(life, settled, read_script(told), first)
    life.plan(at_hour(today - timedelta(days=_READ_UNTIL_DAYS), _EVENING), lambda at: _everybody_reads(house, at))
    life.live(_every_second(progress))
    return life


def _everybody_reads(house: organisation.House, at: datetime) -> None:
    """Nobody comes to their place and finds three months of messages."""
    for one in house.staff.values():
        messaging.read_all(one.pk, at=at)


def _every_second(progress: Callable[[str], None]) -> Callable[[datetime], None]:
    said = monotonic()

    def say(at: datetime) -> None:
        nonlocal said
        if monotonic() - said >= 1:
            said = monotonic()
            progress(f"  living {at:%Y-%m-%d} …")

    return say
