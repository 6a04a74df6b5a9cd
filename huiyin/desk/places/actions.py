"""Every write about organisations, units and households."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.places.models import KINDS, Household, Organisation, Unit
from huiyin.desk.places.rooms import parse_room, shown, split_code
from huiyin.plumbing.prepared import prepared_cursor


def touch(organisation_id: UUID) -> None:
    """Tell every process that units, posts or adoptions have changed, once the open transaction is committed."""
    with prepared_cursor() as cursor:
        cursor.execute("UPDATE places_organisation SET edition = %s WHERE id = %s", [uuid.uuid4(), organisation_id])


@transaction.atomic
def ask_second_step(organisation_id: UUID, *, asked: bool, by: By, at: datetime) -> None:
    """Ask a second step of everybody who logs in, or no longer; from the next request on nobody does anything without."""
    Organisation.objects.filter(pk=organisation_id).update(second_step_asked=asked)
    write_now(organisation_id, "places.ask_second_step", by=by, at=at, body={"asked": asked})


@transaction.atomic
def add_organisation(code: str, name: str, *, by: By, at: datetime, kind: str = "property_group", name_en: str = "") -> Organisation:
    """Add an organisation. Raises IntegrityError if the code is taken."""
    made = Organisation.objects.create(code=code, name=name, name_en=name_en, kind=kind)
    write_now(
        made.id,
        "places.add_organisation",
        by=by,
        at=at,
        subject=f"organisation:{made.id}",
        body={"code": code, "name": name},
    )
    return made


@transaction.atomic
def add_unit(
    organisation_id: UUID,
    code: str,
    kind: str,
    name: str,
    *,
    by: By,
    at: datetime,
    parent: UUID | None = None,
    **more: Any,
) -> Unit:
    """Add a unit below ``parent`` (None: at the top); ``more`` are other fields of ``Unit``.

    Raises BadText for an unknown kind or a parent of another organisation, IntegrityError if the code is taken.
    """
    _check_kind(kind)
    _check_parent(organisation_id, parent)
    made = Unit.objects.create(organisation_id=organisation_id, code=code, kind=kind, name=name, parent_id=parent, **more)
    touch(organisation_id)
    body = {"code": code, "kind": kind, "name": name, "parent": parent, **more}
    write_now(organisation_id, "places.add_unit", by=by, at=at, subject=f"unit:{code}", body=body)
    return made


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise BadText(
            f"found the kind of unit {kind[:40]!r}, expected one of {', '.join(KINDS)}; choose one of these",
            f"没有“{kind[:40]}”这类单位；请从 {'、'.join(KINDS)} 中选择",
        )


def _check_parent(organisation_id: UUID, parent: UUID | None) -> None:
    if parent and not Unit.objects.filter(pk=parent, organisation_id=organisation_id).exists():
        raise BadText(
            f"found the parent {parent}, expected a unit of the same organisation; choose one of its units",
            f"上级单位 {parent} 不属于本组织；请选择本组织的单位",
        )


@transaction.atomic
def rename_unit(unit: Unit, name: str, *, by: By, at: datetime, name_en: str = "") -> Unit:
    """Give the unit another name; its code and its past stay."""
    before, unit.name, unit.name_en = unit.name, name, name_en or unit.name_en
    unit.save(update_fields=["name", "name_en"])
    touch(unit.organisation_id)
    body = {"before": before, "after": name}
    write_now(unit.organisation_id, "places.rename_unit", by=by, at=at, subject=f"unit:{unit.code}", body=body)
    return unit


@transaction.atomic
def count_households(unit: Unit, households_count: int, *, by: By, at: datetime) -> Unit:
    """Set the number of the unit's own households, on which shares such as 5 % are reckoned. Raises BadText below
    zero.
    """
    if households_count < 0:
        raise BadText(
            f"found {households_count} households, expected 0 or more; count again",
            f"户数 {households_count} 小于0；请核对",
        )
    before, unit.households_count = unit.households_count, households_count
    unit.save(update_fields=["households_count"])
    touch(unit.organisation_id)
    body = {"before": before, "after": households_count}
    write_now(unit.organisation_id, "places.count_households", by=by, at=at, subject=f"unit:{unit.code}", body=body)
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, by: By, at: datetime) -> Unit:
    """Take no new cases for the unit; what is open goes on."""
    unit.open = False
    unit.save(update_fields=["open"])
    touch(unit.organisation_id)
    write_now(unit.organisation_id, "places.close_unit", by=by, at=at, subject=f"unit:{unit.code}")
    return unit


@transaction.atomic
def reopen_unit(unit: Unit, *, by: By, at: datetime) -> Unit:
    """Take new cases for a closed unit again; when it was closed and reopened, and by whom, stands in the journal."""
    unit.open = True
    unit.save(update_fields=["open"])
    touch(unit.organisation_id)
    write_now(unit.organisation_id, "places.reopen_unit", by=by, at=at, subject=f"unit:{unit.code}")
    return unit


def add_household(unit: Unit, room: str, *, by: By, at: datetime, area_m2: Decimal | None = None) -> Household:
    """Add one home, written in any way that ``parse_room`` reads. Raises BadRoom, or IntegrityError if the unit has
    it already.
    """
    return add_households(unit, [(room, area_m2)], by=by, at=at)[0]


@transaction.atomic
def add_households(unit: Unit, rooms: Iterable[tuple[str, Decimal | None]], *, by: By, at: datetime) -> list[Household]:
    """Add homes (room and floor area in m², if known): all or none. The unit's count stays; ``count_households`` sets
    it.

    Raises BadRoom for a text that names no room, IntegrityError for a home that the unit has already.
    """
    made = Household.objects.bulk_create([_household(unit, room, area) for room, area in rooms], batch_size=1000)
    body = {"added": len(made), "first": made[0].code if made else None}
    write_now(unit.organisation_id, "places.add_households", by=by, at=at, subject=f"unit:{unit.code}", body=body)
    return made


@transaction.atomic
def measure_household(home: Household, area_m2: Decimal | None, *, by: By, at: datetime) -> Household:
    """Keep another floor area of a home."""
    before, home.area_m2 = home.area_m2, area_m2
    home.save(update_fields=["area_m2"])
    body = {"home": home.code, "before": before, "after": area_m2}
    write_now(home.organisation_id, "places.measure_household", by=by, at=at, subject=f"unit:{home.unit.code}", body=body)
    return home


def _household(unit: Unit, text: str, area_m2: Decimal | None) -> Household:
    code = parse_room(text)
    building, entrance, room = split_code(code)
    return Household(
        organisation_id=unit.organisation_id,
        unit=unit,
        code=code,
        building=building,
        entrance=entrance,
        room=room,
        area_m2=area_m2,
        search=f"{code} {shown(code)}",
    )
