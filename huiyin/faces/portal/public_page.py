"""公示: what a unit has made public to its customers, for whoever has the address. No account; only what was put on the page is there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huiyin.desk.places import queries as places
from huiyin.desk.publications.writing.posted import of_code, posted
from huiyin.faces.portal.doors import chinese
from huiyin.plumbing.phones import hide_phones_in


def public_page(request: HttpRequest, organisation: str, unit: str) -> HttpResponse:
    """The page; one that has nothing on it looks like one that is not there."""
    found, now, index = of_code(organisation, unit), timezone.now(), 0 if chinese() else 1
    listed = posted(found, now, chinese=chinese()) if found is not None else []
    if found is None or not listed:
        raise Http404
    names = places.tree(found.organisation_id).names
    context = {
        "unit": names.get(found.code, (found.name, found.name))[index],
        "posted": [
            {
                "name": one.rule.name[index],
                "unit": names.get(one.unit, ("", ""))[index],
                "period": one.period,
                "at": one.at,
                # What people said may hold a number that nobody meant to show; a list of contacts is made of numbers.
                "text": one.text if one.rule.lists else hide_phones_in(one.text),
                # A line for each entry, without what it leaves empty: a telephone has no room for a table of six columns.
                "rows": [[(name[index], value) for name, value in zip(one.columns, row, strict=True) if value] for row in one.rows],
            }
            for one in listed
        ],
    }
    return render(request, "portal/public_page.html", context)
