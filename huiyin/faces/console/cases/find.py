"""Fetching cases for the person who asks, and what belongs to one case. What is not theirs looks absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from huiyin.core.known import Units
from huiyin.core.records import Clock, Ground
from huiyin.core.rules import Adopted
from huiyin.desk.cases import access
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.actions import record_of_clock
from huiyin.desk.clocks.models import Clock as ClockRow
from huiyin.desk.facts.models import Fact
from huiyin.desk.facts.queries import House
from huiyin.desk.imports.intake import Door, remarks
from huiyin.desk.places import queries as places
from huiyin.desk.warnings.actions import ground_of
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.cases import shown
from huiyin.faces.console.rulebook.names import either
from huiyin.faces.parts.guard import Acting


@dataclass(frozen=True, slots=True)
class File:
    """A case with everything that its page shows."""

    case: Case
    clocks: tuple[Clock, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[WarningSignal, ...]

    def grounds(self) -> dict[UUID, tuple[Ground, ...]]:
        """The grounds of each warning, by its id."""
        return {one.id: tuple(ground_of(kept) for kept in one.grounds) for one in self.warnings}

    def units(self) -> Units:
        """The tree of units in which the regulations were adopted."""
        return places.units(self.case.organisation_id)

    def adopted(self) -> tuple[Adopted, ...]:
        """The regulations under which the case began."""
        return adopted_for(self.case)


def adopted_for(case: Case) -> tuple[Adopted, ...]:
    """The regulations in force for the unit of the case when it began, the highest first."""
    return House.of(case.organisation_id).adopted_for_row(case.id, case.unit_code, case.received_at, case.received_at)


def remarks_on(case: Case) -> list[str]:
    """What is remarkable about the time when the case was received, in the language in use."""
    door = Door.of(case.organisation_id, case.entered_at)
    return [either(one) for one in remarks(door, case.unit_code, case.received_at, case.entered_at)]


def fetch(who: Acting, number: str) -> Case:
    """The case with this number, if the post reaches its unit. Raises Http404 otherwise, as for a number that nobody has."""
    try:
        return access.fetch_by_number(who.staff, number[:40], on_day=timezone.localdate(), post=who.post)
    except access.NotFound:
        raise Http404 from None


def number_of(who: Acting, case_id: UUID) -> str | None:
    """The number of a case that the post reaches, else None."""
    rows = Case.objects.filter(organisation_id=who.organisation_id, id=case_id, unit_code__in=who.codes)
    return rows.values_list("number", flat=True).first()


def facts_of(case: Case) -> list[Fact]:
    """The facts of the case in their order, with all that they tell."""
    return list(Fact.objects.filter(organisation_id=case.organisation_id, case_id=case.id).order_by("number"))


def file_of(case: Case) -> File:
    """The case with its clocks, facts and warnings: three statements. What is secret of it is hidden in what the facts tell."""
    mine = {"organisation_id": case.organisation_id, "case_id": case.id}
    veil, facts = access.veil(case), facts_of(case)
    for fact in facts if veil != access.OPEN else ():
        fact.details = veil.details(fact.details)
    return File(
        case,
        tuple(record_of_clock(row) for row in ClockRow.objects.filter(**mine).order_by("starts_at", "key")),
        tuple(facts),
        tuple(WarningSignal.objects.filter(**mine).order_by("raised_at")),
    )


def case_clocks(who: Acting, case: Case, now: datetime | None = None) -> list[dict[str, Any]]:
    """The clocks of a case as pages show them."""
    rows = ClockRow.objects.filter(organisation_id=who.organisation_id, case_id=case.id)
    units = places.units(who.organisation_id)
    return shown.clocks([record_of_clock(row) for row in rows], adopted_for(case), case.editions, now or timezone.now(), units)
