"""Whose views somebody may open and change: the own ones, and those shared with their unit or one above it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from huiyin.desk.lists.models import SavedView
from huiyin.desk.people.models import Staff

NotFound = SavedView.DoesNotExist
"""There is no such view, or it is not the person's: nobody can tell which."""


def visible(staff: Staff, around: Collection[str]) -> QuerySet[SavedView]:
    """The views that the person has: their own, and those of people at work that are shared with one of the units ``around`` them, which
    are the codes of the unit of the post in use and of those above it."""
    shared = Q(shared_with__code__in=list(around), staff__is_active=True)
    return SavedView.objects.filter(Q(staff=staff) | shared, organisation_id=staff.organisation_id)


def fetch(staff: Staff, around: Collection[str], view: UUID) -> SavedView:
    """The view with this id, if the person has it. Raises NotFound otherwise."""
    return visible(staff, around).get(pk=view)


def fetch_own(staff: Staff, view: UUID) -> SavedView:
    """The person's own view with this id, which they may change. Raises NotFound otherwise."""
    return SavedView.objects.get(pk=view, staff=staff)
