"""What an act is recorded about: a case, a thing, or a unit with its months, households and customers; with what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from huiyin.core.known import Case, Known
from huiyin.core.recurrence import PeriodKind, period_of
from huiyin.core.rules import Adopted
from huiyin.core.subjects import NAMED, PERIODS, thing_key
from huiyin.desk.facts.queries import House, load_cases, thing_id
from huiyin.desk.matters.models import Matter

OPENED: Final = tuple(kind for kind in NAMED if kind != "register")
"""Kinds of things that people open under a name. A register of a period is begun by an act about its unit that names both."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What acts are recorded about. ``about`` is "case", a kind of thing, or "unit" for the unit's page.

    ``key`` is the case's id, or the whole key of the thing (``core/subjects.py``), empty for a unit. ``names`` are the details that name
    the thing in every fact about it. ``pasts`` are the pasts that rules look at, by the key of the thing ("case" for a case); one that has
    heard nothing yet is missing. ``known`` are the records about the case or thing; of a unit those of its own standing past.
    """

    house: House
    about: str
    unit: str
    adopted: tuple[Adopted, ...]
    key: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    pasts: Mapping[str, Case] = field(default_factory=dict)
    known: Known | None = None

    @property
    def organisation_id(self) -> UUID:
        """The organisation it belongs to."""
        return self.house.organisation_id

    @property
    def case(self) -> Case | None:
        """The past of the case or thing itself; None where it has heard nothing yet."""
        return self.known.case if self.known is not None else None

    @property
    def id(self) -> UUID | None:
        """Under which id its facts are kept; None for facts about a unit as such."""
        if self.about == "case":
            return UUID(self.key)
        return thing_id(self.organisation_id, self.key) if self.key else None


def of_case(organisation_id: UUID, case_id: UUID, at: datetime) -> Subject:
    """The case with this id. Raises LookupError where there is none."""
    house = House.of(organisation_id)
    past = _load(house, [case_id]).get(str(case_id))
    if past is None or past.case is None:
        raise LookupError(f"found no case {case_id} in the organisation {organisation_id}")
    case = past.case
    adopted = house.adopted_for_case(case, at)
    return Subject(house, "case", case.unit, adopted, str(case_id), {}, {"case": case}, past)


def of_cases(organisation_id: UUID, case_ids: Sequence[UUID], at: datetime) -> dict[UUID, Subject]:
    """The cases with these ids, read together; one that is not there is left out."""
    house = House.of(organisation_id)
    found: dict[UUID, Subject] = {}
    for key, past in _load(house, case_ids).items():
        if (case := past.case) is not None:
            found[UUID(key)] = Subject(house, "case", case.unit, house.adopted_for_case(case, at), key, {}, {"case": case}, past)
    return found


def of_thing(organisation_id: UUID, key: str, unit: str, at: datetime) -> Subject:
    """The thing with this whole key at the unit; one that nothing has happened to yet has no past."""
    house = House.of(organisation_id)
    made = thing_id(organisation_id, key)
    past = _load(house, [made]).get(str(made))
    about = key.partition(":")[0]
    where = past.case.unit if past is not None and past.case is not None else unit
    pasts = {about: past.case} if past is not None and past.case is not None else {}
    return Subject(house, about, where, house.adopted(where, at), key, thing_of(key, where), pasts, past)


def of_name(organisation_id: UUID, about: str, unit: str, name: str, at: datetime) -> Subject:
    """The thing of this kind that is called ``name`` at the unit, known yet or not."""
    return of_thing(organisation_id, thing_key(about, unit, name), unit, at)


def of_unit(organisation_id: UUID, unit: str, at: datetime) -> Subject:
    """The unit: its own standing past, and those of its present and last periods."""
    house = House.of(organisation_id)
    keys = [f"unit:{unit}", f"house:{unit}"]
    keys += [f"{about}:{unit}/{period}" for about, kind in PERIODS.items() for period in two_periods(kind, at)]
    ids = {str(thing_id(organisation_id, key)): key for key in keys}
    loaded = _load(house, [UUID(one) for one in ids])
    pasts = {ids[one]: past.case for one, past in loaded.items() if past.case is not None}
    own = loaded.get(str(thing_id(organisation_id, f"unit:{unit}")))
    return Subject(house, "unit", unit, house.adopted(unit, at), "", {}, pasts, own)


def _load(house: House, ids: Sequence[UUID]) -> dict[str, Known]:
    with connection.cursor() as cursor:
        return {key: past.known for key, past in load_cases(cursor, house, ids).items()}


def things_near(house: House, about: str, unit: str) -> list[str]:
    """The names of the things of this kind at the unit, above and below it, the latest first."""
    units = house.units
    near = {*units.path(unit), *(one.code for one in units.below(unit))}
    rows = Matter.objects.filter(organisation_id=house.organisation_id, about=about, unit_code__in=near)
    return list(dict.fromkeys(rows.order_by("-began_at").values_list("name", flat=True)))


def thing_of(key: str, unit: str) -> dict[str, str]:
    """The details by which facts name the thing with this key: {"survey": "V1"}, {"period": "2026-04"}, {} for a unit's own past."""
    about, _, rest = key.partition(":")
    own = rest.removeprefix(f"{unit}/")
    if about in PERIODS:
        return {"period": own}
    if about == "register":
        name, _, period = own.rpartition("/")
        return {"register": name, "period": period} if name else {"register": own}
    return {} if about in ("unit", "house") else {about: own}


def two_periods(kind: PeriodKind, at: datetime) -> tuple[str, str]:
    """The names of the present period of the kind and of the one before."""
    present = period_of(kind, at)
    return present.name, period_of(kind, present.opens_at - timedelta(microseconds=1)).name


def period_names(kinds: Iterable[PeriodKind], at: datetime) -> list[str]:
    """The present and the last period of each of the kinds, each once."""
    return list(dict.fromkeys(name for kind in kinds for name in two_periods(kind, at)))


Details = Mapping[str, Any]
"""The details of a fact, by their names in the vocabulary."""
