"""What there is at all in a span, before single proofs are looked at; and what a proof may be about that is no record of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from huiyin.desk.cases.models import Mark
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.places import queries as places
from huiyin.desk.registers.models import Entry


@dataclass(frozen=True, slots=True)
class Span:
    """From when, included, until when, not included, and at which units (by code)."""

    since: datetime
    until: datetime
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Site:
    """A site as a record of its own."""

    unit_code: str


class Present:
    """What there is at all in a span, each asked once for all proofs: registers, things, what happened at sites, what stands there."""

    def __init__(self, organisation_id: UUID, span: Span) -> None:
        self.organisation_id, self.span = organisation_id, span
        self.edition = places.edition(organisation_id)
        self.tree = places.units(organisation_id, self.edition)

    @cached_property
    def registers(self) -> frozenset[str]:
        """The registers with an entry at one of the units or above it."""
        units = {one for code in self.span.units for one in self.tree.path(code)}
        entries = Entry.objects.filter(organisation_id=self.organisation_id, unit_code__in=list(units), at__lt=self.span.until)
        return frozenset(entries.order_by().values_list("register", flat=True).distinct())

    @cached_property
    def abouts(self) -> frozenset[str]:
        """The kinds of things to which something happened."""
        things = Matter.objects.filter(**self._own(), last_at__gte=self.span.since)
        return frozenset(things.order_by().values_list("about", flat=True).distinct())

    @cached_property
    def happened(self) -> Mapping[tuple[str, str], datetime]:
        """When last, by site and act: what is recorded about the sites as such."""
        facts = Fact.objects.filter(**self._own(), case_id=None, at__lt=self.span.until)
        rows = facts.order_by().values_list("unit_code", "event").annotate(last=models.Max("at"))
        return {(code, event): last for code, event, last in rows}

    @cached_property
    def standing(self) -> frozenset[tuple[str, str, str]]:
        """The marks that stand at the end of the span: site, mark, clause."""
        rows = Mark.objects.filter(**self._own(), at__lt=self.span.until).filter(Q(ended_at=None) | Q(ended_at__gte=self.span.until))
        return frozenset(rows.order_by().values_list("unit_code", "mark", "clause").distinct())

    def _own(self) -> dict[str, Any]:
        return {"organisation_id": self.organisation_id, "unit_code__in": list(self.span.units)}
