"""The questionnaire of a survey, who is asked (all, or a sample), and the codes under which homes answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.matters.models import Matter
from huiyin.desk.places import queries as places
from huiyin.desk.surveys import access, actions, queries
from huiyin.desk.surveys.queries import Declared
from huiyin.faces.console.acts import address, attempt, back_to
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.surveys.views import fetch, regulations
from huiyin.faces.parts.guard import Acting, acting

SUBMITTED, DRAWN = queries.QUESTIONNAIRE, "sample_drawn"
MOST_SHOWN = 300
MOST_CODES = 200


def questionnaire(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The sections of the questionnaire with their questions, one a line; kept, or kept and submitted for approval."""
    who = acting(request)
    found = fetch(who, matter)
    declared = queries.declared(regulations(who, found))
    if request.method == "POST" and _written(request, who, found, declared):
        return back_to(reverse("console:survey-questionnaire", args=[found.id]))
    submitted = queries.asks_for(regulations(who, found), SUBMITTED)
    known = queries.questionnaire_of(found)
    asked = {str(one["key"]): one["questions"] for one in known.sections} if known else {}
    sections = [
        {
            "key": one.key,
            "name": said(one.name),
            "required": submitted and one in declared.subjects,
            "lines": request.POST.get(one.key, "\n".join(_line(each) for each in asked.get(one.key, ()))),
        }
        for one in (*declared.subjects, *declared.further)
    ]
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "there": known,
        "sections": sections,
        "grades": [said(one.name) for one in declared.grades],
        "submitted": submitted,
        "fixed": queries.answers(found).exists(),
        "may_write": who.may("survey") and not access.has_happened(who.organisation_id, found.id, access.CLOSED),
    }
    return render(request, "console/surveys/questionnaire.html", context, status=422 if request.method == "POST" else 200)


def _line(question: Mapping[str, str]) -> str:
    """A question as it is typed: in both languages, where it has both."""
    chinese, english = question["zh"], question["en"]
    return chinese if english == chinese else f"{chinese} | {english}"


def _written(request: HttpRequest, who: Acting, found: Matter, declared: Declared) -> bool:
    """Keep what was sent, or keep and submit it; whether it was kept: what was not stays on the page."""
    if not who.may("survey"):
        raise Http404
    now, submitting = timezone.now(), request.POST.get("act") == "submit"
    every = (*declared.subjects, *declared.further)
    lines = {one: request.POST.get(one.key, "").splitlines() for one in every}

    def keep() -> None:
        actions.begin_questionnaire(found, declared.subjects, by=who.by, at=now)
        if request.POST.get("act") != "begin" and not queries.answers(found).exists():
            actions.set_questions(found, lines, by=who.by, at=now, submitting=submitting)

    def submit() -> None:
        keep()
        _submit(who, found, declared)

    if submitting and access.has_happened(who.organisation_id, found.id, SUBMITTED):
        return attempt(request, submit, _("调查表已提交"))
    # What was written first is kept also where a regulation refuses the submission.
    kept = attempt(request, keep, _("已保存"))
    if kept and submitting:
        attempt(request, lambda: _submit(who, found, declared), _("调查表已提交"))
    return kept


def _submit(who: Acting, found: Matter, declared: Declared) -> None:
    """Hand the questionnaire in: which further subjects it has, which required ones it lacks, is told with it."""
    known = queries.questionnaire_of(found)
    asked = {str(one["key"]) for one in known.sections} if known else set()
    missing = [one.name[0] for one in declared.subjects if one.key not in asked]
    additions = [one.key for one in declared.further if one.key in asked]
    standing = standing_of(who, found.unit_code)
    actions.hand_in(found, SUBMITTED, missing, standing=standing, by=who.by, at=timezone.now(), additions=additions)


