"""Where somebody is after an act: once their turn is over, at the next case in view or back at the list, as they have chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from huiyin.desk.cases import queries
from huiyin.desk.cases.lifecycle import ARCHIVED, CLOSED, HOLD, VOID
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.queries import Filters, Line
from huiyin.faces.console.cases.asking import Asked
from huiyin.faces.console.cases.listing import lines_of, scope_of
from huiyin.faces.parts.guard import Acting

STAY, NEXT, LIST = "stay", "next", "list"
_AT_REST: Final = frozenset({HOLD, CLOSED, ARCHIVED, VOID})
"""States in which a case waits for nobody now."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where to go: to the case with this ``number``, or where it is empty to the list at ``url``."""

    number: str
    url: str


def list_query(request: HttpRequest) -> Mapping[str, Any]:
    """What the list beside the case was asked for: by the page itself, or, for a part that is sent, by the page that it goes into."""
    if request.method == "GET":
        return request.GET
    return QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)


def standing(who: Acting, found: Case, now: datetime) -> Line | None:
    """How the case stands before an act; None where the person stays on it anyway."""
    return None if who.staff.after_act == STAY else _line(who, found.number, now)


def way_on(request: HttpRequest, who: Acting, before: Line | None, found: Case, now: datetime) -> Way | None:
    """Where to go after the act that followed ``before``; None where one stays.

    The turn is over once the act has changed whose turn it is, or the state, and the case now waits for another role or for nobody. Next
    in view is what stands behind the case in the list; behind the last one the first.
    """
    after = _line(who, found.number, now) if before is not None else None
    if before is None or after is None or not _is_over(who, before, after):
        return None
    asked = Asked(list_query(request), who, reverse("console:queue"))
    ahead = _next(who, asked, before, now) if who.staff.after_act == NEXT else None
    if ahead is None:
        return Way("", asked.url)
    return Way(ahead.columns["number"], asked.at(reverse("console:case", args=[ahead.columns["number"]])))


def _line(who: Acting, number: str, now: datetime) -> Line | None:
    return next(iter(queries.ledger(scope_of(who), Filters(number=number), now, size=1)), None)


def _is_over(who: Acting, before: Line, after: Line) -> bool:
    status = after.columns["status"]
    if (before.columns["status"], before.responsible) == (status, after.responsible):
        return False
    return status in _AT_REST or after.responsible != who.role


def _next(who: Acting, asked: Asked, before: Line, now: datetime) -> Line | None:
    behind = lines_of(who, asked, asked.place(before), now, 2)
    found = [line for line in (*behind, *lines_of(who, asked, "", now, 2)) if line.case_id != before.case_id]
    return next(iter(found), None)
