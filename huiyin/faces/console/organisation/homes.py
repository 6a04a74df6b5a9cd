"""Homes and the people who live in them: found, added, parted. Their numbers are shown masked: who keeps the register calls nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from huiyin.core.moments import BadText
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Living, Resident
from huiyin.desk.places import actions
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Household
from huiyin.desk.places.rooms import parse_room
from huiyin.faces.console.acts import address, attempt, back_to, unit_names
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.organisation.forms import LIVING, HomesForm, ResidentForm, TieForm
from huiyin.faces.console.organisation.offered import unit_choices
from huiyin.faces.parts.guard import Acting, acting
from huiyin.faces.parts.masks import masked_phone

IN_A_PAGE: Final = 50
MOST_ROOMS: Final = 2000
_LARGEST_M2: Final = 100_000


def homes(request: HttpRequest) -> HttpResponse:
    """The homes of the units in reach; sent: further ones of a unit, all or none."""
    who = acting(request)
    asked, unit = request.GET.get("q", "").strip()[:60], request.GET.get("unit", "")
    form = HomesForm(request.POST if request.method == "POST" else None, units=unit_choices(who), initial={"unit": unit})
    if request.method == "POST" and form.is_valid() and _added(request, who, form):
        return back_to(address(reverse("console:homes"), unit=form.cleaned_data["unit"]))
    rows = (
        Household.objects.filter(unit_id__in=who.reach)
        .select_related("unit")
        .annotate(people=Count("residents", filter=Q(residents__until_on=None)))
    )
    rows = rows.filter(unit__code=unit) if unit else rows
    rows = rows.filter(search__icontains=asked) if asked else rows
    page = Paginator(rows.order_by("unit__document_order", "unit__code", "code"), IN_A_PAGE).get_page(request.GET.get("page"))
    names = unit_names(who)
    context = {
        "form": form,
        "page": page,
        "rows": [{"home": row, "unit": names.get(row.unit.code, row.unit.code)} for row in page.object_list],
        "units": unit_choices(who),
        "unit": unit,
        "q": asked,
        "page_query": address("", unit=unit, q=asked).removeprefix("?"),
    }
    return render(request, "console/organisation/homes.html", context, status=422 if form.is_bound else 200)


def _added(request: HttpRequest, who: Acting, form: HomesForm) -> bool:
    try:
        rooms = _rooms(form.cleaned_data["rooms"])
        with transaction.atomic():
            unit = places.unit(who.organisation_id, form.cleaned_data["unit"])
            _refuse_known(unit.pk, rooms)
            actions.add_households(unit, rooms.items(), by=who.by, at=timezone.now())
    except SAID as error:
        form.add_error("rooms", tell(error))
        return False
    return attempt(request, lambda: None, _("已添加 %(n)s 户") % {"n": len(rooms)})


def _rooms(text: str) -> dict[str, Decimal | None]:
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ROOMS:
        raise BadText(
            f"found {len(lines)} lines, expected at most {MOST_ROOMS}; add them in parts", f"一次最多添加{MOST_ROOMS}户；请分批添加"
        )
    found: dict[str, Decimal | None] = {}
    for words in lines:
        area = _area(words[-1]) if len(words) > 1 else None
        code = parse_room("".join(words if area is None else words[:-1]))
        if code in found:
            raise BadText(f"found the home {code} twice, expected it once; take one away", f"{code} 填写了两次；请删去一行")
        found[code] = area
    return found


def _area(text: str) -> Decimal | None:
    """The floor area; None for what is no number, and so belongs to the room."""
    try:
        area = Decimal(text)
    except InvalidOperation:
        return None
    if not (area.is_finite() and 0 < area < _LARGEST_M2):
        raise BadText(f"found the area {text[:20]}, expected square metres above 0; correct it", f"面积“{text[:20]}”不对；请填写平方米数")
    return area.quantize(Decimal("0.01"))


def _refuse_known(unit: UUID, rooms: Any) -> None:
    known = list(Household.objects.filter(unit_id=unit, code__in=rooms).order_by("code").values_list("code", flat=True)[:5])
    if known:
        raise BadText(
            f"found homes that are there already ({', '.join(known)}), expected new ones; take them away",
            f"{'、'.join(known)} 已经存在；请删去后再添加",
        )


def _all(who: Acting) -> QuerySet[Resident]:
    """The residents of the units in reach, and those of the organisation without a home."""
    theirs = Q(homes__household__unit_id__in=who.reach) | Q(homes=None)
    return Resident.objects.filter(theirs, organisation_id=who.organisation_id).distinct()


def residents(request: HttpRequest) -> HttpResponse:
    """The residents, found by name, room or telephone; sent: a new one with a home."""
    who, asked = acting(request), request.GET.get("q", "").strip()[:60]
    form = ResidentForm(request.POST if request.method == "POST" else None, units=unit_choices(who))
    if request.method == "POST" and form.is_valid() and (made := _settled(who, form)) is not None:
        return back_to(reverse("console:resident", args=[made.pk]))
    rows = _all(who)
    if asked:
        rows = rows.filter(Q(name__icontains=asked) | Q(phones__e164__endswith=asked) | Q(homes__household__search__icontains=asked))
    page = Paginator(rows.order_by("name", "id"), IN_A_PAGE).get_page(request.GET.get("page"))
    shown = [_shown(who, row) for row in page.object_list]
    context = {"form": form, "page": page, "rows": shown, "q": asked, "page_query": address("", q=asked).removeprefix("?")}
    return render(request, "console/organisation/residents.html", context, status=422 if form.is_bound else 200)


def _shown(who: Acting, one: Resident) -> dict[str, Any]:
    names = unit_names(who)
    homes = [
        {
            "tie": tie,
            "unit": names[tie.household.unit.code],
            "room": tie.household.code,
            "kind": LIVING.get(tie.kind, tie.kind),
            "over": tie.until_on is not None,
        }
        for tie in one.homes.select_related("household__unit").order_by(F("until_on").desc(nulls_first=True), "household__code", "kind")
        if tie.household.unit.code in names
    ]
    return {"one": one, "phones": [masked_phone(phone.shown) for phone in one.phones.order_by("pk")], "homes": homes}


def _home(who: Acting, said: dict[str, Any]) -> Household:
    unit = places.unit(who.organisation_id, said["unit"])
    found = places.find_household(unit.pk, said["room"])
    if found is None:
        raise BadText(
            f"found no home {said['room'][:40]!r} at {unit.code}, expected one that is listed; add it under Homes first",
            f"{unit.name}没有“{said['room'][:40]}”；请核对房号，或先在“房屋”中添加",
        )
    return found


def _settled(who: Acting, form: ResidentForm) -> Resident | None:
    said = form.cleaned_data
    told: dict[str, Any] = {"by": who.by, "at": timezone.now()}
    try:
        with transaction.atomic():
            home = _home(who, said)
            made = people.add_resident(who.organisation_id, said["name"], phone=said["phone"], title=said["title"], **told)
            people.move_in(made, home, said["kind"], from_on=said["from_on"], **told)
    except SAID as error:
        form.add_error(None, tell(error))
        return None
    return made


def resident(request: HttpRequest, resident: UUID) -> HttpResponse:
    """One resident; sent: a further home or number, or a home that is theirs no more."""
    who = acting(request)
    one = _all(who).filter(pk=resident).first()
    if one is None:
        raise Http404
    here, do = back_to(reverse("console:resident", args=[one.pk])), request.POST.get("do", "")
    form = TieForm(request.POST if do == "move_in" else None, units=unit_choices(who))
    told: dict[str, Any] = {"by": who.by, "at": timezone.now()}
    if do == "phone":
        attempt(request, lambda: _add_phone(one, request.POST.get("phone", "")[:200], told), _("电话已添加"))
        return here
    if do == "move_out":
        tie = Living.objects.standing().filter(resident=one, household__unit__in=who.reach, pk=_number(request)).first()
        if tie is None:
            raise Http404
        attempt(request, lambda: people.move_out(tie, _day(request), **told), _("已记录迁出"))
        return here
    if do == "move_in" and form.is_valid():
        said = form.cleaned_data
        attempt(request, lambda: people.move_in(one, _home(who, said), said["kind"], from_on=said["from_on"], **told), _("已登记住处"))
        return here
    return render(
        request,
        "console/organisation/resident.html",
        {"form": form, "today": timezone.localdate(), **_shown(who, one)},
        status=422 if form.is_bound else 200,
    )


def _day(request: HttpRequest) -> date:
    try:
        day = parse_date(request.POST.get("until_on", ""))
    except ValueError:
        day = None
    if day is None:
        raise BadText("found no day, expected the day of moving out; choose it", "请填写迁出日期")
    return day


def _number(request: HttpRequest) -> int:
    text = request.POST.get("tie", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _add_phone(one: Resident, text: str, told: dict[str, Any]) -> None:
    if not text.strip():
        raise BadText("found no number, expected one; type it", "请填写电话号码")
    people.add_phone(one, text, **told)


URLS = [
    path("organisation/homes", homes, name="homes"),
    path("organisation/residents", residents, name="residents"),
    path("organisation/residents/<uuid:resident>", resident, name="resident"),
]
