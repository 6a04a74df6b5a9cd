"""The tree of units: added, renamed, their households counted, their words chosen, closed and opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.places import actions
from huiyin.desk.places.models import Household, Unit
from huiyin.faces.console.acts import attempt, back_to
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.words import language
from huiyin.faces.console.organisation.forms import KIND_WORDS, NewUnitForm, UnitForm
from huiyin.faces.console.organisation.offered import tree_of, unit_choices
from huiyin.faces.console.organisation.wording import WordingForm
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import is_chinese


def structure(request: HttpRequest) -> HttpResponse:
    """The tree of units; sent: a new one."""
    who = acting(request)
    form = NewUnitForm(request.POST if request.method == "POST" else None, units=unit_choices(who))
    if request.method == "POST" and form.is_valid() and _added(who, form):
        return back_to(reverse("console:structure"))
    units = {one.code: one for one in Unit.objects.filter(pk__in=who.reach)}
    rows = [
        {"unit": units[code], "name": name, "indent": "　" * depth, "kind": KIND_WORDS.get(units[code].kind, units[code].kind)}
        for code, depth, name in tree_of(who)
    ]
    context = {"form": form, "rows": rows}
    return render(request, "console/organisation/structure.html", context, status=422 if form.is_bound else 200)


def _added(who: Acting, form: NewUnitForm) -> bool:
    said, units = form.cleaned_data, Unit.objects.filter(organisation_id=who.organisation_id)
    if units.filter(code=said["code"]).exists():
        form.add_error("code", _("编号“%(code)s”已被使用；请换一个") % {"code": said["code"]})
        return False
    parent = units.filter(code=said["parent"]).values_list("pk", flat=True).first()
    more = {"name_en": said["name_en"], "households_count": said["households"], "document_order": units.count()}
    try:
        actions.add_unit(who.organisation_id, said["code"], said["kind"], said["name"], by=who.by, at=timezone.now(), parent=parent, **more)
    except SAID as error:
        form.add_error(None, tell(error))
        return False
    return True


def place(request: HttpRequest, place: UUID) -> HttpResponse:
    """One unit; sent: its names and the number of its households, its words, or that it takes no new cases any more, or them again."""
    who = acting(request)
    unit = Unit.objects.filter(organisation_id=who.organisation_id, pk=place, pk__in=who.reach).first()
    if unit is None:
        raise Http404
    here = back_to(reverse("console:place", args=[unit.pk]))
    if request.method == "POST" and request.POST.get("do") == "close":
        attempt(request, lambda: actions.close_unit(unit, by=who.by, at=timezone.now()), _("该单位不再接收新工单"))
        return here
    if request.method == "POST" and request.POST.get("do") == "reopen":
        attempt(request, lambda: actions.reopen_unit(unit, by=who.by, at=timezone.now()), _("该单位恢复接收新工单"))
        return here
    choosing = request.method == "POST" and request.POST.get("do") == "words"
    words = WordingForm(request.POST if choosing else None, unit=unit, at=timezone.now())
    if choosing and words.is_valid() and attempt(request, lambda: words.save(who, timezone.now()), _("已保存")):
        return here
    known: dict[str, Any] = {"name": unit.name, "name_en": unit.name_en, "households": unit.households_count}
    form = UnitForm(request.POST if request.method == "POST" and not choosing else None, initial=known)
    if form.is_bound and form.is_valid():
        attempt(request, lambda: _describe(who, unit, form.cleaned_data), _("已保存"))
        return here
    context = {
        "unit": unit,
        "name": unit.name if is_chinese(language()) else unit.name_en or unit.name,
        "kind": KIND_WORDS.get(unit.kind, unit.kind),
        "homes": Household.objects.filter(unit=unit).count(),
        "form": form,
        "words": words,
    }
    return render(request, "console/organisation/place.html", context, status=422 if form.is_bound or words.is_bound else 200)


@transaction.atomic
def _describe(who: Acting, unit: Unit, said: dict[str, Any]) -> None:
    now = timezone.now()
    if (said["name"], said["name_en"]) != (unit.name, unit.name_en):
        actions.rename_unit(unit, said["name"], by=who.by, at=now, name_en=said["name_en"])
    if said["households"] != unit.households_count:
        actions.count_households(unit, said["households"], by=who.by, at=now)


URLS = [
    path("organisation/units", structure, name="structure"),
    path("organisation/units/<uuid:place>", place, name="place"),
]
