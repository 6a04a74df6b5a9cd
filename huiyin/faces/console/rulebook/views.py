"""The pages of the regulations and of the calendar of workdays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.core.rules import Regulation
from huiyin.faces.console.acts import attempt, back_to, only_post
from huiyin.faces.console.rulebook import queries, readings, workdays
from huiyin.faces.console.rulebook.names import either, level_name
from huiyin.faces.console.rulebook.telling import Example
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.showing import covered, examples, test_text
from huiyin.rulebook.text import clauses, preamble
from huiyin.rulebook.words import regulation_of

PARTS = ("clauses", "duties", "adoption")


def _known(stem: str) -> Regulation:
    if stem not in stems():
        raise Http404
    return regulation(stem)


def listed(request: HttpRequest) -> HttpResponse:
    """All regulations of the rulebook: the adopted ones first, each with what is missing beside it."""
    who = acting(request)
    found = [_entry(regulation(stem), queries.adoptions_of(regulation(stem), who.organisation_id)) for stem in stems()]
    found.sort(key=lambda one: not one["adoptions"])
    return render(request, "console/rulebook/list.html", {"regulations": found})


def _entry(of: Regulation, adoptions: list[Any]) -> dict[str, Any]:
    missing = [one for one in queries.named_documents(of) if not one["attached"]]
    return {
        "stem": of.stem,
        "title": either(of.title),
        "level": level_name(of.level),
        "version": of.source["version"],
        "in_force_from": of.in_force_from,
        "clauses": len(of.clauses),
        "rules": len(of.rules),
        "adoptions": adoptions,
        "missing": missing,
    }


def one(request: HttpRequest, stem: str) -> HttpResponse:
    """One regulation: its clauses beside their rules; the duties of each level; its adoption and settings."""
    who, of = acting(request), _known(stem)
    part = request.GET.get("part", PARTS[0])
    if part not in PARTS:
        raise Http404
    context = {
        "part": part,
        "regulation": _entry(of, queries.adoptions_of(of, who.organisation_id)),
        "preamble": preamble(stem, get_language() or "zh-hans"),
        "documents": queries.named_documents(of),
        "may_read": who.may("enter_reading"),
    }
    return render(request, "console/rulebook/regulation.html", context | _part(part, of, who))


def _part(part: str, of: Regulation, who: Acting) -> dict[str, Any]:
    today = timezone.localdate()
    if part == "duties":
        return {"levels": list(queries.duties_by_level(of, who, today))}
    if part == "adoption":
        return {"settings": queries.settings_of(of, who.organisation_id, today)}
    return {"rows": queries.rows(of, who, today)}


def clause(_request: HttpRequest, number: str) -> HttpResponse:
    """The way from the number of a clause, as it stands on clocks and points, to its place on the page."""
    of = regulation_of(number)
    if of is None or number not in of.clauses:
        raise Http404
    return HttpResponseRedirect(f"{reverse('console:regulation', args=[of.stem])}#{number}")


def shown(request: HttpRequest, number: str) -> HttpResponse:
    """What shows that the clause is honoured: the worked examples that the rehearsals play, in words, and the tests as they are written."""
    of = regulation_of(number)
    if of is None or number not in of.clauses:
        raise Http404
    clause = next(one for one in clauses(of.stem) if one.id == number)
    named = covered(of.stem)[number].shown if covered(of.stem) else ()
    listed = examples(of.stem)
    told = [(name, *test_text(name)) for name in named if name not in listed]
    language = get_language() or "zh-hans"
    context = {
        "clause": clause,
        "name": clause.name(language),
        "words": clause.words(language),
        "title": either(of.title),
        "stem": of.stem,
        "examples": [Example(of, listed[name]).shown() for name in named if name in listed],
        "tests": [{"name": name, "said": said, "text": text} for name, said, text in told],
    }
    return render(request, "console/rulebook/shown.html", context)


def enter_reading(request: HttpRequest) -> HttpResponse:
    """Keep how a clause is to be read; back to the clause, which shows it."""
    only_post(request)
    who, number = acting(request), request.POST.get("clause", "")
    done = attempt(request, lambda: readings.enter(who, number, request.POST.get("text", ""), timezone.now()), _("解释已录入"))
    return back_to(reverse("console:clause", args=[number]) if done else reverse("console:rulebook"))


def calendar(request: HttpRequest) -> HttpResponse:
    """The days off and the make-up days of a year, with the notice that says so."""
    this_year = timezone.localdate().year
    wanted = request.GET.get("year", str(this_year))
    years = workdays.years()
    if not wanted.isdecimal() or not (year := int(wanted)) or not min(years) <= year <= max(*years, this_year + 1):
        raise Http404
    context = {
        "year": year,
        "years": sorted({*years, this_year, this_year + 1}, reverse=True),
        "sheet": workdays.sheet(year),
        "months": workdays.months(year, timezone.localdate()),
        "missing": [one for one in (this_year, this_year + 1) if one not in years],
        "next_due": date(this_year, 11, 1) <= timezone.localdate(),
    }
    return render(request, "console/rulebook/calendar.html", context)


URLS = [
    path("rulebook", listed, name="rulebook"),
    path("rulebook/calendar", calendar, name="workdays"),
    path("rulebook/readings", enter_reading, name="readings"),
    path("rulebook/clauses/<str:number>", clause, name="clause"),
    path("rulebook/clauses/<str:number>/shown", shown, name="clause-shown"),
    path("rulebook/<slug:stem>", one, name="regulation"),
]
