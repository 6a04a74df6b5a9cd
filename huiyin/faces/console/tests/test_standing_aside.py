"""Whoever a complaint names in person stands aside: not made responsible, not handling, not approving, under whatever post (AC-2.2)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.watch.reconciling import reconcile
from huiyin.desk.facts.models import Fact
from huiyin.desk.messaging.models import Message
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House

pytestmark = pytest.mark.django_db
POSTS = {
    "zhu": ("朱主管", ("property_supervisor", "management_team", "responsible_person")),
    "tuan": ("段团员", ("management_team",)),
    "ze": ("齐责任", ("responsible_person",)),
    "ke": ("柯客服", ("cs_staff",)),
}


@pytest.fixture
def flat(house: House) -> House:
    """The house under the apartment manager's regulation too, with one supervisor, who holds further posts."""
    adopt(house.units["WY"], "apartment_complaints", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    for login, (name, roles) in POSTS.items():
        house.staff[login] = people.add_staff(house.organisation.id, login, name, by=CLERK, at=EARLY)
        for role in roles:
            people.give_post(house.staff[login], house.units["CY"], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    return house


def _about(house: House, *logins: str) -> Case:
    details = {"complained_person": [str(house.staff[one].pk) for one in logins]} if logins else {}
    classes = {"GP": "engineering_repair", "AC": "service_quality"}
    return house.case(house.register("态度恶劣", category=classes, ago=timedelta(hours=3), details=details).number)


def _browser(house: House, login: str, role: str) -> Client:
    client = house.browser(login)
    client.post("/post", {"post": str(house.staff[login].posts.get(role=role).pk)})
    return client


def _act(house: House, login: str, role: str, case: Case, event: str, **told: Any) -> Any:
    return _browser(house, login, role).post(f"/cases/{case.number}/steps/{event}", {"role": role, **told})


def _refused(answer: Any) -> str:
    """The clause that forbids the act, where one does."""
    return str(answer.context["refused_clause"]) if answer.status_code == 200 else ""


def _until_the_plan(house: House, case: Case) -> None:
    """The responsible person takes the complaint, looks into it and hands in a plan."""
    assigned = _act(house, "ke", "cs_staff", case, "complaint_assigned", to=["responsible_person"], assignee=[house.staff["ze"].pk])
    assert _refused(assigned) == ""
    for event in ("investigation_started", "progress_told_to_customer", "investigation_completed", "handling_plan_submitted"):
        assert _refused(_act(house, "ze", "responsible_person", case, event, text="已办", to=["property_supervisor"])) == "", event


def test_the_person_is_chosen_at_the_registration_and_stands_on_the_page(flat: House) -> None:
    form = flat.browser("ke").get("/register").context["form"]
    assert (str(flat.staff["zhu"].pk), "朱主管（物业管理团队、物业管理主管、责任人）") in form.fields["more-complained_person"].choices
    sent = {
        "record": "complaint", "unit": "CY", "story": "主管推诿", "channel": "phone", "place": "3-2-1501", "channel.AC": "phone",
        "category.AC": "service_quality", "more-complained_person": [str(flat.staff["zhu"].pk)],
    }  # fmt: skip
    answer = flat.browser("ke").post("/register", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    number = answer["Location"].rpartition("/")[2]
    assert Fact.objects.get(event="complaint_received").details["complained_person"] == [str(flat.staff["zhu"].pk)]
    page = flat.browser("ze").get(f"/cases/{number}")
    [concerned] = [one for one in page.context["persons"] if one["part"] == "被投诉人"]
    assert (concerned["names"], concerned["role"], concerned["clause"]) == ("朱主管", "回避", "AC-2.2")
    assert "朱主管" in "".join(line for entry in page.context["timeline"] for line in entry["lines"])


def test_the_person_is_not_made_responsible_and_somebody_else_is(flat: House) -> None:
    case = _about(flat, "zhu")
    told = {"to": ["responsible_person"], "assignee": [flat.staff["zhu"].pk]}
    assert _refused(_act(flat, "ke", "cs_staff", case, "complaint_assigned", **told)) == "AC-2.2"
    assert _refused(_act(flat, "ke", "cs_staff", case, "complaint_assigned", **(told | {"assignee": [flat.staff["ze"].pk]}))) == ""
    case.refresh_from_db()
    assert case.handler_id == flat.staff["ze"].pk
    told_to = Message.objects.filter(case_id=case.id, clause="AC-3.2.2a").values_list("to_staff", flat=True)
    assert set(told_to) == {flat.staff["ze"].pk}


def test_where_everybody_who_holds_the_post_is_complained_about_it_goes_to_another_post(flat: House) -> None:
    case = _about(flat, "zhu", "ze")
    assert _refused(_act(flat, "ke", "cs_staff", case, "complaint_assigned", to=["responsible_person"])) == "AC-2.2"
    assert _refused(_act(flat, "ke", "cs_staff", case, "complaint_assigned", to=["management_team"])) == ""


@pytest.mark.parametrize(
    ("role", "event"),
    [
        ("responsible_person", "investigation_started"),
        ("property_supervisor", "handling_plan_approved"),
        ("management_team", "approval_given:AC-2.2"),
        ("property_supervisor", "approval_refused:AC-3.5.1a"),
        ("property_supervisor", "complained_person_named"),
    ],
)
def test_the_person_acts_under_none_of_the_own_posts(flat: House, role: str, event: str) -> None:
    case = _about(flat, "zhu")
    _until_the_plan(flat, case)
    told = {"text": "同意", "reason": "重做", "complained_person": [flat.staff["ze"].pk]}
    assert _refused(_act(flat, "zhu", role, case, event, **told)) == "AC-2.2"
    answer = _browser(flat, "zhu", role).post(f"/cases/{case.number}/moves/accept", follow=True)
    assert not Fact.objects.filter(case_id=case.id, event="order_accepted").exists()
    assert answer.status_code == 422 and Fact.objects.filter(case_id=case.id, by_person=flat.staff["zhu"].pk).count() == 0


def test_the_plan_of_a_complaint_about_the_one_supervisor_waits_for_the_team_and_starts_with_its_yes(flat: House) -> None:
    case = _about(flat, "zhu")
    _until_the_plan(flat, case)
    [waiting] = Approval.objects.filter(case_id=case.id, state="needed")
    assert (waiting.clause, waiting.of) == ("AC-2.2", ["management_team"])
    assert case.number in _browser(flat, "tuan", "management_team").get("/approvals").content.decode()
    started = _act(flat, "ze", "responsible_person", case, "implementation_started")
    assert _refused(started) == "AC-2.2"
    assert _refused(_act(flat, "tuan", "management_team", case, "approval_given:AC-2.2", text="同意")) == ""
    assert _refused(_act(flat, "ze", "responsible_person", case, "implementation_started")) == ""
    # What was decided then holds when it is worked out again after the person has left.
    people.disable_staff(flat.staff["zhu"], by=CLERK, at=timezone.now())
    assert [one for one in reconcile(flat.organisation.id, timezone.now()) if str(case.id) in one.key] == []


def test_where_there_is_a_second_supervisor_that_one_approves(flat: House) -> None:
    flat.staff["fu"] = people.add_staff(flat.organisation.id, "fu", "傅主管", by=CLERK, at=EARLY)
    people.give_post(flat.staff["fu"], flat.units["CY"], "property_supervisor", date(2025, 1, 1), by=CLERK, at=EARLY)
    case = _about(flat, "zhu")
    _until_the_plan(flat, case)
    [waiting] = Approval.objects.filter(case_id=case.id, state="needed")
    assert (waiting.clause, waiting.of) == ("AC-3.5.1a", ["property_supervisor"])
    assert _refused(_act(flat, "zhu", "property_supervisor", case, "handling_plan_approved")) == "AC-2.2"
    assert _refused(_act(flat, "fu", "property_supervisor", case, "handling_plan_approved")) == ""


def test_who_is_named_later_loses_the_complaint_and_goes_no_further_with_it(flat: House) -> None:
    case = _about(flat)
    _until_the_plan(flat, case)
    named = _act(flat, "ke", "cs_staff", case, "complained_person_named", complained_person=[flat.staff["ze"].pk], reason="客户补充")
    assert _refused(named) == ""
    case.refresh_from_db()
    assert case.handler_id is None
    assert _refused(_act(flat, "zhu", "property_supervisor", case, "handling_plan_approved")) == ""
    assert _refused(_act(flat, "ze", "responsible_person", case, "implementation_started")) == "AC-2.2"


def test_who_is_complained_about_opens_no_secret_of_it_though_the_post_is_cleared(flat: House) -> None:
    case = _about(flat, "zhu")
    marked = _act(flat, "ke", "cs_staff", case, "confidential_part_marked", confidential="private", part=["story"])
    assert _refused(marked) == ""
    answers = {
        login: _browser(flat, login, "management_team").post(f"/cases/{case.number}/secret", {"reason": "inspect"})
        for login in ("zhu", "tuan")
    }
    assert {login: answer.status_code for login, answer in answers.items()} == {"zhu": 404, "tuan": 200}
    assert "态度恶劣" in answers["tuan"].content.decode()


def _offered(house: House, case: Case, step: str, name: str) -> list[str]:
    page = _browser(house, "ke", "cs_staff").get(f"/cases/{case.number}/steps/{step}").content.decode()
    return re.findall(rf'name="{name}" value="([^"]+)"', page)


def test_a_complaint_is_assigned_to_a_post_of_our_own_that_it_is_not_about(flat: House) -> None:
    posts = _offered(flat, _about(flat), "complaint_assigned", "to")
    assert "responsible_person" in posts and "customer" not in posts
    case = flat.case(
        flat.register("态度恶劣", category={"AC": "service_quality"}, details={"complained_about": ["responsible_person"]}).number
    )
    assert "responsible_person" not in _offered(flat, case, "complaint_assigned", "to")


def test_a_form_asks_which_of_its_own_parts_are_missing_and_not_those_of_others(flat: House) -> None:
    case = _about(flat)
    for step in ("complaint_recorded", "document_filed:AC-3.1.2b"):
        parts = _offered(flat, case, step, "missing_parts")
        assert "客户姓名" in parts and not {"调查资料", "实施时间", "反馈结果"} & set(parts), step
    assert "现场查看" in _offered(flat, case, "document_filed:AC-3.3.1b", "missing_parts")


def _panel(house: House, login: str, role: str, case: Case) -> str:
    page = _browser(house, login, role).get(f"/cases/{case.number}").content.decode()
    return page.split('id="steps"')[1].split("</section>")[0]


def test_a_plan_is_decided_once_it_is_there_and_under_one_name(flat: House) -> None:
    case = _about(flat)
    assert "处理方案</a>" not in _panel(flat, "zhu", "property_supervisor", case)
    assert _refused(_act(flat, "zhu", "property_supervisor", case, "handling_plan_approved", text="同意")) == "AC-3.5.1a"
    for event, told in (
        ("complaint_recorded", {"text": "态度恶劣"}),
        ("complaint_assigned", {"to": ["responsible_person"]}),
        ("investigation_started", {}),
        ("progress_told_to_customer", {"text": "在查"}),
        ("investigation_completed", {"text": "属实"}),
        ("handling_plan_submitted", {"to": ["property_supervisor"], "text": "道歉"}),
    ):
        login, role = ("ke", "cs_staff") if event in ("complaint_recorded", "complaint_assigned") else ("ze", "responsible_person")
        assert _refused(_act(flat, login, role, case, event, **told)) == "", event
    panel = _panel(flat, "zhu", "property_supervisor", case)
    assert panel.count(">批准处理方案</a>") == panel.count(">退回处理方案</a>") == 1
    assert "同意：审批处理方案" not in panel and "申请审批：审批处理方案" not in panel
    assert _refused(_act(flat, "zhu", "property_supervisor", case, "handling_plan_approved", text="同意")) == ""
