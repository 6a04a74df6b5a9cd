"""Who may bring files in and see what became of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from huiyin.desk.imports.models import CASES, Import, Upload
from huiyin.desk.people import access as people
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.places import queries as places

VERB, MANAGES = "import_cases", "manage_places"


def imports(staff: Staff, *, on_day: date, post: Post | None = None) -> QuerySet[Import]:
    """The imports that the person may see, the latest first: those for units that they reach, for whoever may import (of homes, residents
    and staff for whoever manages them); none for others."""
    reach = people.reach(staff, VERB, on_day=on_day, post=post)
    codes = places.tree(staff.organisation_id).codes
    mine = Q(unit_code__in=[codes[unit] for unit in reach])
    if len(reach) == len(codes):
        mine |= Q(unit_code="")
    if not people.reach(staff, MANAGES, on_day=on_day, post=post):
        mine &= Q(of=CASES)
    found = Import.objects.filter(mine, organisation_id=staff.organisation_id) if reach else Import.objects.none()
    return found.order_by("-begun_at", "-id")


def fetch(staff: Staff, import_id: UUID, *, on_day: date, post: Post | None = None) -> Import:
    """One import. Raises Import.DoesNotExist if it is not there or not the person's to see."""
    return imports(staff, on_day=on_day, post=post).get(id=import_id)


def uploads(staff: Staff) -> QuerySet[Upload]:
    """The files that the person has handed over and not yet brought in, the latest first; nobody else sees them."""
    return Upload.objects.filter(organisation_id=staff.organisation_id, by_person=staff.pk).order_by("-at", "-id")
