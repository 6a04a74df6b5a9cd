"""The month of a unit's duty, a day of it to fill in, signing in and out; projects without a liaison."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.core.calendars import clock
from huiyin.core.moments import BadText, in_shanghai, parse_moment
from huiyin.desk.duties import actions, queries
from huiyin.desk.duties.calendar import rosters
from huiyin.desk.duties.calendar.rosters import Kept
from huiyin.desk.people import access
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Post, Roster, Staff
from huiyin.desk.people.queries import gaps, uncovered
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, attempt, back_to, called, only_post, unit_names
from huiyin.faces.parts.guard import Acting, acting

MOST_SHIFTS = 4
REVIEWED = "complaints_reviewed"
_TIME = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")
LAST_MINUTE = 1440


class BadShift(ValueError):
    """A shift that cannot be planned; its text says what to do."""


def _units(who: Acting) -> list[Unit]:
    """The units in reach that have duties to staff, in the order of papers."""
    return rosters.keeping_rosters(who.organisation_id, who.reach, in_shanghai(timezone.now()).date())


def word_of(kept: Kept) -> str:
    """What the roster is called: the name of the duty that wants it."""
    return kept.rule.name[0 if (get_language() or "zh").startswith("zh") else 1]


def _kept(unit: Unit) -> Mapping[str, Kept]:
    return rosters.kept_by(unit, in_shanghai(timezone.now()).date())


def _has_phone(unit: Unit) -> bool:
    return any(one.staffed.telephone for one in _kept(unit).values())


def _chosen(request: HttpRequest, units: list[Unit]) -> tuple[Unit, Kept]:
    wanted = request.GET.get("unit", "") or request.POST.get("unit", "")
    unit = next((one for one in units if one.code == wanted), None) if wanted else next(iter(units), None)
    if unit is None:
        raise Http404
    kept = _kept(unit)
    duty = request.GET.get("duty", "") or request.POST.get("duty", "") or next(iter(kept))
    if duty not in kept:
        raise Http404
    return unit, kept[duty]


def month(request: HttpRequest) -> HttpResponse:
    """The month of one duty of one unit: who, from when to when, and what nobody covers; today's signing in."""
    who, now = acting(request), timezone.now()
    units = _units(who)
    if not units:
        return render(request, "console/rosters/none.html", {})
    unit, kept = _chosen(request, units)
    period = periods.chosen(request.GET.get("month", ""), "month", now)
    before, after = periods.beside(period)
    today = in_shanghai(now).date()
    context = {
        "unit": unit,
        "unit_name": unit_names(who).get(unit.code, unit.name),
        "duty": kept.key,
        "duty_word": word_of(kept),
        "units": [(one.code, unit_names(who).get(one.code, one.name)) for one in units],
        "duties": [(key, word_of(one)) for key, one in _kept(unit).items()],
        "needed": hours(kept.span),
        "month": period,
        "month_words": periods.words(period.name),
        "before": address("", unit=unit.code, duty=kept.key, month=before.name),
        "after": address("", unit=unit.code, duty=kept.key, month=after.name),
        "today": address("", unit=unit.code, duty=kept.key) + "#today",
        "weeks": _weeks(unit, kept, in_shanghai(period.opens_at).date(), today),
        "has_past": period.opens_at <= now < period.closes_at and today.day > 1,
        "presence": _presence(who, unit, now),
        "without_liaison": without_liaison(who, today),
        "today_gaps": _today_gaps(who, today),
        "may_plan": who.may("manage_roster"),
        "has_phone": _has_phone(unit),
        "missed": queries.missed_calls(who.organisation_id, unit.code, period.opens_at, period.closes_at),
        "now_typed": f"{in_shanghai(now):%Y-%m-%dT%H:%M}",
    }
    return render(request, "console/rosters/month.html", context)


def _weeks(unit: Unit, kept: Kept, first: date, today: date) -> list[list[dict[str, Any]]]:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    rows = Roster.objects.filter(unit=unit, duty=kept.key, day_on__range=(weeks[0][0], weeks[-1][-1])).select_related("staff")
    by_day: dict[date, list[Roster]] = {}
    for row in rows.order_by("from_minute"):
        by_day.setdefault(row.day_on, []).append(row)
    return [[_day(unit, kept, day, first, today, by_day.get(day, [])) for day in week] for week in weeks]


