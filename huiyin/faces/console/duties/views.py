"""The submission calendar (报送日历): the month as a grid, or as a list; what is late stands first."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from huiyin.core.moments import in_shanghai
from huiyin.core.recurrence import Period
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties import queries
from huiyin.desk.duties.calendar.ahead import COMING
from huiyin.desk.duties.calendar.feeds import feed_of
from huiyin.desk.duties.calendar.reminders import days_of
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, chosen_units, unit_names
from huiyin.faces.console.duties import feeds
from huiyin.faces.console.duties.lines import STATE_WORDS, Owed, lines_of, open_to
from huiyin.faces.parts.guard import Acting, acting

MOST = 400
_IN_A_CELL = 4
_ALWAYS_COUNTED = ("overdue", "running", "late", "met", COMING)


def calendar(request: HttpRequest) -> HttpResponse:
    """The duties and dated steps of a month, of the units chosen, those that will open among them; what is late stands first.

    Asked about one unit without a month: everything that it owes now, of whichever month. A list that a figure opens is that list alone.
    """
    who, now = acting(request), timezone.now()
    month = periods.chosen(request.GET.get("month", ""), "month", now)
    chosen = {name: request.GET.get(name, "") for name in ("unit", "state", "rule", "day", "daily", "month", "view")}
    owed_now = "unit" in request.GET and set(request.GET) <= {"unit", "state"}
    whole = not (owed_now or chosen["state"] or chosen["rule"] or chosen["day"])
    view = "list" if owed_now else chosen["view"] or "grid"
    if (chosen["state"] and chosen["state"] not in STATE_WORDS) or view not in ("grid", "list"):
        raise Http404
    units, names = chosen_units(who, chosen["unit"]), unit_names(who)
    every = open_to(who, lines_of(who.organisation_id, _clocks(who, units, month, chosen, now, owed_now=owed_now), names))
    overdue: Iterable[Clock] = queries.late(who.organisation_id, units, now, daily=chosen["daily"] == "1") if whole else ()
    late = open_to(who, lines_of(who.organisation_id, overdue, names))
    listed = [one for one in every if _fits(one, chosen)]
    before, after = periods.beside(month)
    chosen |= {"view": view, "month": month.name if chosen["month"] or owed_now else ""}
    context: dict[str, Any] = {
        "month": month,
        "month_words": periods.words(month.name),
        "before": address("", **{**chosen, "month": before.name}),
        "after": address("", **{**chosen, "month": after.name}),
        "late": late[:MOST],
        "late_count": len(late),
        "listed": listed[:MOST],
        "listed_count": len(listed),
        "figures": _figures(every, chosen, month),
        "view": view,
        "owed_now": owed_now,
        "chosen": chosen,
        "units": names.items(),
        "states": STATE_WORDS.items(),
        "weeks": _grid(month, listed, chosen, now) if view == "grid" else [],
        "as_list": address("", **{**chosen, "view": "list"}),
        "as_grid": address("", **{**chosen, "month": month.name, "view": "", "day": "", "rule": ""}),
    }
    return render(request, "console/duties/calendar.html", context | _reminding(who))


def _reminding(who: Acting) -> dict[str, Any]:
    days = days_of(who.organisation_id)
    return {"feed": feed_of(who.staff), "reminder_days": days, "may_set": who.may("manage_adoptions")}


def _clocks(who: Acting, units: frozenset[str], month: Period, chosen: dict[str, str], now: datetime, *, owed_now: bool) -> list[Clock]:
    if owed_now:
        return list(queries.find(who.organisation_id, queries.Filter(units=units, states=queries.OWED)))
    wanted = replace(queries.of_month(month.name, units), daily=chosen["daily"] == "1")
    return [*queries.find(who.organisation_id, wanted), *queries.coming_of(who.organisation_id, wanted, now)]


def _fits(one: Owed, chosen: dict[str, str]) -> bool:
    return (
        (not chosen["state"] or one.state == chosen["state"])
        and (not chosen["rule"] or one.clock.rule == chosen["rule"])
        and (not chosen["day"] or str(one.day) == chosen["day"])
    )


def _figures(every: Iterable[Owed], chosen: dict[str, str], month: Period) -> list[dict[str, Any]]:
    counted = Counter(one.state for one in every)
    said = {**chosen, "month": month.name, "view": "list", "rule": "", "day": ""}
    return [
        {
            "label": word,
            "count": counted[state],
            "url": address("", **{**said, "state": state}),
            "current": chosen["state"] == state,
        }
        for state, word in STATE_WORDS.items()
        if counted[state] or state in _ALWAYS_COUNTED
    ]


def _grid(month: Period, listed: list[Owed], chosen: dict[str, str], now: datetime) -> list[list[dict[str, Any]]]:
    first, today = in_shanghai(month.opens_at).date(), in_shanghai(now).date()
    by_day: dict[date, list[Owed]] = {}
    for one in listed:
        if one.day is not None:
            by_day.setdefault(one.day, []).append(one)
    return [
        [
            {"on": day, "other_month": day.month != first.month, "today": day == today, "entries": _cell(by_day.get(day, []), chosen)}
            for day in week
        ]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]


def _cell(owed: list[Owed], chosen: dict[str, str]) -> list[dict[str, Any]]:
    if len(owed) <= _IN_A_CELL:
        return [_entry(one.name, one.unit, one.state, one.url or one.thing_url or _list_of(one, chosen)) for one in owed]
    grouped: dict[tuple[str, str], list[Owed]] = {}
    for one in owed:
        grouped.setdefault((one.clock.rule, one.state), []).append(one)
    return [_entry(of[0].name, str(len(of)), state, _list_of(of[0], chosen)) for (_rule, state), of in grouped.items()]


def _entry(name: str, what: str, state: str, url: str) -> dict[str, Any]:
    return {"name": name, "what": what, "state": state, "url": url, "word": STATE_WORDS.get(state, state)}


def _list_of(one: Owed, chosen: dict[str, str]) -> str:
    return address("", **{**chosen, "view": "list", "rule": one.clock.rule, "state": one.state, "day": str(one.day)})


URLS = [path("duties", calendar, name="duties"), *feeds.URLS]
