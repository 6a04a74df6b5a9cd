"""The menu of saved views beside a list (我的视图): which it holds, and what saving the present one would keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse

from huiyin.desk.lists import queries
from huiyin.desk.lists.models import SavedView
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import address
from huiyin.faces.parts.guard import Acting

_FILTERS: Final = ("q", "unit", "record", "category", "state", "warning", "due", "since", "from", "until", "household", "issue", "mark")
PAGES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "queue": ("console:queue", _FILTERS),
    "ledger": ("console:ledger", (*_FILTERS, "cols", "sort")),
    "registers": ("console:registers-list", ("unit", "register", "month", "open", "wrong", "q")),
}
"""The lists that have views: the address of each, and the parts of it that a view may keep."""
MOST_OF_A_PART: Final = 200
WITH_A_KEY: Final = 9
"""The first views of the menu are opened by Alt 1 to Alt 9."""


def asked_of(page: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The parts of an address that a view of ``page`` keeps; what the list does not know is left out."""
    return {name: str(given[name])[:MOST_OF_A_PART] for name in PAGES[page][1] if given.get(name)}


def address_of(view: SavedView) -> str:
    """The list as the view asks for it. Whose cases it holds is the reader's own post's to say."""
    return address(reverse(PAGES[view.page][0]), **asked_of(view.page, view.asked))


def around(who: Acting) -> tuple[str, ...]:
    """The codes of the unit of the post in use and of those above it: what is shared with one of them is in the person's menu."""
    return places.units(who.organisation_id).path(who.post.unit.code) if who.post else ()


def menu(who: Acting, page: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the menu of a list shows: its views, the open one marked, and the present filters, to be saved."""
    asked, found = asked_of(page, given), queries.menu(who.staff, around(who), page)
    items = [
        {
            "name": one.name,
            "url": address_of(one),
            "key": f"Alt+{number}" if number <= WITH_A_KEY else "",
            "current": one.asked == asked,
            "from": "" if one.staff_id == who.staff.pk else one.owner_name,  # type: ignore[attr-defined]
        }
        for number, one in enumerate(found, 1)
    ]
    current = next((one["name"] for one in items if one["current"]), "")
    return {"page": page, "items": items, "current": current, "asked": asked.items(), "may_share": who.may("share_views")}
