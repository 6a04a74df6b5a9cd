"""The assistant's pages: what is adopted since when; one regulation before it is adopted; adopting, setting, ending."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.moments import BadText
from huiyin.core.rules import Regulation
from huiyin.desk.adoptions import actions
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.adoptions.queries import adoptions
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import address, attempt, back_to, only_post, unit_names
from huiyin.faces.console.adoptions import assistant, inputs, meeting, rehearsing
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook import settings
from huiyin.rulebook.load import regulation, stems

DAYS: Final = (30, 90, 180, 365)


def overview(request: HttpRequest) -> HttpResponse:
    """What is adopted since when with its choices, and the regulations of the rulebook by the kind of organisation chosen."""
    who, kind = acting(request), request.GET.get("kind", "")
    rows = [one for one in adoptions(who.organisation_id) if one.unit.code in who.codes]
    regulations = assistant.fitting(kind)
    fitting = {one["stem"] for one in regulations if one["fits"]}
    context = {
        "kinds": list(assistant.KINDS.items()),
        "kind": kind if kind in assistant.KINDS else "",
        "regulations": regulations,
        "matters": meeting.matters(fitting | meeting.held(who, timezone.localdate())) if fitting else [],
        "standing": assistant.since_when(who, rows, timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "console/adoptions/overview.html", context)


def _of(stem: str) -> Regulation:
    if stem not in stems():
        raise Http404
    return regulation(stem)


def plan(request: HttpRequest, stem: str) -> HttpResponse:
    """A regulation before it is adopted: what it starts, where it meets others, its open numbers; the past replayed where asked for.

    What was typed is sent to look at it, too: nothing is written here.
    """
    who, of = acting(request), _of(stem)
    return _plan(request, who, of, request.POST if request.method == "POST" else None, [])


def _plan(request: HttpRequest, who: Acting, of: Regulation, sent: QueryDict | None, wrong: list[str]) -> HttpResponse:
    asked = sent if sent is not None else QueryDict()
    unit = asked.get("unit", "")
    if unit not in who.codes:
        unit = next((code for code in unit_names(who)), "")
    found, more = assistant.chosen(of.stem, asked) if sent is not None else ({}, [])
    new = assistant.draft(of, unit, found)
    day = _day_or_today(asked.get("from_on", ""))
    context: dict[str, Any] = {
        "regulation": assistant.entry(of.stem),
        "units": unit_names(who).items(),
        "unit": unit,
        "from_on": asked.get("from_on") or timezone.localdate().isoformat(),
        "questions": assistant.questions(of.stem, sent),
        "conflicts": meeting.meets(who, new, day) if unit else [],
        "matters": meeting.matters(meeting.held(who, day) | {of.stem}, of.stem),
        "unit_name": unit_names(who).get(unit, ""),
        "day": day,
        "unheld": assistant.unheld(who, of, unit, day) if unit else [],
        "wrong": list(dict.fromkeys([*wrong, *more])),
        "days": DAYS,
        "asked_days": asked.get("days", ""),
    }
    days = next((one for one in DAYS if str(one) == asked.get("days")), None)
    if days is not None and unit and not more:
        try:
            context["rehearsed"] = rehearsing.rehearse(who, new, days, timezone.now())
        except SAID as error:
            context["wrong"] = [tell(error)]
    return render(request, "console/adoptions/plan.html", context, status=422 if context["wrong"] else 200)


def adopt(request: HttpRequest, stem: str) -> HttpResponse:
    """Put the regulation in force for the unit from the day on, with the choices; what was typed survives an error."""
    only_post(request)
    who, of = acting(request), _of(stem)
    found, wrong = assistant.chosen(of.stem, request.POST)
    if wrong:
        return _plan(request, who, of, request.POST, wrong)
    try:
        _adopt(who, of, request.POST, found)
    except SAID as error:
        return _plan(request, who, of, request.POST, [tell(error)])
    unit, day = request.POST.get("unit", ""), _day(request.POST.get("from_on", ""))
    told = {"unit": unit_names(who).get(unit, unit), "day": day.isoformat(), "title": assistant.entry(of.stem)["title"]}
    messages.success(request, _("%(unit)s自 %(day)s 起采用《%(title)s》，当日起新发生的工单按它计时。") % told)
    if empty := assistant.unheld(who, of, unit, day):
        messages.warning(
            request, _("还没有人担任：%(posts)s。请到“人员与岗位”指定，否则这些岗位的时限和通知无人接收。") % {"posts": "、".join(empty)}
        )
    return back_to(reverse("console:adoptions"))


def _adopt(who: Acting, of: Regulation, sent: QueryDict, found: dict[str, dict[str, Any]]) -> None:
    now, code = timezone.now(), sent.get("unit", "")
    if code not in who.codes:
        raise BadText(f"found the unit {code[:40]!r}, expected one in your reach; choose one", "请选择您管辖范围内的单位")
    from_on = _day(sent.get("from_on", ""))
    if from_on < of.in_force_from:
        raise BadText(
            f"found {from_on}, expected {of.in_force_from} or later, when the text came into force; choose such a day",
            f"采用日期{from_on}早于制度的施行日期{of.in_force_from}；请选择施行日期当天或以后的日期",
        )
    with transaction.atomic():
        made = actions.adopt(places.unit(who.organisation_id, code), of.stem, str(of.source["version"]), from_on, by=who.by, at=now)
        for clause, keys in found.items():
            for key, value in keys.items():
                made = actions.set_setting(made, clause, key, value, from_on, by=who.by, at=now)


def _day_or_today(text: str) -> date:
    """The day on which what is asked about would begin; today where none is typed yet or it cannot be read."""
    try:
        return _day(text)
    except BadText:
        return timezone.localdate()


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2100:
        raise BadText(f"found the day {text[:20]!r}, expected one such as 2026-03-01; type it like that", "请填写日期，如 2026-03-01")
    return found


def _fetch(who: Acting, key: UUID) -> Adoption:
    found = Adoption.objects.filter(organisation_id=who.organisation_id, pk=key, unit__code__in=who.codes).select_related("unit").first()
    if found is None:
        raise Http404
    return found


def choose(request: HttpRequest, adoption: UUID) -> HttpResponse:
    """Choose what a clause leaves open, from a day on."""
    only_post(request)
    who = acting(request)
    found, number = _fetch(who, adoption), request.POST.get("number", "")
    declared = settings.declared(found.regulation)
    if not number.isdecimal() or int(number) >= len(declared):
        raise Http404
    one = declared[int(number)]

    def act() -> None:
        value = settings.read_setting(one, inputs.typed(one, request.POST, "value"))
        actions.set_setting(found, one["clause"], one["key"], value, _day(request.POST.get("from_on", "")), by=who.by, at=timezone.now())

    attempt(request, act, _("设定已保存"))
    return back_to(f"{reverse('console:adoptions')}#{found.pk}")


def end(request: HttpRequest, adoption: UUID) -> HttpResponse:
    """Let no new case begin under the adoption after a day."""
    only_post(request)
    who = acting(request)
    found = _fetch(who, adoption)

    def act() -> None:
        actions.close_adoption(found, _day(request.POST.get("until_on", "")), by=who.by, at=timezone.now())

    attempt(request, act, _("已记录结束日期；此前开始的工单仍按本制度办理"))
    return back_to(address(reverse("console:adoptions")))


URLS = [
    path("adoptions", overview, name="adoptions"),
    path("adoptions/<uuid:adoption>/setting", choose, name="adoption-setting"),
    path("adoptions/<uuid:adoption>/end", end, name="adoption-end"),
    path("adoptions/<slug:stem>", plan, name="adoption-plan"),
    path("adoptions/<slug:stem>/adopt", adopt, name="adoption-adopt"),
]
