"""Every write about staff, their posts and duties, and about residents."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.journal.actions import By, key_of, write_now
from huiyin.desk.people.doors.administrators import ADMINISTRATORS, administers, refuse_without
from huiyin.desk.people.doors.keys import digest_of, unused_name
from huiyin.desk.people.models import ApiKey, Living, Post, Presence, Resident, ResidentPhone, Roster, Staff, Unmasking
from huiyin.desk.places.actions import touch
from huiyin.desk.places.models import Household, Unit
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.phones import read_phones
from huiyin.plumbing.text import clean_optional_text

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_KEY_BYTES = 32
_PREFIX = 8
_MOST_NAME = 50


def read_login(text: str) -> str:
    """The login as it is kept: lower case, half width. Raises BadText for anything but Latin letters, digits and . _
    @ - (B039).
    """
    login = unicodedata.normalize("NFKC", text).strip().lower()
    if not _LOGIN.fullmatch(login):
        raise BadText(
            f"found the login {text[:40]!r}, expected 2 to 64 Latin letters, digits or . _ @ -; choose another",
            f"账号“{text[:40]}”不可用；请用2至64个英文字母、数字或 . _ @ -",
        )
    return login


@transaction.atomic
def add_staff(organisation_id: UUID, login: str, name: str, *, by: By, at: datetime, password: str | None = None, **more: Any) -> Staff:
    """Add an account; without a password nobody can log in with it. ``more`` are other fields of ``Staff``.

    Raises BadText for a login that may not be, IntegrityError if it is taken.
    """
    made = Staff(organisation_id=organisation_id, login=read_login(login), name=name, **more)
    made.set_password(password)
    made.save(force_insert=True)
    write_now(
        organisation_id,
        "people.add_staff",
        by=by,
        at=at,
        subject=f"staff:{made.id}",
        body={"login": made.login, "name": name},
    )
    return made


@transaction.atomic
def set_password(staff: Staff, password: str, *, by: By, at: datetime, once: bool = False) -> None:
    """Give the account another password; with ``once`` it has to be changed at the next login. All its other sessions end with it."""
    staff.set_password(password)
    staff.must_change_password = once
    staff.save(update_fields=["password", "must_change_password"])
    write_now(staff.organisation_id, "people.set_password", by=by, at=at, subject=f"staff:{staff.id}", body={"once": once})


@transaction.atomic
def set_first_passwords(staff: Sequence[Staff], password: str, *, by: By, at: datetime) -> None:
    """Give several new accounts the same first password, reckoned once: for a training or a demonstration, where all are told it."""
    first = Staff()
    first.set_password(password)
    for one in staff:
        one.password = first.password
        write_now(one.organisation_id, "people.set_password", by=by, at=at, subject=f"staff:{one.id}")
    Staff.objects.bulk_update(staff, ["password"])


@transaction.atomic
def disable_staff(staff: Staff, *, by: By, at: datetime) -> None:
    """Take the account out of use: from the next request on it may do nothing and holds no post. Its password and its sessions are gone.

    Raises BadText for the last administrator, and for one's own account.
    """
    if by.person == staff.pk:
        raise BadText("found your own account, expected another's; ask another administrator", "不能停用自己的账号；请由其他管理员办理")
    was_administrator = administers(staff, at)
    staff.is_active = False
    staff.set_unusable_password()
    staff.save(update_fields=["is_active", "password"])
    touch(staff.organisation_id)
    if was_administrator:
        refuse_without(staff.organisation_id, at)
    write_now(staff.organisation_id, "people.disable_staff", by=by, at=at, subject=f"staff:{staff.id}")


@transaction.atomic
def give_post(staff: Staff, unit: Unit, role: str, from_on: date, *, by: By, at: datetime, until_on: date | None = None) -> Post:
    """Let the person hold ``role`` at the unit from a day on. Raises BadText if unit and person are of two
    organisations, and for a post that one gives oneself: who manages people reads no cases by that.
    """
    _refuse_stranger(staff, unit)
    if by.person == staff.pk:
        raise BadText("found yourself, expected somebody else; ask another administrator", "不能给自己任命岗位；请由其他管理员办理")
    place = Post.objects.filter(staff=staff).count()
    made = Post.objects.create(staff=staff, unit=unit, role=role, from_on=from_on, until_on=until_on, place=place)
    touch(unit.organisation_id)
    body = {"unit": unit.code, "role": role, "from_on": from_on, "until_on": until_on}
    write_now(unit.organisation_id, "people.give_post", by=by, at=at, subject=f"staff:{staff.id}", body=body)
    return made


@transaction.atomic
def end_post(post: Post, until_on: date, *, by: By, at: datetime) -> Post:
    """Let the post end with that day. Raises BadText for a day before it began, and for the last administrator's."""
    if until_on < post.from_on:
        raise BadText(
            f"found the last day {until_on}, expected {post.from_on} or later, when the post began; choose such a day",
            f"最后一天{until_on}早于任职日期{post.from_on}；请选择任职当天或以后的日期",
        )
    post.until_on = until_on
    post.save(update_fields=["until_on"])
    touch(post.unit.organisation_id)
    if post.role in ADMINISTRATORS:
        refuse_without(post.unit.organisation_id, at)
    body = {"unit": post.unit.code, "role": post.role, "until_on": until_on}
    write_now(post.unit.organisation_id, "people.end_post", by=by, at=at, subject=f"staff:{post.staff_id}", body=body)
    return post


