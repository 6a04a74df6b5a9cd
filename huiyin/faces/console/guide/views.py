"""The duty screen, and taking in a new emergency with as few words as the rules ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.moments import in_shanghai
from huiyin.desk.duties.calendar import rosters
from huiyin.desk.matters.steps import begun_by_kind
from huiyin.desk.people.models import Staff
from huiyin.desk.people.queries import on_roster
from huiyin.desk.places import queries as places
from huiyin.faces.console import sending
from huiyin.faces.console.acts import back_to, called, only_post, own_unit
from huiyin.faces.console.cases.errors import SAID, status_of, tell
from huiyin.faces.console.cases.intake import IntakeForm, keep, units_for, usual_channel
from huiyin.faces.console.cases.taking import Taking
from huiyin.faces.console.cases.words import language, record_word
from huiyin.faces.console.guide import runs
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.rosters.views import word_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import class_name

MOST_PLACE: Final = 200


def duty(request: HttpRequest) -> HttpResponse:
    """What runs now, the next breaking limit first; who is on duty; and the way to take in a new emergency."""
    who, now = acting(request), timezone.now()
    every, on_duty = runs.running(who, now), _on_duty(who, now)
    context = {
        "runs": [one for one in every if one["waits"]],
        "rest": [one for one in every if not one["waits"]],
        "on_duty": on_duty,
        "here": "、".join(dict.fromkeys(person["name"] for one in on_duty for person in one["people"])),
        "units": units_for(who) if who.may("register") else [],
        "kinds": _kinds(who, now) if who.may("register") else [],
    }
    return render(request, "console/guide/duty.html", context)


def _on_duty(who: Acting, now: datetime) -> list[dict[str, Any]]:
    """Who is on each roster of the post's unit at this minute; nobody where a roster has a gap."""
    code = own_unit(who)
    if not code:
        return []
    unit, here = places.unit(who.organisation_id, code), in_shanghai(now)
    found = []
    for key, kept in rosters.kept_by(unit, here.date()).items():
        people = Staff.objects.filter(pk__in=on_roster(unit, key, here.date(), here.hour * 60 + here.minute)).order_by("name")
        found.append({"duty": word_of(kept), "people": [{"name": called(one), "phone": one.phone} for one in people]})
    return found


def _kinds(who: Acting, now: datetime) -> list[dict[str, Any]]:
    """What may be taken in, as the courses of the regulations in force name it."""
    return [
        {
            "key": f"{adopted.regulation.prefix}|{record}|{category}",
            "label": class_name("category", category, language(), adopted.regulation.stem),
            "record": record_word(record),
            "title": said(adopted.regulation.title),
        }
        for adopted, record, category in begun_by_kind(runs.binding_in(who, now))
    ]


def begin(request: HttpRequest) -> HttpResponse:
    """Take in a new case of one of the kinds: kind, place, telephone and perhaps words; everything else comes afterwards."""
    only_post(request)
    who, now, sent = acting(request), timezone.now(), request.POST
    kind = next((one for one in _kinds(who, now) if one["key"] == sent.get("kind", "")), None)
    if kind is None:
        return _told(request, _("请先选是什么事。"), 422)
    units = units_for(who)
    unit = sent.get("unit") or (units[0][0] if units else "")
    taking = Taking(who, unit, now)
    form = IntakeForm(who, units, taking, _as_intake(sent, kind, unit, taking, who))
    if not form.is_valid():
        return _told(request, sending.wrong_in(form), 422)
    try:
        made, _issue = keep(request, who, form, now)
    except sending.AlreadyDone:
        return _told(request, _("这件事已经登记过了。"))
    except SAID as error:
        return _told(request, tell(error), status_of(error))
    return _told(request, _("已登记 %(number)s：%(kind)s") % {"number": made.number, "kind": kind["label"]})


def _as_intake(sent: QueryDict, kind: dict[str, Any], unit: str, taking: Taking, who: Acting) -> QueryDict:
    """What the registration would have been told: the class under its regulation, and words made of kind and place where there are none."""
    prefix, record, category = str(kind["key"]).split("|")
    place = sent.get("place", "").strip()[:MOST_PLACE]
    words = sent.get("story", "").strip() or "：".join(filter(None, (str(kind["label"]), place)))
    told = QueryDict(mutable=True)
    told.update({"unit": unit, "record": record, "place": place, "story": words, "contact_phone": sent.get("phone", "").strip()})
    # Whoever leaves a number has rung up; anybody else stands there.
    channel = "phone" if told["contact_phone"] else usual_channel(taking.regulations, who.role)
    told.update({"channel": channel, "dispatch": "on", "urgent": "on"})
    told.update({f"category.{prefix}": category, "category": f"{prefix}:{category}"})
    return told


def _told(request: HttpRequest, text: str, status: int = 200) -> HttpResponse:
    if sending.wants_sentence(request):
        return sending.sentence(text, status)
    (messages.success if status == 200 else messages.error)(request, text)
    return back_to(reverse("console:duty"))


URLS = [
    path("duty", duty, name="duty"),
    path("duty/new", begin, name="duty-new"),
]