def _day(unit: Unit, kept: Kept, day: date, first: date, today: date, rows: list[Roster]) -> dict[str, Any]:
    shifts = [{"name": called(row.staff), "hours": hours((row.from_minute, row.until_minute))} for row in rows]
    covered = [(row.from_minute, row.until_minute) for row in rows if row.staff.is_active]
    # What is past cannot be covered any more; only today and later days are flagged.
    missing = [hours(span) for span in uncovered(kept.span, covered)] if day >= today and day.month == first.month else []
    url = address(reverse("console:roster-day"), unit=unit.code, duty=kept.key, day=day.isoformat())
    past = day < today and (day.year, day.month) == (today.year, today.month) == (first.year, first.month)
    return {
        "on": day,
        "other_month": day.month != first.month,
        "today": day == today,
        "past": past,
        "shifts": shifts,
        "missing": missing,
        "url": url,
    }


def hours(span: tuple[int, int]) -> str:
    """A span of minutes as 08:00–20:00."""
    return f"{clock(span[0])}–{clock(span[1])}"


def _today_gaps(who: Acting, today: date) -> list[dict[str, Any]]:
    names, found = unit_names(who), []
    for code, missing in rosters.gaps(who.organisation_id, who.codes, today).items():
        kept = rosters.kept_by(places.unit(who.organisation_id, code), today)
        for duty, spans in missing.items():
            url = address(reverse("console:rosters"), unit=code, duty=duty)
            found.append({"unit": names.get(code, code), "duty": word_of(kept[duty]), "spans": "、".join(map(hours, spans)), "url": url})
    return found


def without_liaison(who: Acting, day: date) -> list[str]:
    """The projects in reach where nobody holds the post of a liaison on the day: their dispatches go to the manager instead."""
    held = Post.objects.filter(role__in=access.LIAISONS, from_on__lte=day, staff__is_active=True).exclude(until_on__lt=day)
    with_one = set(held.filter(unit_id__in=who.reach).values_list("unit__code", flat=True))
    by_code = places.units(who.organisation_id).by_code
    return [name for code, name in unit_names(who).items() if by_code[code].kind == "project" and code not in with_one]


def _presence(who: Acting, unit: Unit, now: Any) -> list[dict[str, Any]]:
    rows = list(queries.present(who.organisation_id, [unit.code], now))
    return [
        {
            "duty": duty,
            "word": word_of(kept),
            "reviews": REVIEWED in kept.also,
            "present": [(called(row.staff), row.opened_at) for row in rows if row.duty == duty],
            "mine": any(row.duty == duty and row.staff_id == who.staff.pk for row in rows),
            "may": who.may("on_duty"),
        }
        for duty, kept in _kept(unit).items()
    ]


def sign(request: HttpRequest) -> HttpResponse:
    """Sign in to a duty of the unit, out of it, or keep that the day's complaints were looked through."""
    only_post(request)
    who, now = acting(request), timezone.now()
    if not who.may("on_duty"):
        raise Http404
    unit, kept = _chosen(request, _units(who))
    act = request.POST.get("act", "")
    said: dict[str, Any] = {"by": who.staff, "role": who.role, "at": now}
    if act == "in":
        attempt(request, lambda: actions.sign_in(who.organisation_id, kept.key, unit.code, **said), _("已签到"))
    elif act == "out":
        attempt(request, lambda: actions.sign_out(who.organisation_id, kept.key, unit.code, **said), _("已签退"))
    elif act == "review":
        attempt(request, lambda: actions.review_complaints(who.organisation_id, unit.code, **said), _("已记录：今日投诉已查看"))
    else:
        raise Http404
    return back_to(address(reverse("console:rosters"), unit=unit.code, duty=kept.key))


def missed(request: HttpRequest) -> HttpResponse:
    """Keep that calls to the unit's service telephone were not answered: when, and how many."""
    only_post(request)
    who, now = acting(request), timezone.now()
    unit, kept = _chosen(request, _units(who))
    said: dict[str, Any] = {"by": who.staff, "role": who.role, "at": now}

    def record() -> None:
        if not _has_phone(unit):
            raise BadText(
                f"found {unit.code}, expected a unit with a service telephone; choose one", "该单位没有客服电话；请选择有客服电话的单位"
            )
        at, count = parse_moment(request.POST.get("missed_at", "")), request.POST.get("count", "")
        number = int(count) if re.fullmatch("[0-9]{1,4}", count) else 0
        actions.record_missed_calls(who.organisation_id, unit.code, number, at, **said)

    attempt(request, record, _("未接来电已登记"))
    return back_to(address(reverse("console:rosters"), unit=unit.code, duty=kept.key))


