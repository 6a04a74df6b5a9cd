"""The report of a survey: its parts as the regulation names them, each filled in beforehand with the figures; submitted, printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import of_thing
from huiyin.desk.surveys import access, actions, queries
from huiyin.desk.surveys.models import Questionnaire
from huiyin.desk.surveys.queries import Declared, Evaluation, Return
from huiyin.faces.console.acts import attempt, back_to
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.console.matters import shown
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.surveys import evaluating
from huiyin.faces.console.surveys.views import decisions, fetch, regulations
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in

WORDS_IN_REPORT = 20


class Given:
    """What the parts of a report are filled in from."""

    def __init__(self, who: Acting, survey: Matter, known: Questionnaire, declared: Declared) -> None:
        self.who, self.survey, self.known, self.declared = who, survey, known, declared
        self.back: Return = queries.returned(survey)
        self.one: Evaluation = queries.evaluation(survey, known, declared.grades)
        self.aim = queries.goal(regulations(who, survey))


def _percent(value: float | None) -> str:
    return "--" if value is None else f"{value:.1f}%"


def _coverage(given: Given) -> str:
    unit = unit_word(given.who.organisation_id, given.survey.unit_code)
    told = {"unit": unit, "asked": given.back.asked, "answered": given.back.answered, "rate": _percent(given.back.percent)}
    text = _("%(unit)s本次调查发出 %(asked)s 份，收回 %(answered)s 份，回收率 %(rate)s；") % told
    valid = _("有效答卷 %(valid)s 份，无效 %(invalid)s 份。") % {"valid": given.one.valid, "invalid": given.one.invalid}
    if given.known.drawn_at is None:
        return text + valid
    drawn = {"percent": given.known.percent, "seed": given.known.seed}
    return text + valid + _("样本按 %(percent)s%% 抽取，意见较多的人权重较大，抽样种子 %(seed)s。") % drawn


def _method(given: Given) -> str:
    grades = "、".join(said(one.name) for one in given.declared.grades)
    return _("满意程度分%(grades)s五档，按 5 至 1 分求平均；满意率为前两档占有效答卷的比例；另用排列图、四分图和柱状图分析。") % {
        "grades": grades
    }


def _whole(given: Given) -> str:
    whole = given.one.whole
    mean = "--" if whole.mean is None else f"{whole.mean:.2f}"
    text = _("总体满意率 %(share)s，平均 %(mean)s 分。") % {"share": _percent(whole.share), "mean": mean}
    if given.aim is None or whole.share is None:
        return text
    met = _("达到") if whole.share >= float(given.aim[1]) else _("低于")
    return text + _("%(met)s %(goal)s%% 的目标。") % {"met": met, "goal": given.aim[1]}


def _by_unit(given: Given) -> str:
    lines = []
    for code, (whole, sections) in given.one.units.items():
        parts = "、".join(f"{said(one.name)} {_percent(one.figure.share)}" for one in sections)
        lines.append(f"{unit_word(given.who.organisation_id, code)}（{_percent(whole.share)}）：{parts}")
    return "\n".join(lines)


def _compared(given: Given) -> str:
    ordered = sorted((one for one in given.one.sections if one.figure.share is not None), key=lambda one: -(one.figure.share or 0))
    return "\n".join(f"{number}. {said(one.name)} {_percent(one.figure.share)}" for number, one in enumerate(ordered, start=1))


def _open(given: Given) -> str:
    lines = [_("共收到书面意见 %(count)s 条。") % {"count": len(given.one.words)}]
    return "\n".join([*lines, *(f"· {hide_phones_in(one)}" for one in given.one.words[:WORDS_IN_REPORT])])


def _summary(given: Given) -> str:
    names = {one.key: said(one.name) for one in given.one.sections}
    low = "、".join(names[one.key] for one in given.one.pareto[:3])
    first = "、".join(names[one.key] for one in given.one.quadrant if one.quarter == "improve")
    text = _("不满意最集中的方面：%(low)s。") % {"low": low} if low else _("没有集中的不满意。")
    return text + (_("重要而满意程度较低、应优先改进的方面：%(first)s。") % {"first": first} if first else "")


FILLED: Final[Mapping[str, Callable[[Given], str]]] = {
    "coverage": _coverage,
    "method": _method,
    "whole": _whole,
    "by_unit": _by_unit,
    "compared": _compared,
    "words": _open,
    "summary": _summary,
}
"""With which figures a part of the report is filled in beforehand, by what its form says that it holds."""


def _loaded(who: Acting, found: Matter) -> Given:
    known = queries.questionnaire_of(found)
    if known is None:
        raise Http404
    return Given(who, found, known, queries.declared(regulations(who, found)))


def _parts(given: Given) -> list[dict[str, Any]]:
    name = "zh" if language().startswith("zh") else "en"
    listed = []
    for part in given.declared.parts:
        maker = FILLED.get(str(part.get("holds", "")))
        own = str(given.known.report.get(part["key"], ""))
        filled = maker(given) if maker else ""
        listed.append({"key": part["key"], "name": part[name], "zh": part["zh"], "text": own or filled, "own": bool(own), "filled": filled})
    return listed


def report(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The report as it is written: kept, or kept and submitted; a part left empty stops the submission."""
    who = acting(request)
    found = fetch(who, matter)
    if request.method == "POST" and _written(request, who, found):
        return back_to(reverse("console:survey-report", args=[found.id]))
    if queries.questionnaire_of(found) is None:
        return back_to(reverse("console:survey-questionnaire", args=[found.id]))
    given = _loaded(who, found)
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "parts": [one | {"text": request.POST.get(f"part-{one['key']}", one["text"])} for one in _parts(given)],
        "causes": request.POST.get("causes", given.known.causes),
        "submitted": queries.asks_for(regulations(who, found), queries.REPORT),
        "may_write": who.may("survey") and not access.has_happened(who.organisation_id, found.id, access.CLOSED),
        "print_url": reverse("console:survey-report-print", args=[found.id]),
    }
    return render(request, "console/surveys/report.html", context, status=422 if request.method == "POST" else 200)


