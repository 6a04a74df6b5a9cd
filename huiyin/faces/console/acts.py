"""What pages with buttons share: doing an act and saying what became of it, names of units, periods chosen in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve
from django.utils.translation import get_language

from huiyin.desk.people.models import Staff
from huiyin.desk.places import queries as places
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.routes import ANYONE, ROUTES, SIGNED_IN


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do the act as a whole or not at all; the next page says ``done``, or why not. Out: whether it was done."""
    try:
        with transaction.atomic():
            act()
    except SAID as error:
        messages.error(request, tell(error))
        return False
    messages.success(request, done)
    return True


def only_post(request: HttpRequest) -> None:
    """Raise Http404 unless something is being sent: no link does an act."""
    if request.method != "POST":
        raise Http404


def unit_names(who: Acting) -> Mapping[str, str]:
    """The names of the units that the post reaches, by code, in the order of papers and the language in use."""
    index = 0 if (get_language() or "zh").startswith("zh") else 1
    tree = places.tree(who.organisation_id)
    return {code: names[index] for code, names in tree.names.items() if code in who.codes}


def own_unit(who: Acting) -> str:
    """The code of the unit that the post works for: its own, for a department the one above it; empty where that is not reached."""
    if who.post is None:
        return ""
    tree = places.units(who.organisation_id)
    path = (code for code in tree.path(who.post.unit.code) if tree.by_code[code].kind != "department")
    own = next(path, "")
    return own if own in who.codes else ""


def called(staff: Staff) -> str:
    """The person's name in the language in use."""
    return staff.name if (get_language() or "zh").startswith("zh") else staff.name_en or staff.name


def chosen_units(who: Acting, code: str) -> frozenset[str]:
    """The codes of the unit ``code`` and all below it; without a code everything reached. Raises Http404 for what is not reached."""
    if not code:
        return who.codes
    if code not in who.codes:
        raise Http404
    return frozenset(unit.code for unit in places.units(who.organisation_id).below(code)) & who.codes


def may_open(who: Acting, url: str) -> bool:
    """Whether the post in use may open the page at the address at all; what it shows there is the page's own question."""
    route = ROUTES[resolve(url.partition("?")[0]).view_name]
    return route.right in (ANYONE, SIGNED_IN) or who.may(route.right)


def address(page: str, **query: Any) -> str:
    """The address ``page`` with the parts of the query that say something."""
    said = [(key, value) for key, value in query.items() if value not in ("", None)]
    return f"{page}?{urlencode(said, doseq=True)}" if said else page


def back_to(page: str) -> HttpResponse:
    """Go on to a page after an act, so that reloading does nothing twice."""
    return HttpResponseRedirect(page)
