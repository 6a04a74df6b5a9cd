"""QR points (二维码点位): put up, printed for hanging, closed; how often each was scanned, and what came by it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.places.models import Unit
from huiyin.desk.qr_points import access, actions, queries
from huiyin.desk.qr_points.actions import MOST_OF_A_PLACE
from huiyin.desk.qr_points.models import QrPoint
from huiyin.faces.console.acts import address, attempt, back_to, unit_names
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.organisation.offered import Choices
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.ids import read_id

MOST_AT_ONCE: Final = 60
SHEETS: Final = ("1", "2", "6")
"""So many to a page of A4."""


class NewPointsForm(forms.Form):
    """Points of a unit: a line for each place."""

    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    places = forms.CharField(
        label=gettext_lazy("挂在哪里"),
        max_length=MOST_AT_ONCE * (MOST_OF_A_PLACE + 2),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一行一个，如“3栋大堂”或“3-2-1501”；扫码打开的页面已填好这个地点"),
    )

    def __init__(self, *args: Any, units: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    def clean_places(self) -> list[str]:
        """The places, each once. Raises ValidationError for too many."""
        found = list(dict.fromkeys(line for one in self.cleaned_data["places"].splitlines() if (line := " ".join(one.split()))))
        if len(found) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("一次最多 %(most)s 个，现在有 %(found)s 个；请分几次") % {"most": MOST_AT_ONCE, "found": len(found)}
            )
        return found


def qr_points(request: HttpRequest) -> HttpResponse:
    """The points within reach; sent: further ones of a unit, all or none."""
    who = acting(request)
    names, asked = unit_names(who), request.GET.get("unit", "")
    form = NewPointsForm(request.POST if request.method == "POST" else None, units=list(names.items()), initial={"unit": asked})
    if request.method == "POST" and form.is_valid() and _put_up(who, form):
        return back_to(address(reverse("console:qr-points"), unit=form.cleaned_data["unit"]))
    found = access.visible(who.reach).order_by("unit__document_order", "unit__code", "number")
    found = found.filter(unit__code=asked) if asked else found
    rows = list(found)
    cases = queries.counted([one.pk for one in rows])
    context = {
        "form": form,
        "rows": [{"point": one, "unit": names.get(one.unit.code, one.unit.code), "cases": cases.get(one.pk, 0)} for one in rows],
        "units": list(names.items()),
        "unit": asked,
        "sheets": SHEETS,
    }
    return render(request, "console/organisation/qr_points.html", context, status=422 if form.is_bound else 200)


def _put_up(who: Acting, form: NewPointsForm) -> bool:
    unit = Unit.objects.get(organisation_id=who.organisation_id, code=form.cleaned_data["unit"], pk__in=who.reach)
    try:
        with transaction.atomic():
            for place in form.cleaned_data["places"]:
                actions.put_up(unit, place, by=who.by, at=timezone.now())
    except SAID as error:
        form.add_error("places", tell(error))
        return False
    return True


def qr_point(request: HttpRequest, qr_point: UUID) -> HttpResponse:
    """One point: its code, how often it was scanned, the cases that came by it; sent: closed, or opened again."""
    who, found = acting(request), _fetch(request, qr_point)
    if request.method == "POST":
        opens = request.POST.get("do") == "open"
        done = _("已恢复使用") if opens else _("已停用这个码")
        attempt(request, lambda: actions.set_open(found, opens, by=who.by, at=timezone.now()), done)
        return back_to(reverse("console:qr-point", args=[found.pk]))
    context = {
        "point": found,
        "unit": unit_names(who).get(found.unit.code, found.unit.code),
        "link": _link(request, found),
        "cases": queries.cases_of(found),
        "may_open": who.may("see_cases"),
    }
    return render(request, "console/organisation/qr_point.html", context)


def sheet(request: HttpRequest) -> HttpResponse:
    """The open points of a unit, or one point, as sheets to hang up: so many to a page, with the telephone for those who do not scan."""
    who = acting(request)
    found = access.visible(who.reach).filter(open=True).order_by("unit__document_order", "unit__code", "number")
    if one := request.GET.get("point", ""):
        key = read_id(one)
        found = found.filter(pk=key) if key else found.none()
    elif unit := request.GET.get("unit", ""):
        found = found.filter(unit__code=unit)
    per = request.GET.get("per", "")
    names = unit_names(who)
    context = {
        "rows": [{"point": row, "unit": names.get(row.unit.code, row.unit.code), "link": _link(request, row)} for row in found],
        "per": per if per in SHEETS else "2",
        "phone": request.GET.get("phone", "")[:40],
    }
    return render(request, "console/organisation/qr_points_print.html", context)


def _fetch(request: HttpRequest, key: UUID) -> QrPoint:
    try:
        return access.visible(acting(request).reach).get(pk=key)
    except access.NotFound:
        raise Http404 from None


def _link(request: HttpRequest, one: QrPoint) -> str:
    return request.build_absolute_uri(reverse("qr-point", args=[one.code]))


URLS = [
    path("qr-points", qr_points, name="qr-points"),
    path("qr-points/print", sheet, name="qr-points-print"),
    path("qr-points/<uuid:qr_point>", qr_point, name="qr-point"),
]