@transaction.atomic
def give_classes(post: Post, classes: Iterable[str], *, by: By, at: datetime) -> Post:
    """Make the holder responsible for cases of these classes ("AC:hygiene") and no others; none: for no class in particular (AC-3.2.2a)."""
    post.classes = sorted(set(classes))
    post.save(update_fields=["classes"])
    body = {"unit": post.unit.code, "role": post.role, "classes": post.classes}
    write_now(post.unit.organisation_id, "people.give_classes", by=by, at=at, subject=f"staff:{post.staff_id}", body=body)
    return post


def _refuse_stranger(staff: Staff, unit: Unit) -> None:
    if staff.organisation_id != unit.organisation_id:
        raise BadText(
            f"found the unit {unit.code} of another organisation, expected one of the person's own; choose such a unit",
            f"单位 {unit.code} 不属于该人员的组织；请选择本组织的单位",
        )


@transaction.atomic
def plan_duty(unit: Unit, duty: str, day_on: date, shifts: Iterable[tuple[int, int, Staff]], *, by: By, at: datetime) -> list[Roster]:
    """Set who is on a duty of the unit on a day: (from minute, until minute, person) a shift; earlier plans of that
    day are replaced.

    Raises IntegrityError for an unknown duty or minutes outside 0 to 1440, BadText for a person of another
    organisation.
    """
    planned = list(shifts)
    for _, _, staff in planned:
        _refuse_stranger(staff, unit)
    Roster.objects.filter(unit=unit, duty=duty, day_on=day_on).delete()
    made = Roster.objects.bulk_create(
        Roster(unit=unit, duty=duty, day_on=day_on, from_minute=since, until_minute=until, staff=staff) for since, until, staff in planned
    )
    body = {"duty": duty, "day_on": day_on, "shifts": [[since, until, staff.id] for since, until, staff in planned]}
    write_now(unit.organisation_id, "people.plan_duty", by=by, at=at, subject=f"unit:{unit.code}", body=body)
    return made


Plan = tuple[Unit, str, date, Sequence[tuple[int, int, Staff]]]
"""The shifts of one duty of a unit on a day, as ``plan_duty`` takes them."""


@transaction.atomic
def plan_duties(organisation_id: UUID, plans: Sequence[Plan], *, by: By, at: datetime) -> int:
    """Set many days of duties that have no plan yet (months ahead, an imported table) at once; returns the number of shifts.

    Raises as ``plan_duty``; all or none.
    """
    made: list[Roster] = []
    for unit, duty, day_on, shifts in plans:
        for since, until, staff in shifts:
            _refuse_stranger(staff, unit)
            made.append(Roster(unit=unit, duty=duty, day_on=day_on, from_minute=since, until_minute=until, staff=staff))
    Roster.objects.bulk_create(made, batch_size=2000)
    days = sorted({day_on for _, _, day_on, _ in plans})
    body = {"shifts": len(made), "first_on": days[0] if days else None, "last_on": days[-1] if days else None}
    write_now(organisation_id, "people.plan_duties", by=by, at=at, body=body)
    return len(made)


