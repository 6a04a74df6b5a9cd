"""Saving a view, its permanent address, and the page where one's views are named, ordered, shared and removed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.lists import access, actions, queries
from huiyin.desk.lists.models import SavedView
from huiyin.desk.places.models import Unit
from huiyin.faces.console.acts import attempt, back_to, own_unit, unit_names
from huiyin.faces.console.lists.menu import PAGES, address_of, around, asked_of
from huiyin.faces.parts.guard import Acting, acting


def views(request: HttpRequest) -> HttpResponse:
    """One's views in their order, and those that others share; sending saves the present filters of a list under a name."""
    who = acting(request)
    if request.method == "POST":
        return _save(request, who)
    others = [one for page in PAGES for one in queries.menu(who.staff, around(who), page) if one.staff_id != who.staff.pk]
    context = {
        "own": [{"view": one, "url": address_of(one), "shared": _unit_word(who, one)} for one in queries.own(who.staff)],
        "others": [{"view": one, "url": address_of(one)} for one in others],
        "may_share": who.may("share_views"),
    }
    return render(request, "console/lists/views.html", context)


def _unit_word(who: Acting, view: SavedView) -> str:
    unit = view.shared_with
    return unit_names(who).get(unit.code, unit.name) if unit else ""


def _save(request: HttpRequest, who: Acting) -> HttpResponse:
    page, name = request.POST.get("page", ""), request.POST.get("name", "")[:200]
    if page not in PAGES:
        raise Http404
    asked = asked_of(page, request.POST)
    unit = _unit_to_share_with(who) if request.POST.get("shared") else None
    attempt(
        request,
        lambda: actions.save_view(who.staff, page, name, asked, by=who.by, at=timezone.now(), shared_with=unit),
        _("已保存视图“%(name)s”") % {"name": name},
    )
    return back_to(address_of(SavedView(page=page, asked=asked)))


def _unit_to_share_with(who: Acting) -> Unit:
    """The unit that the post works for. Raises Http404 where the post may not share."""
    code = own_unit(who)
    if not who.may("share_views") or not code:
        raise Http404
    return Unit.objects.get(organisation_id=who.organisation_id, code=code)


def view(request: HttpRequest, view: UUID) -> HttpResponse:
    """The permanent address of a view leads to its list; sending changes it, if it is one's own."""
    who = acting(request)
    try:
        if request.method != "POST":
            return back_to(address_of(access.fetch(who.staff, around(who), view)))
        found = access.fetch_own(who.staff, view)
    except access.NotFound:
        raise Http404 from None
    act = _act(request, who, found)
    attempt(request, act, _("已保存"))
    return back_to(reverse("console:views"))


def _act(request: HttpRequest, who: Acting, found: SavedView) -> Callable[[], None]:
    """What was asked for. Raises Http404 for what is no act, or not the person's."""
    do, by, at = request.POST.get("do", ""), who.by, timezone.now()
    if do == "rename":
        return lambda: actions.rename_view(found, request.POST.get("name", "")[:200], by=by, at=at)
    if do in ("up", "down"):
        return lambda: actions.move_view(found, 1 if do == "down" else -1, by=by, at=at)
    if do == "delete":
        return lambda: actions.delete_view(found, by=by, at=at)
    if do in ("share", "unshare"):
        unit = _unit_to_share_with(who) if do == "share" else None
        return lambda: actions.share_view(found, unit, by=by, at=at)
    raise Http404


URLS = [
    path("views", views, name="views"),
    path("views/<uuid:view>", view, name="view"),
]
