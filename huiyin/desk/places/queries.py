"""Reads about organisations, units and households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS

from huiyin.core import known
from huiyin.core.moments import BadText
from huiyin.desk.places.models import Household, Organisation, Unit
from huiyin.desk.places.rooms import BadRoom, parse_room
from huiyin.plumbing.prepared import prepared_cursor

_MANY = 512
_MANY_HOMES = 50
_HOME = ("id", "organisation_id", "unit_id", "code", "building", "entrance", "room", "area_m2", "search")
_HOMES = f"SELECT {', '.join(_HOME)} FROM places_household WHERE unit_id = %s AND (code = %s OR room = %s) LIMIT %s"


@dataclass(frozen=True, slots=True)
class Tree:
    """The units of an organisation as the reckoning knows them, with the ways between codes and ids and the names for
    people; ``closed`` are the codes of those that take no new cases.
    """

    units: known.Units
    ids: Mapping[str, UUID]
    codes: Mapping[UUID, str]
    names: Mapping[str, tuple[str, str]]
    closed: frozenset[str] = frozenset()


def edition(organisation_id: UUID) -> UUID:
    """The value that changes with every change of units, posts or adoptions. One action asks once and hands it to all
    that remember.

    Raises Organisation.DoesNotExist.
    """
    # Asked by every act of the desk, so without the detour of building a query.
    with prepared_cursor() as cursor:
        cursor.execute("SELECT edition FROM places_organisation WHERE id = %s", [organisation_id])
        row = cursor.fetchone()
    if row is None:
        raise Organisation.DoesNotExist(f"found no organisation {organisation_id}, expected one that was added; look up its id")
    found: UUID = row[0]
    return found


def tree(organisation_id: UUID, at_edition: UUID | None = None) -> Tree:
    """All units of the organisation, remembered per edition (read now when not handed in)."""
    return _tree(organisation_id, at_edition or edition(organisation_id))


def units(organisation_id: UUID, at_edition: UUID | None = None) -> known.Units:
    """The tree of units as the reckoning wants it."""
    return tree(organisation_id, at_edition).units


@lru_cache(maxsize=_MANY)
def _tree(organisation_id: UUID, at_edition: UUID) -> Tree:
    # The edition is a random value, so what a rolled-back transaction remembered is never taken for what somebody
    # else commits.
    rows = list(Unit.objects.filter(organisation_id=organisation_id).order_by("document_order", "code"))
    code_of = {row.id: row.code for row in rows}
    made = known.Units.of(
        known.Unit(row.code, row.kind, code_of[row.parent_id] if row.parent_id else None, row.households_count, _traits(row))
        for row in rows
    )
    names = {row.code: (row.name, row.name_en or row.name) for row in rows}
    closed = frozenset(row.code for row in rows if not row.open)
    return Tree(made, {code: key for key, code in code_of.items()}, code_of, names, closed)


def _traits(row: Unit) -> dict[str, Any]:
    """What regulations ask of a site, as far as it is known."""
    told = {"site": row.site, "floor_area_m2": row.floor_area_m2, "delivered_on": row.delivered_on, "phased": row.phased or None}
    return {name: value for name, value in told.items() if value not in (None, "")}


def unit(organisation_id: UUID, code: str) -> Unit:
    """The unit with this code. Raises BadText if the organisation has none such."""
    found = Unit.objects.filter(organisation_id=organisation_id, code=code).first()
    if found is None:
        raise BadText(
            f"found the unit {code[:40]!r}, expected the code of a unit of this organisation; look it up under Organisation",
            f"没有编号为“{code[:40]}”的单位；请在“组织”中查找编号",
        )
    return found


def find_household(unit_id: UUID, text: str) -> Household | None:
    """The household of the unit that ``text`` names (``3-2-1501``, ``3栋2单元1501室``, full width too).

    A bare room number is enough where only one home of the unit has it; where several do, or none, the answer is None.
    """
    try:
        code = parse_room(text)
    except BadRoom:
        return None
    with prepared_cursor() as cursor:
        cursor.execute(_HOMES, [unit_id, code, code, _MANY_HOMES])
        homes = [Household.from_db(DEFAULT_DB_ALIAS, _HOME, row) for row in cursor.fetchall()]
    exact = next((home for home in homes if home.code == code), None)
    return exact or (homes[0] if len(homes) == 1 else None)
