"""Answers from paper: entering one after another; which have come by which way; not counting one that was not filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.places import queries as places
from huiyin.desk.surveys import access, actions, queries
from huiyin.desk.surveys.models import Answer
from huiyin.faces.console.acts import attempt, back_to, unit_names
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.surveys.views import fetch, regulations
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in

MOST = 100


def read_grades(sent: Mapping[str, str]) -> dict[str, int]:
    """The points by question of a form whose fields are called ``q-<question>``; what is no number is 0, which nobody takes."""
    given = {name[2:]: value for name, value in sent.items() if name.startswith("q-") and value}
    return {key: int(value) if value in ("1", "2", "3", "4", "5") else 0 for key, value in given.items()}


def answers(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The form of a questionnaire that came back on paper, the rate of return, and the last answers."""
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    back = back_to(reverse("console:survey-answers", args=[found.id]))
    if request.method == "POST":
        if request.POST.get("act") == "void":
            return _void(request, who, found, back)
        unit = request.POST.get("unit", "") or found.unit_code
        if unit not in who.codes:
            raise Http404
        told, code, grades = request.POST.get("words", ""), request.POST.get("code", ""), read_grades(request.POST.dict())
        role = next(iter(standing_of(who, found.unit_code).roles), "")
        if attempt(
            request, lambda: actions.enter_answer(found, unit, grades, told, by=who.by, at=now, code=code, role=role), _("答卷已录入")
        ):
            return back
    below = {one.code for one in places.units(who.organisation_id).below(found.unit_code)}
    every = queries.answers(found)
    declared = queries.declared(regulations(who, found))
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "questionnaire": queries.questionnaire_of(found),
        "grades": [(one.points, said(one.name)) for one in declared.grades],
        "units": [(code, name) for code, name in unit_names(who).items() if code in below],
        "back": queries.returned(found),
        "rows": [_row(who, one) for one in every.order_by("-at", "-id")[:MOST]],
        "count": every.count(),
        "most": MOST,
        "chinese": language().startswith("zh"),
        "sent": {"unit": request.POST.get("unit", ""), "code": request.POST.get("code", ""), "words": request.POST.get("words", "")},
        "given": read_grades(request.POST.dict()),
        "closed": access.has_happened(who.organisation_id, found.id, access.CLOSED),
    }
    return render(request, "console/surveys/answers.html", context, status=422 if request.method == "POST" else 200)


def _row(who: Acting, one: Answer) -> dict[str, Any]:
    grades = list(one.grades.values())
    return {
        "answer": one,
        "unit": unit_word(who.organisation_id, one.unit_code),
        "mean": sum(grades) / len(grades) if grades else None,
        "words": hide_phones_in(one.words),
    }


def _void(request: HttpRequest, who: Acting, found: Any, back: HttpResponse) -> HttpResponse:
    try:
        key = UUID(request.POST.get("answer", ""))
    except ValueError:
        raise Http404 from None
    if not queries.answers(found).filter(id=key).exists():
        raise Http404
    why = request.POST.get("reason", "")
    attempt(request, lambda: actions.void_answer(found, key, why, by=who.by, at=timezone.now()), _("已记为无效答卷"))
    return back
