"""What would become of an act, without storing it: asked of the same reckoning that follows it, and refuses it, when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from huiyin.core.facts import Fact
from huiyin.core.follow import follow
from huiyin.core.known import Known
from huiyin.core.rules import Adopted
from huiyin.desk.facts.actions.desk import carried_on
from huiyin.desk.facts.queries import House, load_cases, load_unit, periods_of


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case, or a unit with an issue, stands before an act: what is known of it, under which regulations."""

    adopted: tuple[Adopted, ...]
    known: Known

    def after(self, fact: Fact) -> Standing | None:
        """How it would stand after ``fact``; None where a regulation refuses the act."""
        outcome = follow(self.adopted, self.known, fact)
        return None if outcome.refusal is not None else replace(self, known=carried_on(self.known, outcome))


def standing_of_cases(organisation_id: UUID, cases: Iterable[UUID], at: datetime) -> Mapping[UUID, Standing]:
    """How the cases stand, by their ids, read in one statement; those that are not there are left out."""
    wanted, house = list(cases), House.of(organisation_id)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        pasts = load_cases(cursor, house, wanted)
    known = {UUID(key): past.known for key, past in pasts.items()}
    return {key: Standing(house.adopted(one.case.unit, at, one.case.received_at), one) for key, one in known.items() if one.case}


def standing_of_issue(organisation_id: UUID, unit: str, issue: str, at: datetime) -> Standing:
    """How a unit stands with an issue."""
    house = House.of(organisation_id)
    with connection.cursor() as cursor:
        shelves: Any = load_unit(cursor, house, (unit,), periods_of(Fact("", at, unit=unit)), issue)
    return Standing(house.adopted(unit, at), Known(house.units, **shelves))
