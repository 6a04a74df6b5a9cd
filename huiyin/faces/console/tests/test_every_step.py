"""Every act that a regulation asks people to record can be recorded: there is a form, and what is sent is stored or refused by a clause."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.core.facts import FIRST_EVENTS
from huiyin.core.rules import StepRule
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import OPENED, is_intake
from huiyin.desk.matters.steps.offering import CLAUSED, acts_on
from huiyin.faces.console.tests.regulated import SITE, Regulated, filled, regulated
from huiyin.rulebook.load import stems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stem", stems())
def test_every_step_of_every_regulation_can_be_taken(stem: str) -> None:
    house = regulated(stem)
    browser, wrong = house.browser(), []
    for rule in house.regulation.rules:
        if isinstance(rule, StepRule):
            said = _registered(house, browser, rule) if is_intake(rule) else _recorded(house, browser, rule)
            wrong += [f"{rule.id}: {said}"] if said else []
    assert wrong == []


def _recorded(house: Regulated, browser: Client, rule: StepRule) -> str:
    """Take the step where its form is; out: what went wrong."""
    key = f"{rule.event}:{rule.cites[0]}" if rule.event in CLAUSED else rule.event
    return _sent(house, browser, f"{_page(house, browser, rule)}{key}", rule.event)


def _sent(house: Regulated, browser: Client, address: str, event: str) -> str:
    shown = browser.get(address)
    if shown.status_code == 302:
        return _sent_on_its_page(browser, shown["Location"], event)
    if shown.status_code != 200:
        return f"the form at {address} answers {shown.status_code}"
    other = house.case()
    before = Fact.objects.filter(event=event).count()
    answer = browser.post(address, filled(shown.context["form"], other.number))
    if answer.status_code == 302:
        return "" if Fact.objects.filter(event=event).count() > before else "nothing was stored"
    if answer.status_code != 200:
        return f"sending answers {answer.status_code}"
    return "" if answer.context["refused_clause"] else f"{dict(answer.context['form'].errors)} {answer.context['refused']}"


def _sent_on_its_page(browser: Client, address: str, event: str) -> str:
    """The act has a page of its own: its form is sent as it stands there."""
    page = browser.get(address).content.decode().partition("<main")[2]
    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    if form is None:
        return f"{address} has no form"
    before = Fact.objects.filter(event=event).count()
    answer = browser.post(form[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))
    return "" if Fact.objects.filter(event=event).count() > before else f"sending answers {answer.status_code} and nothing was stored"


def _page(house: Regulated, browser: Client, rule: StepRule) -> str:
    """The address below which the form of the step is."""
    about = rule.about
    if about == "case" and "case" in acts_on(house.regulation, rule):
        records = [one for question in rule.when.questions if question.about == "record" for one in sorted(question.answers)]
        return reverse("console:case", args=[house.case(next(iter(records), "complaint")).number]) + "/steps/"
    if about in OPENED:
        return f"{_opened(browser, about)}&step="
    if about == "issue":
        house.case(issue="lift")
        return reverse("console:matter", args=[Matter.objects.get(key=f"issue:{SITE}/lift").id]) + "/steps/"
    unit = SITE if about != "house" else "CO"
    return reverse("console:unit", args=[unit]) + "/steps/"


def _opened(browser: Client, about: str) -> str:
    return reverse("console:matter-new") + f"?unit={SITE}&kind={about}"


def _registered(house: Regulated, browser: Client, rule: StepRule) -> str:
    """Take a case in by the event of the step at the registration."""
    page = reverse("console:register")
    form: Any = browser.get(page, {"unit": SITE}).context["form"]
    events = dict(form.fields["event"].choices) if "event" in form.fields else {}
    chosen = {"record": FIRST_EVENTS[rule.event], "event": rule.event if rule.event in events else ""}
    said = {**filled(form), **chosen, "unit": SITE, "contact_phone": "", "dispatch": ""}
    before = Fact.objects.filter(event=rule.event).count()
    answer = browser.post(page, said)
    if answer.status_code == 302 and Fact.objects.filter(event=rule.event).count() > before:
        return ""
    return f"{answer.status_code} {dict(answer.context['form'].errors) if answer.context else 'another event was stored'}"
