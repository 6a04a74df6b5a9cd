"""The list of surveys, and one survey with its stages: which act each asks, what has been done, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huiyin.core.rules import ApprovalRule, PaperRule, Regulation, StepRule
from huiyin.desk.adoptions.queries import regulations_of
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.queries import facts_of
from huiyin.desk.matters.steps import Offer, Subject, of_thing, of_unit, offers
from huiyin.desk.matters.steps.offering import FILED
from huiyin.desk.people.access import AT_WORK
from huiyin.desk.surveys import access, queries
from huiyin.faces.console.acts import address, chosen_units, unit_names
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import class_words, language, unit_word
from huiyin.faces.console.matters import naming, shown
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.forms import said
from huiyin.faces.parts.guard import Acting, acting
from huiyin.faces.parts.routes import ROUTES
from huiyin.rulebook.words import event_name


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a survey: the acts that do it, or (``decides``) the act whose approval it is; and the page where its work is done."""

    word: Any
    events: tuple[str, ...] = ()
    decides: str = ""
    page: str = ""


STAGES: Final = (
    Stage(gettext_lazy("计划"), ("survey_plan_submitted",)),
    Stage(gettext_lazy("计划审批"), decides="survey_plan_submitted"),
    Stage(gettext_lazy("调查小组"), ("survey_group_formed",)),
    Stage(gettext_lazy("调查表"), ("questionnaire_submitted",), page="console:survey-questionnaire"),
    Stage(gettext_lazy("调查表审批"), decides="questionnaire_submitted"),
    Stage(gettext_lazy("培训"), ("survey_training_held",)),
    Stage(gettext_lazy("调查对象与抽样"), ("sample_drawn",), page="console:survey-asked"),
    Stage(gettext_lazy("通知"), ("survey_notice_published",)),
    Stage(gettext_lazy("发放"), ("survey_distribution_completed", "questionnaires_handed_out_at_door"), page="console:survey-codes"),
    Stage(
        gettext_lazy("回收"),
        ("questionnaires_returned", "survey_collection_closed", "questionnaires_handed_in"),
        page="console:survey-answers",
    ),
    Stage(gettext_lazy("统计分析"), (queries.COMPLETED, "survey_answers_analysed"), page="console:survey-evaluation"),
    Stage(gettext_lazy("报告"), (queries.REPORT,), page="console:survey-report"),
    Stage(gettext_lazy("报告审核与审批"), decides=queries.REPORT),
    Stage(gettext_lazy("改进措施"), ("survey_measures_set", "survey_measures_started", "measure_done")),
    Stage(gettext_lazy("措施审批"), decides="survey_measures_set"),
    Stage(gettext_lazy("结束"), ("survey_closed",)),
)


def fetch(who: Acting, matter: UUID) -> Matter:
    """The survey with this id, if the post reaches its unit. Raises Http404 otherwise."""
    try:
        return access.fetch(who.organisation_id, matter, who.codes)
    except access.NotFound:
        raise Http404 from None


def regulations(who: Acting, survey: Matter) -> list[Regulation]:
    """The regulations that the survey is made under."""
    return regulations_of(who.organisation_id, survey.unit_code, timezone.now())


def listing(request: HttpRequest) -> HttpResponse:
    """The surveys in reach, the latest first, with the rates of return and of the satisfied."""
    who, unit = acting(request), request.GET.get("unit", "")
    found = queries.listed(who.organisation_id, chosen_units(who, unit))
    context = {
        "rows": [_row(who, one) for one in found],
        "unit": unit,
        "units": unit_names(who).items(),
        "new_url": address(reverse("console:matter-new"), kind=access.SURVEY, unit=unit),
    }
    return render(request, "console/surveys/list.html", context)


def _row(who: Acting, one: Matter) -> dict[str, Any]:
    found, back = queries.questionnaire_of(one), queries.returned(one)
    known = regulations(who, one)
    whole = queries.evaluation(one, found, queries.declared(known).grades).whole if found else None
    return {
        "survey": one,
        "kind": class_words("category", one.category, [each.stem for each in known]),
        "unit": unit_word(who.organisation_id, one.unit_code),
        "url": reverse("console:survey", args=[one.id]),
        "back": back,
        "answers_url": reverse("console:survey-answers", args=[one.id]),
        "share": whole.share if whole else None,
        "share_url": reverse("console:survey-evaluation", args=[one.id]),
        "last": event_name(one.last_event, language()),
    }


