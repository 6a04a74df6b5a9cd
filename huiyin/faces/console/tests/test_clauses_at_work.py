"""Clauses that a worked example cannot tell, seen at work on the pages: record books, contacts, improvements, the past of a unit."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registration
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as Stored
from huiyin.desk.people import actions as people
from huiyin.desk.places import actions as places
from huiyin.desk.registers.models import Entry
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.faces.console.tests.regulated import ABOVE, SITE, Regulated, regulated

pytestmark = pytest.mark.django_db


def _page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def _enter(browser: Client, unit: str, register: str, **values: str) -> int:
    said = {"unit": unit, "register": register, **{f"v-{key}": value for key, value in values.items()}}
    return int(browser.post("/registers/add", said).status_code)


def _happens(house: Regulated, event: str, hours: int, **details: str) -> None:
    at = timezone.now() - timedelta(hours=hours)
    store(house.organisation.id, [Fact(event, at, unit=SITE, by="management_team", details=details)], by=house.person.pk, at=at)


def test_evaluation_feedback_and_change_stand_on_the_unit_in_the_order_of_time() -> None:
    house = regulated("apartment_complaints")
    browser, day = house.browser(), f"{timezone.localtime():%Y-%m-%d}"
    _happens(house, "process_evaluation_completed", 3, result="problems_found", text="审批等待过久")
    _happens(house, "process_feedback_collected", 2, text="征询住户四十人")
    assert "评估问题待调整" in _page(browser, f"/units/{SITE}")
    finding = {"period": "上半年", "workable": "not_workable", "effective": "effective", "finding": "表单太多", "found_on": day}
    assert _enter(browser, SITE, "AC:process-findings", **finding) == 302
    change = {"period": "上半年", "problem": "批得慢", "change": "小额由主管直接批", "changed_on": day, "changed_by": "司徒岚"}
    assert _enter(browser, SITE, "AC:process-changes", source="evaluation", **change) == 302
    page = _page(browser, f"/units/{SITE}")
    told = [page.index(one) for one in ("审批等待过久", "征询住户四十人", "表单太多", "小额由主管直接批")]
    # The newest stands first.
    assert told == sorted(told, reverse=True)
    # The evaluation's problem has its change, the finding on the feedback has none yet.
    stands = re.findall(r"<li>([^<]+) <span", page)
    assert "评估问题待调整" not in stands and "反馈问题待调整" in stands


def test_the_office_and_each_centre_have_a_record_book_with_every_complaint_and_its_handling() -> None:
    house = regulated("university_logistics")
    browser, case = house.browser(), house.case(details={"customer": "周老师"})
    own = {"register": "UL:record-book-of-centre", "unit": SITE}
    page = _page(browser, "/registers/list", **own)
    assert case.number in page and "电梯停运" in page and "网上" in page
    whole = _page(browser, "/registers/list", register="UL:record-book-of-office", unit=ABOVE)
    assert case.number in whole and "电梯停运" in whole
    assert "电梯停运" in _page(browser, "/registers/print", **own)


def test_a_contact_that_leads_nowhere_is_refused_with_its_clause_and_a_full_one_counts() -> None:
    house = regulated("student_apartment")
    browser = house.browser()
    assert _enter(browser, ABOVE, "SA:contacts", entry="hotline", name="主任办公室") == 422
    assert _enter(browser, ABOVE, "SA:contacts", entry="opinion_book", name="一号楼值班室") == 422
    assert not Entry.objects.exists()
    assert _enter(browser, ABOVE, "SA:contacts", entry="hotline", name="主任办公室", phone="83000001") == 302
    assert Stored.objects.filter(event="contact_listed", unit_code=ABOVE).exists()
    sent = browser.post("/registers/add", {"unit": ABOVE, "register": "SA:contacts", "v-entry": "student_forum", "v-name": "礼堂"})
    assert "SA-5.6" in sent.content.decode()


def test_an_improvement_names_the_records_that_led_to_it_and_these_are_found() -> None:
    house = regulated("student_apartment")
    browser, case = house.browser(), house.case("opinion")
    assert _enter(browser, SITE, "SA:improvements", improvement="热水延到十一点半") == 422
    assert _enter(browser, SITE, "SA:improvements", improvement="热水延到十一点半", cases=case.number) == 302
    page = _page(browser, "/registers/list", register="SA:improvements", unit=SITE)
    assert re.search(rf"热水延到十一点半.*{case.number}|{case.number}.*热水延到十一点半", page, re.DOTALL)
    assert case.number in _page(browser, "/cases", q="电梯停运")


@pytest.mark.parametrize(
    ("stem", "kind", "record", "channel", "own", "whole"),
    [
        ("student_apartment", "cluster", "opinion", "opinion_book", "cluster_supervisor", ("centre_director",)),
        ("university_logistics", "centre", "complaint", "online", "info_officer_2", ("info_officer_1", "supervision_dept")),
    ],
)
def test_who_answers_for_a_part_sees_that_part_and_who_answers_for_all_sees_all(
    stem: str, kind: str, record: str, channel: str, own: str, whole: tuple[str, ...]
) -> None:
    house = regulated(stem)
    top, at = house.units[ABOVE], timezone.now() - timedelta(hours=1)
    numbers = {}
    for code, name in (("C1", "甲"), ("C2", "乙")):
        house.units[code] = places.add_unit(house.organisation.id, code, kind, name, by=CLERK, at=EARLY, parent=top.pk)
        form = Registration(record, code, story="灯不亮", channel=channel, details={"customer": "王同学"}, by_role="")
        numbers[code] = cases.register(house.organisation.id, form, by=house.person.pk, at=at).number
    seen = {}
    for role, unit in ((own, "C1"), *((one, ABOVE) for one in whole)):
        person = people.add_staff(house.organisation.id, role.replace("_", "-"), role, by=CLERK, at=EARLY)
        people.give_post(person, house.units[unit], role, date(2025, 1, 1), by=CLERK, at=EARLY)
        browser = Client()
        browser.force_login(person)
        seen[role] = {code for code, number in numbers.items() if browser.get(f"/cases/{number}").status_code == 200}
    assert seen == {own: {"C1"}, **{role: {"C1", "C2"} for role in whole}}
