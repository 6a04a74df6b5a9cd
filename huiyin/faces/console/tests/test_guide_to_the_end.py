"""The duty screen leads to the end of a request: what is waited for, what has to be said, how it is closed."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.desk.cases.models import Case
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.guided import begun, next_of, opened, run_of

pytestmark = pytest.mark.django_db
office = pytest.fixture(opened)


def test_what_an_answer_makes_necessary_stands_beside_the_question_on_the_duty_screen(office: House) -> None:
    found, browser = begun(office), office.browser("ying")
    step = f"/cases/{found.number}/steps"
    browser.post(f"{step}/emergency_course_chosen", {"role": "pa_officer", "branch": "take_to_hospital"})
    course = next(one for one in run_of(browser, found.number)["courses"] if one["clause"] == "RH-4.2.a.1")
    while course["next"]["event"] != "hospital_departed":
        event = course["next"]["event"]
        said = {
            "guards_on_standby": {"guard": "铁振东", "second_guard": "小杜", "standby_at": "patient_home"},
            "vehicle_ordered": {"vehicle": "面包车"},
        }
        login = "tie" if event == "guards_on_standby" else "ying"
        role = "security_dept" if login == "tie" else "pa_officer"
        answer = office.browser(login).post(f"{step}/{event}", {"role": role, **said.get(event, {})})
        assert answer.status_code == 302, answer.content.decode()
        course = next(one for one in run_of(browser, found.number)["courses"] if one["clause"] == "RH-4.2.a.1")
    act = course["next"]["act"]
    assert act.way == "form" and {"hospital", "resident_along", "reason"} == {one.name for one in act.first}


def test_an_answer_that_needs_a_reason_is_no_single_press(office: House) -> None:
    """RH-4.8: what is not possible needs a reason, what is done needs none."""
    found, browser = begun(office, "RH|help_request|other_normal"), office.browser("ying")
    step = f"/cases/{found.number}/steps"
    browser.post(f"{step}/resident_answered", {"role": "pa_officer"})
    act = run_of(browser, found.number)["first"]["next"]["act"]
    assert [key for key, _word in act.buttons] == ["done", "in_part"] and act.otherwise == "无法办到"
    assert act.form["result"].value() == "not_possible" and "reason" in {one.name for one in act.first}


def test_the_screen_shows_the_decision_that_is_waited_for_and_offers_no_closing_before_it(office: House) -> None:
    """RH-4.2.a.10: what further help there is the office manager decides; before, the request is not closed."""
    manager = people.add_staff(office.organisation.id, "pei", "裴景行", by=CLERK, at=EARLY, phone="13900010001")
    people.give_post(manager, office.units["CY"], "office_manager", date(2025, 1, 1), by=CLERK, at=EARLY)
    office.staff["pei"] = manager
    found, browser = begun(office), office.browser("ying")
    step = f"/cases/{found.number}/steps"
    for event, said in (
        ("emergency_course_chosen", {"branch": "take_to_hospital"}),
        ("resident_answered", {}),
        ("hospital_departed", {"hospital": "市第三医院", "resident_along": "true"}),
        ("hospital_reached", {}),
        ("further_help_asked", {"result": "needed", "text": "家属天亮才到"}),
        ("guards_returned", {}),
    ):
        answer = browser.post(f"{step}/{event}", {"role": "pa_officer", **said})
        assert answer.status_code == 302, (event, answer.content.decode())
    told = run_of(browser, found.number)
    assert [(one["clause"], one["acts"], [call["phone"] for call in one["calls"]]) for one in told["awaited"]] == [
        ("RH-4.2.a.10", [], ["13900010001"])
    ]
    assert [one["clause"] for one in browser.get(f"{step}/case_closed").context["barred"]] == ["RH-4.2.a.10"]
    decided = [one["url"] for one in run_of(office.browser("pei"), found.number)["awaited"][0]["acts"]]
    assert decided == [f"{step}/approval_given:RH-4.2.a.10", f"{step}/approval_refused:RH-4.2.a.10"]
    assert "现在还不能登记" in browser.get(f"{step}/case_closed").content.decode()
    office.browser("pei").post(decided[0], {"role": "office_manager", "text": "留一名队员"})
    assert not run_of(browser, found.number)["awaited"]
    assert not browser.get(f"{step}/case_closed").context["barred"]


def test_an_emergency_has_a_result_before_it_is_closed(office: House) -> None:
    found, browser = begun(office, "OF|emergency|fire"), office.browser("xie")
    assert "/moves/handle" not in browser.get(f"/cases/{found.number}").content.decode()
    for event, said in (("responder_arrived", {}), ("incident_result_recorded", {"text": "已扑灭"}), ("case_closed", {})):
        assert next_of(browser, found.number) == event
        assert browser.post(f"/cases/{found.number}/steps/{event}", {"role": "responder", **said}).status_code == 302
    found.refresh_from_db()
    assert found.status == "closed"


def test_whoever_comes_back_from_the_hospital_says_whom_of_the_two_they_told(office: House) -> None:
    """RH-4.2.a.11: the duty cadre of security or the officer of public affairs, and nobody else."""
    found, browser = begun(office), office.browser("ying")
    step = f"/cases/{found.number}/steps"
    browser.post(f"{step}/emergency_course_chosen", {"role": "pa_officer", "branch": "take_to_hospital"})
    to = browser.get(f"{step}/guards_reported_back").context["form"].fields["to"]
    assert to.required and {key for key, _word in to.choices} == {"security_duty_cadre", "pa_officer"}


def test_the_guards_at_the_hospital_hear_what_the_manager_decided(office: House) -> None:
    manager = people.add_staff(office.organisation.id, "pei", "裴景行", by=CLERK, at=EARLY)
    people.give_post(manager, office.units["CY"], "office_manager", date(2025, 1, 1), by=CLERK, at=EARLY)
    people.give_post(office.staff["tie"], office.units["CY"], "guard", date(2025, 1, 1), by=CLERK, at=EARLY)
    office.staff["pei"] = manager
    found, browser = begun(office), office.browser("ying")
    step = f"/cases/{found.number}/steps"
    for event, said in (
        ("emergency_course_chosen", {"branch": "take_to_hospital"}),
        ("hospital_departed", {"hospital": "市第三医院", "resident_along": "true"}),
        ("hospital_reached", {}),
        ("further_help_asked", {"result": "needed"}),
    ):
        assert browser.post(f"{step}/{event}", {"role": "pa_officer", **said}).status_code == 302
    office.browser("pei").post(f"{step}/approval_given:RH-4.2.a.10", {"role": "office_manager", "text": "留一名队员"})
    assert "管理处经理已对继续帮助作出安排" in office.browser("tie").get("/messages").content.decode()


def test_an_inquiry_that_is_answered_is_closed_without_a_return_visit(office: House) -> None:
    """RH-4.3.2a asks for the answer and for nothing after it."""
    said = {
        "record": "inquiry",
        "unit": "CY",
        "story": "装修要办什么手续？",
        "channel": "oral_inquiry",
        "place": "3栋",
        "contact_phone": "13812345678",
    }
    assert office.browser("ying").post("/register", said).status_code == 302
    found, browser = Case.objects.order_by("-id")[0], office.browser("ying")
    page = browser.get(f"/cases/{found.number}").content.decode()
    assert "/moves/handle" not in page and "/steps/case_closed" not in page
    assert browser.post(f"/cases/{found.number}/steps/resident_answered", {"role": "pa_officer", "text": "带身份证"}).status_code == 302
    page = browser.get(f"/cases/{found.number}").content.decode()
    assert "/moves/handle" not in page and "/steps/case_closed" in page
    assert browser.post(f"/cases/{found.number}/steps/case_closed", {"role": "pa_officer"}).status_code == 302
    found.refresh_from_db()
    assert found.status == "closed"
