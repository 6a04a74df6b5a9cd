"""Telling the open pages that something changed: a hint for people who look, never a promise.

PostgreSQL's NOTIFY inside a writing transaction lines up all commits behind one lock. So what changed is handed, after the commit, to a
thread of the process, which tells it a moment later, many at once, on a connection of its own. What is lost with the process is made good
by the pages, which look afresh from time to time.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterable
from queue import SimpleQueue
from uuid import UUID

from django.conf import settings
from django.db import Error, connection, transaction

CHANNEL = "huiyin"
PAUSE_SECONDS = 0.15
MOST_IDS = 100
News = tuple[UUID, str, str, str]
"""Organisation, unit, topic (cases, warnings, messages), and the number of what changed or nothing."""

_waiting: SimpleQueue[News] = SimpleQueue()
_started = threading.Lock()
log = logging.getLogger(__name__)


def announce(news: Iterable[News]) -> None:
    """Tell the open pages of ``news`` once the open transaction is committed; nothing is told where the setting says so."""
    told = tuple(news)
    if told and settings.HUIYIN_ANNOUNCE:
        transaction.on_commit(lambda: _hand_over(told))


def _hand_over(told: tuple[News, ...]) -> None:
    if _started.acquire(blocking=False):
        threading.Thread(target=_tell_for_ever, name="announcing", daemon=True).start()
    for one in told:
        _waiting.put(one)


def _tell_for_ever() -> None:
    while True:
        first = _waiting.get()
        time.sleep(PAUSE_SECONDS)
        batch = [first]
        while not _waiting.empty():
            batch.append(_waiting.get())
        try:
            tell(batch)
        except Error:
            log.warning("could not announce %d pieces of news; pages will look afresh by themselves", len(batch))
            connection.close()


def tell(batch: Iterable[News]) -> None:
    """Send ``batch`` now, one message for each organisation, unit and topic. Raises the database's errors."""
    grouped: dict[tuple[UUID, str, str], dict[str, None]] = {}
    for organisation_id, unit, topic, number in batch:
        grouped.setdefault((organisation_id, unit, topic), {}).update({number: None} if number else {})
    with connection.cursor() as cursor:
        for (organisation_id, unit, topic), numbers in grouped.items():
            ids = list(numbers) if len(numbers) <= MOST_IDS else []
            payload = {"organisation": str(organisation_id), "unit": unit, "topic": topic, "ids": ids}
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])
