"""The acts of a day: signing in to a duty and out of it, looking through the complaints. Each is a fact that serves its duty."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.recurrence import period_named, period_of
from huiyin.core.rules import Staffed
from huiyin.desk.duties.calendar import rosters
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Presence, Staff
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit

MOST_CALLS = 999


@transaction.atomic
def sign_in(organisation_id: UUID, kind: str, unit_code: str, *, by: Staff, role: str, at: datetime) -> list[Outcome]:
    """Sign the person in to a duty of the unit for the day of ``at``; who is signed in already stays so and nothing follows, as nothing
    does at a roster whose regulation asks for no such act.

    Raises BadText for a kind that the unit's regulations do not want, or an unknown unit.
    """
    unit = places.unit(organisation_id, unit_code)
    staffed = _staffed(unit, kind, at)
    if Presence.objects.filter(staff=by, unit=unit, duty=kind, closed_at=None).exists():
        return []
    people.open_presence(by, unit, kind, by=By(role, by.id), at=at)
    if not staffed.opened_by:
        return []
    return _store(organisation_id, staffed.opened_by, unit_code, period_of("day", at).name, by, role, at)


@transaction.atomic
def sign_out(organisation_id: UUID, kind: str, unit_code: str, *, by: Staff, role: str, at: datetime) -> list[Outcome]:
    """Sign the person out; with the last one out at the unit the duty of the day on which it began is closed.

    Raises BadText for a kind that is none, an unknown unit, or a person who is not signed in.
    """
    unit = places.unit(organisation_id, unit_code)
    kept = rosters.kept_by(unit, in_shanghai(at).date())
    # Who is signed in gets out, even if the regulation that wanted the roster has ended since.
    staffed = kept[kind].staffed if kind in kept else rosters.named(kind) or _staffed(unit, kind, at)
    presence = Presence.objects.filter(staff=by, unit=unit, duty=kind, closed_at=None).first()
    if presence is None:
        raise BadText("found nobody signed in, expected you on this duty; sign in first", "您尚未签到；请先签到")
    people.close_presence(presence, by=By(role, by.id), at=at)
    others = Presence.objects.filter(unit=unit, duty=kind, closed_at=None).exists()
    if others or not staffed.closed_by:
        return []
    # A duty that ends at 24:00 is closed for the day that it served.
    return _store(organisation_id, staffed.closed_by, unit_code, period_of("day", presence.opened_at).name, by, role, at)


def review_complaints(organisation_id: UUID, unit_code: str, *, by: Staff, role: str, at: datetime, period: str = "") -> list[Outcome]:
    """Keep that the complaints of the day were looked through (GP-9.1.1); ``period`` names another day, for one that was missed."""
    day = period_named(period).name if period else period_of("day", at).name
    return _store(organisation_id, "complaints_reviewed", unit_code, day, by, role, at)


def record_missed_calls(
    organisation_id: UUID, unit_code: str, count: int, missed_at: datetime, *, by: Staff, role: str, at: datetime
) -> list[Outcome]:
    """Keep that ``count`` calls (1 to 999) to the unit's service telephone were not answered at ``missed_at`` (GP-8.3.1b).

    Raises BadText for another count, or a moment that is still to come.
    """
    if not 1 <= count <= MOST_CALLS:
        raise BadText(f"found {count} calls, expected 1 to {MOST_CALLS}; enter how many were missed", "未接来电个数须为1至999")
    if missed_at > at:
        raise BadText(f"found {missed_at:%Y-%m-%d %H:%M}, expected a moment that has passed; enter when it rang", "未接时间不能晚于现在")
    fact = Fact("phone_missed", in_shanghai(missed_at), unit=unit_code, by=role, details={"count": count})
    return list(store(organisation_id, [fact], by=by.id, at=at))


def _staffed(unit: Unit, kind: str, at: datetime) -> Staffed:
    kept = rosters.kept_by(unit, in_shanghai(at).date())
    if kind not in kept:
        wanted = f"one of {', '.join(kept)}; choose one" if kept else "a unit whose regulations want one; choose another unit"
        raise BadText(f"found the duty {kind[:40]!r} at {unit.code}, expected {wanted}", "该单位没有这种值班；请选择值班类型")
    return kept[kind].staffed


def _store(organisation_id: UUID, event: str, unit_code: str, period: str, by: Staff, role: str, at: datetime) -> list[Outcome]:
    fact = Fact(event, in_shanghai(at), unit=unit_code, by=role, details={"period": period})
    return list(store(organisation_id, [fact], by=by.id, at=at))
