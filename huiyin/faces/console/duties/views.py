"""The submission calendar (报送日历): the month as a grid, or as a list; what is late stands first."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from huiyin.core.moments import in_shanghai
from huiyin.core.recurrence import Period
from huiyin.core.rules import DutyRule
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties import queries
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, chosen_units, unit_names
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import regulation_of, role_name, rule_name

STATE_WORDS = {
    "overdue": gettext_lazy("逾期"),
    "running": gettext_lazy("待报"),
    "late": gettext_lazy("逾期已报"),
    "met": gettext_lazy("已报"),
}
MOST = 400
_IN_A_CELL = 4
_LAST_MOMENT = timedelta(seconds=1)
PREPARED_AT = {
    "weekly_signed_summary_submitted": "console:summaries",
    "weekly_summary_reported": "console:summaries",
    "monthly_publication_issued": "console:circulars",
}
"""The page where the paper of a duty is written, by the event that serves the duty; the acts of a day are done at the rosters."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty as a line: what, who, for which period, until when, how it stands, and where it is done."""

    clock: Clock
    name: str
    clause: str
    unit: str
    period: str
    state: str
    responsible: str
    url: str
    day: date | None


def calendar(request: HttpRequest) -> HttpResponse:
    """The duties of a month, of the units chosen; those that are late, of whichever month, stand first."""
    who, now = acting(request), timezone.now()
    month = periods.chosen(request.GET.get("month", ""), "month", now)
    state, view = request.GET.get("state", ""), request.GET.get("view", "grid")
    if (state and state not in STATE_WORDS) or view not in ("grid", "list"):
        raise Http404
    units, daily = chosen_units(who, request.GET.get("unit", "")), request.GET.get("daily") == "1"
    names = unit_names(who)
    wanted = queries.of_month(month.name, units)
    if daily:
        wanted = queries.Filter(units=units, due_from=wanted.due_from, due_until=wanted.due_until)
    every = [_owed(one, names) for one in queries.find(who.organisation_id, wanted)]
    late = _late(who, units, names, now, daily)
    chosen = {name: request.GET.get(name, "") for name in ("unit", "state", "rule", "day", "daily", "month", "view")}
    listed = [one for one in every if _fits(one, chosen)]
    before, after = periods.beside(month)
    context: dict[str, Any] = {
        "month": month,
        "month_words": periods.words(month.name),
        "before": address("", **{**chosen, "month": before.name}),
        "after": address("", **{**chosen, "month": after.name}),
        "late": late[:MOST],
        "late_count": len(late),
        "listed": listed[:MOST],
        "listed_count": len(listed),
        "figures": _figures(every, chosen),
        "view": view,
        "chosen": chosen,
        "units": names.items(),
        "states": STATE_WORDS.items(),
        "weeks": _grid(month, listed, chosen, now) if view == "grid" else [],
        "as_list": address("", **{**chosen, "view": "list"}),
        "as_grid": address("", **{**chosen, "view": "", "day": "", "rule": ""}),
    }
    return render(request, "console/duties/calendar.html", context)


def _late(who: Acting, units: frozenset[str], names: Any, now: datetime, daily: bool) -> list[Owed]:
    owed = queries.Filter(units=units, states=queries.OWED, due_until=now, daily=daily)
    return [_owed(one, names) for one in queries.find(who.organisation_id, owed)]


def _owed(clock: Clock, names: Any) -> Owed:
    language = get_language() or "zh-hans"
    return Owed(
        clock=clock,
        name=rule_name(clock.rule, language),
        clause=clock.cites[0] if clock.cites else "",
        unit=names.get(clock.unit_code, clock.unit_code),
        period=periods.words(clock.period),
        state=clock.state,
        responsible=role_name(clock.responsible, language),
        url=prepared_at(clock) if clock.state in queries.OWED else "",
        # Due at 24:00 belongs to the day that ends then.
        day=in_shanghai(clock.due_at - _LAST_MOMENT).date() if clock.due_at else None,
    )


def prepared_at(clock: Clock) -> str:
    """The page where the duty is done, with its unit and period chosen; empty for a rule that is no more."""
    of = regulation_of(clock.rule)
    rule = of.by_id.get(clock.rule.partition(":")[2]) if of else None
    if not isinstance(rule, DutyRule):
        return ""
    page = PREPARED_AT.get(rule.served_by.event)
    if page is None:
        return address(reverse("console:rosters"), unit=clock.unit_code)
    return address(reverse(page), unit=clock.unit_code, period=clock.period)


def _fits(one: Owed, chosen: dict[str, str]) -> bool:
    return (
        (not chosen["state"] or one.state == chosen["state"])
        and (not chosen["rule"] or one.clock.rule == chosen["rule"])
        and (not chosen["day"] or str(one.day) == chosen["day"])
    )


def _figures(every: Iterable[Owed], chosen: dict[str, str]) -> list[dict[str, Any]]:
    counted = Counter(one.state for one in every)
    return [
        {
            "label": word,
            "count": counted[state],
            "url": address("", **{**chosen, "state": state, "view": "list", "rule": "", "day": ""}),
            "current": chosen["state"] == state,
        }
        for state, word in STATE_WORDS.items()
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
        return [_entry(one.name, one.unit, one.state, one.url or _list_of(one, chosen)) for one in owed]
    grouped: dict[tuple[str, str], list[Owed]] = {}
    for one in owed:
        grouped.setdefault((one.clock.rule, one.state), []).append(one)
    return [_entry(of[0].name, str(len(of)), state, _list_of(of[0], chosen)) for (_rule, state), of in grouped.items()]


def _entry(name: str, what: str, state: str, url: str) -> dict[str, Any]:
    return {"name": name, "what": what, "state": state, "url": url, "word": STATE_WORDS.get(state, state)}


def _list_of(one: Owed, chosen: dict[str, str]) -> str:
    return address("", **{**chosen, "view": "list", "rule": one.clock.rule, "state": one.state, "day": str(one.day)})


URLS = [path("duties", calendar, name="duties")]
