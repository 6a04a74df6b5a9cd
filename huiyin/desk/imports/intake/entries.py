"""Rows that become homes, residents and staff: each says what it would change, and changes it. The same again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.imports.intake.cases import BadField, Door, unit_of
from huiyin.desk.imports.intake.known import Account, Home, Known, Person
from huiyin.desk.imports.models import EXISTING, TAKEN, UPDATED
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.actions import read_login
from huiyin.desk.people.doors import accounts
from huiyin.desk.people.models import LIVES_AS, Living, Resident, Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Household, Unit
from huiyin.desk.places.rooms import parse_room
from huiyin.plumbing.phones import BadPhone, read_phones
from huiyin.plumbing.text import BadText as BadLine
from huiyin.plumbing.text import clean_optional_text, clean_text

_Read = TypeVar("_Read")
_LARGEST_M2: Final = 100_000
_MOST_NAME: Final = 50
_MOST_PHONE: Final = 40


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A home of a unit, with its floor area in m² where the row says it."""

    unit: str
    code: str
    area: Decimal | None

    def decide(self, known: Known) -> str:
        """What the row would do."""
        home = known.homes.get((self.unit, self.code))
        if home is None:
            return TAKEN
        return UPDATED if self.area is not None and self.area != home.area else EXISTING

    def note(self, known: Known, made: UUID) -> None:
        """Let it be known that the row was taken."""
        home = known.homes.get((self.unit, self.code))
        if home is None:
            known.add_home(self.unit, Home(made, self.code, self.area))
        elif self.area is not None:
            home.area = self.area

    def write(self, known: Known, by: By, at: datetime) -> UUID:
        """Add the home, or keep its area; returns its id."""
        home = known.homes.get((self.unit, self.code))
        if home is None:
            unit = Unit.objects.get(organisation_id=known.organisation_id, code=self.unit)
            return places.add_household(unit, self.code, by=by, at=at, area_m2=self.area).pk
        if self.decide(known) == UPDATED:
            places.measure_household(Household.objects.get(pk=home.id), self.area, by=by, at=at)
        return home.id


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """A person in a home of a unit: owner, renter or family, with numbers."""

    unit: str
    room: str
    name: str
    title: str
    kind: str
    phone: str
    numbers: frozenset[str]

    def decide(self, known: Known) -> str:
        """What the row would do. Raises BadField for a home that is not there."""
        home = self._home(known)
        one = known.person(self.name, home.id, self.numbers)
        if one is None:
            return TAKEN
        same = one.ties.get(home.id) == self.kind and one.phones >= self.numbers and self.title in ("", one.title)
        return EXISTING if same else UPDATED

    def _home(self, known: Known) -> Home:
        home = known.home(self.unit, self.room)
        if home is None:
            raise BadField(
                "household",
                f"found no home {self.room[:40]!r} at {self.unit}, expected one that is listed; bring the homes in first",
                f"{self.unit} 没有“{self.room[:40]}”；请核对房号，或先导入房屋",
            )
        return home

    def note(self, known: Known, made: UUID) -> None:
        """Let it be known that the row was taken."""
        home = self._home(known)
        one = known.person(self.name, home.id, self.numbers)
        if one is None:
            one = Person(made, self.name)
            known.add_person(one)
        one.title = self.title or one.title
        one.phones |= self.numbers
        one.ties[home.id] = self.kind

    def write(self, known: Known, by: By, at: datetime) -> UUID:
        """Add the person, or what is new of them: numbers, title, the home; returns their id."""
        told: dict[str, Any] = {"by": by, "at": at}
        place = self._home(known)
        one, home = known.person(self.name, place.id, self.numbers), Household.objects.get(pk=place.id)
        if one is None:
            made = people.add_resident(known.organisation_id, self.name, phone=self.phone, title=self.title, **told)
            people.move_in(made, home, self.kind, **told)
            return made.pk
        found = Resident.objects.get(pk=one.id)
        if self.title not in ("", one.title):
            people.retitle_resident(found, self.title, **told)
        if not one.phones >= self.numbers:
            people.add_phone(found, self.phone, **told)
        if one.ties.get(home.pk) != self.kind:
            for tie in Living.objects.standing().filter(resident=found, household=home):
                people.move_out(tie, known.today, **told)
            people.move_in(found, home, self.kind, **told)
        return one.id


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An account with names and office telephone, and a post where the row names one."""

    login: str
    name: str
    name_en: str
    phone: str
    unit: str
    role: str

    @property
    def _post(self) -> set[tuple[str, str]]:
        return {(self.unit, self.role)} if self.role else set()

    def decide(self, known: Known) -> str:
        """What the row would do. Raises BadField for a login of others or out of use, and for a post that one would give oneself."""
        if self.login in known.elsewhere:
            raise BadField(
                "login", f"found the login {self.login}, which is taken; choose another", f"账号“{self.login}”已被使用；请换一个"
            )
        one = known.staff.get(self.login)
        if one is None:
            return TAKEN
        if not one.active:
            en = f"found the login {self.login}, which is out of use; take it into use again on its page first"
            raise BadField("login", en, f"账号“{self.login}”已停用；请先在人员页恢复使用")
        if one.id == known.by and not one.posts >= self._post:
            raise BadField("role", "found a post for yourself; ask another administrator", "不能给自己任命岗位；请由其他管理员办理")
        same = one.posts >= self._post and (one.name, one.name_en, one.phone) == self._described(one)
        return EXISTING if same else UPDATED

    def _described(self, one: Account) -> tuple[str, str, str]:
        return self.name, self.name_en or one.name_en, self.phone or one.phone

    def note(self, known: Known, made: UUID) -> None:
        """Let it be known that the row was taken."""
        one = known.staff.setdefault(self.login, Account(made, self.name, self.name_en, self.phone, active=True))
        one.name, one.name_en, one.phone = self._described(one)
        one.posts |= self._post

    def write(self, known: Known, by: By, at: datetime) -> UUID:
        """Add the account, which nobody can use before it has a password, or what is new of it; returns its id."""
        one = known.staff.get(self.login)
        if one is None:
            more = {"name_en": self.name_en, "phone": self.phone}
            staff = people.add_staff(known.organisation_id, self.login, self.name, by=by, at=at, **more)
        else:
            staff = Staff.objects.get(pk=one.id)
            name, name_en, phone = self._described(one)
            if (name, name_en, phone) != (one.name, one.name_en, one.phone):
                accounts.describe_staff(staff, name, by=by, at=at, name_en=name_en, phone=phone)
        if self._post - (one.posts if one else set()):
            unit = Unit.objects.get(organisation_id=known.organisation_id, code=self.unit)
            people.give_post(staff, unit, self.role, in_shanghai(at).date(), by=by, at=at)
        return staff.pk


Entry = HomeRow | ResidentRow | StaffRow


def preview(entry: Entry, known: Known) -> str:
    """What the row would do after those before it; nothing is stored. Raises as ``decide``."""
    verdict = entry.decide(known)
    entry.note(known, uuid4())
    return verdict


def read_entry(kind: str, door: Door, told: Mapping[str, Any]) -> Entry:
    """The row of this kind that ``told`` (fields as text) asks for. Raises BadField naming what cannot be taken."""
    return _READ[kind](door, told)


def _home(door: Door, told: Mapping[str, Any]) -> Entry:
    return HomeRow(unit_of(door, _said(told, "unit")), _room(told), _area(_said(told, "area")))


def _resident(door: Door, told: Mapping[str, Any]) -> Entry:
    phone, kind = _said(told, "phone"), _said(told, "living")
    if kind not in LIVES_AS:
        raise BadField(
            "living", f"found {kind[:20]!r}, expected one of {', '.join(LIVES_AS)}", f"“{kind[:20]}”不是业主、租户或家属；请更正"
        )
    numbers = frozenset(one.number for one in _line("phone", lambda: read_phones(phone)))
    name = _line("name", lambda: clean_text(_said(told, "name"), most=_MOST_NAME, field="name"))
    title = _said(told, "title")
    if title not in ("", "先生", "女士"):
        raise BadField("title", f"found {title[:20]!r}, expected 先生 or 女士, or nothing", f"“{title[:20]}”不是先生或女士；请更正，或空着")
    return ResidentRow(unit_of(door, _said(told, "unit")), _room(told), name, title, kind, phone, numbers)


def _staff(door: Door, told: Mapping[str, Any]) -> Entry:
    unit, role = _said(told, "unit"), _said(told, "role")
    if bool(unit) != bool(role):
        en, zh = "found a post without a unit, or a unit without a post; give both or neither", "岗位和单位编号须同时填写，或都空着"
        raise BadField("role" if unit else "unit", en, zh)
    row = StaffRow(
        login=_line("login", lambda: read_login(_said(told, "login"))),
        name=_line("name", lambda: clean_text(_said(told, "name"), most=_MOST_NAME, field="name")),
        name_en=_line("name_en", lambda: clean_optional_text(_said(told, "name_en"), most=_MOST_NAME, field="name_en")),
        phone=_line("phone", lambda: clean_optional_text(_said(told, "phone"), most=_MOST_PHONE, field="phone")),
        unit=unit,
        role=role,
    )
    return replace(row, unit=unit_of(door, unit)) if unit else row


_READ: Final[Mapping[str, Callable[[Door, Mapping[str, Any]], Entry]]] = {"homes": _home, "residents": _resident, "staff": _staff}


def _said(told: Mapping[str, Any], field: str) -> str:
    return str(told.get(field) or "").strip()


def _line(field: str, read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except (BadLine, BadPhone) as error:
        raise BadField(field, error.message_en, error.message_zh) from None
    except BadText as error:
        raise BadField(field, error.en, error.zh) from None


def _room(told: Mapping[str, Any]) -> str:
    return _line("household", lambda: parse_room(_said(told, "household")))


def _area(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        area = Decimal(text.removesuffix("㎡").removesuffix("m²").removesuffix("平方米").strip())
    except InvalidOperation:
        area = Decimal(0)
    if not (area.is_finite() and 0 < area < _LARGEST_M2):
        raise BadField("area", f"found the area {text[:20]!r}, expected square metres above 0", f"面积“{text[:20]}”不对；请填写平方米数")
    return area.quantize(Decimal("0.01"))
