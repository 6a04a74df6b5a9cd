"""The demonstration's organisations: their units and people as their sheets tell them, and the regulations they have adopted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from huiyin.desk.adoptions import actions as adoptions
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.desk.qr_points import actions as qr_points
from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rulebook.load import regulation

FOUNDER = By("admin")
MAIN = "chenghu"
FURTHER = ("cuihu", "qiwu", "nanhu", "xueyuan")
"""The sheets in ``organisations/``: the property group, and one of every other kind of organisation."""
_HERE = Path(__file__).resolve().parent / "organisations"


@dataclass(frozen=True, slots=True)
class House:
    """What a history is about: the organisation, its units by code, its people by unit and role and by login, their posts by login, unit
    and role, and the sheet that told all of it."""

    organisation_id: UUID
    units: Mapping[str, Unit]
    holders: Mapping[tuple[str, str], Staff]
    staff: Mapping[str, Staff]
    posts: Mapping[tuple[str, str, str], Post]
    told: Mapping[str, Any]

    @property
    def projects(self) -> tuple[Unit, ...]:
        """The projects in the order of papers."""
        return tuple(unit for unit in self.units.values() if unit.kind == "project")

    def post(self, role: str, unit_code: str) -> tuple[Staff, str]:
        """Who holds ``role`` at the unit or nearest above it, and at which unit. Raises LookupError when nobody does."""
        unit: Unit | None = self.units[unit_code]
        by_id = {one.pk: one for one in self.units.values()}
        while unit is not None:
            departments = (one for one in self.units.values() if one.kind == "department" and unit is not None and one.parent_id == unit.pk)
            for place in (unit, *departments):
                if (role, place.code) in self.holders:
                    return self.holders[role, place.code], place.code
            unit = by_id.get(unit.parent_id) if unit.parent_id else None
        raise LookupError(f"found nobody who is {role} for {unit_code}, expected a post in its sheet; add one")

    def holder(self, role: str, unit_code: str) -> Staff:
        """The person of ``post``."""
        return self.post(role, unit_code)[0]


@lru_cache(maxsize=8)
def sheet(name: str = MAIN) -> Mapping[str, Any]:
    """The sheet of the organisation ``name`` as it was read."""
    found: Mapping[str, Any] = read_yaml(_HERE / f"{name}.yaml").value
    return found


def sheets() -> list[Mapping[str, Any]]:
    """The sheets of all organisations, the main one first."""
    return [sheet(name) for name in (MAIN, *FURTHER)]


@transaction.atomic
def found(told: Mapping[str, Any], at: datetime, from_on: date) -> House:
    """Set the organisation of a sheet up at the moment ``at``: units, people and posts from ``from_on`` on, one password for all,
    adoptions, its own words, QR points."""
    organisation = places.add_organisation(
        told["code"], told["name"]["zh"], by=FOUNDER, at=at, kind=told["kind"], name_en=told["name"]["en"]
    )
    units: dict[str, Unit] = {}
    for number, one in enumerate(told["units"]):
        units[one["code"]] = _unit(organisation.id, one, number, units, at)
    staff = {one["login"]: _person(organisation.id, one, at) for one in told["staff"]}
    people.set_first_passwords(list(staff.values()), told["password"], by=FOUNDER, at=at)
    posts = _give_posts(told["staff"], staff, units, from_on, at)
    for one in told["adoptions"]:
        _adopt(one, units, from_on, at)
    for one in told.get("qr_points", ()):
        qr_points.put_up(units[one["unit"]], one["place"], by=FOUNDER, at=at)
    for one in told.get("words", ()):
        adoptions.choose_word(units[one["unit"]], one["term"], one["zh"], one["en"], by=FOUNDER, at=at)
    holders: dict[tuple[str, str], Staff] = {}
    for login, code, role in posts:
        holders.setdefault((role, code), staff[login])
    return House(organisation.id, units, holders, staff, posts, told)


def _unit(organisation_id: UUID, told: Mapping[str, Any], number: int, units: Mapping[str, Unit], at: datetime) -> Unit:
    parent = units[told["parent"]].pk if "parent" in told else None
    more: dict[str, Any] = {"name_en": told["en"], "document_order": number}
    if "delivered_on" in told:
        more["delivered_on"] = date.fromisoformat(told["delivered_on"])
    if "floor_area_m2" in told:
        more["floor_area_m2"] = Decimal(told["floor_area_m2"])
    more |= {"site": told.get("site", ""), "phased": told.get("phased") == "yes"}
    return places.add_unit(organisation_id, told["code"], told["kind"], told["zh"], by=FOUNDER, at=at, parent=parent, **more)


def _person(organisation_id: UUID, told: Mapping[str, Any], at: datetime) -> Staff:
    more = {"name_en": told["en"], "phone": told.get("phone", "")}
    return people.add_staff(organisation_id, told["login"], told["zh"], by=FOUNDER, at=at, **more)


def _give_posts(
    told: list[Mapping[str, Any]], staff: Mapping[str, Staff], units: Mapping[str, Unit], from_on: date, at: datetime
) -> Mapping[tuple[str, str, str], Post]:
    posts: dict[tuple[str, str, str], Post] = {}
    for one in told:
        for post in one["posts"]:
            code, *roles = post.split()
            for role in roles:
                posts[one["login"], code, role] = people.give_post(staff[one["login"]], units[code], role, from_on, by=FOUNDER, at=at)
    return posts


def _adopt(told: Mapping[str, Any], units: Mapping[str, Unit], from_on: date, at: datetime) -> None:
    version = str(regulation(told["regulation"]).source["version"])
    made = adoptions.adopt(units[told["unit"]], told["regulation"], version, from_on, by=FOUNDER, at=at)
    for one in told.get("settings", ()):
        made = adoptions.set_setting(made, one["clause"], one["key"], one["value"], from_on, by=FOUNDER, at=at)


def give_key(told: Mapping[str, Any], at: datetime) -> list[str]:
    """Make the key for programs of a sheet's organisation; the lines that say it, this once.

    Its text is drawn anew for each house. The people's passwords are public, but behind the login, which counts tries; a key that stood
    in the source would open the interface of every demonstration that somebody left reachable, to programs that try nothing else.
    """
    of = told["api_key"]
    unit = Unit.objects.get(organisation__code=told["code"], code=of["unit"])
    _made, text = people.make_api_key(unit, of["name"], of["scopes"], by=FOUNDER, at=at)
    return [
        f"接口密钥 API key（只打印这一次 printed this once）: {text}",
        f"  另建 another one: huiyin keys --organisation {told['code']} make …",
    ]


def login_lines(codes: Collection[str]) -> list[str]:
    """The logins to try of the organisations with these codes, a line each, and the password that those of an organisation share."""
    return [line for told in sheets() if told["code"] in codes for line in _lines(told)]


def _lines(told: Mapping[str, Any]) -> list[str]:
    shown = [one for one in told["staff"] if "show" in one]
    head = f"{told['name']['zh']} {told['name']['en']} · 密码 password: {told['password']}"
    return [head, *(f"  {one['login']:<12} {one['zh']}  {one['show']}" for one in shown)]
