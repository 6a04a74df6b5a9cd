"""Times of keeping and the destruction list; the log of views of personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.core.moments import BadText
from huiyin.desk.cases.models import Case
from huiyin.desk.keeping import actions as keeping
from huiyin.desk.keeping.actions import Done
from huiyin.desk.keeping.models import Destruction
from huiyin.desk.matters.models import Matter, Retention
from huiyin.desk.people.models import Unmasking
from huiyin.desk.people.queries import names_of
from huiyin.desk.registers.models import Entry
from huiyin.faces.console import periods
from huiyin.faces.console.acts import attempt, back_to, only_post
from huiyin.faces.console.cases.errors import tell
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.console.keeping import holding, lists
from huiyin.faces.console.matters.shown import name_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.ids import read_id
from huiyin.rulebook.load import vocabulary

MOST = 500
MOST_REASONS = 5


def kept(request: HttpRequest) -> HttpResponse:
    """What has to be kept until when: of several times for one thing the longest counts (X15); and the destruction list."""
    who, today = acting(request), timezone.localdate()
    rows = Retention.objects.filter(organisation_id=who.organisation_id, unit_code__in=who.codes)
    listed = _longest(who, rows, today)
    state = request.GET.get("state", "")
    context = {
        "rows": [one for one in listed if not state or one["state"] == state][:MOST],
        "counts": {name: sum(one["state"] == name for one in listed) for name in ("forever", "running", "over")},
        "state": state,
        "over": lists.over(who, today) if who.may("supervise") else [],
        "waiting": lists.waiting(who),
        "done": lists.done(who),
        "held": holding.held(who),
        "may_act": who.may("supervise"),
        "may_hold": who.may("preserve"),
    }
    return render(request, "console/keeping/kept.html", context)


def _longest(who: Acting, rows: Iterable[Retention], today: date) -> list[dict[str, Any]]:
    by_thing: dict[tuple[Any, ...], list[Retention]] = {}
    for row in rows:
        by_thing.setdefault((row.case_id, row.register, row.period), []).append(row)
    ids = {one[0] for one in by_thing if one[0]}
    cases = {one.id: one for one in Case.objects.filter(organisation_id=who.organisation_id, id__in=ids)}
    things = {one.id: one for one in Matter.objects.filter(organisation_id=who.organisation_id, id__in=ids)}
    found = [_row(who, several, cases, things, today) for several in by_thing.values()]
    return sorted(found, key=lambda one: (one["until"] is None, one["until"] or today, one["name"]))


def _row(who: Acting, rows: list[Retention], cases: Mapping[UUID, Case], things: Mapping[UUID, Matter], today: date) -> dict[str, Any]:
    forever = any(row.until_on is None for row in rows)
    until = None if forever else max(row.until_on for row in rows if row.until_on)
    first = rows[0]
    case, thing = (cases.get(first.case_id), things.get(first.case_id)) if first.case_id else (None, None)
    state = "forever" if until is None else ("over" if until < today else "running")
    names = vocabulary()["values"].get(first.register or "", {})
    url = reverse("console:case", args=[case.number]) if case else reverse("console:matter", args=[thing.id]) if thing else ""
    named = name_of(who.organisation_id, thing.about, thing.name) if thing and thing.name else ""
    register = str(names.get("zh" if language().startswith("zh") else "en", first.register or ""))
    return {
        "name": case.number if case else named or register or "--",
        "period": periods.words(first.period),
        "url": url if who.may("see_cases") else "",
        "unit": unit_word(who.organisation_id, first.unit_code),
        "clauses": [{"clause": one, "url": clause_url(one)} for one in sorted({row.clause for row in rows})],
        "until": until,
        "state": state,
        "case": case if case and state == "over" and case.destroyed_at is None else None,
        "destroyed": bool(case and case.destroyed_at),
    }


def _case(who: Acting, number: str) -> Case:
    found = Case.objects.filter(organisation_id=who.organisation_id, number=number.strip()[:40], unit_code__in=who.codes).first()
    if found is None:
        raise BadText(
            f"found the number {number[:40]!r}, expected that of a case that your post reaches; correct it",
            f"没有找到单号“{number[:40]}”；请核对",
        )
    return found


def _act(request: HttpRequest, act: Callable[[Acting, Case, str, datetime], object], done: str) -> HttpResponse:
    """Do something to the case whose number was sent, with the reason that was given."""
    only_post(request)
    who, now = acting(request), timezone.now()
    number, reason = request.POST.get("number", ""), request.POST.get("reason", "")
    attempt(request, lambda: act(who, _case(who, number), reason, now), done)
    return back_to(reverse("console:kept"))


def propose(request: HttpRequest) -> HttpResponse:
    """Put a case whose times are over on a destruction list; or, on one list, all entries of a register or papers of a kind."""
    if not request.POST.get("of"):
        return _act(
            request,
            lambda who, case, reason, now: keeping.propose(who.organisation_id, "case", case.id, reason, by=who.by, at=now),
            _("已列入销毁清单，待另一人签署"),
        )
    only_post(request)
    who, now = acting(request), timezone.now()
    of, register, unit = (request.POST.get(name, "") for name in ("of", "register", "unit"))
    ids = lists.proposable(who, of, register, unit, timezone.localdate(now))
    done = keeping.propose_list(who.organisation_id, of, ids, request.POST.get("reason", ""), by=who.by, at=now)
    said = ngettext("%(n)s 件已列入销毁清单，待另一人签署", "%(n)s 件已列入销毁清单，待另一人签署", done.count)
    return _tell(request, done, said)


def sign(request: HttpRequest) -> HttpResponse:
    """Sign a list as the second person: what people said of everything on it is gone after this."""
    only_post(request)
    who, now, told = acting(request), timezone.now(), read_id(request.POST.get("list", ""))
    if told is None or not Destruction.objects.filter(organisation_id=who.organisation_id, list_id=told, unit_code__in=who.codes).exists():
        messages.error(request, _("没有找到这份销毁清单；请核对"))
        return back_to(reverse("console:kept"))
    done = keeping.destroy_list(who.organisation_id, told, who.codes, by=who.by, at=now)
    said = ngettext(
        "已销毁 %(n)s 件：个人信息已清除，操作日志中的原文已无法再读",
        "已销毁 %(n)s 件：个人信息已清除，操作日志中的原文已无法再读",
        done.count,
    )
    return _tell(request, done, said)


def _tell(request: HttpRequest, done: Done, said: str) -> HttpResponse:
    if done.count:
        messages.success(request, said % {"n": done.count})
    for error in list(done.refused.values())[:MOST_REASONS]:
        messages.error(request, tell(error))
    if not done.count and not done.refused:
        messages.error(request, _("没有期满可以列入的；请刷新后再看"))
    return back_to(reverse("console:kept"))


def viewings(request: HttpRequest) -> HttpResponse:
    """Who looked at whose data, when, which field and for what purpose; the latest first; of the units that the post reaches."""
    who = acting(request)
    rows = list(Unmasking.objects.filter(organisation_id=who.organisation_id).order_by("-at")[: MOST * 4])
    about = _subjects(who, rows)
    number = request.GET.get("case", "").strip()
    seen = [one for one in rows if one.subject in about and (not number or about[one.subject]["name"] == number)][:MOST]
    names = names_of({one.staff_id for one in seen})
    context = {
        "rows": [{"row": one, "who": names.get(one.staff_id, ""), **about[one.subject], "field": _field(one.field)} for one in seen],
        "number": number,
    }
    return render(request, "console/keeping/viewings.html", context)


def _subjects(who: Acting, rows: Iterable[Unmasking]) -> dict[str, dict[str, str]]:
    """What was looked at, by its key, as far as the post reaches it."""
    ids: dict[str, list[str]] = {"case": [], "entry": []}
    for one in rows:
        kind, _sign, key = one.subject.partition(":")
        ids.setdefault(kind, []).append(key)
    mine = {"organisation_id": who.organisation_id, "unit_code__in": who.codes}
    found = {
        f"case:{one.id}": {"name": one.number, "unit": one.unit_code, "url": reverse("console:case", args=[one.number])}
        for one in Case.objects.filter(**mine, id__in=ids["case"])
    }
    found |= {
        f"entry:{one.id}": {"name": one.label, "unit": one.unit_code, "url": reverse("console:registers-entry", args=[one.id])}
        for one in Entry.objects.filter(**mine, id__in=ids["entry"])
    }
    return {key: one | {"unit": unit_word(who.organisation_id, one["unit"])} for key, one in found.items()}


def _field(key: str) -> str:
    own = {
        "contact_name": _("联系人"), "contact_phone": _("电话"), "story": _("内容"), "wish": _("要求"), "timeline": _("时间线"),
        "form": _("表单"), "secret": _("保密内容"),
    }  # fmt: skip
    return own.get(key, key)


URLS = [
    path("keeping", kept, name="kept"),
    path("keeping/viewings", viewings, name="viewings"),
    path("keeping/propose", propose, name="kept-propose"),
    path("keeping/sign", sign, name="kept-sign"),
    path("keeping/preserve", holding.preserve, name="kept-preserve"),
    path("keeping/release", holding.release, name="kept-release"),
]
