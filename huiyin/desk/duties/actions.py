"""The acts of a day: signing in to a duty and out of it, looking through the complaints. Each is a fact that serves its duty."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.recurrence import period_named, period_of
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Presence, Staff
from huiyin.desk.places import queries as places

OPENS = {
    "quality_desk": "desk_opened",
    "liaison_mobile": "liaison_duty_opened",
    "service_phone": "phone_duty_opened",
    "liaison_online": "liaison_online",
}
"""The fact that somebody signs in to each kind of duty."""
CLOSES = {"quality_desk": "desk_closed", "liaison_mobile": "liaison_duty_closed", "service_phone": "phone_duty_closed"}
"""The fact that the duty of the day ended; being online has none."""

MOST_CALLS = 999


@transaction.atomic
def sign_in(organisation_id: UUID, kind: str, unit_code: str, *, by: Staff, role: str, at: datetime) -> list[Outcome]:
    """Sign the person in to a duty of the unit for the day of ``at``; who is signed in already stays so and nothing follows.

    Raises BadText for a kind that is none, or an unknown unit.
    """
    _refuse_unknown(kind)
    unit = places.unit(organisation_id, unit_code)
    if Presence.objects.filter(staff=by, unit=unit, duty=kind, closed_at=None).exists():
        return []
    people.open_presence(by, unit, kind, by=By(role, by.id), at=at)
    return _store(organisation_id, OPENS[kind], unit_code, period_of("day", at).name, by, role, at)


@transaction.atomic
def sign_out(organisation_id: UUID, kind: str, unit_code: str, *, by: Staff, role: str, at: datetime) -> list[Outcome]:
    """Sign the person out; with the last one out at the unit the duty of the day on which it began is closed.

    Raises BadText for a kind that is none, an unknown unit, or a person who is not signed in.
    """
    _refuse_unknown(kind)
    unit = places.unit(organisation_id, unit_code)
    presence = Presence.objects.filter(staff=by, unit=unit, duty=kind, closed_at=None).first()
    if presence is None:
        raise BadText("found nobody signed in, expected you on this duty; sign in first", "您尚未签到；请先签到")
    people.close_presence(presence, by=By(role, by.id), at=at)
    others = Presence.objects.filter(unit=unit, duty=kind, closed_at=None).exists()
    if others or kind not in CLOSES:
        return []
    # A duty that ends at 24:00 is closed for the day that it served.
    return _store(organisation_id, CLOSES[kind], unit_code, period_of("day", presence.opened_at).name, by, role, at)


def review_complaints(organisation_id: UUID, unit_code: str, *, by: Staff, role: str, at: datetime, period: str = "") -> list[Outcome]:
    """Keep that the complaints of the day were looked through (GP-9.1.1); ``period`` names another day, for one that was missed."""
    day = period_named(period).name if period else period_of("day", at).name
    return _store(organisation_id, "complaints_reviewed", unit_code, day, by, role, at)


def open_phone_duty(organisation_id: UUID, unit_code: str, *, by: Staff, role: str, at: datetime) -> list[Outcome]:
    """Take over the service telephone of the unit (GP-9.1.2b)."""
    return sign_in(organisation_id, "service_phone", unit_code, by=by, role=role, at=at)


def close_phone_duty(organisation_id: UUID, unit_code: str, *, by: Staff, role: str, at: datetime) -> list[Outcome]:
    """Hand the service telephone of the unit on, or end its day (GP-9.1.2b)."""
    return sign_out(organisation_id, "service_phone", unit_code, by=by, role=role, at=at)


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


def _refuse_unknown(kind: str) -> None:
    if kind not in OPENS:
        raise BadText(f"found the duty {kind!r}, expected one of {', '.join(OPENS)}; choose one", "没有这种值班；请选择值班类型")


def _store(organisation_id: UUID, event: str, unit_code: str, period: str, by: Staff, role: str, at: datetime) -> list[Outcome]:
    fact = Fact(event, in_shanghai(at), unit=unit_code, by=role, details={"period": period})
    return list(store(organisation_id, [fact], by=by.id, at=at))
