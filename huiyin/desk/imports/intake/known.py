"""What the organisation knows of its homes, residents and staff while a sheet of them is read: looked up once, kept up row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from huiyin.desk.people.models import Living, Post, Resident, ResidentPhone, Staff
from huiyin.desk.places.models import Household
from huiyin.plumbing.text import fold_text


@dataclass(slots=True)
class Person:
    """A resident as they are known: name, title, numbers, and the standing ties as home → kind."""

    id: UUID
    name: str
    title: str = ""
    phones: set[str] = field(default_factory=set)
    ties: dict[UUID, str] = field(default_factory=dict)


@dataclass(slots=True)
class Home:
    """A home as it is known."""

    id: UUID
    code: str
    area: Decimal | None


@dataclass(slots=True)
class Account:
    """A person of the staff as they are known, with their posts of today and later as (unit, role)."""

    id: UUID
    name: str
    name_en: str
    phone: str
    active: bool
    posts: set[tuple[str, str]] = field(default_factory=set)


@dataclass(slots=True)
class Known:
    """What is known, by what rows name: homes by unit and code, residents by folded name, staff by login. ``elsewhere`` are logins of
    other organisations, ``by`` is who brings the sheet in, ``today`` the day."""

    organisation_id: UUID
    today: date
    by: UUID | None = None
    homes: dict[tuple[str, str], Home] = field(default_factory=dict)
    rooms: dict[tuple[str, str], list[Home]] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    staff: dict[str, Account] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def add_home(self, unit: str, home: Home) -> None:
        """Know a home from now on."""
        self.homes[unit, home.code] = home
        self.rooms.setdefault((unit, home.code.rpartition("-")[2]), []).append(home)

    def home(self, unit: str, code: str) -> Home | None:
        """The home with this code; a bare room number is enough where one home of the unit has it."""
        found = self.rooms.get((unit, code), [])
        return self.homes.get((unit, code)) or (found[0] if len(found) == 1 else None)

    def add_person(self, one: Person) -> None:
        """Know a resident from now on."""
        self.people.setdefault(fold_text(one.name), []).append(one)

    def person(self, name: str, home: UUID, phones: Collection[str]) -> Person | None:
        """Who has this name in the home; else who has it with one of the numbers."""
        called = self.people.get(fold_text(name), [])
        there = next((one for one in called if home in one.ties), None)
        return there or next((one for one in called if not one.phones.isdisjoint(phones)), None)


def known_of(kind: str, organisation_id: UUID, rows: Iterable[Any], today: date, by: UUID | None) -> Known:
    """What is known of what the rows of this kind name: in a few queries, however many rows there are."""
    told = list(rows)
    found = Known(organisation_id, today, by)
    if kind == "staff":
        _look_up_staff(found, {one.login for one in told})
        return found
    units = {one.unit for one in told}
    for unit, pk, code, area in Household.objects.filter(organisation_id=organisation_id, unit__code__in=units).values_list(
        "unit__code", "pk", "code", "area_m2"
    ):
        found.add_home(unit, Home(pk, code, area))
    if kind == "residents":
        _look_up_residents(found, {one.name for one in told})
    return found


def _look_up_residents(found: Known, names: set[str]) -> None:
    # A name is compared folded, but stands as somebody typed it: a few spellings more cost little.
    spelt = names | {one.lower() for one in names} | {one.upper() for one in names} | {fold_text(one) for one in names}
    rows = Resident.objects.filter(organisation_id=found.organisation_id, name__in=spelt).values_list("pk", "name", "title")
    people = {pk: Person(pk, name, title) for pk, name, title in rows}
    for pk, number in ResidentPhone.objects.filter(resident__in=people).values_list("resident_id", "e164"):
        people[pk].phones.add(number)
    for pk, home, kind in Living.objects.standing().filter(resident__in=people).values_list("resident_id", "household_id", "kind"):
        people[pk].ties[home] = kind
    for one in people.values():
        found.add_person(one)


def _look_up_staff(found: Known, logins: set[str]) -> None:
    rows = Staff.objects.filter(login__in=logins)
    found.elsewhere = frozenset(rows.exclude(organisation_id=found.organisation_id).values_list("login", flat=True))
    for one in rows.filter(organisation_id=found.organisation_id):
        found.staff[one.login] = Account(one.pk, one.name, one.name_en, one.phone, one.is_active)
    held = Post.objects.filter(staff__login__in=found.staff).exclude(until_on__lt=found.today)
    for login, unit, role in held.values_list("staff__login", "unit__code", "role"):
        found.staff[login].posts.add((unit, role))
