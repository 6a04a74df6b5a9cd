"""Beginning a new thing: its kind and unit, its name, and the first act about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.matters.actions import new_name, open_matter, read_name
from huiyin.desk.matters.steps import OPENED, Offer, fields_of, find, first_of, of_name
from huiyin.faces.console.acts import address
from huiyin.faces.console.cases.errors import SAID
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.matters import shown
from huiyin.faces.console.matters.acting import Place, page, standing_of
from huiyin.faces.console.matters.forms import ActForm
from huiyin.faces.parts.guard import Acting, acting

UNNAMED = "?"
"""Stands for the name of a thing that has none yet."""


def new(request: HttpRequest) -> HttpResponse:
    """Choose the unit, then what to begin with which first act, then its form."""
    who, now = acting(request), timezone.now()
    unit = request.GET.get("unit") or (who.post.unit.code if who.post else "")
    if unit not in who.codes:
        raise Http404
    kind, step = request.GET.get("kind", ""), request.GET.get("step", "")
    if step:
        return _form(request, who, unit, kind, step)
    standing = standing_of(who, unit)
    kinds = []
    for one in (kind,) if kind in OPENED else OPENED:
        listed = first_of(of_name(who.organisation_id, one, unit, UNNAMED, now), standing, now)
        if listed:
            kinds.append({"kind": one, "word": shown.kind_word(one), "steps": [_choice(unit, one, offer) for offer in listed]})
    units = [(code, unit_word(who.organisation_id, code)) for code in sorted(who.codes)]
    context: dict[str, Any] = {"kinds": kinds, "units": units, "unit": unit, "kind": kind, "all_kinds": _kinds(who, now)}
    return render(request, "console/matters/new.html", context)


def _kinds(who: Acting, now: datetime) -> list[tuple[str, str]]:
    asked = shown.kinds_asked(who, now)
    return [(one, shown.kind_word(one)) for one in OPENED if one in asked]


def _choice(unit: str, kind: str, offer: Offer) -> dict[str, Any]:
    url = address(reverse("console:matter-new"), unit=unit, kind=kind, step=offer.key)
    return {"label": shown.label_of(offer), "clause": offer.clauses[0], "url": url, "name": shown.done_of(offer)}


def _form(request: HttpRequest, who: Acting, unit: str, kind: str, step: str) -> HttpResponse:
    now, standing = timezone.now(), standing_of(who, unit)
    if kind not in OPENED:
        raise Http404
    subject = of_name(who.organisation_id, kind, unit, UNNAMED, now)
    offer = find(subject, standing, now, step)
    if offer is None:
        raise Http404
    proposed = new_name(who.organisation_id, kind, unit, now)
    data = request.POST if request.method == "POST" else None
    form = ActForm(offer, fields_of(offer, subject, now), who, data, proposed, names=kind)
    back = address(reverse("console:matter-new"), unit=unit, kind=kind)
    place = Place(subject, f"{_('新建')} {shown.kind_word(kind)} · {unit_word(who.organisation_id, unit)}", back, {})
    if request.method != "POST" or not form.is_valid():
        return page(request, place, offer, form)
    try:
        with transaction.atomic():
            subject = of_name(who.organisation_id, kind, unit, read_name(form.cleaned_data["name"]), now)
            act = form.act_about(subject.names)
            made, _outcome = open_matter(subject, offer, act, standing=standing, by=who.staff.pk, at=now)
    except SAID as error:
        return page(request, place, offer, form, error)
    messages.success(request, _("已登记：%(act)s") % {"act": shown.done_of(offer)})
    return HttpResponseRedirect(reverse("console:matter", args=[made]))
