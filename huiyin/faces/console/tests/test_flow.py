"""The flow of a case on its page, and what the clauses say to whoever is at work: at the reception, with the step, at the inquiry."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from huiyin.desk.cases.models import Case
from huiyin.faces.console.tests.regulated import Regulated, regulated

pytestmark = pytest.mark.django_db


def _part(browser: Client, address: str, part: str) -> str:
    """The words of a part of the page with this id."""
    page = browser.get(address).content.decode()
    assert f'id="{part}"' in page, f"{address} has no {part}"
    return re.sub(r"\s+", " ", page.split(f'id="{part}"', 1)[1].split("</section>", 1)[0])


def _done(house: Regulated, number: str, event: str, **said: str) -> None:
    answer = house.browser().post(f"/cases/{number}/steps/{event}", {"role": "receptionist", **said})
    assert answer.status_code == 302, answer.context["form"].errors if answer.context else answer.status_code


def test_the_page_of_a_complaint_shows_the_flow_with_its_present_step() -> None:
    house = regulated("resident_complaints")
    browser, number = house.browser(), house.case(severity={"RC": "minor"}, channel="in_person").number
    shown = _part(browser, f"/cases/{number}", "flow")
    assert re.findall(r'aria-current="step">(.*?)<', shown)[0].strip() == "代表被投诉部门致歉" and "下一步 代表被投诉部门致歉" in shown
    _done(house, number, "apology_given")
    shown = _part(browser, f"/cases/{number}", "flow")
    assert "下一步 写好意见表" in shown and "受理后" in shown and "1/" in shown
    # What is borne in mind stands at the present step, and only there.
    assert shown.count("耐心倾听") == 1 and "与住户辩论、争吵" in shown
    assert "转呈主管经理" not in shown, "a minor complaint stays with the supervisor"
    # The duty screen is for requests and emergencies.
    assert number not in browser.get("/duty").content.decode()


def test_whoever_takes_a_complaint_in_sees_how_to_receive_the_resident() -> None:
    shown = _part(regulated("resident_complaints").browser(), "/register", "minds")
    for words in ("礼貌、乐观、热情、友善、耐心、平等", "严禁与住户辩论、争吵", "请住户到沙发入座", "不要只埋头记录"):
        assert words in shown
    for clause in ("RC-4.1a", "RC-4.1b", "RC-4.4.1d", "RC-4.4.1f"):
        assert f"#{clause}" in shown


def test_what_the_clauses_say_to_whoever_is_at_work_stands_with_the_step() -> None:
    house = regulated("resident_help")
    browser = house.browser()
    inquiry = house.case("inquiry", event="oral_inquiry_received", channel="oral_inquiry").number
    shown = _part(browser, f"/cases/{inquiry}", "flow")
    assert "切忌不懂装懂" in shown and "耐心、细致" in shown and "不可以" in shown
    assert "耐心、细致" in browser.get(f"/cases/{inquiry}/steps/resident_answered").content.decode()
    patient = house.case("help_request", category={"RH": "emergency_patient"}).number
    browser.post(f"/cases/{patient}/steps/emergency_first_information_saved", {"role": "pa_officer", "address": "3-2", "phone": "0571"})
    browser.post(f"/cases/{patient}/steps/emergency_course_chosen", {"role": "pa_officer", "branch": "take_to_hospital"})
    assert Case.objects.get(number=patient).record == "help_request"
    leaving = browser.get(f"/cases/{patient}/steps/hospital_departed").content.decode()
    assert "听从求助住户的安排" in leaving and "切不可不懂装懂" in leaving and "#RH-4.2.a.6b" in leaving
    caring = browser.get(f"/cases/{patient}/steps/care_started").content.decode()
    assert "请病人亲属一起守候" in caring


@pytest.mark.parametrize(("stem", "register", "column", "documents"), [
    ("resident_help", "RH:supporting_procedures", "procedure", (
        ("repair", "报修管理标准作业规程"), ("incident", "突发事件处理标准作业规程"),
        ("staff_service", "物业管理处员工服务管理标准作业规程"),
        ("paid_service", "有偿便民服务标准作业规程"), ("resident_complaints", "住户投诉处理标准作业规程"),
    )),
    ("resident_complaints", "RC:supporting_documents", "document", (
        ("follow_up", "回访管理标准作业规程"), ("corrective_action", "公司不合格纠正与预防标准作业规程"),
    )),
])  # fmt: skip
def test_supporting_procedures_without_their_document_are_flagged(
    stem: str, register: str, column: str, documents: tuple[tuple[str, str], ...]
) -> None:
    browser, of = regulated(stem).browser(), {"unit": "P1", "register": register}

    def wanting() -> str:
        found = re.search(r"尚无记录：(.*?)<", browser.get("/registers/list", of).content.decode())
        return found[1] if found else ""

    assert wanting() == "、".join(name for _key, name in documents)
    first, *others = documents
    for attached in ("false", "true"):
        # A procedure that is written down without its document is still wanting.
        assert wanting().startswith(first[1])
        assert browser.post("/registers/add", {**of, f"v-{column}": first[0], "v-attached": attached}).status_code == 302
    assert wanting() == "、".join(name for _key, name in others)
