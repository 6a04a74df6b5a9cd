"""Periods as pages choose and name them: weeks, months, days, quarters, by their names (2026-W11, 2026-03, 2026-03-07, 2026-Q1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import Http404
from django.utils.translation import gettext

from huiyin.core.moments import in_shanghai
from huiyin.core.recurrence import BadLimit, Period, PeriodKind, period_named, period_of


def chosen(name: str, kind: PeriodKind, now: datetime) -> Period:
    """The period of this name, or the present one without a name. Raises Http404 for a name that no period of the kind has."""
    if not name:
        return period_of(kind, now)
    try:
        found = period_named(name)
    except (BadLimit, OverflowError) as error:
        raise Http404 from error
    if found.kind != kind or not is_reckoned(found.opens_at):
        raise Http404
    return found


def is_reckoned(day: date) -> bool:
    """Whether a day lies in the years that are kept, 2000 to 2099; beyond them the days beside it need not exist."""
    return 2000 <= day.year < 2100


def beside(period: Period) -> tuple[Period, Period]:
    """The period before and the one after, of the same kind."""
    return period_of(period.kind, period.opens_at - timedelta(hours=1)), period_of(period.kind, period.closes_at + timedelta(hours=1))


def words(name: str | None) -> str:
    """A period in words: 2026年第11周（3.9–3.15）, 2026年3月; a name that no period has comes back as it is."""
    try:
        found = period_named(name or "")
    except BadLimit:
        return name or ""
    first, last = in_shanghai(found.opens_at), in_shanghai(found.closes_at) - timedelta(days=1)
    said = {"year": found.name[:4], "month": first.month, "number": found.name[-1:]}
    if found.kind == "week":
        days = f"{first.month}.{first.day}–{last.month}.{last.day}"
        return gettext("%(year)s年第%(week)s周（%(days)s）") % {**said, "week": int(found.name[-2:]), "days": days}
    if found.kind == "month":
        return gettext("%(year)s年%(month)s月") % said
    if found.kind == "quarter":
        return gettext("%(year)s年第%(number)s季度") % said
    if found.kind == "half":
        return (gettext("%(year)s年上半年") if found.name[-1:] == "1" else gettext("%(year)s年下半年")) % said
    if found.kind == "year":
        return gettext("%(year)s年") % said
    return found.name
