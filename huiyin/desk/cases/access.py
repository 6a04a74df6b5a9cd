"""The only way to fetch cases for a person: what is not theirs looks absent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from huiyin.desk.cases.lifecycle import Move, moves_for
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.queries import Scope
from huiyin.desk.people import access as people
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.places import queries as places
from huiyin.rulebook.load import regulation

NotFound = Case.DoesNotExist
"""There is no such case, or it is not in the person's reach: nobody can tell which."""


def scope_of(staff: Staff, *, on_day: date, post: Post | None = None, verb: str = "see_cases") -> Scope:
    """The units where the person may do ``verb`` on the day, by all their posts or by the one they act under."""
    codes = places.tree(staff.organisation_id).codes
    reached = people.reach(staff, verb, on_day=on_day, post=post)
    return Scope(staff.organisation_id, frozenset(codes[key] for key in reached if key in codes))


def fetch(staff: Staff, case_id: UUID, *, on_day: date, post: Post | None = None, verb: str = "see_cases") -> Case:
    """The case with this id, if the person may do ``verb`` at its unit. Raises NotFound otherwise."""
    scope = scope_of(staff, on_day=on_day, post=post, verb=verb)
    return Case.objects.get(organisation_id=staff.organisation_id, id=case_id, unit_code__in=scope.units)


def fetch_by_number(staff: Staff, number: str, *, on_day: date, post: Post | None = None) -> Case:
    """The case with this number, if the person may see it. Raises NotFound otherwise."""
    scope = scope_of(staff, on_day=on_day, post=post)
    number = number.strip().upper()
    return Case.objects.get(organisation_id=staff.organisation_id, number=number, unit_code__in=scope.units)


def moves(staff: Staff, case: Case, *, on_day: date, post: Post | None = None) -> tuple[Move, ...]:
    """The buttons that the person gets on the case, the primary one first."""
    unit = places.unit(case.organisation_id, case.unit_code)
    return moves_with(case, people.verbs(staff, unit, on_day=on_day, post=post))


def moves_with(case: Case, rights: Collection[str]) -> tuple[Move, ...]:
    """The moves that somebody with these rights may do on the case, the primary one first."""
    return moves_for(case.status, rights, case.record, [regulation(stem) for stem in case.editions])
