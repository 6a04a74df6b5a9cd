"""A project that keeps every register of one regulation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huiyin.core.rules import RegisterField, RegisterRule
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit
from huiyin.rulebook.load import regulation, stems

KEEPER = By("service_centre")
VALUES: Mapping[str, str] = {
    "text": "三号楼一单元",
    "number": "12.50",
    "day": "2026-01-30",
    "moment": "2026-01-30 16:05",
    "flag": "是",
}
"""A value of each kind, as people type it; of a choice it is the first name."""


def take_up(unit: Unit, stem: str, at: datetime) -> None:
    """Put a regulation in force for the unit."""
    adopt(unit, stem, str(regulation(stem).source["version"]), date(2025, 1, 1), by=By("admin"), at=at)


def registers_of(stem: str) -> list[tuple[str, RegisterRule]]:
    """The registers of a regulation with their keys."""
    found = regulation(stem)
    return [(f"{found.prefix}:{rule.id}", rule) for rule in found.rules if isinstance(rule, RegisterRule)]


def with_registers() -> list[str]:
    """The regulations that ask for registers."""
    return [stem for stem in stems() if registers_of(stem)]


def typed(field: RegisterField) -> str:
    """What somebody types into a column."""
    return field.choices[0][1][0] if field.kind == "choice" else VALUES[field.kind]


def filled(rule: RegisterRule, **more: Any) -> dict[str, Any]:
    """A row with every column filled in."""
    return {field.key: typed(field) for field in rule.fields} | more
