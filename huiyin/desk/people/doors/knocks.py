"""Doors that strangers may try – the login, a questionnaire, the way to one's own case – count who knocks: nobody tries codes by the
thousand. The counts stand in the database: all processes of the house count together."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from huiyin.desk.people.models import Knock

KEPT: Final = timedelta(days=2)
_COUNT: Final = (
    "INSERT INTO people_knock (who, at, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (who, at) DO UPDATE SET count = people_knock.count + 1 RETURNING count"
)


def count(door: str, who: str, within: timedelta, *, at: datetime) -> int:
    """Count one more knock of ``who`` at ``door``; returns how many there were in the running span of the length ``within``.

    Spans follow each other from midnight UTC; of ``who`` (an address, a login, a number) only a digest of the day is kept.
    """
    begun = _span(within, at)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_digest(door, who, begun), begun])
        found = int(cursor.fetchone()[0])
    if found == 1:
        Knock.objects.filter(at__lt=at - KEPT).delete()
    return found


def counted(door: str, who: str, within: timedelta, *, at: datetime) -> int:
    """How many knocks of ``who`` at ``door`` were counted in the running span of the length ``within``."""
    begun = _span(within, at)
    found = Knock.objects.filter(who=_digest(door, who, begun), at=begun).values_list("count", flat=True).first()
    return found or 0


def forget(door: str, who: str, within: timedelta, *, at: datetime) -> None:
    """Take back what was counted of ``who`` at ``door`` in the running span: it was let in."""
    begun = _span(within, at)
    Knock.objects.filter(who=_digest(door, who, begun), at=begun).delete()


def _span(within: timedelta, at: datetime) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // within * within


def _digest(door: str, who: str, begun: datetime) -> str:
    return hashlib.sha256(f"{begun:%Y-%m-%d}|{door}|{who}".encode()).hexdigest()
