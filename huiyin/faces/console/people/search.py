"""One search for everything: numbers of cases, tails of telephones, rooms, names, pinyin initials of colleagues, words."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from pypinyin import Style, lazy_pinyin

from huiyin.desk.cases import queries
from huiyin.desk.cases.queries import Filters
from huiyin.desk.people import access
from huiyin.desk.people.models import Post, Resident, Staff
from huiyin.desk.places import queries as places
from huiyin.desk.places.rooms import BadRoom, parse_room
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.listing import rows_of, scope_of
from huiyin.faces.console.frame import label_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.text import plain_digits

MOST = 20
FEWEST_DIGITS = 4
LONGEST_NUMBER = 24


def search(request: HttpRequest) -> HttpResponse:
    """What the words find, grouped; a whole number of a case goes straight to it."""
    who, words = acting(request), plain_digits(request.GET.get("q", "")).strip()[:100]
    if not words:
        return render(request, "console/people/search.html", {})
    exact = _by_number(who, words)
    if exact:
        return HttpResponseRedirect(reverse("console:case", args=[exact]))
    context = {
        "search_query": words,
        "cases": _cases(who, words) if who.may("see_cases") else [],
        "residents": _residents(who, words) if who.may("see_people") else [],
        "colleagues": _colleagues(who, words),
    }
    return render(request, "console/people/search.html", context)


def _by_number(who: Acting, words: str) -> str:
    compact = "".join(words.split()).upper()
    if not who.may("see_cases") or len(compact) > LONGEST_NUMBER or not any(one.isdigit() for one in compact):
        return ""
    found = queries.ledger(scope_of(who), Filters(number=compact), timezone.now(), size=1)
    return str(found[0].columns["number"]) if found else ""


def _cases(who: Acting, words: str) -> list[dict[str, Any]]:
    scope, now = scope_of(who), timezone.now()
    found = {line.case_id: line for line in queries.ledger(scope, Filters(words=words), now, size=MOST)}
    if room := _room(words):
        found |= {line.case_id: line for line in queries.ledger(scope, Filters(household_code=room), now, size=MOST)}
    return rows_of(who, list(found.values())[:MOST])


def _room(words: str) -> str:
    try:
        return parse_room(words)
    except BadRoom:
        return ""


def _residents(who: Acting, words: str) -> list[dict[str, Any]]:
    digits = "".join(one for one in words if one.isdigit())
    asked = Q(name__icontains=words)
    if len(digits) >= FEWEST_DIGITS:
        asked |= Q(phones__e164__endswith=digits)
    if room := _room(words):
        asked |= Q(homes__household__code=room)
    seen = access.residents(who.staff, on_day=timezone.localdate(), post=who.post).filter(asked)
    rows = seen.prefetch_related("homes__household__unit", "phones").order_by("name", "id")[:MOST]
    return [_resident(who, one) for one in rows]


def _resident(who: Acting, one: Resident) -> dict[str, Any]:
    # Whoever has homes in several projects is known in each for the homes there.
    homes = [tie.household for tie in one.homes.all() if tie.until_on is None and tie.household.unit_id in who.reach]
    first = homes[0] if homes else None
    address = f"{reverse('console:queue')}?household={first.code}&unit={first.unit.code}&state=all" if first else ""
    return {
        "name": one.name,
        "title": one.title,
        "phones": [phone.e164 for phone in one.phones.all()],
        "homes": [f"{home.unit.name} {shown.room(home.code)}" for home in homes],
        "cases_url": address,
    }


def _colleagues(who: Acting, words: str) -> list[dict[str, Any]]:
    wanted = words.casefold()
    listed = _staff(who.organisation_id, places.edition(who.organisation_id))
    ids = [
        key
        for key, name, login, initials in listed
        if wanted in name.casefold() or wanted in login or initials.startswith(wanted) or wanted in initials.split()
    ]
    rows = Staff.objects.filter(pk__in=ids[:MOST]).order_by("name")
    posts = Post.objects.filter(staff__in=rows).select_related("unit")
    by_staff: dict[UUID, list[str]] = {}
    for post in posts:
        by_staff.setdefault(post.staff_id, []).append(label_of(post, who.staff.language))
    return [{"name": one.name, "phone": one.phone, "posts": "；".join(by_staff.get(one.pk, []))} for one in rows]


@lru_cache(maxsize=64)
def _staff(organisation_id: UUID, _edition: UUID) -> tuple[tuple[UUID, str, str, str], ...]:
    """Everybody with the initials and the whole pinyin of the name; remembered until posts change."""
    rows = Staff.objects.filter(organisation_id=organisation_id, is_active=True).values_list("pk", "name", "login")
    return tuple((key, name, login, _pinyin(name)) for key, name, login in rows)


def _pinyin(name: str) -> str:
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).casefold()
    whole = lazy_pinyin(name)
    mixed = (whole[0] + "".join(part[0] for part in whole[1:])).casefold() if whole else ""
    return f"{initials} {''.join(whole).casefold()} {mixed}"
