"""Who may bring files in and see what became of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from huiyin.desk.imports.models import Import
from huiyin.desk.people import access as people
from huiyin.desk.people.models import Post, Staff

VERB = "import_cases"


def imports(staff: Staff, *, on_day: date, post: Post | None = None) -> QuerySet[Import]:
    """The imports that the person may see: all of the organisation for those who may import, none for others."""
    if not people.reach(staff, VERB, on_day=on_day, post=post):
        return Import.objects.none()
    return Import.objects.filter(organisation_id=staff.organisation_id).order_by("-begun_at")


def fetch(staff: Staff, import_id: UUID, *, on_day: date, post: Post | None = None) -> Import:
    """One import. Raises Import.DoesNotExist if it is not there or not the person's to see."""
    return imports(staff, on_day=on_day, post=post).get(id=import_id)
