"""What stands of a survey: no answer before the approvals, nothing changed that was approved, nothing offered after the end."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.surveys.models import Answer, Questionnaire
from huiyin.faces.console.tests.surveyed import grades, opened, planned, step, surveyed, written

pytestmark = pytest.mark.django_db


def _entered(browser: Client, survey: Matter, **sent: str) -> Any:
    return browser.post(reverse("console:survey-answers", args=[survey.id]), sent)


def test_no_answer_from_paper_is_entered_before_the_questionnaire_is_approved_and_a_refused_one_keeps_its_ticks() -> None:
    _, browser, other, survey = surveyed("satisfaction_survey")
    written(browser, survey, "begin")
    refused = _entered(browser, survey, code="", words="晚上太吵", **grades(survey, 4)).content.decode()
    assert "SS-4.1.1d" in refused or "调查计划还没有经营运部经理批准" in refused
    assert refused.count('value="4" checked') == 10 and "晚上太吵</textarea>" in refused
    step(browser, survey, "survey_plan_submitted", method=["questionnaire"])
    step(other, survey, "approval_given:SS-4.1.1d")
    written(browser, survey, "submit")
    assert "调查表还没有经营运部经理批准" in _entered(browser, survey, **grades(survey, 4)).content.decode()
    assert not Answer.objects.exists()
    step(other, survey, "approval_given:SS-4.3.3")
    assert "没有编码" in _entered(browser, survey, code="NOSUCH", **grades(survey, 5)).content.decode()
    assert _entered(browser, survey, **grades(survey, 4)).status_code == 302
    assert _entered(browser, survey, **grades(survey, 3)).status_code == 302
    assert Answer.objects.count() == 2 and Fact.objects.filter(event="survey_answers_entered").count() == 1


def test_a_home_whose_answer_is_refused_by_link_finds_its_ticks_again() -> None:
    _, _, survey, _, link = opened()
    question = next(iter(grades(survey, 2)))
    page = Client().post(link, {question: "2", "q-nothing": "3"}).content.decode()
    assert page.count('value="2" checked') == 1


def test_what_was_approved_is_not_changed_unless_it_is_submitted_anew() -> None:
    _, browser, other, survey = planned()
    assert "要改动，请改好后重新提交审批" in written(browser, survey, "keep", clubhouse="会所开门够早吗？")
    assert "会所开门够早吗" not in str(Questionnaire.objects.get().sections)
    Questionnaire.objects.update(public=True)
    assert "调查表已提交" in written(browser, survey, "submit", clubhouse="会所开门够早吗？")
    changed = Questionnaire.objects.get()
    assert "会所开门够早吗" in str(changed.sections) and not changed.public, "no link asks what is not approved"
    assert "调查表还没有经营运部经理批准" in _entered(browser, survey, **grades(survey, 4)).content.decode()
    step(other, survey, "approval_given:SS-4.3.3")
    assert _entered(browser, survey, **grades(survey, 4)).status_code == 302


def test_a_closed_survey_offers_nothing_but_the_improvements_and_stands_as_it_is() -> None:
    _, browser, _other, survey = planned()
    _entered(browser, survey, **grades(survey, 4))
    page = reverse("console:survey-report", args=[survey.id])
    parts = {name: "写明" for name in re.findall(r'name="(part-[^"]+)"', browser.get(page).content.decode())}
    assert "报告已提交" in browser.post(page, parts | {"act": "submit"}, follow=True).content.decode()
    late = browser.post(page, parts | {next(iter(parts)): "改过", "act": "keep"})
    assert late.status_code == 422 and "重新提交审批" in late.content.decode() and "改过</textarea>" in late.content.decode()
    step(browser, survey, "survey_closed")
    shown = browser.get(reverse("console:survey", args=[survey.id])).content.decode()
    offered = set(re.findall(r'/steps/([a-z_]+)(?::[A-Z0-9.a-z-]+)?"', shown))
    assert offered == {"survey_measures_started", "approval_given", "approval_refused"}, "what waits is still decided"
    assert "本次调查已结束" in browser.post(page, parts | {"act": "submit"}, follow=True).content.decode()
