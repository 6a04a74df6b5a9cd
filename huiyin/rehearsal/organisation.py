"""The standard organisation of scenarios, and who adopts a regulation when a scenario does not say."""

from __future__ import annotations

from datetime import date

from huiyin.core.known import Unit
from huiyin.rulebook.load import regulation

KINDS = (
    "group", "property_company", "branch", "project", "centre", "cluster", "building", "department",
    "university_logistics_office",
    "student_apartment_centre",
)  # fmt: skip
_HOMES = {"site": "residential"}
_ADOPTERS = {"university": "university_logistics_office", "student_housing": "student_apartment_centre"}
"""The kind of unit that adopts a regulation written for this kind of organisation; for all others it is the company."""


def standard_units() -> tuple[Unit, ...]:
    """CO with branch B1 and projects P1 (1,000 households) and P2 (400); U with centres U1–U3; S with clusters S1, S2."""
    return (
        Unit("CO", "property_company"),
        Unit("B1", "branch", "CO"),
        Unit("P1", "project", "B1", 1000, {**_HOMES, "floor_area_m2": 60_000, "delivered_on": date(2019, 6, 1)}),
        Unit("P2", "project", "B1", 400, {**_HOMES, "floor_area_m2": 120_000, "delivered_on": date(2026, 1, 15)}),
        Unit("U", "university_logistics_office"),
        Unit("U1", "centre", "U"),
        Unit("U2", "centre", "U"),
        Unit("U3", "centre", "U"),
        Unit("S", "student_apartment_centre"),
        Unit("S1", "cluster", "S"),
        Unit("S2", "cluster", "S"),
    )


def usual_adopter(stem: str, units: tuple[Unit, ...]) -> str:
    """The code of the unit that adopts ``stem`` by default: the university's office, the apartment centre, else the company.

    Raises ValueError when the organisation has no such unit.
    """
    kind = _ADOPTERS.get(str(regulation(stem).source["organisation_kind"]), "property_company")
    for unit in units:
        if unit.kind == kind:
            return unit.code
    raise ValueError(f"the organisation has no unit of kind {kind} to adopt {stem}; name one with unit:")