@transaction.atomic
def open_presence(staff: Staff, unit: Unit, duty: str, *, by: By, at: datetime) -> Presence:
    """Sign the person in to a duty of the unit; who is signed in already stays so."""
    _refuse_stranger(staff, unit)
    # Against two clicks at once the row of the person is the lock.
    Staff.objects.select_for_update().get(pk=staff.pk)
    standing = Presence.objects.filter(staff=staff, unit=unit, duty=duty, closed_at=None).first()
    if standing is not None:
        return standing
    made = Presence.objects.create(staff=staff, unit=unit, duty=duty, opened_at=at)
    body = {"staff": staff.id, "duty": duty}
    write_now(unit.organisation_id, "people.open_presence", by=by, at=at, subject=f"unit:{unit.code}", body=body)
    return made


@transaction.atomic
def close_presence(presence: Presence, *, by: By, at: datetime) -> Presence:
    """Sign the person out; one who is out already stays so."""
    if not Presence.objects.filter(pk=presence.pk, closed_at=None).update(closed_at=at):
        presence.refresh_from_db()
        return presence
    presence.closed_at = at
    organisation_id, body = presence.unit.organisation_id, {"staff": presence.staff_id, "duty": presence.duty}
    write_now(organisation_id, "people.close_presence", by=by, at=at, subject=f"unit:{presence.unit.code}", body=body)
    return presence


@transaction.atomic
def unmask(organisation_id: UUID, staff: Staff, field: str, subject: str, reason: str, *, by: By, at: datetime) -> Unmasking:
    """Note that the person looks at one masked field, and why, before it is shown. Raises BadText without a reason."""
    if not reason.strip():
        raise BadText("found no reason, expected one; choose why you need to see it", "请选择查看原因")
    made = Unmasking(
        id=new_id(at),
        organisation_id=organisation_id,
        staff_id=staff.id,
        field=field,
        subject=subject,
        reason=reason,
        at=at,
    )
    made.save(force_insert=True)
    body = {"field": field, "reason": reason}
    kind, _, about = subject.partition(":")
    key = key_of(organisation_id, UUID(about), at) if kind == "case" else None
    write_now(organisation_id, "people.unmask", by=by, at=at, subject=subject, body=body, key=key)
    return made


@transaction.atomic
def make_api_key(unit: Unit, name: str, scopes: Iterable[str], *, by: By, at: datetime) -> tuple[ApiKey, str]:
    """A new key for programs and its text, which is shown this once and never kept. Raises BadText for a name that a key in use has."""
    name = unused_name(unit.organisation_id, name)
    text = f"hy_{secrets.token_urlsafe(_KEY_BYTES)}"
    made = ApiKey.objects.create(
        organisation_id=unit.organisation_id,
        name=name,
        prefix=text[:_PREFIX],
        digest=digest_of(text),
        scopes=sorted(set(scopes)),
        unit=unit,
        made_at=at,
    )
    body = {"name": name, "scopes": made.scopes, "unit": unit.code}
    write_now(unit.organisation_id, "people.make_api_key", by=by, at=at, subject=f"api_key:{made.id}", body=body)
    return made, text


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: By, at: datetime) -> ApiKey:
    """Take the key out of use at once; a key that is revoked already stays as it is."""
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        write_now(key.organisation_id, "people.revoke_api_key", by=by, at=at, subject=f"api_key:{key.id}")
    return key


@transaction.atomic
def add_resident(organisation_id: UUID, name: str, *, by: By, at: datetime, phone: str = "", title: str = "", note: str = "") -> Resident:
    """Add a person with all the numbers in ``phone`` (none for 无, 匿名 and the like).

    Raises BadPhone for a text that is no number, BadText (of plumbing) for a name above 50 characters or unreadable
    ones.
    """
    kept = clean_optional_text(name, most=_MOST_NAME, field="name")
    made = Resident.objects.create(organisation_id=organisation_id, name=kept, title=title, note=note)
    _add_phones(made, phone)
    write_now(organisation_id, "people.add_resident", by=by, at=at, subject=f"resident:{made.id}")
    return made


