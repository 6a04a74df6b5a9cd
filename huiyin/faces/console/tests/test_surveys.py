"""Surveys in the console and by link: stages, questionnaire, draw, one answer a code, evaluation, report; under two regulations."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.core.facts import Fact as CoreFact
from huiyin.core.recurrence import period_of
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal.models import Entry
from huiyin.desk.matters.models import Matter
from huiyin.desk.surveys.models import Answer, Invitation, Questionnaire
from huiyin.faces.console.tests.conftest import House
from huiyin.faces.console.tests.regulated import SITE
from huiyin.faces.console.tests.surveyed import HOMES, grades, opened, planned, step, surveyed, written

pytestmark = pytest.mark.django_db


def test_the_questionnaire_asks_every_subject_or_is_refused_with_its_clause() -> None:
    _, browser, other, survey = surveyed("satisfaction_survey")
    step(browser, survey, "survey_plan_submitted", method=["questionnaire"])
    step(other, survey, "approval_given:SS-4.1.1d")
    written(browser, survey, "begin")
    assert len(Questionnaire.objects.get().sections) == 10
    assert "SS-4.3.1d" in written(browser, survey, "submit", clubhouse="")
    assert not Fact.objects.filter(event="questionnaire_submitted").exists()
    assert len(Questionnaire.objects.get().sections) == 9, "what was written is kept"
    assert "SS-4.3.1e" in written(browser, survey, "submit", clubhouse="您对会所满意吗？", repurchase="您会再买我们的房子吗？")
    written(browser, survey, "submit", repurchase="")
    assert Fact.objects.filter(event="questionnaire_submitted").count() == 1
    page = browser.get(reverse("console:survey", args=[survey.id])).content.decode()
    assert "调查表审批" in page and "待审批" in page


def test_the_draw_prefers_homes_with_many_opinions_and_its_seed_repeats_it() -> None:
    house, browser, _, survey = planned()
    for _number in range(3):
        house.case(household_code="1-1-105")
    address = reverse("console:survey-asked", args=[survey.id])
    page = browser.get(address).content.decode()
    assert "1-1-105" in page and 'value="25' in page
    assert Invitation.objects.count() == 0
    browser.post(address, {"act": "draw", "percent": "101", "focus_from": "2"})
    assert Invitation.objects.count() == 0
    browser.post(address, {"act": "draw", "percent": "25", "focus_from": "2", "seed": "种子-7"})
    drawn = set(Invitation.objects.values_list("household_code", flat=True))
    assert len(drawn) == 5 and Questionnaire.objects.get().seed == "种子-7"
    fact = Fact.objects.get(event="sample_drawn")
    assert (fact.details["customers"], fact.details["sample"]) == (HOMES, 5)
    assert fact.details["focus_customers"] == Invitation.objects.filter(focus=True).count()
    assert "已按 25" in browser.get(address).content.decode()
    browser.post(address, {"act": "draw", "percent": "50", "focus_from": "2"})
    assert Invitation.objects.count() == 5, "a sample stands"
    assert Entry.objects.filter(action="surveys.ask").count() == 1


def test_a_code_answers_once_by_link_and_only_while_the_survey_is_open() -> None:
    _, browser, _, survey = planned()
    asked = reverse("console:survey-asked", args=[survey.id])
    browser.post(asked, {"act": "all"})
    assert Invitation.objects.count() == HOMES
    code = Invitation.objects.first()
    assert code is not None
    stranger, address = Client(), f"/s/{code.code}"
    refused = browser.post(asked, {"act": "open"}, follow=True).content.decode()
    assert "SS-4.4.2a" in refused and not Questionnaire.objects.get().public, "who is asked has to be told first"
    closed = stranger.get(address)
    assert closed.status_code == 404 and "现在不能答卷" in closed.content.decode()
    step(browser, survey, "survey_notice_published", outlets=["notice"], text="近期调查")
    browser.post(asked, {"act": "open"})
    assert Fact.objects.filter(event="survey_links_opened", about=survey.key).count() == 1
    page = stranger.get(address).content.decode()
    assert "很满意" in page and code.household_code not in page
    assert stranger.post(address, {"words": "只有意见"}).status_code == 422
    assert stranger.post(address, grades(survey, 5) | {"words": "很好，请打13812345678"}).status_code == 200
    assert "已收到您的答卷" in stranger.get(address).content.decode()
    assert stranger.post(address, grades(survey, 1)).status_code == 422
    answer = Answer.objects.get()
    assert answer.way == "link" and set(answer.grades.values()) == {5}
    listed = browser.get(reverse("console:survey-answers", args=[survey.id])).content.decode()
    assert f"1 / {HOMES}" in listed and "13812345678" not in listed
    browser.post(asked, {"act": "close"})
    assert stranger.get(f"/s/{Invitation.objects.filter(answered_at=None)[0].code}").status_code == 404


def test_nobody_answers_after_the_end_and_no_link_is_opened_again() -> None:
    browser, _, survey, asked, link = opened()
    stranger = Client()
    assert stranger.get(link).status_code == 200
    step(browser, survey, "survey_collection_closed", reason="已到截止日")
    assert stranger.get(link).status_code == 404 and "现在不能答卷" in stranger.get(link).content.decode()
    assert stranger.post(link, grades(survey, 5)).status_code == 404 and not Answer.objects.exists()
    page = browser.get(asked).content.decode()
    assert "已结束回收" in page and 'value="all"' not in page and 'value="close"' not in page
    browser.post(asked, {"act": "close"})
    browser.post(asked, {"act": "open"})
    assert not Questionnaire.objects.get().public
    browser.post(reverse("console:survey-answers", args=[survey.id]), grades(survey, 5) | {"unit": SITE})
    assert Answer.objects.count() == 1, "what came back on paper in time is still entered"


def test_after_a_census_nothing_is_drawn() -> None:
    _, browser, _, survey = planned()
    asked = reverse("console:survey-asked", args=[survey.id])
    assert 'value="draw"' not in browser.post(asked, {"act": "all"}, follow=True).content.decode()
    said = browser.post(asked, {"act": "draw", "percent": "25", "focus_from": "2"}, follow=True).content.decode()
    assert "不再抽样" in said and not Fact.objects.filter(event="sample_drawn").exists()


def test_no_link_is_opened_before_the_questionnaire_is_approved() -> None:
    _, browser, other, survey = surveyed("satisfaction_survey")
    step(browser, survey, "survey_plan_submitted", method=["questionnaire"], sampling_percent="25", return_percent="80")
    step(other, survey, "approval_given:SS-4.1.1d")
    written(browser, survey, "begin")
    written(browser, survey, "submit")
    said = browser.post(reverse("console:survey-asked", args=[survey.id]), {"act": "open"}, follow=True).content.decode()
    assert "SS-4.3.3" in said and not Questionnaire.objects.get().public


def test_after_a_draw_nobody_is_added_and_every_count_of_cases_opens_as_many() -> None:
    house, browser, _, survey = planned()
    for _number in range(2):
        house.case(household_code="1-1-105")
    asked = reverse("console:survey-asked", args=[survey.id])
    listed = re.findall(r'data-figure="opinions" href="([^"]+)">(\d+)<', browser.get(asked).content.decode())
    assert [number for _, number in listed] == ["2"]
    url = html.unescape(listed[0][0])
    assert f"unit={SITE}" in url and "from=" in url and browser.get(url).content.decode().count("data-row=") == 2
    browser.post(asked, {"act": "draw", "percent": "25", "focus_from": "2"})
    said = browser.post(asked, {"act": "all"}, follow=True).content.decode()
    assert Invitation.objects.count() == 5 and "样本已抽取" in said and 'value="all"' not in said


def test_a_question_is_asked_in_both_languages_and_the_papers_bear_their_numbers() -> None:
    browser, other, survey, asked, link = opened()
    written(browser, survey, "submit", security="停车方便吗？ | Is parking easy?\n保安礼貌吗？")
    step(other, survey, "approval_given:SS-4.3.3")
    browser.post(asked, {"act": "open"})
    english = Client(headers={"accept-language": "en"})
    page = english.get(link).content.decode()
    assert "Is parking easy?" in page and "停车方便吗" not in page
    assert "停车方便吗？ | Is parking easy?" in browser.get(reverse("console:survey-questionnaire", args=[survey.id])).content.decode()
    assert "KF-CQ05-02-F1" in browser.get(reverse("console:survey-paper", args=[survey.id])).content.decode()
    browser.post(reverse("console:survey-answers", args=[survey.id]), grades(survey, 5) | {"unit": SITE})
    assert "KF-CQ05-02-F2" in browser.get(reverse("console:survey-report-print", args=[survey.id])).content.decode()


def test_a_complaint_says_which_survey_it_is_about_and_both_pages_show_it() -> None:
    house, browser, _, survey = surveyed("satisfaction_survey")
    case = house.case()
    other = house.case(record="opinion")
    address = reverse("console:case", args=[case.number]) + "/steps/survey_concerned_named"
    form = browser.get(address).context["form"]
    assert [key for key, _ in form.fields["survey"].choices if key] == [survey.name]
    role = form.fields["role"].choices[0][0]
    assert browser.post(address, {"role": role, "survey": "别的调查"}).status_code == 200
    assert browser.post(address, {"role": role, "survey": survey.name, "text": "晚上九点上门"}).status_code == 302
    page = browser.get(reverse("console:survey", args=[survey.id])).content.decode()
    assert "涉及的工单" in page and case.number in page and other.number not in page
    told = browser.get(reverse("console:case", args=[case.number])).content.decode()
    assert reverse("console:survey", args=[survey.id]) in told and "涉及调查人员" in told


def test_who_tries_many_codes_has_to_wait() -> None:
    stranger = Client()
    tried = [stranger.get(f"/s/{number:010d}").status_code for number in range(62)]
    assert tried[:60] == [404] * 60 and tried[-1] == 429


def test_answers_become_figures_charts_the_recorded_result_and_a_report_of_seven_parts() -> None:
    _, browser, other, survey = planned()
    answers = reverse("console:survey-answers", args=[survey.id])
    for points in (5, 5, 4, 2):
        browser.post(answers, grades(survey, points) | {"unit": SITE, "words": "电梯太慢" if points == 2 else ""})
    browser.post(answers, {"unit": SITE} | dict.fromkeys(grades(survey, 1), "9"))
    assert Answer.objects.count() == 4
    address = reverse("console:survey-evaluation", args=[survey.id])
    page = browser.get(address).content.decode()
    assert "75.0%" in page and "电梯太慢" in page and page.count("<svg") >= 2 and "供电管理" in page
    void = Answer.objects.get(words="电梯太慢")
    browser.post(answers, {"act": "void", "answer": str(void.id), "reason": "整页同一答案"})
    assert "100.0%" in browser.get(address).content.decode()
    browser.post(address)
    fact = Fact.objects.get(event="opinion_survey_completed")
    assert fact.details["answers"] == {"grade_5": 2, "grade_4": 1, "grade_3": 0, "grade_2": 0, "grade_1": 0}
    report = reverse("console:survey-report", args=[survey.id])
    parts = {f"part-{one['key']}": one["text"] for one in browser.get(report).context["parts"]}
    assert len(parts) == 7 and "100.0%" in parts["part-company_as_a_whole"] and all(parts.values())
    said = browser.post(report, parts | {"part-conclusion": " ", "act": "submit"}, follow=True).content.decode()
    assert "SS-4.5.2d" in said and not Fact.objects.filter(event="survey_report_submitted").exists()
    browser.post(report, parts | {"causes": "等候时间长\n  电梯少\n    一部停用", "act": "submit"})
    assert Fact.objects.filter(event="survey_report_submitted").count() == 1
    paper = browser.get(reverse("console:survey-report-print", args=[survey.id])).content.decode()
    assert "待审批" in paper and "SS-4.5.3a" in paper
    assert re.search(r"等候时间长<ul>\s*<li>电梯少<ul>\s*<li>一部停用", paper)
    step(other, survey, "approval_given:SS-4.5.3a", role="quality_manager")
    stages = browser.get(reverse("console:survey", args=[survey.id])).content.decode()
    assert "报告审核与审批" in stages and "满意率" in stages


def test_every_figure_of_the_evaluation_opens_a_list_of_as_many() -> None:
    _, browser, _, survey = planned()
    for points in (5, 4, 2):
        browser.post(reverse("console:survey-answers", args=[survey.id]), grades(survey, points) | {"unit": SITE, "words": f"给{points}分"})
    void = Answer.objects.get(words="给4分")
    browser.post(reverse("console:survey-answers", args=[survey.id]), {"act": "void", "answer": str(void.id), "reason": "重复"})
    page = browser.get(reverse("console:survey-evaluation", args=[survey.id])).content.decode()
    figures = {html.unescape(url): int(count) for url, count in re.findall(r'data-figure="given" href="([^"]+)">(\d+)<', page)}
    assert len(figures) > 20 and all(one in " ".join(figures) for one in ("points=5", "points=low", "part="))
    for url, count in figures.items():
        listed = browser.get(url).content.decode()
        whole = int(re.findall(r'<h1>[^<]*<span class="count">(\d+)<', listed)[0])
        assert (url, whole, listed.count("data-given")) == (url, count, min(count, 100))
    assert "给4分" not in browser.get(reverse("console:survey-given", args=[survey.id])).content.decode()
    for wrong in ("?points=9", "?unit=XX"):
        assert browser.get(reverse("console:survey-given", args=[survey.id]) + wrong).status_code == 404


def test_an_office_records_the_survey_of_its_half_year_against_its_goal() -> None:
    _, browser, _, survey = surveyed("office_feedback")
    begun = written(browser, survey, "begin")
    assert "提交审批" not in begun and "必须问到" not in begun, "this regulation has nobody approve the questions"
    assert "不能提交" in written(browser, survey, "submit") and not Fact.objects.filter(event="questionnaire_submitted").exists()
    for points in (5, 3):
        browser.post(reverse("console:survey-answers", args=[survey.id]), grades(survey, points) | {"unit": SITE})
    address = reverse("console:survey-evaluation", args=[survey.id])
    evaluated = re.sub(r"\s+", " ", browser.get(address).content.decode())
    assert "目标 95%" in evaluated and "50.0%" in evaluated and "<svg" in evaluated, "one of two is satisfied"
    browser.post(address)
    half = period_of("half", timezone.now()).name
    kept = Fact.objects.get(event="opinion_survey_completed", details__period=half, derived=False, about__startswith="half:")
    assert kept.details["answers"] == {"grade_5": 1, "grade_4": 0, "grade_3": 1, "grade_2": 0, "grade_1": 0}
    month = Matter.objects.get(about="half")
    assert "满意" in browser.get(reverse("console:matter", args=[month.id])).content.decode()


def test_the_stages_of_an_office_are_done_with_their_work_and_end_with_the_improvement_plan() -> None:
    """OF-3 asks for no plan and no approval: what was made, answered and reckoned is done; OF-3f closes it after its plan alone."""
    _, browser, _, survey = surveyed("office_feedback")
    page, close = reverse("console:survey", args=[survey.id]), f"/matters/{survey.id}/steps/survey_closed"

    def stages() -> dict[str, str]:
        return {str(one["word"]): one["state"] for one in browser.get(page).context["stages"]}

    assert not any(one == "done" for one in stages().values())
    written(browser, survey, "begin")
    browser.post(reverse("console:survey-answers", args=[survey.id]), grades(survey, 5) | {"unit": SITE})
    browser.post(reverse("console:survey-evaluation", args=[survey.id]))
    now = stages()
    assert [now[one] for one in ("调查表", "回收", "统计分析", "意见调查改进方案")] == ["done", "done", "done", "now"]
    assert "报告" not in now, "nothing asks for a report"
    assert browser.post(close, {"role": "management_office"}).status_code == 200, "refused without its plan"
    plan = f"/units/{survey.unit_code}/steps/document_filed:OF-3f"
    fields = browser.get(plan).context["form"].fields
    assert ("SV-1", "SV-1") in fields["survey"].choices
    filed = {"role": fields["role"].initial, "period": fields["period"].initial, "survey": "SV-1", "text": "改进方案三条"}
    assert browser.post(plan, filed).status_code == 302
    assert stages()["意见调查改进方案"] == "done"
    assert browser.post(close, {"role": "management_office"}).status_code == 302
    assert stages()["结束"] == "done"


def test_a_survey_of_another_unit_is_absent(house: House) -> None:
    made = timezone.now() - timedelta(days=1)
    store(house.organisation.id, [CoreFact("survey_opened", made, unit="LY", by="platform", details={"survey": "S9"})], by=None, at=made)
    survey = Matter.objects.get(about="survey")
    browser = house.browser("qian")
    for name in ("survey", "survey-questionnaire", "survey-answers", "survey-evaluation", "survey-report", "survey-asked", "survey-codes"):
        assert browser.get(reverse(f"console:{name}", args=[survey.id])).status_code == 404, name
    assert "S9" not in browser.get("/surveys").content.decode()
    assert "S9" in house.browser("wu").get("/surveys").content.decode()