def paper(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The questionnaire on paper."""
    who = acting(request)
    found = fetch(who, matter)
    known = queries.questionnaire_of(found)
    if known is None:
        raise Http404
    adopted = regulations(who, found)
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "questionnaire": known,
        "grades": [said(one.name) for one in queries.declared(adopted).grades],
        "numbers": queries.numbered(adopted, SUBMITTED),
        "chinese": language().startswith("zh"),
    }
    return render(request, "console/surveys/paper.html", context)


class DrawForm(forms.Form):
    """How many percent are drawn, from how many cases on a home is in focus, and a seed where somebody gives one."""

    percent = forms.DecimalField(min_value=0, max_value=100, max_digits=5, decimal_places=2)
    focus_from = forms.IntegerField(min_value=1, max_value=1000, initial=2)
    seed = forms.CharField(max_length=40, required=False)


def _units(who: Acting, found: Matter) -> frozenset[str]:
    return frozenset(one.code for one in places.units(who.organisation_id).below(found.unit_code)) & who.codes


def asked(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Who is asked: homes by their cases of the half-year, the draw with its seed, or everybody."""
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    units = _units(who, found)
    if request.method == "POST":
        return _ask(request, who, found, units)
    counted = queries.opinions(who.organisation_id, units, now)
    invited = queries.invitations(found)
    queue, since = reverse("console:queue"), queries.first_day(now).isoformat()
    rows = [
        (unit_word(who.organisation_id, unit), home, number, address(queue, state="all", unit=unit, household=home, **{"from": since}))
        for (unit, home), number in list(counted.items())[:MOST_SHOWN]
    ]
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "questionnaire": queries.questionnaire_of(found),
        "homes": len(queries.homes(who.organisation_id, units)),
        "most_opinions": rows,
        "invited": invited.count(),
        "focus": invited.filter(focus=True).count(),
        "planned": queries.planned_number(found, "sampling_percent"),
        "may_write": who.may("survey"),
        "over": access.has_happened(who.organisation_id, found.id, *access.ENDS),
        "codes_url": reverse("console:survey-codes", args=[found.id]),
    }
    return render(request, "console/surveys/asked.html", context)


def _ask(request: HttpRequest, who: Acting, found: Matter, units: frozenset[str]) -> HttpResponse:
    if not who.may("survey"):
        raise Http404
    now, standing = timezone.now(), standing_of(who, found.unit_code)
    form = DrawForm(request.POST)

    def draw() -> None:
        with transaction.atomic():
            cleaned = form.cleaned_data
            homes, drawn, focus = actions.draw_sample(
                found, units, float(cleaned["percent"]), cleaned["focus_from"], cleaned["seed"], by=who.by, at=now
            )
            told = {"customers": homes, "sample": drawn, "focus_customers": focus}
            actions.record(found, DRAWN, told, standing=standing, by=who.by, at=now)

    act = request.POST.get("act")
    if act == "all":
        attempt(request, lambda: actions.ask_all(found, units, by=who.by, at=now), _("已列出全部户"))
    elif act in ("open", "close"):
        role, word = next(iter(standing.roles), ""), _("已开放网上答卷") if act == "open" else _("已停止网上答卷")
        attempt(request, lambda: actions.open_to_public(found, act == "open", role=role, by=who.by, at=now), word)
    elif form.is_valid():
        attempt(request, draw, _("样本已抽取"))
    else:
        messages.error(request, _("抽样比例应大于 0、不超过 100；重点件数至少为 1"))
    return back_to(reverse("console:survey-asked", args=[found.id]))


def codes(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The codes of the homes that are asked, each with its link as text and as a QR code, to print and hand out; who answered is marked."""
    who = acting(request)
    found = fetch(who, matter)
    page = Paginator(queries.invitations(found), MOST_CODES).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [
        {
            "unit": unit_word(who.organisation_id, one.unit_code),
            "home": one.household_code,
            "code": one.code,
            "focus": one.focus,
            "link": request.build_absolute_uri(reverse("survey-answer", args=[one.code])),
            "answered": one.answered_at,
        }
        for one in page.object_list
    ]
    context = {"survey": found, "unit": unit_word(who.organisation_id, found.unit_code), "rows": rows, "page": page}
    return render(request, "console/surveys/codes.html", context)
