"""The evaluation of a survey: shares, means, what displeases, what matters, by unit and section, as tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.matters.models import Matter
from huiyin.desk.surveys import actions, queries
from huiyin.desk.surveys.queries import Evaluation, Line, Named
from huiyin.desk.surveys.reckoning import Figure
from huiyin.faces.console.acts import attempt, back_to
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.surveys import charts
from huiyin.faces.console.surveys.views import fetch, regulations
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in

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
        context |= tables(who, reckoned, declared.grades) | drawn(reckoned, aim[1] if aim else None)
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


def tables(who: Acting, one: Evaluation, grades: Sequence[Named]) -> dict[str, Any]:
    """The evaluation as tables."""
    heads = [(grade.points, said(grade.name)) for grade in grades]
    return {
        "heads": [name for _points, name in heads],
        "valid": one.valid,
        "invalid": one.invalid,
        "whole": _cells(one.whole, heads),
        "sections": [_line(each, heads) for each in one.sections],
        "questions": [_line(each, heads) for each in one.questions],
        "departments": [
            {
                "unit": unit_word(who.organisation_id, code),
                "whole": _cells(whole, heads),
                "sections": [_cells(each.figure, heads) for each in lines],
            }
            for code, (whole, lines) in one.units.items()
        ],
        "section_names": [said(each.name) for each in one.sections],
        "words": [hide_phones_in(each) for each in one.words],
    }


def _cells(figure: Figure, heads: Sequence[tuple[int, str]]) -> dict[str, Any]:
    return {
        "count": figure.count,
        "mean": figure.mean,
        "share": figure.share,
        "by_grade": [figure.by_grade.get(points, 0) for points, _name in heads],
    }


def _line(line: Line, heads: Sequence[tuple[int, str]]) -> dict[str, Any]:
    return {"key": line.key, "name": said(line.name), **_cells(line.figure, heads)}


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
