"""Entries held against another register of the unit (``core.ceilings``): when they are made or amended, and when that other one changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection

from huiyin.core.ceilings import compare
from huiyin.core.rules import RegisterRule
from huiyin.desk.facts.actions import lock
from huiyin.desk.places import queries as places
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import allowances, held_against, other_register

KEPT: Final = ("compared", "compared_with")
"""What an entry keeps of the comparison."""


def hold_against(entry: Entry, rule: RegisterRule) -> None:
    """Put into ``entry`` how it stands against what its rule says that it may not exceed; nothing for a rule that says nothing.

    Nobody else changes the two registers before the open transaction ends.
    """
    if rule.at_most is None:
        return
    other = other_register(entry.register, rule.at_most)
    _lock(entry.organisation_id, other)
    found = compare(rule.at_most, entry.values, allowances(entry.organisation_id, other, entry.unit_code))
    by = Entry.objects.get(organisation_id=entry.organisation_id, id=found.by.key) if found.by else None
    entry.compared = found.state
    entry.compared_with = {
        "entry": str(by.id) if by else "",
        "number": by.label if by else "",
        "allowed": _text(found.allowed) if found.allowed is not None else "",
        "over": _text(found.over),
    }


def hold_others_against(organisation_id: UUID, register: str, unit_code: str) -> None:
    """Hold every entry of the registers that are held against this one, at the unit and below it, against it as it now stands."""
    for key, rule in held_against(register):
        _lock(organisation_id, register)
        below = [one.code for one in places.units(organisation_id).below(unit_code)]
        for entry in Entry.objects.select_for_update().filter(
            organisation_id=organisation_id, register=key, unit_code__in=below, destroyed_at=None
        ):
            before = entry.compared, entry.compared_with
            hold_against(entry, rule)
            if before != (entry.compared, entry.compared_with):
                entry.save(update_fields=KEPT)


def _lock(organisation_id: UUID, register: str) -> None:
    with connection.cursor() as cursor:
        lock(cursor, [f"{organisation_id}/register/{register}"])


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
