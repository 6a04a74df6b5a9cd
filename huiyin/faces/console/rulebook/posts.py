"""Who holds each post that a regulation names: at the units that follow it, and where nobody does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from huiyin.core.known import Units
from huiyin.core.precedence import KIND_LEVELS
from huiyin.core.rules import Regulation
from huiyin.desk.people.queries import holders, names_of
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import unit_names
from huiyin.faces.parts.guard import Acting

OUTSIDE: Final = "outside"
_LEVELS: Final = {"project": "unit"}
"""The level of units by the level of a role, where they are called differently."""


def held(of: Regulation, adopters: Iterable[str], who: Acting, day: date) -> Mapping[str, list[dict[str, Any]]]:
    """For each role the units in reach that have to have it, each with the names of its holders on the day; no names where it is vacant.

    A role of the lowest level belongs to each unit without others below it, one of a higher level to the units of that level.
    """
    tree, names = places.units(who.organisation_id), unit_names(who)
    reached = [code for code in names if any(one in tree.path(code) for one in adopters) or _is_above(code, adopters, tree)]
    found = {
        role: [(code, holders(who.organisation_id, role, code, day, named=True)) for code in reached if _level(code, tree) == level]
        for role, level in ((role, _LEVELS.get(level, level)) for role, level in of.role_levels.items())
        if level != OUTSIDE
    }
    people = names_of(one for rows in found.values() for _code, ids in rows for one in ids)
    return {
        role: [{"unit": names[code], "people": [people[one] for one in ids if one in people]} for code, ids in rows]
        for role, rows in found.items()
    }


def _is_above(code: str, adopters: Iterable[str], tree: Units) -> bool:
    return any(code in tree.path(one) for one in adopters if one in tree.by_code)


def _level(code: str, tree: Units) -> str:
    unit = tree.by_code[code]
    below = [one for one in tree.children.get(code, ()) if tree.by_code[one].kind != "department"]
    if unit.kind == "department" or not below:
        return "" if unit.kind == "department" else KIND_LEVELS.get(unit.kind, "unit")
    return KIND_LEVELS.get(unit.kind, "company" if unit.parent is None else "")
