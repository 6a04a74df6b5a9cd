"""Reads about staff, posts, duties and residents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from huiyin.core import known
from huiyin.core.calendars import MINUTES_OF_DAY
from huiyin.desk.people.models import ApiKey, Post, Resident, Roster, Staff
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit
from huiyin.plumbing.phones import BadPhone, read_phones
from huiyin.rulebook.load import addressed_if_missing

_MANY = 512


@dataclass(frozen=True, slots=True)
class Held:
    """A post as the finders keep it: who, and from which day to which (the last included; None: until further
    notice).
    """

    staff_id: UUID
    from_on: date
    until_on: date | None

    def on(self, day: date) -> bool:
        """Whether the post is held on ``day``."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def holders(
    organisation_id: UUID,
    role: str,
    unit_code: str,
    on_day: date,
    at_edition: UUID | None = None,
    *,
    also_left: bool = False,
    named: bool = False,
) -> tuple[UUID, ...]:
    """Who holds ``role`` for the unit on that day: the posts at the unit itself or at the nearest unit above it that
    has any.

    A department's posts count as posts of the unit above it. Where nobody holds it, those are addressed whom a regulation names for
    that (GP-9.2.1a), unless only those ``named`` to it are asked for. Inactive staff hold nothing, unless those who have left are asked
    for too. Empty when nobody is found, or the unit is not of this organisation.
    """
    edition = at_edition or places.edition(organisation_id)
    units = places.units(organisation_id, edition)
    posts = _posts(organisation_id, edition, also_left)
    for one in (role, *(() if named else addressed_if_missing().get(role, ()))):
        for code in units.path(unit_code):
            held = [post for place in _with_departments(units, code) for post in posts.get((one, place), ())]
            if found := tuple(dict.fromkeys(post.staff_id for post in held if post.on(on_day))):
                return found
    return ()


def serving(organisation_id: UUID, unit_code: str, on_day: date) -> list[tuple[Staff, tuple[str, ...]]]:
    """The active staff with a post at the unit, at units below it or above it, or at a department of one of these, with their roles there;
    in the order of their names."""
    units = places.units(organisation_id)
    codes = {place for code in units.path(unit_code) for place in _with_departments(units, code)}
    codes |= {one.code for one in units.below(unit_code)}
    posts = Post.objects.filter(unit__organisation_id=organisation_id, unit__code__in=codes, staff__is_active=True, from_on__lte=on_day)
    found: dict[Staff, list[str]] = {}
    for post in posts.exclude(until_on__lt=on_day).select_related("staff").order_by("staff__name", "staff_id", "role"):
        found.setdefault(post.staff, []).append(post.role)
    return [(staff, tuple(dict.fromkeys(roles))) for staff, roles in found.items()]


def responsible_for(organisation_id: UUID, unit_code: str, classes: Iterable[str], on_day: date) -> tuple[UUID, ...]:
    """Who is responsible for one of these classes ("AC:hygiene") at the unit, else at the nearest unit above it where somebody is."""
    units, wanted = places.units(organisation_id), set(classes)
    posts = Post.objects.filter(unit__organisation_id=organisation_id, staff__is_active=True, from_on__lte=on_day).exclude(classes=[])
    held = posts.exclude(until_on__lt=on_day).order_by("staff__name").values_list("unit__code", "staff_id", "classes")
    theirs = [(code, staff) for code, staff, own in held if wanted.intersection(own)]
    for place in units.path(unit_code):
        near = _with_departments(units, place)
        if found := tuple(dict.fromkeys(staff for code, staff in theirs if code in near)):
            return found
    return ()


def _with_departments(units: known.Units, code: str) -> tuple[str, ...]:
    below = units.children.get(code, ())
    return (code, *(child for child in below if units.by_code[child].kind == "department"))


@lru_cache(maxsize=_MANY)
def _posts(organisation_id: UUID, edition: UUID, also_left: bool) -> Mapping[tuple[str, str], tuple[Held, ...]]:
    rows = Post.objects.filter(unit__organisation_id=organisation_id)
    rows = rows if also_left else rows.filter(staff__is_active=True)
    found: dict[tuple[str, str], tuple[Held, ...]] = {}
    for role, code, staff_id, from_on, until_on in rows.order_by("from_on", "id").values_list(
        "role", "unit__code", "staff_id", "from_on", "until_on"
    ):
        found[role, code] = (*found.get((role, code), ()), Held(staff_id, from_on, until_on))
    return found


def posts_of(staff: Staff, on_day: date) -> list[Post]:
    """The posts that the person holds on the day, in the order of papers."""
    held = Post.objects.filter(staff=staff, from_on__lte=on_day).exclude(until_on__lt=on_day)
    return list(held.select_related("unit").order_by("unit__document_order", "unit__code", "role"))


