"""The loop that watches: look, seal, sleep until something is due. It sends nothing: no provider may hold up a limit."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import Error, close_old_connections, connection

from huiyin.desk.clocks.models import Clock, Opening
from huiyin.desk.clocks.watch.looking import look
from huiyin.desk.journal.jobs import seal_all

LONGEST_SLEEP_SECONDS = 1.0
CHORES_EVERY = timedelta(seconds=30)
log = logging.getLogger(__name__)


def database_clock() -> datetime:
    """What time it is by the database's clock: the one clock that all processes share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


Chore = Callable[[datetime], object]
"""Something that a room above wants done again and again, at the moment handed in; done twice it does no more than once."""


def run_worker(stop: threading.Event, clock: Callable[[], datetime] = database_clock, chores: Sequence[Chore] = ()) -> None:
    """Watch until ``stop`` is set, and finish the batch at hand. Any number of workers may run; killing one loses and doubles nothing.

    A database that is away is waited for. ``chores`` are done about twice a minute; one that fails does not keep the watch.
    """
    chores_at = None
    while not stop.is_set():
        try:
            close_old_connections()
            now = clock()
            while not stop.is_set() and look(now):
                now = clock()
            seal_all(now)
            if chores_at is None or now >= chores_at:
                _do(chores, now)
                chores_at = now + CHORES_EVERY
            pause = _seconds_until_next(clock())
        except Error:
            log.exception("the watch could not reach the database; it tries again")
            connection.close()
            pause = LONGEST_SLEEP_SECONDS
        stop.wait(pause)


def _do(chores: Sequence[Chore], now: datetime) -> None:
    for chore in chores:
        try:
            chore(now)
        except Error:
            raise
        except Exception:
            log.exception("a chore of the watch failed; it is tried again")


def _seconds_until_next(now: datetime) -> float:
    due = [
        Clock.objects.filter(look_at__isnull=False).order_by("look_at").values_list("look_at", flat=True).first(),
        Opening.objects.order_by("look_at").values_list("look_at", flat=True).first(),
    ]
    seconds = min(((one - now).total_seconds() for one in due if one is not None), default=LONGEST_SLEEP_SECONDS)
    # What is due and was not taken is with another worker, or set aside: no reason to spin.
    return min(max(seconds, 0.05), LONGEST_SLEEP_SECONDS)
