"""Rectification: what inspections found and nobody has put right yet; who does it, by when, how it was done, and who confirmed it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.inspections import access, actions
from huiyin.desk.inspections.models import Finding
from huiyin.desk.matters.models import Matter
from huiyin.faces.console.acts import address, attempt, back_to, chosen_units, unit_names
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.matters.forms import DayField
from huiyin.faces.console.matters.shown import clause_name
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in

MOST = 300
OPEN, DONE, CHECKED = "open", "done", "checked"
STATES: Final = {OPEN: gettext_lazy("待整改"), DONE: gettext_lazy("待复核"), CHECKED: gettext_lazy("已复核")}


class TaskForm(forms.Form):
    """Who puts a finding right, and by which day."""

    responsible = forms.CharField(max_length=60)
    due_on = DayField(required=False)


def tasks(request: HttpRequest) -> HttpResponse:
    """The findings that wait to be put right, those due first; those done that wait to be confirmed; those confirmed."""
    who = acting(request)
    if request.method == "POST":
        return _act(request, who)
    unit, state = request.GET.get("unit", ""), request.GET.get("state", "")
    every = access.findings(who.organisation_id, chosen_units(who, unit)).filter(withdrawn_at=None)
    states = {
        OPEN: every.filter(done_at=None).order_by("due_on", "at"),
        DONE: every.filter(checked_at=None).exclude(done_at=None).order_by("done_at"),
        CHECKED: every.exclude(checked_at=None).order_by("-checked_at"),
    }
    state = state if state in states else OPEN
    found = list(states[state][:MOST])
    names = dict(Matter.objects.filter(organisation_id=who.organisation_id, about=access.INSPECTION).values_list("id", "name"))
    today = timezone.localdate()
    here = reverse("console:inspection-tasks")
    context = {
        "rows": [_row(who, one, names, late=bool(state == OPEN and one.due_on and one.due_on < today)) for one in found],
        "state": state,
        "states": [(key, name, address(here, unit=unit, state=key), states[key].count()) for key, name in STATES.items()],
        "unit": unit,
        "units": unit_names(who).items(),
        "may_act": who.may("keep_register"),
        "may_check": who.may("inspect"),
    }
    return render(request, "console/inspections/tasks.html", context)


def _row(who: Acting, one: Finding, names: dict[UUID, str], *, late: bool) -> dict[str, Any]:
    return {
        "finding": one,
        "text": hide_phones_in(one.text),
        "note": hide_phones_in(one.done_note),
        "sent_back": hide_phones_in(one.sent_back),
        "checked": hide_phones_in(one.checked_note),
        "place": "、".join(each for each in (one.household, one.merchant) if each),
        "unit": unit_word(who.organisation_id, one.unit_code),
        "clause_url": clause_url(one.clause),
        "clause_name": clause_name(one.clause),
        "inspection": names.get(one.inspection_id, ""),
        "url": reverse("console:inspection-sheet", args=[one.inspection_id]),
        "late": late,
    }


def _act(request: HttpRequest, who: Acting) -> HttpResponse:
    checking = request.POST.get("act") in ("accept", "send_back")
    if not who.may("inspect" if checking else "keep_register"):
        raise Http404
    try:
        row = access.fetch_finding(who.organisation_id, UUID(request.POST.get("finding", "")), who.codes)
    except (ValueError, *access.NotFound):
        raise Http404 from None
    now, here = timezone.now(), reverse("console:inspection-tasks")
    if checking:
        accepted, note = request.POST.get("act") == "accept", request.POST.get("note", "")
        done = _("已复核") if accepted else _("已退回整改")
        attempt(request, lambda: actions.check_task(row, note, accepted=accepted, by=who.by, at=now), done)
        return back_to(address(here, unit=request.POST.get("unit", ""), state=DONE))
    back = back_to(address(here, unit=request.POST.get("unit", "")))
    if request.POST.get("act") == "done":
        note = request.POST.get("note", "")
        attempt(request, lambda: actions.finish_task(row, note, by=who.by, at=now), _("已记为整改完成"))
        return back
    form = TaskForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写责任人；日期写成 2026-03-31 这样"))
        return back
    cleaned = form.cleaned_data
    attempt(request, lambda: actions.set_task(row, cleaned["responsible"], cleaned["due_on"], by=who.by, at=now), _("已保存责任人和期限"))
    return back
