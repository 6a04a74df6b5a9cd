"""Who may see and keep registers: those who see cases read them in their reach; who has the right to keep them writes them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from huiyin.desk.people import access as people
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.registers.models import Entry

SEES, KEEPS, TAKES_OUT = "see_cases", "keep_register", "export"
"""The rights of people.access that registers ask for: to read, to write, to export."""


def entries(staff: Staff, *, on_day: date, verb: str = SEES, post: Post | None = None) -> QuerySet[Entry]:
    """The entries of the units where the person may do ``verb``, by all their posts or the one in use."""
    codes = people.units(staff, verb, on_day=on_day, post=post).values_list("code", flat=True)
    return Entry.objects.filter(organisation_id=staff.organisation_id, unit_code__in=list(codes))


def fetch(staff: Staff, entry_id: UUID, *, on_day: date, verb: str = SEES, post: Post | None = None) -> Entry:
    """One entry. Raises Entry.DoesNotExist if it is not there or not the person's to see."""
    return entries(staff, on_day=on_day, verb=verb, post=post).get(id=entry_id)
