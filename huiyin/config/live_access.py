"""Who may hear which news: the session of an open page, its person, and the units that the person's post reaches."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from huiyin.core.moments import in_shanghai
from huiyin.desk.people import access
from huiyin.desk.people.models import Staff
from huiyin.desk.people.queries import posts_of
from huiyin.desk.places import queries as places
from huiyin.faces.parts.guard import to_settle


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose stream it is, and the codes of the units whose news it may carry."""

    staff_id: UUID
    organisation_id: UUID
    units: frozenset[str]

    def hears(self, organisation_id: UUID, unit: str) -> bool:
        """Whether news of this unit are for this person."""
        return organisation_id == self.organisation_id and unit in self.units


def reach_of(session_key: str) -> Reach | None:
    """What the session with this key may hear of today; None if it is nobody's, ended, or the database does not answer.

    The units are those that any post of the person reaches: which post is in use decides what a page shows, and the page asks again.
    """
    try:
        staff = _person_of(session_key)
        return _reach(staff) if staff is not None else None
    except DatabaseError:
        return None
    finally:
        # This thread serves again in a minute at the earliest; until then the connection would stand idle.
        connections.close_all()


def _person_of(session_key: str) -> Staff | None:
    session = SessionStore(session_key).load()
    if not session.get(SESSION_KEY) or not session.get(BACKEND_SESSION_KEY):
        return None
    try:
        staff = Staff.objects.select_related("organisation").filter(pk=session[SESSION_KEY], is_active=True).first()
    except ValidationError:
        return None
    if staff is None or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), staff.get_session_auth_hash()):
        return None
    return None if to_settle(staff, session) else staff


def _reach(staff: Staff) -> Reach:
    reached: set[UUID] = set()
    for post in posts_of(staff, in_shanghai(timezone.now()).date()):
        reached |= access.scope_of(staff, post)
    codes = places.tree(staff.organisation_id).codes
    return Reach(staff.pk, staff.organisation_id, frozenset(codes[unit] for unit in reached))
