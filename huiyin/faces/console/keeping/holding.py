"""Legal hold: what must not be destroyed, from the page of keeping or from the page of the thing itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.moments import BadText
from huiyin.desk.cases.models import Case
from huiyin.desk.documents.models import Document
from huiyin.desk.journal.actions import By
from huiyin.desk.keeping import actions as keeping
from huiyin.desk.keeping.models import LegalHold
from huiyin.desk.people.queries import names_of
from huiyin.desk.registers.models import Entry
from huiyin.faces.console.acts import attempt, back_to, only_post
from huiyin.faces.console.keeping import lists
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.phones import hide_phones_in

MOST = 500
_TABLES: dict[str, type[Case | Entry | Document]] = {"case": Case, "entry": Entry, "paper": Document}


def held(who: Acting) -> list[dict[str, Any]]:
    """What is under legal hold in the units of the post, the latest first: by whom, why."""
    mine = LegalHold.objects.filter(organisation_id=who.organisation_id, unit_code__in=who.codes, released_at=None)
    rows = list(mine.order_by("-placed_at")[:MOST])
    names, titles = names_of(one.placed_by for one in rows), lists.titles_of(who, rows)
    return [
        {
            "row": one,
            "things": [lists.thing(who, one, titles)],
            "placed_by": names.get(one.placed_by, ""),
            "reason": hide_phones_in(one.reason),
        }
        for one in rows
    ]


def on_page(who: Acting, of: str, about_id: UUID) -> dict[str, Any]:
    """What the page of an entry or a paper says of its hold, and whether the person may place or end it."""
    found = LegalHold.objects.filter(organisation_id=who.organisation_id, about_id=about_id, released_at=None).first()
    return {"of": of, "about": about_id, "since": found.placed_at if found else None, "may": who.may("preserve")}


def preserve(request: HttpRequest) -> HttpResponse:
    """Put a case, an entry of a register or a paper under legal hold."""
    return _act(request, keeping.preserve, _("已保全"))


def release(request: HttpRequest) -> HttpResponse:
    """Let what is under legal hold go again."""
    return _act(request, keeping.release, _("已解除保全"))


def _act(request: HttpRequest, act: Callable[..., object], done: str) -> HttpResponse:
    only_post(request)
    who, now, reason = acting(request), timezone.now(), request.POST.get("reason", "")
    attempt(request, lambda: _on(request, who, act, reason, who.by, now), done)
    return back_to(reverse("console:kept"))


def _on(request: HttpRequest, who: Acting, act: Callable[..., object], reason: str, by: By, now: datetime) -> None:
    of, about_id = _told(request, who)
    act(who.organisation_id, of, about_id, reason, by=by, at=now)


def _told(request: HttpRequest, who: Acting) -> tuple[str, UUID]:
    """The thing that was sent: by its kind and id from its own page, or by the number of a case or paper. Raises BadText for one that
    is not there or out of the reach of the post."""
    of, number = request.POST.get("of", ""), request.POST.get("number", "").strip()[:40]
    mine = {"organisation_id": who.organisation_id, "unit_code__in": who.codes}
    about_id = read_id(request.POST.get("about", ""))
    if of in _TABLES and about_id is not None and _TABLES[of].objects.filter(**mine, id=about_id).exists():
        return of, about_id
    for kind in ("case", "paper") if number else ():
        found = _TABLES[kind].objects.filter(**mine, number=number).values_list("id", flat=True).first()
        if found is not None:
            return kind, found
    raise BadText(
        f"found the number {number!r}, expected that of a case or paper that your post reaches; correct it",
        f"没有找到编号“{number}”的工单或文书；请核对",
    )