def names_of(staff_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The names of staff by id, in one query; unknown ids are left out."""
    return dict(Staff.objects.filter(pk__in=set(staff_ids)).values_list("pk", "name"))


def names_in(organisation_id: UUID) -> Mapping[UUID, str]:
    """The names of the active staff of the organisation by id, in one query."""
    return dict(Staff.objects.filter(organisation_id=organisation_id, is_active=True).values_list("pk", "name"))


def posts_held(staff_ids: Iterable[UUID]) -> Mapping[tuple[UUID, str], tuple[Held, ...]]:
    """When each of the persons held which role anywhere, by person and role, in one query."""
    found: dict[tuple[UUID, str], tuple[Held, ...]] = {}
    rows = Post.objects.filter(staff_id__in=set(staff_ids)).values_list("staff_id", "role", "from_on", "until_on")
    for staff_id, role, from_on, until_on in rows:
        found[staff_id, role] = (*found.get((staff_id, role), ()), Held(staff_id, from_on, until_on))
    return found


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom others turn to: the person, the names in Chinese and English, and the office telephone."""

    staff_id: UUID
    name: str
    name_en: str
    phone: str


def contacts(organisation_id: UUID, role: str, unit_code: str, on_day: date) -> tuple[Contact, ...]:
    """The persons named to the role for the unit on the day, whom the group, units and residents turn to (GP-8.1.3a), by name.

    A person is named by being given the post. Empty when nobody was.
    """
    found = Staff.objects.filter(pk__in=holders(organisation_id, role, unit_code, on_day)).order_by("name", "id")
    return tuple(Contact(one.pk, one.name, one.name_en, one.phone) for one in found)


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached outside the house, by "email" and by "mobile": the address (empty: not at all) and which messages they want
    there (one of WISHES); and their language."""

    addresses: Mapping[str, str]
    wishes: Mapping[str, str]
    language: str


def _reach(staff: Staff) -> Reach:
    try:
        mobile = next((one.number for one in read_phones(staff.phone) if one.can_sms), "")
    except BadPhone:
        mobile = ""
    return Reach({"email": staff.email, "mobile": mobile}, {"email": staff.by_email, "mobile": staff.by_sms}, staff.language)


@lru_cache(maxsize=_MANY)
def reaches(organisation_id: UUID, _edition: UUID) -> Mapping[UUID, Reach]:
    """How the active staff are reached outside the house, remembered per edition."""
    rows = Staff.objects.filter(organisation_id=organisation_id, is_active=True).exclude(email="", phone="")
    return {one.pk: _reach(one) for one in rows}


def reach_of(organisation_id: UUID, staff_id: UUID) -> Reach | None:
    """How one person is reached now; None for somebody who is not active."""
    found = Staff.objects.filter(organisation_id=organisation_id, pk=staff_id, is_active=True).first()
    return _reach(found) if found else None


def units_lacking(organisation_id: UUID, role: str, kind: str, on_day: date) -> tuple[str, ...]:
    """The codes of the open units of the kind at which nobody holds the role on the day, in the order of papers: a project without a
    liaison has to be pointed out (GP-9.2.1a), though its dispatches reach somebody.
    """
    held = Post.objects.filter(unit__organisation_id=organisation_id, role=role, staff__is_active=True, from_on__lte=on_day)
    served = held.exclude(until_on__lt=on_day).values("unit_id")
    lacking = Unit.objects.filter(organisation_id=organisation_id, kind=kind, open=True).exclude(pk__in=served)
    return tuple(lacking.order_by("document_order", "code").values_list("code", flat=True))


def gaps(unit: Unit, day: date, needed: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """For each roster of ``needed`` (from which minute to which it has to be covered) the spans of the day, in minutes from midnight,
    for which nobody is on it; empty when covered.
    """
    covered: dict[str, list[tuple[int, int]]] = {}
    rows = Roster.objects.filter(unit=unit, day_on=day, staff__is_active=True)
    for duty, since, until in rows.values_list("duty", "from_minute", "until_minute"):
        covered.setdefault(duty, []).append((since, until))
    return {duty: uncovered(hours, covered.get(duty, [])) for duty, hours in needed.items()}


def uncovered(needed: tuple[int, int], covered: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans of ``needed`` that none of ``covered`` covers, in order; all in minutes from midnight."""
    since, until = needed
    open_spans = []
    for begin, end in sorted(covered):
        if begin > since:
            open_spans.append((since, min(begin, until)))
        since = max(since, end)
        if since >= until:
            break
    if since < until:
        open_spans.append((since, until))
    return tuple(span for span in open_spans if span[0] < span[1])


def rostered(organisation_id: UUID, unit_codes: Iterable[str], duty: str, day: date) -> frozenset[str]:
    """Those of the units whose roster of the duty names somebody for every minute of the day."""
    rows = Roster.objects.filter(unit__organisation_id=organisation_id, unit__code__in=list(unit_codes), duty=duty, day_on=day)
    covered: dict[str, list[tuple[int, int]]] = {}
    for code, since, until in rows.filter(staff__is_active=True).values_list("unit__code", "from_minute", "until_minute"):
        covered.setdefault(code, []).append((since, until))
    return frozenset(code for code, spans in covered.items() if not uncovered((0, MINUTES_OF_DAY), spans))


def on_roster(unit: Unit, duty: str, day: date, minute: int) -> tuple[UUID, ...]:
    """Who is on the duty of the unit at that minute of the day."""
    rows = Roster.objects.filter(unit=unit, duty=duty, day_on=day, from_minute__lte=minute, until_minute__gt=minute)
    return tuple(rows.filter(staff__is_active=True).order_by("from_minute").values_list("staff_id", flat=True))


def on_duty(organisation_id: UUID, unit_code: str, day: date, minute: int) -> frozenset[UUID]:
    """Who is on any roster of the unit at that minute of the day."""
    rows = Roster.objects.filter(unit__organisation_id=organisation_id, unit__code=unit_code, day_on=day, staff__is_active=True)
    return frozenset(rows.filter(from_minute__lte=minute, until_minute__gt=minute).values_list("staff_id", flat=True))


def find_residents(organisation_id: UUID, phone: str) -> list[Resident]:
    """The residents who have a number, however it is written. Raises BadPhone for a text that is no number."""
    numbers = [one.number for one in read_phones(phone)]
    found = Resident.objects.filter(organisation_id=organisation_id, phones__e164__in=numbers)
    return list(found.distinct().order_by("name", "id"))


def api_key(digest: bytes) -> ApiKey | None:
    """The key with this SHA-256 that is not revoked, or None."""
    return ApiKey.objects.select_related("organisation", "unit").filter(digest=digest, revoked_at=None).first()
