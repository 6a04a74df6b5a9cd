"""The evaluation of a survey: shares, means, what displeases, what matters, by unit and section, as tables and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.matters.models import Matter
from huiyin.desk.surveys import actions, queries
from huiyin.desk.surveys.queries import Evaluation, Given, Line, Named
from huiyin.desk.surveys.reckoning import DISPLEASED, Figure
from huiyin.faces.console.acts import address, attempt, back_to
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.surveys import charts
from huiyin.faces.console.surveys.views import fetch, regulations
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in

IN_A_PAGE: Final = 100
LOW: Final = "low"
"""All grades that displease, in the address of a list."""
QUARTERS: Final = {
    "improve": gettext_lazy("优先改进"),
    "keep": gettext_lazy("继续保持"),
    "later": gettext_lazy("其次改进"),
    "enough": gettext_lazy("维持即可"),
}
"""What the quarters of the quadrant ask for, in the order of their places: above left, above right, below left, below right."""


def evaluation(request: HttpRequest, matter: UUID) -> HttpResponse:
    """What the answers say; recording the result as the act that the regulations ask for."""
    who = acting(request)
    found = fetch(who, matter)
    declared = queries.declared(regulations(who, found))
    if request.method == "POST":
        return _complete(request, who, found, declared.grades)
    known = queries.questionnaire_of(found)
    context: dict[str, Any] = {"survey": found, "unit": unit_word(who.organisation_id, found.unit_code), "there": known}
    if known is not None:
        reckoned = queries.evaluation(found, known, declared.grades)
        aim = queries.goal(regulations(who, found))
        context |= tables(who, found, reckoned, declared.grades) | drawn(reckoned, aim[1] if aim else None)
        context |= {"goal": aim, "back": queries.returned(found), "may_write": who.may("survey")}
        context["causes"] = tree(known.causes)
    return render(request, "console/surveys/evaluation.html", context)


def _complete(request: HttpRequest, who: Acting, found: Matter, grades: Sequence[Named]) -> HttpResponse:
    if not who.may("survey"):
        raise Http404
    standing, done = standing_of(who, found.unit_code), []
    here = back_to(reverse("console:survey-evaluation", args=[found.id]))
    recorded = attempt(
        request,
        lambda: done.append(actions.complete(found, grades, standing=standing, by=who.by, at=timezone.now())),
        _("结果已提交登记"),
    )
    if recorded and not done[0]:
        messages.error(request, _("按制度，您的岗位不能登记调查结果；请由制度指定的岗位登记"))
    return here


def tables(who: Acting, found: Matter, one: Evaluation, grades: Sequence[Named]) -> dict[str, Any]:
    """The evaluation as tables; every figure with the address of the list behind it."""
    at = _Addressed(reverse("console:survey-given", args=[found.id]), [(grade.points, said(grade.name)) for grade in grades])
    names = {each.key: said(each.name) for each in one.sections}
    return {
        "heads": [name for _points, name in at.heads],
        "valid": one.valid,
        "invalid": one.invalid,
        "whole": at.cells(one.whole),
        "sections": [at.line(each) for each in one.sections],
        "questions": [at.line(each) for each in one.questions],
        "departments": [
            {
                "unit": unit_word(who.organisation_id, code),
                "whole": at.cells(whole, unit=code),
                "sections": [at.line(each, unit=code) for each in lines],
            }
            for code, (whole, lines) in one.units.items()
        ],
        "section_names": list(names.values()),
        "displeased": [
            {"name": names[bar.key], "count": bar.count, "up_to_here": bar.up_to_here, "url": address(at.page, part=bar.key, points=LOW)}
            for bar in one.pareto
        ],
        "words": [hide_phones_in(each) for each in one.words],
    }


@dataclass(frozen=True, slots=True)
class _Addressed:
    """Figures as cells that open the list behind them; ``heads`` are the grades with their names."""

    page: str
    heads: Sequence[tuple[int, str]]

    def cells(self, figure: Figure, **part: str) -> dict[str, Any]:
        given = [(name, figure.by_grade.get(points, 0), address(self.page, **part, points=str(points))) for points, name in self.heads]
        return {
            "count": figure.count,
            "url": address(self.page, **part),
            "mean": figure.mean,
            "share": figure.share,
            "by_grade": [{"name": name, "count": count, "url": url} for name, count, url in given],
        }

    def line(self, one: Line, **part: str) -> dict[str, Any]:
        return {"key": one.key, "name": said(one.name), **self.cells(one.figure, **part, part=one.key)}


def given(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The grades that a figure of the evaluation counts, one in a line: when, at which unit, for what, how much, and what was said."""
    who = acting(request)
    found = fetch(who, matter)
    known = queries.questionnaire_of(found)
    part, unit, points = (request.GET.get(name, "") for name in ("part", "unit", "points"))
    grades = {str(one.points): said(one.name) for one in queries.declared(regulations(who, found)).grades} | {LOW: str(_("不满意"))}
    if known is None or (unit and unit not in who.codes) or (points and points not in grades):
        raise Http404
    wanted = range(1, DISPLEASED + 1) if points == LOW else [int(points)] if points else ()
    page = Paginator(queries.given(found, known, part=part, unit=unit, points=wanted), IN_A_PAGE).get_page(request.GET.get("page"))
    named = {str(one["key"]): said((one["zh"], one["en"])) for section in known.sections for one in (section, *section["questions"])}
    of = (named.get(part, ""), unit_word(who.organisation_id, unit) if unit else "", grades.get(points, ""))
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "of": [one for one in of if one],
        "page": page,
        "page_query": address("", part=part, unit=unit, points=points).removeprefix("?"),
        "rows": [_given(who, one, grades) for one in page],
    }
    return render(request, "console/surveys/given.html", context)


def _given(who: Acting, one: Given, grades: Mapping[str, str]) -> dict[str, Any]:
    return {
        "answer": one.answer,
        "unit": unit_word(who.organisation_id, one.answer.unit_code),
        "question": said(one.question) if one.question else _("总体"),
        "grade": grades.get(str(one.points), one.points),
        "words": hide_phones_in(one.answer.words),
    }


def drawn(one: Evaluation, aim: Decimal | None) -> dict[str, Any]:
    """The evaluation as charts, and the tables beside them."""
    names = {each.key: said(each.name) for each in one.sections}
    shares = [(names[each.key], each.figure.share) for each in one.sections]
    causes = [(names[each.key], each.count, each.up_to_here) for each in one.pareto]
    points = [(names[each.key], each.importance, each.mean) for each in one.quadrant]
    words = [str(word) for word in QUARTERS.values()]
    return {
        "bars": charts.bars(str(_("各方面满意率")), shares, float(aim) if aim is not None else None) if one.valid else "",
        "pareto": charts.pareto(str(_("不满意的排列图")), causes),
        "pareto_rows": causes,
        "quadrant": charts.quarters(str(_("四分图")), points, words, (str(_("满意程度")), str(_("重要程度")))),
        "quadrant_rows": [(names[each.key], each.importance, each.mean, str(QUARTERS[each.quarter])) for each in one.quadrant],
    }


def tree(text: str) -> list[dict[str, Any]]:
    """The causes as a tree: a line under another that is indented less is one of its causes."""
    roots: list[dict[str, Any]] = []
    above: list[tuple[int, dict[str, Any]]] = []
    for line in (one for one in text.splitlines() if one.strip()):
        depth, node = len(line) - len(line.lstrip()), {"text": line.strip(), "below": []}
        while above and above[-1][0] >= depth:
            above.pop()
        (above[-1][1]["below"] if above else roots).append(node)
        above.append((depth, node))
    return roots
