"""Rectification: what inspections found and nobody has put right yet; who does it, by when, and how it was done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

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


class TaskForm(forms.Form):
    """Who puts a finding right, and by which day."""

    responsible = forms.CharField(max_length=60)
    due_on = DayField(required=False)


def tasks(request: HttpRequest) -> HttpResponse:
    """The findings that wait to be put right, those due first; with ``state=done`` those that were."""
    who = acting(request)
    if request.method == "POST":
        return _act(request, who)
    unit, done = request.GET.get("unit", ""), request.GET.get("state") == "done"
    rows = access.findings(who.organisation_id, chosen_units(who, unit)).filter(withdrawn_at=None)
    rows = rows.exclude(done_at=None).order_by("-done_at") if done else rows.filter(done_at=None).order_by("due_on", "at")
    found = list(rows[:MOST])
    names = dict(Matter.objects.filter(organisation_id=who.organisation_id, about=access.INSPECTION).values_list("id", "name"))
    today = timezone.localdate()
    here = reverse("console:inspection-tasks")
    context = {
        "rows": [_row(who, one, names, late=bool(not done and one.due_on and one.due_on < today)) for one in found],
        "done": done,
        "unit": unit,
        "units": unit_names(who).items(),
        "may_act": who.may("keep_register"),
        "open_url": address(here, unit=unit),
        "done_url": address(here, unit=unit, state="done"),
    }
    return render(request, "console/inspections/tasks.html", context)


def _row(who: Acting, one: Finding, names: dict[UUID, str], *, late: bool) -> dict[str, Any]:
    return {
        "finding": one,
        "text": hide_phones_in(one.text),
        "note": hide_phones_in(one.done_note),
        "place": "、".join(each for each in (one.household, one.merchant) if each),
        "unit": unit_word(who.organisation_id, one.unit_code),
        "clause_url": clause_url(one.clause),
        "clause_name": clause_name(one.clause),
        "inspection": names.get(one.inspection_id, ""),
        "url": reverse("console:inspection-sheet", args=[one.inspection_id]),
        "late": late,
    }


def _act(request: HttpRequest, who: Acting) -> HttpResponse:
    if not who.may("keep_register"):
        raise Http404
    try:
        row = access.fetch_finding(who.organisation_id, UUID(request.POST.get("finding", "")), who.codes)
    except (ValueError, *access.NotFound):
        raise Http404 from None
    now, back = timezone.now(), back_to(address(reverse("console:inspection-tasks"), unit=request.POST.get("unit", "")))
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
