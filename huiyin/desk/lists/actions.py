"""Saving, naming, ordering, sharing and removing views."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.lists.models import SavedView
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_VIEWS: Final = 40
MOST_OF_A_NAME: Final = 30


@transaction.atomic
def save_view(
    staff: Staff, page: str, name: str, asked: Mapping[str, str], *, by: By, at: datetime, shared_with: Unit | None = None
) -> SavedView:
    """Keep what is asked of ``page`` under a name; the own view of that name is replaced and keeps its place and its sharing.

    Whether the person may share has to be asked before. Raises BadText of the text for a name that may not be, BadText of the moments
    where the person has too many views already.
    """
    called = _name(name)
    theirs = Staff.objects.select_for_update().get(pk=staff.pk).saved_views.all()
    before = theirs.filter(name=called).first()
    if before is None and theirs.count() >= MOST_VIEWS:
        raise BadText(
            f"found {MOST_VIEWS} views of {staff.login}, expected fewer; delete one that is not used",
            f"最多保存 {MOST_VIEWS} 个视图；请先删除不用的",
        )
    made = before or SavedView(id=new_id(at), organisation_id=staff.organisation_id, staff=staff, made_at=at, place=theirs.count())
    made.name = called
    made.page, made.asked, made.shared_with = page, dict(asked), shared_with or made.shared_with
    made.save()
    _enter(made, "lists.save", by=by, at=at)
    return made


@transaction.atomic
def rename_view(view: SavedView, name: str, *, by: By, at: datetime) -> None:
    """Call the view otherwise. Raises BadText for a name that may not be or that another view of the person has."""
    called = _name(name)
    if SavedView.objects.filter(staff_id=view.staff_id, name=called).exclude(pk=view.pk).exists():
        raise BadText(
            "found another view of this name, expected a name of its own; choose another",
            f"已有名为“{called}”的视图；请换一个名称",
        )
    view.name = called
    view.save(update_fields=["name"])
    _enter(view, "lists.rename", by=by, at=at)


@transaction.atomic
def move_view(view: SavedView, step: int, *, by: By, at: datetime) -> None:
    """Put the view a place on (1) or back (-1) among the person's own; at the end it stays."""
    theirs = list(SavedView.objects.select_for_update().filter(staff_id=view.staff_id).order_by("place", "name"))
    at_now = next(place for place, one in enumerate(theirs) if one.pk == view.pk)
    theirs.insert(max(0, at_now + step), theirs.pop(at_now))
    for place, one in enumerate(theirs):
        one.place = place
    SavedView.objects.bulk_update(theirs, ["place"])
    _enter(view, "lists.move", by=by, at=at)


@transaction.atomic
def share_view(view: SavedView, unit: Unit | None, *, by: By, at: datetime) -> None:
    """Share the view with the unit and all below it, or with nobody any more. Whether the person may has to be asked before."""
    view.shared_with = unit
    view.save(update_fields=["shared_with"])
    _enter(view, "lists.share", by=by, at=at)


@transaction.atomic
def delete_view(view: SavedView, *, by: By, at: datetime) -> None:
    """Remove the view, from the menus of others too."""
    _enter(view, "lists.delete", by=by, at=at)
    view.delete()


def _name(text: str) -> str:
    return clean_text(text.strip(), most=MOST_OF_A_NAME, field="name")


def _enter(view: SavedView, action: str, *, by: By, at: datetime) -> None:
    # Neither name nor words of the filters: both may name a resident, and entries stay.
    shared = view.shared_with.code if view.shared_with else None
    write_now(view.organisation_id, action, by=by, at=at, subject=f"view:{view.pk}", body={"page": view.page, "shared_with": shared})