def _written(request: HttpRequest, who: Acting, found: Matter) -> bool:
    """Keep what was sent, or keep and submit it; whether it was kept: what was not stays on the page."""
    if not who.may("survey"):
        raise Http404
    given, now, standing = _loaded(who, found), timezone.now(), standing_of(who, found.unit_code)
    parts = {str(part["key"]): request.POST.get(f"part-{part['key']}", "") for part in given.declared.parts}
    submitting = request.POST.get("act") == "submit"

    def keep() -> None:
        actions.write_report(found, parts, request.POST.get("causes", ""), by=who.by, at=now, submitting=submitting)

    def hand_in() -> None:
        missing = [part["zh"] for part in given.declared.parts if part.get("required") and not parts[str(part["key"])].strip()]
        actions.hand_in(found, queries.REPORT, missing, standing=standing, by=who.by, at=now)

    def submit() -> None:
        keep()
        hand_in()

    if submitting and access.has_happened(who.organisation_id, found.id, queries.REPORT):
        return attempt(request, submit, _("报告已提交"))
    # What was written first is kept also where a regulation refuses the submission.
    kept = attempt(request, keep, _("已保存"))
    if kept and submitting:
        attempt(request, hand_in, _("报告已提交"))
    return kept


def print_view(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The report on paper, with its charts and tables."""
    who = acting(request)
    found = fetch(who, matter)
    given = _loaded(who, found)
    subject = of_thing(who.organisation_id, found.key, found.unit_code, timezone.now())
    clauses, known = decisions(subject, queries.REPORT), subject.known.approvals.values() if subject.known is not None else ()
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "numbers": queries.numbered(regulations(who, found), queries.REPORT),
        "approvals": shown.approvals(one for one in known if one.clause in clauses),
        "parts": _parts(given),
        "causes": evaluating.tree(given.known.causes),
        "goal": given.aim,
        **evaluating.tables(who, found, given.one, given.declared.grades),
        **evaluating.drawn(given.one, given.aim[1] if given.aim else None),
    }
    return render(request, "console/surveys/report_print.html", context)
