"""A person's calendar under a secret address, and how early an organisation reminds of its duties."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.core.moments import SHANGHAI, BadText, in_shanghai
from huiyin.desk.duties.calendar import feeds as desk
from huiyin.desk.duties.calendar import reminders
from huiyin.desk.duties.queries import DONE
from huiyin.desk.people.models import Staff
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import attempt, back_to, called, only_post
from huiyin.faces.console.duties.lines import Owed, lines_of
from huiyin.faces.parts.guard import acting
from huiyin.plumbing.ical import Event, calendar_text

_LAST_MOMENT = timedelta(seconds=1)
_DAYS = re.compile(r"[0-9]+")
MORNING = timedelta(hours=9)
_SHOWN = ("running", "overdue", "met", "late", "coming")


def make(request: HttpRequest) -> HttpResponse:
    """Give the person a secret address; the page that answers is the only one that ever shows it."""
    only_post(request)
    who = acting(request)
    secret = desk.make_feed(who.staff, by=who.by, at=timezone.now())
    url = request.build_absolute_uri(reverse("console:feed", args=[secret]))
    return render(request, "console/duties/feed.html", {"feed_url": url})


def revoke(request: HttpRequest) -> HttpResponse:
    """Let the person's address lead nowhere from now on."""
    only_post(request)
    who = acting(request)
    if desk.revoke_feed(who.staff, by=who.by, at=timezone.now()):
        messages.success(request, _("订阅地址已作废"))
    return back_to(reverse("console:duties"))


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of the person whose secret it is, as iCalendar text. Whoever has another secret finds nothing."""
    staff = desk.owner_of(secret)
    if staff is None:
        raise Http404
    with translation.override(staff.language):
        body = _text(request, staff, timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="huiyin.ics"'
    response["Cache-Control"] = "private, no-store"
    # The address is the secret: it must not travel on to other sites, nor into an index.
    response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex"
    return response


def _text(request: HttpRequest, staff: Staff, now: datetime) -> str:
    index = 0 if staff.language.startswith("zh") else 1
    names = {code: names[index] for code, names in places.tree(staff.organisation_id).names.items()}
    owed = [one for one in lines_of(staff.organisation_id, desk.owed_by(staff, now), names) if one.state in _SHOWN]
    early = tuple(timedelta(days=days) for days in reminders.days_of(staff.organisation_id))
    page = request.build_absolute_uri(reverse("console:duties"))
    name = _("报送日历 %(person)s") % {"person": called(staff)}
    return calendar_text("-//Huiyin//Duties//ZH", name, [_event(one, page, early) for one in owed], now, zone=SHANGHAI)


def _event(one: Owed, page: str, early: tuple[timedelta, ...]) -> Event:
    told = [one.unit, one.period, one.clause, one.responsible, one.word]
    if one.act:
        told.append(f"{one.act['name']} {in_shanghai(one.act['at']):%Y-%m-%d %H:%M} {one.act['by']}")
    done = one.state in DONE
    return Event(
        uid=f"{hashlib.sha256(f'{one.clock.organisation_id}/{one.clock.key}'.encode()).hexdigest()[:32]}@huiyin",
        on=_on(one),
        summary=f"{'✓ ' if done else ''}{one.name} {one.unit}",
        description="\n".join(part for part in told if part),
        url=f"{page}?unit={one.clock.unit_code}&month={_on(one):%Y-%m}",
        changed_at=one.clock.changed_at,
        remind=() if done else _reminders(_on(one), early),
    )


def _reminders(on: date | datetime, early: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    """How long before it begins the calendar speaks up; of a whole day, which begins at midnight, in the morning of the day in question."""
    return early if isinstance(on, datetime) else tuple(one - MORNING for one in early)


def _on(one: Owed) -> date | datetime:
    """A whole day where the duty is due at its end (or never), else the moment."""
    due = in_shanghai(one.clock.due_at) if one.clock.due_at else None
    return (one.day or in_shanghai(one.clock.starts_at).date()) if due is None or (due.hour, due.minute) == (0, 0) else due


def set_days(request: HttpRequest) -> HttpResponse:
    """Let the organisation remind so many days before a duty is due."""
    only_post(request)
    who, said = acting(request), request.POST.get("days", "").replace("，", " ").replace("、", " ").replace(",", " ").split()

    def keep() -> None:
        if any(not _DAYS.fullmatch(one) or len(one) > 3 for one in said):
            raise BadText(f"found the days {said}, expected numbers such as 3 1; correct them", "提前天数须为数字，例如 3、1；请更正")
        reminders.set_days(who.organisation_id, [int(one) for one in said], by=who.by, at=timezone.now())

    attempt(request, keep, _("提醒设置已保存"))
    return back_to(reverse("console:duties"))


URLS = [
    path("duties/feed/make", make, name="feed-make"),
    path("duties/feed/revoke", revoke, name="feed-revoke"),
    path("duties/reminders", set_days, name="duty-reminders"),
    path("calendar/<str:secret>.ics", feed, name="feed"),
]
