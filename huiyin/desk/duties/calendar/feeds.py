"""A person's own calendar: what they owe and will owe, under a secret address that can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from huiyin.core.moments import in_shanghai
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties import queries
from huiyin.desk.duties.models import Feed
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.people.access import scope_of
from huiyin.desk.people.models import Staff
from huiyin.desk.people.queries import holders, posts_of
from huiyin.desk.places import queries as places
from huiyin.plumbing.ids import new_id

_KEPT: Final = timedelta(days=31)
"""What was done stays on the calendar for so long."""


@transaction.atomic
def make_feed(staff: Staff, *, by: By, at: datetime) -> str:
    """Give the person a new secret for the address of their calendar; the one before is revoked. It is told this once only."""
    revoke_feed(staff, by=by, at=at)
    secret = secrets.token_urlsafe(32)
    made = Feed.objects.create(id=new_id(at), organisation_id=staff.organisation_id, staff_id=staff.pk, digest=_digest(secret), made_at=at)
    write_now(staff.organisation_id, "duties.make_feed", by=by, at=at, subject=f"staff:{staff.pk}", body={"feed": str(made.id)})
    return secret


@transaction.atomic
def revoke_feed(staff: Staff, *, by: By, at: datetime) -> bool:
    """Let the address of the person's calendar lead nowhere from now on; False where there is none."""
    revoked = Feed.objects.filter(staff_id=staff.pk, revoked_at=None).update(revoked_at=at)
    if revoked:
        write_now(staff.organisation_id, "duties.revoke_feed", by=by, at=at, subject=f"staff:{staff.pk}")
    return bool(revoked)


def feed_of(staff: Staff) -> Feed | None:
    """The feed that the person has now."""
    return Feed.objects.filter(staff_id=staff.pk, revoked_at=None).first()


def owner_of(secret: str) -> Staff | None:
    """Whose calendar the secret opens: nobody's where it was revoked, was never given, or the account is closed."""
    feed = Feed.objects.filter(digest=_digest(secret), revoked_at=None).first()
    return Staff.objects.filter(pk=feed.staff_id, is_active=True).first() if feed else None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def owed_by(staff: Staff, now: datetime) -> list[Clock]:
    """What the person owes, will owe and has lately done, the next due first: that of their own roles at the units of their posts.

    Duties of single days are left out, as on the calendar.
    """
    day = in_shanghai(now).date()
    tree = places.tree(staff.organisation_id)
    reached = frozenset(tree.codes[one] for post in posts_of(staff, day) for one in scope_of(staff, post))
    wanted = queries.Filter(units=reached, daily=False, steps=True, undated=True, due_from=now - _KEPT)
    overdue = queries.Filter(units=reached, daily=False, steps=True, states=queries.OWED, due_until=now - _KEPT)
    stored = [*queries.find(staff.organisation_id, overdue), *queries.find(staff.organisation_id, wanted)]
    return [one for one in (*stored, *queries.coming_of(staff.organisation_id, wanted, now)) if _is_theirs(staff, one, day)]


def _is_theirs(staff: Staff, clock: Clock, day: date) -> bool:
    return staff.pk in holders(staff.organisation_id, clock.responsible, clock.unit_code, day)
