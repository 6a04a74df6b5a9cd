"""The demonstration's three months: which cases came when, what else came round, and how things stand at present."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from huiyin.core.moments import SHANGHAI, in_shanghai
from huiyin.rehearsal.demo.homes import Home
from huiyin.rehearsal.demo.life import Act, Life, Told
from huiyin.rehearsal.demo.plots import (
    AGENT,
    COMPLAINT_PLOTS,
    Plot,
    Step,
    Tale,
    accepted,
    decided,
    in_time,
    stories,
    taken_note_of,
)
from huiyin.rehearsal.demo.rounds import Rounds, at_hour

REPAIRS, SUGGESTIONS, PRAISES, OPINIONS, DUPLICATES = 46, 15, 8, 6, 3
"""How many of each a history of the usual length has."""
_HOURS = (7, 8, 8, 9, 9, 9, 10, 10, 11, 12, 13, 14, 14, 15, 16, 17, 18, 18, 19, 19, 20, 21, 22, 23, 6, 1)
"""At which hours people write or call, as often as they do."""
_LATE_PLOTS_END_DAYS = 3
_NEAR_SHARE_DAYS = 12
USUAL_DAYS = 91

Homes = Mapping[str, Sequence[Home]]


def plan(life: Life, homes: Homes, first: date) -> Rounds:
    """Plan everything from the day ``first`` up to the present, a shorter history with fewer cases; returns what comes round."""
    rounds = Rounds(life)
    today = in_shanghai(life.until).date()
    for day in _days(first, today):
        rounds.plan_day(day)
    everybody = [home for found in homes.values() for home in found]
    _plan_complaints(life, everybody, first, today)
    _plan_others(life, everybody, first, today)
    _plan_near_share(life, homes)
    _plan_duplicates(life, everybody, today)
    return rounds


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _share(times: int, first: date, last: date) -> int:
    """``times`` for a history of the usual length; in proportion for another, but one at least."""
    return max(1, round(times * (last - first).days / USUAL_DAYS))


def _moment(random: Random, first: date, last: date) -> datetime:
    day = first + timedelta(days=random.randrange((last - first).days + 1))
    return at_hour(day, random.choice(_HOURS), random.randrange(60)) + timedelta(seconds=random.randrange(60))


def _plan_complaints(life: Life, homes: Sequence[Home], first: date, today: date) -> None:
    random = life.random
    for plot, times in COMPLAINT_PLOTS:
        # Those that end well leave the last days to the present, which has its own.
        last = today - timedelta(days=_LATE_PLOTS_END_DAYS if plot is not in_time else 1)
        for story in _told(stories()["complaint"], _share(times, first, today), random):
            _tell(life, story, _moment(random, first, last), plot, random.choice(homes))


def _told(told: Sequence[Mapping[str, Any]], times: int, random: Random) -> Iterator[Mapping[str, Any]]:
    yield from (random.choice(told) for _ in range(times))


def _tell(life: Life, story: Mapping[str, Any], at: datetime, plot: Plot, home: Home, **more: Any) -> Told:
    tale = Tale(story, at, life.random)
    plot(tale)
    return life.tell(tale, home, **more)


def _plan_others(life: Life, homes: Sequence[Home], first: date, today: date) -> None:
    random = life.random
    kinds: tuple[tuple[str, int, Plot], ...] = (
        ("repair", REPAIRS, in_time),
        ("suggestion", SUGGESTIONS, decided),
        ("praise", PRAISES, taken_note_of),
        ("opinion", OPINIONS, taken_note_of),
    )
    for record, times, plot in kinds:
        for story in _told(stories()[record], _share(times, first, today), random):
            _tell(life, story, _moment(random, first, today - timedelta(days=1)), plot, random.choice(homes), record=record)


def _plan_near_share(life: Life, homes: Homes) -> None:
    """Nearly a twentieth of one project's households complain of the same problem, each once, within one year."""
    told = stories()["near_share"]
    since = max(life.until - timedelta(days=_NEAR_SHARE_DAYS), datetime(in_shanghai(life.until).year, 1, 1, tzinfo=SHANGHAI))
    span = (life.until - timedelta(hours=6) - since).total_seconds()
    for home in life.random.sample(homes[told["unit"]], int(told["households"])):
        at = since + timedelta(seconds=max(60.0, life.random.random() * span))
        _tell(life, told, in_shanghai(at), in_time, home, issue=told["issue"])


def _plan_duplicates(life: Life, homes: Sequence[Home], today: date) -> None:
    """Neighbours report what is reported already; the second case is merged into the first."""
    random = life.random
    for story in _told(stories()["complaint"], DUPLICATES, random):
        home = random.choice(homes)
        near = next(one for one in homes if one.household.unit_id == home.household.unit_id and one is not home)
        at = _moment(random, today - timedelta(days=2), today - timedelta(days=1))
        one = _tell(life, story, at, in_time, home)
        second = Tale(story, at + timedelta(minutes=25), random)
        accepted(second)
        other = life.tell(second, near)
        life.plan(second.now + timedelta(minutes=6), _join(other, one))


def _join(other: Told, one: Told) -> Act:
    def join(at: datetime) -> None:
        other.act(Step(at, "join", AGENT, {"into": str(one.case_id)}))(at)

    return join
