"""What appears beside the intake while it is filled in: the household with its open cases, and cases that may be about the same."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.moments import BadText
from huiyin.desk.adoptions.queries import regulations_of
from huiyin.desk.cases import queries
from huiyin.desk.cases.lifecycle import OPEN_STATES
from huiyin.desk.cases.queries import Filters, Line
from huiyin.desk.classing.queries import propose
from huiyin.desk.people.models import Living
from huiyin.desk.people.queries import find_residents
from huiyin.desk.places.models import Household
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.intake import household_of
from huiyin.faces.console.cases.listing import rows_of, scope_of
from huiyin.faces.console.cases.words import classes_of
from huiyin.faces.console.topics.shown import beside_words
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import BadPhone

FEWEST_DIGITS = 7
MOST_HOMES = 5


def household(request: HttpRequest) -> HttpResponse:
    """The homes that the telephone or the room names, with their people; of the one home its open and past cases."""
    who = acting(request)
    phone, place = request.GET.get("contact_phone", "").strip()[:120], request.GET.get("place", "").strip()[:200]
    unit = request.GET.get("unit", "")
    homes = _by_phone(who, phone)
    if place and (home := household_of(who, unit, place)) is not None:
        homes = [home]
    context: dict[str, Any] = {"homes": [_home(home) for home in homes], "none_words": _nobody(phone, place), "may_urge": who.may("urge")}
    if len(homes) == 1:
        context |= _cases_of(who, homes[0])
    return render(request, "console/cases/_household.html", context)


def _by_phone(who: Acting, phone: str) -> list[Household]:
    if len([one for one in phone if one.isdigit()]) < FEWEST_DIGITS:
        return []
    try:
        people = find_residents(who.organisation_id, phone)
    except (BadPhone, BadText):
        return []
    ties = Living.objects.standing().filter(resident__in=people, household__unit_id__in=who.reach).select_related("household__unit")
    return list({tie.household_id: tie.household for tie in ties[:MOST_HOMES]}.values())


def _nobody(phone: str, place: str) -> str:
    if not phone and not place:
        return _("填电话或房号后，这里会显示其人和未结的工单。")
    return _("没有查到，可以照常登记。")


def _home(home: Household) -> dict[str, Any]:
    ties = Living.objects.standing().filter(household=home).select_related("resident").prefetch_related("resident__phones")
    people = [
        {"name": tie.resident.name, "title": tie.resident.title, "phone": next((one.e164 for one in tie.resident.phones.all()), "")}
        for tie in ties
    ]
    fill = {"place": shown.room(home.code), "unit": home.unit.code}
    return {"unit": home.unit.name, "room": shown.room(home.code), "people": people, "fill": json.dumps(fill, ensure_ascii=False)}


def _cases_of(who: Acting, home: Household) -> dict[str, Any]:
    asked = Filters(units=frozenset({home.unit.code}), household_code=home.code)
    lines = queries.ledger(scope_of(who), asked, timezone.now(), size=8)
    open_ones = [line for line in lines if line.columns["status"] in OPEN_STATES]
    return {
        "open_cases": [_similar_of(line) for line in open_ones],
        "past_cases": rows_of(who, [line for line in lines if line not in open_ones][:3]),
    }


def _similar_of(line: Line) -> dict[str, Any]:
    said = line.columns
    address = reverse("console:case", args=[said["number"]])
    return {**said, "url": address, "place": shown.room(said["household_code"]) if said["household_code"] else said["place"]}


def similar(request: HttpRequest) -> HttpResponse:
    """Open cases that may be about the same matter: of the same home, or in like words."""
    who = acting(request)
    words, unit = request.GET.get("story", "").strip()[:500], request.GET.get("unit", "")
    found: list[dict[str, Any]] = []
    topics: list[dict[str, Any]] = []
    classes: list[dict[str, Any]] = []
    if len(words) > 2 and unit in who.codes:
        classes = proposed_classes(who, unit, words)
        topics = beside_words(who, unit, words, request.GET.get("place", "")[:200], timezone.now())
        home = household_of(who, unit, request.GET.get("place", "")[:200])
        place = request.GET.get("place", "")[:200]
        rows = queries.suggest_duplicates(who.organisation_id, unit, home.code if home else "", words, timezone.now(), place)
        # What is of the same home stands beside the household already.
        rows = [row for row in rows if home is None or row["household_code"] != home.code]
        found = [
            {**row, "url": reverse("console:case", args=[row["number"]]), "place": _place(row)}
            for row in rows
            if row["status"] in OPEN_STATES
        ]
    context = {"similar": found, "topics": topics, "classes": classes, "may_urge": who.may("urge")}
    return render(request, "console/cases/_similar.html", context)


def proposed_classes(who: Acting, unit: str, words: str) -> list[dict[str, Any]]:
    """For each of the unit's schemes the class that past cases in such words had, where that is certain enough; a person decides."""
    regulations = regulations_of(who.organisation_id, unit, timezone.now())
    names = dict(classes_of(regulations, "category"))
    proposals = propose(who.organisation_id, [one.prefix for one in regulations], words)
    return [
        {"value": value, "name": names[value], "percent": round(100 * one.certainty), "cases": one.cases}
        for one in proposals
        if (value := f"{one.prefix}:{one.key}") in names
    ]


def _place(row: Any) -> str:
    return shown.room(row["household_code"]) if row["household_code"] else str(row["place"])
