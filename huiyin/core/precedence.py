"""How regulations meet: every clock is reckoned and shown; where two of them set a limit for the same matter, one binds (GP-13.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huiyin.core.known import Units
from huiyin.core.records import Clock
from huiyin.core.rules import Adopted, ClockRule

LEVELS: Final[Mapping[str, int]] = {"group": 0, "company": 1, "branch": 2, "unit": 3}
"""The group's value prevails over the company's, the company's over the branch's and the unit's."""

KIND_LEVELS: Final[Mapping[str, str]] = {
    "group": "group",
    "property_company": "company",
    "university_logistics_office": "company",
    "student_apartment_centre": "company",
    "office": "company",
    "branch": "branch",
}
"""At which level a unit of a kind adopts; a kind that is not named is a unit's."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The clock that binds for one matter, the others that it goes before, and why: "only", "level" or "stricter"."""

    clock: Clock
    over: tuple[Clock, ...]
    why: str


def level_of(adopted: Adopted, units: Units | None = None) -> str:
    """Whose value an adopted regulation's is: group, company, branch or unit.

    A text of the group stays the group's, whoever carries it out (X1). Any other is the level's that has adopted it: the group's over the
    company's over the unit's (GP-13.2). The head of a tree that is neither group, company nor branch adopts for everything below and is
    its company; a department adopts for the unit that it belongs to. Without ``units`` the level is what the text says of itself.
    """
    named = adopted.regulation.level
    if named == "group" or units is None or adopted.unit not in units.by_code:
        return named if named in LEVELS else "unit"
    path = units.path(adopted.unit)
    top = next((units.by_code[code] for code in path if units.by_code[code].kind != "department"), units.by_code[adopted.unit])
    found = KIND_LEVELS.get(top.kind, "unit")
    return "company" if found == "unit" and top.parent not in units.by_code else found


def rank(adopted: Adopted, units: Units | None = None) -> int:
    """The place of an adopted regulation among others: the lower goes before."""
    return LEVELS[level_of(adopted, units)]


def in_order(adopted: Iterable[Adopted], path: Sequence[str]) -> tuple[Adopted, ...]:
    """The regulations that units of ``path`` (from the bottom up) have adopted, those of the highest unit first, of one unit by the level
    that the text names, then by its name: so a fact is always followed in the same order."""
    found = [one for one in adopted if one.unit in path]
    return tuple(sorted(found, key=lambda one: (-path.index(one.unit), LEVELS.get(one.regulation.level, len(LEVELS)), one.regulation.stem)))


def bindings(clocks: Iterable[Clock], adopted: Sequence[Adopted], units: Units | None = None) -> tuple[Binding, ...]:
    """For each matter among the open ``clocks`` of a case the one that binds. Clocks without a due moment bind nobody.

    A matter is what ends the limit: the act, and whom it has to reach. ``units`` is the tree that the adopting units stand in; where two
    of them have adopted the same regulation, the higher one's adoption counts.
    """
    matters: dict[tuple[str, frozenset[str]], list[tuple[int, datetime, str, Clock]]] = {}
    by_prefix = _highest(adopted, units)
    for clock in clocks:
        prefix, _sign, key = clock.rule.partition(":")
        held = by_prefix.get(prefix)
        rule = held.regulation.by_id.get(key) if held else None
        if held and clock.open and clock.due_at is not None and isinstance(rule, ClockRule):
            matters.setdefault((rule.ends.event, rule.ends.to), []).append((rank(held, units), clock.due_at, clock.key, clock))
    return tuple(_binding(sorted(one, key=lambda ranked: ranked[:3])) for one in matters.values())


def _highest(adopted: Sequence[Adopted], units: Units | None) -> Mapping[str, Adopted]:
    found: dict[str, Adopted] = {}
    for one in adopted:
        held = found.get(one.regulation.prefix)
        if held is None or rank(one, units) < rank(held, units):
            found[one.regulation.prefix] = one
    return found


def _binding(ranked: Sequence[tuple[int, datetime, str, Clock]]) -> Binding:
    level, first = ranked[0][0], ranked[0][3]
    # A limit that runs several times over goes before none of its own turns.
    others = [one for one in ranked if one[3].rule != first.rule]
    if not others:
        return Binding(first, (), "only")
    return Binding(first, tuple(one[3] for one in others), "level" if level < others[0][0] else "stricter")
