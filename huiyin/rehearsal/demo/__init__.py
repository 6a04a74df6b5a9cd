"""The demonstration: an organisation with three months of lived history, built by the real acts at their own moments.

Everything invented stands in the YAML files; ``build`` founds the organisation, plans what happened (seeded, so always the same for the
same present), and lives it through the desk's actions with the watch looking in between. All of it is one transaction: a
demonstration that was interrupted leaves the house empty.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from time import monotonic

from django.db import transaction

from huiyin.core.moments import in_shanghai
from huiyin.desk.clocks.actions import begin_openings
from huiyin.desk.places.models import Organisation
from huiyin.rehearsal.demo import history, homes, organisation, present, rosters
from huiyin.rehearsal.demo.life import Life
from huiyin.rehearsal.demo.rounds import at_hour

_SEED = 20180101
_PLANNED_AHEAD_DAYS = 31
_POSTS_SINCE_DAYS = 400


def build(at: datetime, *, progress: Callable[[str], None], days: int = history.USUAL_DAYS) -> list[str]:
    """Build the demonstration in an empty house: so many ``days`` up to ``at``. ``progress`` is told a line every second.

    Returns its logins, a line each; in a house with other organisations nothing is built and the answer is empty. Raises what the
    rulebook's loader and the database raise.
    """
    told = organisation.sheet()
    if Organisation.objects.exists():
        return organisation.login_lines() if Organisation.objects.filter(code=told["code"]).exists() else []
    with transaction.atomic():
        _build(in_shanghai(at), progress, days)
    return organisation.login_lines()


def _build(now: datetime, progress: Callable[[str], None], days: int) -> Life:
    random, today = Random(_SEED), now.date()
    first = today - timedelta(days=days)
    start = at_hour(first, 0)
    progress("Building the demonstration: units, people, homes, rosters …")
    house = organisation.found(start, first - timedelta(days=_POSTS_SINCE_DAYS))
    settled = homes.settle(house, start, random)
    rosters.plan(house, first, today, today + timedelta(days=_PLANNED_AHEAD_DAYS), start)
    begin_openings(house.organisation_id, start)
    life = Life(house, now, random)
    rounds = history.plan(life, settled, first)
    present.plan(life, settled, rounds)
    life.live(_every_second(progress))
    return life


def _every_second(progress: Callable[[str], None]) -> Callable[[datetime], None]:
    said = monotonic()

    def say(at: datetime) -> None:
        nonlocal said
        if monotonic() - said >= 1:
            said = monotonic()
            progress(f"  living {at:%Y-%m-%d} …")

    return say
