"""The only way to fetch warnings for a person: those of units in reach; any other looks absent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from huiyin.desk.people import access as people
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.places import queries as places
from huiyin.desk.warnings.models import WarningSignal
from huiyin.desk.warnings.queries import Filter

VERB = "see_cases"


def unit_codes(staff: Staff, *, on_day: date, post: Post | None = None, verb: str = VERB) -> frozenset[str]:
    """The codes of the units in reach of the person, for ``Filter.units``; ``verb`` is the right that is asked for."""
    codes = places.tree(staff.organisation_id).codes
    return frozenset(codes[key] for key in people.reach(staff, verb, on_day=on_day, post=post))


def wanted(staff: Staff, given: Filter, *, on_day: date, post: Post | None = None) -> Filter:
    """``given``, narrowed to what the person may see."""
    reached = unit_codes(staff, on_day=on_day, post=post)
    units = reached if given.units is None else given.units & reached
    return Filter(given.levels, given.states, units, given.raised_from, given.raised_until, given.older_than, given.sent, given.case_id)


def fetch(staff: Staff, warning_id: UUID, *, on_day: date, post: Post | None = None, verb: str = VERB) -> WarningSignal:
    """The warning, if the person has the right ``verb`` at its unit. Raises WarningSignal.DoesNotExist otherwise."""
    reached = unit_codes(staff, on_day=on_day, post=post, verb=verb)
    return WarningSignal.objects.get(organisation_id=staff.organisation_id, id=warning_id, unit_code__in=reached)
