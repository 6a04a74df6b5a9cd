"""Reading saved views in the order of the menu."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from huiyin.desk.lists.access import visible
from huiyin.desk.lists.models import SavedView
from huiyin.desk.people.models import Staff


def menu(staff: Staff, around: Collection[str], page: str) -> list[SavedView]:
    """The person's views of a page: their own as they have put them, then those shared with the units ``around`` them, by name."""
    found = visible(staff, around).filter(page=page).annotate(owner_name=F("staff__name")).order_by("place", "name")
    return sorted(found, key=lambda one: one.staff_id != staff.pk)


def own(staff: Staff) -> list[SavedView]:
    """The views that the person has saved, of all pages, in their order."""
    return list(SavedView.objects.filter(staff=staff).select_related("shared_with").order_by("place", "name"))
