"""A survey on its way, for the tests of surveys: begun, planned, with links open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from huiyin.desk.matters.models import Matter
from huiyin.desk.people import actions as people
from huiyin.desk.places import actions as places
from huiyin.desk.surveys import queries
from huiyin.desk.surveys.models import Invitation
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.faces.console.tests.regulated import ABOVE, SITE, Regulated, regulated

HOMES = 20


def surveyed(stem: str) -> tuple[Regulated, Client, Client, Matter]:
    """An organisation with homes, two people who hold all posts of the regulation, and a survey of the site that one of them began."""
    house = regulated(stem)
    for number in range(HOMES):
        places.add_household(house.units[SITE], f"1-1-{101 + number}", by=CLERK, at=EARLY)
    second = people.add_staff(house.organisation.id, "second", "第二人", by=CLERK, at=EARLY)
    for role, level in house.regulation.role_levels.items():
        if level != "outside":
            people.give_post(second, house.units[ABOVE], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    other = Client()
    other.force_login(second)
    browser = house.browser()
    address = f"/matters/new?unit={SITE}&kind=survey&step=survey_opened"
    form = browser.get(address).context["form"]
    classes = {name: "midterm_survey" for name in form.fields if name.startswith("category.")}
    # A company's survey is the quality specialist's where the regulation has one.
    role = max((key for key, _ in form.fields["role"].choices), key=lambda one: one == "quality_specialist")
    sent = {"name": "SV-1", "role": role, "purpose": "年中调查", **classes}
    assert browser.post(address, sent).status_code == 302
    return house, browser, other, Matter.objects.get(about="survey")


def step(browser: Client, survey: Matter, key: str, **more: Any) -> None:
    """Do an act of the survey on its page, in the first post that may."""
    address = f"{reverse('console:matter', args=[survey.id])}/steps/{key}"
    form = browser.get(address).context["form"]
    answer = browser.post(address, {"role": form.fields["role"].choices[0][0], **more})
    assert answer.status_code == 302, (key, dict(answer.context["form"].errors), answer.context["refused"])


def written(browser: Client, survey: Matter, act: str, **more: str) -> str:
    """Send the questionnaire's page as it stands, with some sections changed; out: what the next page says."""
    page = reverse("console:survey-questionnaire", args=[survey.id])
    sections = browser.get(page).context["sections"]
    sent = {one["key"]: one["lines"] for one in sections} | more
    return browser.post(page, sent | {"act": act}, follow=True).content.decode()


def grades(survey: Matter, points: int) -> dict[str, str]:
    """An answer that gives every question the same points."""
    found = queries.questionnaire_of(survey)
    assert found is not None
    return {f"q-{each['key']}": str(points) for one in found.sections for each in one["questions"]}


def planned(stem: str = "satisfaction_survey") -> tuple[Regulated, Client, Client, Matter]:
    """A survey whose plan and questionnaire are approved."""
    house, browser, other, survey = surveyed(stem)
    step(browser, survey, "survey_plan_submitted", method=["questionnaire"], sampling_percent="25", return_percent="80")
    step(other, survey, "approval_given:SS-4.1.1d")
    written(browser, survey, "begin")
    written(browser, survey, "submit")
    step(other, survey, "approval_given:SS-4.3.3")
    return house, browser, other, survey


def opened() -> tuple[Client, Client, Matter, str, str]:
    """A survey that all homes may answer by link: browsers of who holds it and who approves, the page of who is asked, an unused link."""
    _, browser, other, survey = planned()
    asked = reverse("console:survey-asked", args=[survey.id])
    browser.post(asked, {"act": "all"})
    step(browser, survey, "survey_notice_published", outlets=["notice"])
    browser.post(asked, {"act": "open"})
    return browser, other, survey, asked, f"/s/{Invitation.objects.filter(answered_at=None)[0].code}"
