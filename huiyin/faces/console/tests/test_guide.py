"""The duty screen: the next step of what runs, in the order of the rules; and acts that a telephone sends late or twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact as Told
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact
from huiyin.desk.people import actions as people
from huiyin.faces.console.guide.callers import Callers
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.guided import PATIENT, begun, next_of, opened, run_of
from huiyin.plumbing.ids import new_id

pytestmark = pytest.mark.django_db
office = pytest.fixture(opened)


def test_a_patient_is_led_from_step_to_step_in_the_order_of_the_rules(office: House) -> None:
    found, browser = begun(office), office.browser("ying")
    assert (found.record, found.category["RH"], found.place) == ("help_request", "emergency_patient", "3栋2单元1501室")
    # Address and telephone were told at the beginning: they are not asked again.
    first = run_of(browser, found.number)["first"]
    assert first["next"]["event"] == "emergency_course_chosen" and first["next"]["act"].way == "pick"
    assert [one["stand"] for one in first["stages"]] == ["skipped", "next"]
    step = f"/cases/{found.number}/steps"
    browser.post(f"{step}/emergency_course_chosen", {"role": "pa_officer", "branch": "call_120", "from": "duty"})
    led = []
    for event in ("resident_answered", "emergency_120_called", "reception_promised_to_resident", "security_shift_leader_informed"):
        led.append(next_of(browser, found.number))
        answer = browser.post(f"{step}/{event}", {"role": "pa_officer", "from": "duty"})
        assert answer.status_code == 302 and answer["Location"] == "/duty"
    assert led == ["resident_answered", "emergency_120_called", "reception_promised_to_resident", "security_shift_leader_informed"]
    run = run_of(browser, found.number)
    assert run["first"]["next"]["event"] == "gate_guard_informed"
    assert {one["name"] for one in run["first"]["next"]["calls"]} == {"铁振东"}
    assert [one["event"] for one in run["first"]["possible"]] == ["call_120_confirmed"]


def test_the_screen_shows_the_limit_the_telephone_and_what_nobody_does(office: House) -> None:
    found, browser = begun(office), office.browser("ying")
    browser.post(f"/cases/{found.number}/steps/emergency_course_chosen", {"role": "pa_officer", "branch": "take_to_hospital"})
    browser.post(f"/cases/{found.number}/steps/resident_answered", {"role": "pa_officer"})
    run, page = run_of(browser, found.number), browser.get("/duty").content.decode()
    assert run["first"]["next"]["event"] == "security_dept_notified"
    assert 'href="tel:13900010005"' in page and "替病情出主意" in page
    assert "13812345678" not in page and "138****5678" in page


def test_who_said_at_once_which_help_is_wished_is_not_asked_again(office: House) -> None:
    """RH-4.2.1: the call came with its course, so the screen leads on with that; the address is still asked for."""
    now = timezone.now()
    known = {"address": "3栋2单元1501", "phone": "13812345678"}
    for told, first in ((known, "resident_answered"), ({}, "emergency_first_information_saved")):
        details = {"record": "help_request", "category": {"RH": "emergency_patient"}, "branch": "take_to_hospital", **told}
        case = new_id(now)
        store(office.organisation.id, [Told("help_request_received", now, str(case), "CY", "pa_officer", details)], by=None, at=now)
        assert next_of(office.browser("ying"), Case.objects.get(id=case).number) == first


def test_of_two_without_a_limit_the_one_that_came_last_stands_first(office: House) -> None:
    browser, numbers = office.browser("ying"), [begun(office, place=place).number for place in ("3栋2单元1501", "3栋2单元1502")]
    for number in numbers:
        browser.post(f"/cases/{number}/steps/emergency_course_chosen", {"role": "pa_officer", "branch": "short_care"})
        browser.post(f"/cases/{number}/steps/resident_answered", {"role": "pa_officer"})
    Clock.objects.filter(state="running").update(state="met")
    assert [one["number"] for one in browser.get("/duty").context["runs"]] == numbers[::-1]


def test_a_fire_is_three_minutes_to_the_scene(office: House) -> None:
    found, browser = begun(office, "OF|emergency|fire", story="地下车库冒烟"), office.browser("xie")
    run = run_of(browser, found.number)
    assert run["due_at"] - found.received_at == timedelta(minutes=3) and run["clause"] == "OF-6.3"
    assert run["first"]["next"]["event"] == "responder_arrived" and run["first"]["next"]["dials"] == "119"
    browser.post(f"/cases/{found.number}/steps/responder_arrived", {"role": "responder"})
    assert next_of(browser, found.number) == "incident_result_recorded"


def test_a_crime_goes_on_as_an_emergency_with_the_moment_of_its_receipt(office: House) -> None:
    found, browser = begun(office, "RH|help_request|crime_or_accident"), office.browser("ying")
    stage = run_of(browser, found.number)["first"]["next"]
    assert stage["event"] == "help_request_converted" and ("into", "emergency") in stage["act"].hidden
    answer = browser.post(stage["url"], {"role": "pa_officer", "into": "emergency", "category.OF": "other_emergency"})
    assert answer.status_code == 302
    made = Case.objects.exclude(id=found.id).get(record="emergency")
    assert made.received_at == found.received_at
    assert Clock.objects.get(case_id=made.id, rule="OF:reach-emergency").starts_at == found.received_at
    # Whoever goes there is told what was said, by whom, and where.
    told = (made.title, made.story, made.place, made.contact_phone)
    assert told == (found.title, found.story, found.place, found.contact_phone) and all(told)
    assert made.title in browser.get("/duty").content.decode()


def test_an_act_that_waited_keeps_its_moment_and_happens_once(office: House) -> None:
    found, browser = begun(office), office.browser("ying")
    Case.objects.filter(id=found.id).update(received_at=timezone.now() - timedelta(hours=1))
    Fact.objects.filter(case_id=found.id).update(at=timezone.now() - timedelta(hours=1))
    sent = {"Idempotency-Key": str(uuid4()), "X-Waited": str(20 * 60 * 1000), "X-Outbox": "1"}
    for _again in range(2):
        answer = browser.post(f"/cases/{found.number}/steps/resident_answered", {"role": "pa_officer"}, headers=sent)
        assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    fact = Fact.objects.get(case_id=found.id, event="resident_answered")
    assert timedelta(minutes=19) < fact.entered_at - fact.at < timedelta(minutes=21)
    other = browser.post(f"/cases/{found.number}/steps/supervisor_asked", {"role": "pa_officer"}, headers=sent)
    assert other.status_code == 422, "a key belongs to one act"


def test_what_is_refused_is_told_in_a_sentence_and_may_be_sent_again(office: House) -> None:
    found, browser = begun(office), office.browser("ying")
    sent = {"Idempotency-Key": str(uuid4()), "X-Outbox": "1"}
    wrong = browser.post(f"/cases/{found.number}/steps/emergency_course_chosen", {"role": "pa_officer"}, headers=sent)
    assert wrong.status_code == 422 and "<" not in wrong.content.decode()
    said = {"role": "pa_officer", "branch": "call_120"}
    right = browser.post(f"/cases/{found.number}/steps/emergency_course_chosen", said, headers=sent)
    assert right.status_code == 200
    assert browser.post(f"/cases/{found.number}/steps/nothing_known", said, headers=sent).status_code == 404


def test_a_new_case_sent_twice_is_one_case(office: House) -> None:
    sent = {"Idempotency-Key": str(uuid4()), "X-Outbox": "1", "X-Waited": "600000"}
    for _again in range(2):
        answer = office.browser("ying").post("/duty/new", {"kind": PATIENT, "place": "3栋"}, headers=sent)
        assert answer.status_code == 200
    found = Case.objects.get()
    assert timedelta(minutes=9) < found.entered_at - found.received_at < timedelta(minutes=11)
    assert found.story == "急救病人求助：3栋"


def test_a_new_case_without_a_kind_is_told_so(office: House) -> None:
    answer = office.browser("ying").post("/duty/new", {"kind": "RH|no|such", "place": "3栋"}, headers={"X-Outbox": "1"})
    assert answer.status_code == 422 and not Case.objects.exists()


def test_address_and_telephone_of_the_registration_are_there_when_the_first_information_is_asked(office: House) -> None:
    more: dict[str, Any] = {"category": {"RH": "emergency_patient"}, "severity": {}, "channel": "phone", "dispatch": False}
    made = office.register("老人胸口疼", "help_request", place="3-2-1501", contact_phone="13812345678", **more)
    browser, page = office.browser("ying"), f"/cases/{made.number}/steps/emergency_first_information_saved"
    form = browser.get(page).context["form"]
    assert form["address"].value() == "3-2-1501" and form["phone"].value() in (None, "")
    assert "138****5678" in browser.get(page).content.decode()
    assert browser.post(page, {"role": "pa_officer", "address": "3-2-1501", "phone": ""}).status_code == 302
    told = Fact.objects.get(case_id=made.case_id, event="emergency_first_information_saved").details
    assert (told["address"], told["phone"]) == ("3-2-1501", "+8613812345678")


def test_the_timeline_says_who_stood_in_for_whom(office: House) -> None:
    found, browser = begun(office), office.browser("ying")
    browser.post(f"/cases/{found.number}/steps/emergency_course_chosen", {"role": "pa_officer", "branch": "call_120"})
    browser.post(f"/cases/{found.number}/steps/emergency_120_called", {"role": "pa_officer"})
    browser.post(f"/cases/{found.number}/steps/gate_guard_informed", {"role": "security_shift_leader"})
    told = {one["title"]: one["who"] for one in browser.get(f"/cases/{found.number}").context["timeline"]}
    assert told["已通知入口保安"] == "应小荷 代保安部值班班长（保安班长）"
    assert not any("代" in who for title, who in told.items() if title != "已通知入口保安")


def test_only_pages_marked_so_may_be_kept_on_a_device(office: House) -> None:
    browser, whose = office.browser("ying"), str(office.staff["ying"].pk)
    number = begun(office).number
    for page in ("/duty", f"/cases/{number}", "/cases"):
        assert browser.get(page).headers.get("X-Keep") == whose, page
        assert "no-store" in browser.get(page)["Cache-Control"]
    assert "X-Keep" not in browser.get(f"/cases/{number}", headers={"HX-Request": "true"}).headers
    assert "X-Keep" not in browser.get("/messages").headers


def test_the_key_of_a_device_is_the_persons_own_and_always_the_same(office: House) -> None:
    mine, again, other = (office.browser(login).get("/device").json() for login in ("ying", "ying", "tie"))
    assert mine == again and mine["key"] != other["key"]
    assert Client().get("/device").status_code == 302
    assert Client().get("/worker.js")["Content-Type"].startswith("text/javascript")


def test_logout_tells_the_browser_to_clear_what_it_keeps(office: House) -> None:
    assert office.browser("ying").post("/logout")["Clear-Site-Data"] == '"storage"'


def test_of_several_shift_leaders_the_one_on_duty_is_rung_up_first(office: House) -> None:
    made = people.add_staff(office.organisation.id, "ye", "段夜明", by=CLERK, at=EARLY, phone="13900010006")
    people.give_post(made, office.units["CY"], "security_shift_leader", date(2025, 1, 1), by=CLERK, at=EARLY)
    callers = Callers(office.organisation.id, timezone.now())
    names = [one["name"] for one in callers.of("security_shift_leader", "CY", "resident_help")]
    last = next(one for one in (made, office.staff["tie"]) if one.name == names[-1])
    people.plan_duty(office.units["CY"], "security_shift", timezone.localdate(), [(0, 1440, last)], by=CLERK, at=timezone.now())
    callers = Callers(office.organisation.id, timezone.now())
    told = list(callers.of("security_shift_leader", "CY", "resident_help"))
    assert [(one["name"], one["on_duty"]) for one in told] == [(last.name, True), (names[0], False)]


def test_a_form_asks_beforehand_for_what_would_be_refused_without_it(office: House) -> None:
    """RH-4.2.a.5a refuses a departure that says nothing of the resident: "unsaid" is no answer then."""
    found, browser = begun(office), office.browser("ying")
    step = f"/cases/{found.number}/steps"
    browser.post(f"{step}/emergency_course_chosen", {"role": "pa_officer", "branch": "take_to_hospital"})
    asked = browser.get(f"{step}/hospital_departed").context["form"].fields["resident_along"]
    assert asked.required and [key for key, _word in asked.choices] == ["true", "false"]
    # Only a resident who does not come along needs a reason: the form says so, and asks for it where the answer is no.
    reason = browser.get(f"{step}/hospital_departed").context["form"].fields["reason"]
    assert (
        not reason.required and reason.widget.attrs["data-wanted-by"] == "resident_along" and reason.widget.attrs["data-wanted"] == "false"
    )
    assert reason.help_text == "“住户同往”选“否”时必填"
    told = {"role": "pa_officer", "hospital": "市第三医院", "resident_along": "false"}
    asked_again = browser.post(f"{step}/hospital_departed", told).context
    assert asked_again["form"].errors["reason"] == ["请填写原因"] and not asked_again["refused"]
    assert browser.post(f"{step}/hospital_departed", {**told, "reason": "家属已在医院"}).status_code == 302


def test_a_question_has_the_answers_of_its_clause_alone(office: House) -> None:
    found, browser = begun(office), office.browser("ying")
    step = f"/cases/{found.number}/steps"
    browser.post(f"{step}/emergency_course_chosen", {"role": "pa_officer", "branch": "take_to_hospital"})
    further = browser.get(f"{step}/further_help_asked").context["form"].fields["result"]
    assert [key for key, _word in further.choices if key] == ["needed", "not_needed"]
    decision = browser.get(f"{step}/help_decision_recorded").context["form"].fields["result"]
    assert [key for key, _word in decision.choices if key] == ["done", "in_part", "not_possible"]
    closing = browser.get(f"{step}/case_closed").context["form"].fields["result"]
    assert "not_met" in dict(closing.choices)


def test_a_step_of_complaints_asks_nothing_of_a_request_for_help(office: House) -> None:
    """Both procedures know the question to the supervisor; whom to call in is asked for a complaint alone."""
    adopt(office.units["CY"], "resident_complaints", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    people.give_post(office.staff["ying"], office.units["CY"], "receptionist", date(2025, 1, 1), by=CLERK, at=EARLY)
    found = begun(office)
    asked = office.browser("ying").get(f"/cases/{found.number}/steps/supervisor_asked").context["form"].fields
    assert "text" in asked and "to" not in asked and "reason" not in asked


def test_a_caller_without_a_name_is_no_dash(office: House) -> None:
    begun(office)
    page = office.browser("ying").get("/duty").content.decode()
    assert "138****5678" in page and "--" not in page[page.index('id="duty"') : page.index('id="duty-new"')].replace("<!--", "")


def test_whoever_leaves_a_number_has_rung_up(office: House) -> None:
    assert begun(office).channel == "phone"
    assert begun(office, phone="", place="3栋2单元1502").channel != "phone"


def test_what_a_slow_net_delays_is_not_put_after_what_came_later(office: House) -> None:
    browser, call = office.browser("ying"), {"kind": PATIENT, "place": "3栋2单元1501", "phone": "13812345678"}
    browser.post("/duty/new", call, headers={"X-Outbox": "1", "X-Waited": "7200000"})
    found = Case.objects.get()
    step, said = f"/cases/{found.number}/steps", {"role": "pa_officer", "from": "duty"}
    browser.post(f"{step}/emergency_course_chosen", {**said, "branch": "call_120"})
    for event, waited in (("resident_answered", 0), ("emergency_120_called", 800), ("reception_promised_to_resident", 3_600_000)):
        browser.post(f"{step}/{event}", said, headers={"X-Waited": str(waited), "X-Outbox": "1"})
    told = dict(Fact.objects.filter(case_id=found.id, derived=False).values_list("event", "at"))
    assert told["emergency_120_called"] == told["resident_answered"]
    assert told["reception_promised_to_resident"] < told["resident_answered"], "what another device did an hour ago keeps its time"