@dataclass(frozen=True, slots=True)
class NewResident:
    """A person to be added with the home they live in: name, 先生 or 女士 or empty, telephone, and owner, renter or family."""

    name: str
    title: str
    phone: str
    household: Household
    kind: str


@transaction.atomic
def settle_residents(organisation_id: UUID, people: Sequence[NewResident], *, by: By, at: datetime) -> list[Resident]:
    """Add many persons with their homes at once, in the order given: all or none. Raises as ``add_resident`` and ``move_in``."""
    made = [
        Resident(
            organisation_id=organisation_id,
            name=clean_optional_text(one.name, most=_MOST_NAME, field="name"),
            title=one.title,
        )
        for one in people
    ]
    Resident.objects.bulk_create(made, batch_size=1000)
    pairs = list(zip(made, people, strict=True))
    phones = (phone for resident, one in pairs for phone in _phone_rows(resident, one.phone))
    ResidentPhone.objects.bulk_create(phones, batch_size=1000)
    Living.objects.bulk_create(
        (Living(resident=resident, household=one.household, kind=one.kind) for resident, one in pairs), batch_size=1000
    )
    write_now(organisation_id, "people.settle_residents", by=by, at=at, body={"added": len(made)})
    return made


def _phone_rows(resident: Resident, text: str) -> list[ResidentPhone]:
    return [
        ResidentPhone(
            resident=resident,
            e164=one.number,
            shown=one.number + (f"转{one.extension}" if one.extension else ""),
            can_sms=one.can_sms,
        )
        for one in read_phones(text)
    ]


def _add_phones(resident: Resident, text: str) -> int:
    rows = _phone_rows(resident, text)
    ResidentPhone.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def add_phone(resident: Resident, text: str, *, by: By, at: datetime) -> int:
    """Add the numbers in ``text`` to those of the person; returns how many it named. Raises BadPhone."""
    count = _add_phones(resident, text)
    write_now(
        resident.organisation_id,
        "people.add_phone",
        by=by,
        at=at,
        subject=f"resident:{resident.id}",
        body={"numbers": count},
    )
    return count


@transaction.atomic
def retitle_resident(resident: Resident, title: str, *, by: By, at: datetime) -> Resident:
    """Keep how the person is addressed: 先生, 女士 or empty."""
    resident.title = title
    resident.save(update_fields=["title"])
    write_now(resident.organisation_id, "people.retitle_resident", by=by, at=at, subject=f"resident:{resident.id}", body={"title": title})
    return resident


@transaction.atomic
def move_in(resident: Resident, household: Household, kind: str, *, by: By, at: datetime, from_on: date | None = None) -> Living:
    """Tie the person to a home as owner, renter or family, from a day on (None: that is not known). Raises IntegrityError for another
    kind; a tie that has not ended stays.
    """
    told = {"resident": resident, "household": household, "kind": kind}
    made, _ = Living.objects.get_or_create(**told, until_on=None, defaults={"from_on": from_on})
    body = {"household": household.id, "kind": kind, "from_on": from_on}
    write_now(resident.organisation_id, "people.move_in", by=by, at=at, subject=f"resident:{resident.id}", body=body)
    return made


@transaction.atomic
def move_out(living: Living, until_on: date, *, by: By, at: datetime) -> Living:
    """Let the tie to a home end with that day; it stays as the home's history. Raises BadText for a day before it began, or after the
    day of ``at``: whoever is still there has not moved out.
    """
    if living.from_on and until_on < living.from_on:
        raise BadText(
            f"found the day {until_on}, expected {living.from_on} or later, when they moved in; choose such a day",
            f"迁出日期{until_on}早于迁入日期{living.from_on}；请核对",
        )
    if until_on > (today := in_shanghai(at).date()):
        raise BadText(f"found the day {until_on}, expected {today} or earlier; choose such a day", f"迁出日期{until_on}在将来；请核对")
    living.until_on = until_on
    living.save(update_fields=["until_on"])
    resident, body = living.resident, {"household": living.household_id, "kind": living.kind, "until_on": until_on}
    write_now(resident.organisation_id, "people.move_out", by=by, at=at, subject=f"resident:{resident.id}", body=body)
    return living