def survey(request: HttpRequest, matter: UUID) -> HttpResponse:
    """A survey with its stages; each shows when it was done, who decides, and the acts that the post may record now."""
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    subject = of_thing(who.organisation_id, found.key, found.unit_code, now)
    standing = standing_of(who, found.unit_code)
    listed = offers(subject, standing, now)
    of_the_unit = [
        one for one in offers(of_unit(who.organisation_id, found.unit_code, now), standing, now) if one.event == queries.COMPLETED
    ]
    facts = facts_of(who.organisation_id, found.id)
    if access.has_happened(who.organisation_id, found.id, access.CLOSED):
        of_the_unit = []
    done = worked(found)
    stages = [one for each in STAGES if (one := _stage(who, each, found, subject, listed, of_the_unit, facts, done)) is not None]
    stages[-1:-1] = _papers(who, found, subject, facts)
    begun = max((index for index, one in enumerate(stages) if one["done_at"]), default=-1)
    for index, one in enumerate(stages):
        one["state"] = "done" if one["done_at"] else "now" if index == begun + 1 else ""
    questionnaire = queries.questionnaire_of(found)
    context = {
        "survey": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "kind": class_words("category", found.category, [one.regulation.stem for one in subject.adopted]),
        "stages": stages,
        "back": queries.returned(found),
        "goal": queries.goal(one.regulation for one in subject.adopted),
        "whole": queries.evaluation(found, questionnaire, queries.declared(regulations(who, found)).grades).whole
        if questionnaire
        else None,
        "cases_naming": naming.cases_naming(who, found),
        "general_url": reverse("console:matter", args=[found.id]),
        **shown.records(subject, now),
    }
    return render(request, "console/surveys/survey.html", context)


def _stage(
    who: Acting,
    stage: Stage,
    found: Matter,
    subject: Subject,
    listed: Sequence[Offer],
    of_the_unit: Sequence[Offer],
    facts: Sequence[Fact],
    done: Mapping[str, datetime | None],
) -> dict[str, Any] | None:
    """A stage as the page shows it; None where no regulation of the survey knows it."""
    clauses = decisions(subject, stage.decides) if stage.decides else ()
    known = any(isinstance(rule, StepRule) and rule.event in stage.events for one in subject.adopted for rule in one.regulation.rules)
    if not (clauses or known or stage.page in done or queries.COMPLETED in stage.events):
        return None
    own = [one for one in listed if one.event in stage.events or (clauses and one.clause in clauses)]
    here = reverse("console:matter", args=[found.id])
    acts = [(shown.label_of(one), f"{here}/steps/{one.key}", one.waiting) for one in own]
    if stage.page and queries.COMPLETED in stage.events:
        acts += [(shown.label_of(one), reverse(stage.page, args=[found.id]), False) for one in of_the_unit if not own]
    given = [fact for fact in facts if not fact.derived and fact.event in (stage.events or _GIVEN) and _fits(fact, clauses)]
    waiting = _waiting(subject, clauses)
    return {
        "word": stage.word,
        "done_at": given[-1].at if given and not waiting else None if known else done.get(stage.page),
        "acts": acts,
        "page": reverse(stage.page, args=[found.id]) if stage.page and who.may(ROUTES[stage.page].right) else "",
        "waiting": waiting,
        "clauses": [(clause, clause_url(clause)) for clause in clauses],
    }


def worked(survey: Matter) -> dict[str, datetime | None]:
    """When the work of a page was done last, for stages at which no regulation asks for an act; None where it is not done yet."""
    found, asked = queries.questionnaire_of(survey), queries.invitations(survey).exists()
    asked_at = (found.drawn_at or found.changed_at) if found and asked else None
    last = queries.answers(survey).order_by("-at").first()
    return {
        "console:survey-questionnaire": found.changed_at if found and found.sections else None,
        "console:survey-asked": asked_at,
        "console:survey-codes": asked_at,
        "console:survey-answers": last.at if last else None,
    }


def _papers(who: Acting, survey: Matter, subject: Subject, facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """The papers that the result owes, each a stage of its own: without them the survey is not ended."""
    rules = [rule for one in subject.adopted for rule in one.regulation.rules if isinstance(rule, PaperRule)]
    found = []
    for rule in (one for one in rules if queries.COMPLETED in one.owed_from and one.about != "survey"):
        clause, url = rule.cites[0], f"{reverse('console:unit', args=[survey.unit_code])}/steps/{FILED}:{rule.cites[0]}"
        filed = [one.at for one in facts if one.event == FILED and one.details.get("clause") == clause]
        acts = [] if filed or standing_of(who, survey.unit_code).rights.isdisjoint(AT_WORK) else [(said(rule.name), url, False)]
        found.append(
            {
                "word": said(rule.name),
                "done_at": filed[-1] if filed else None,
                "acts": acts,
                "page": "",
                "waiting": False,
                "clauses": [(clause, clause_url(clause))],
            }
        )
    return found


_GIVEN: Final = ("approval_given",)


def _fits(fact: Fact, clauses: Sequence[str]) -> bool:
    return not clauses or fact.details.get("clause") in clauses


def _waiting(subject: Subject, clauses: Sequence[str]) -> bool:
    records = subject.known.approvals.values() if subject.known is not None else ()
    return any(one.clause in clauses and one.state == "needed" for one in records)


def decisions(subject: Subject, event: str) -> tuple[str, ...]:
    """The clauses of the approvals that the event asks for, and of those that follow from these."""
    rules = [rule for one in subject.adopted for rule in one.regulation.rules if isinstance(rule, ApprovalRule) and rule.about == "survey"]
    found: dict[str, None] = {}
    asking = {event}
    for _ in rules:
        for rule in rules:
            if asking & set(rule.asked_on):
                found[rule.cites[0]] = None
                asking.add(f"approved:{rule.cites[0]}")
    return tuple(found)