def day(request: HttpRequest) -> HttpResponse:
    """Who is on the duty that day: up to four shifts; the plan can be carried to the following days."""
    who = acting(request)
    if not who.may("manage_roster"):
        raise Http404
    unit, kept = _chosen(request, _units(who))
    on = _date(request.GET.get("day", "") or request.POST.get("day", ""))
    if on is None:
        raise Http404
    given = _typed(request) if request.method == "POST" else _planned(unit, kept, on)
    problem = ""
    if request.method == "POST":
        try:
            _plan(request, who, unit, kept.key, on, given)
            messages.success(request, _("排班已保存"))
            return back_to(address(reverse("console:rosters"), unit=unit.code, duty=kept.key, month=f"{on:%Y-%m}"))
        except BadShift as error:
            problem = str(error)
    context = {
        "unit": unit, "duty": kept.key, "duty_word": word_of(kept), "on": on, "shifts": given, "problem": problem,
        "people": _people(unit, on), "carry": request.POST.get("carry", ""), "last": _last_of_month(on),
        "needed": hours(kept.span), "missing": [hours(span) for span in gaps(unit, on, {kept.key: kept.span})[kept.key]],
        "back": address(reverse("console:rosters"), unit=unit.code, duty=kept.key, month=f"{on:%Y-%m}"),
    }  # fmt: skip
    return render(request, "console/rosters/day.html", context, status=422 if problem else 200)


def _planned(unit: Unit, kept: Kept, on: date) -> list[dict[str, str]]:
    rows = Roster.objects.filter(unit=unit, duty=kept.key, day_on=on).order_by("from_minute")
    found = [{"from": clock(row.from_minute), "until": clock(row.until_minute), "staff": str(row.staff_id)} for row in rows]
    if not found:
        since, until = kept.span
        found = [{"from": clock(since), "until": clock(until), "staff": ""}]
    return [*found, *({"from": "", "until": "", "staff": ""} for _ in range(MOST_SHIFTS - len(found)))]


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    columns = [request.POST.getlist(name)[:MOST_SHIFTS] for name in ("from", "until", "staff")]
    typed = [{"from": since, "until": until, "staff": staff} for since, until, staff in zip(*columns, strict=False)]
    return [*typed, *({"from": "", "until": "", "staff": ""} for _ in range(MOST_SHIFTS - len(typed)))]


def _plan(request: HttpRequest, who: Acting, unit: Unit, duty: str, on: date, given: list[dict[str, str]]) -> None:
    known = {str(one.pk): one for one in _people(unit, on)}
    shifts = [_shift(row, known) for row in given if row["staff"]]
    last = _date(request.POST.get("carry", "")) or on
    if not on <= last <= on + timedelta(days=366):
        raise BadShift(_("套用到的日期须在这一天之后、一年之内"))
    for number in range((last - on).days + 1):
        people.plan_duty(unit, duty, on + timedelta(days=number), shifts, by=who.by, at=timezone.now())


def _shift(row: dict[str, str], known: dict[str, Staff]) -> tuple[int, int, Staff]:
    since, until, staff = _minute(row["from"]), _minute(row["until"]), known.get(row["staff"])
    if staff is None:
        raise BadShift(_("请从名单中选择人员"))
    if since is None or until is None or not since < until <= LAST_MINUTE:
        raise BadShift(_("时间写作 08:00 至 20:00，结束须晚于开始，跨夜请分两天填写"))
    return since, until, staff


def _minute(text: str) -> int | None:
    match = _TIME.fullmatch(text.strip())
    return int(match[1]) * 60 + int(match[2]) if match else None


def _people(unit: Unit, on: date) -> list[Staff]:
    """Who may be put on the roster: those with a post at the unit, below it, or in a department beside it."""
    tree = places.units(unit.organisation_id)
    codes = {one.code for one in tree.below(unit.code)} | {code for code in tree.path(unit.code)}
    posts = Post.objects.filter(unit__organisation_id=unit.organisation_id, unit__code__in=codes, from_on__lte=on)
    staff = posts.exclude(until_on__lt=on).values_list("staff_id", flat=True)
    return list(Staff.objects.filter(pk__in=staff, is_active=True).order_by("name"))


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if periods.is_reckoned(found) else None


def _last_of_month(day: date) -> date:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


URLS = [
    path("rosters", month, name="rosters"),
    path("rosters/day", day, name="roster-day"),
    path("rosters/sign", sign, name="roster-sign"),
    path("rosters/missed", missed, name="roster-missed"),
]
