"""Registers of cases: each case is a line, told by its records; what is added by hand stays, and what is secret is not told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.rules import RegisterRule
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.models import Case
from huiyin.desk.conftest import GivePost
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.messaging.models import Message
from huiyin.desk.people.actions import add_staff
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import add_by_hand
from huiyin.desk.registers.columns import BadEntry, of_cases
from huiyin.desk.registers.columns.of_cases import CaseLine
from huiyin.desk.registers.queries import Filter
from huiyin.desk.registers.tests.conftest import registers_of, take_up
from huiyin.rulebook.load import stems, vocabulary

HELP, COURSE, TAKEN, INQUIRIES = "RH:help_requests", "RC:handling-course", "RC:complaint-handling", "RH:written_inquiries"
OFFICER = By("pa_officer")


@pytest.fixture
def desk(project: Unit, at: datetime) -> Unit:
    """The project, which keeps the registers of help requests and complaints."""
    take_up(project, "resident_help", at)
    take_up(project, "resident_complaints", at)
    return project


def _case(desk: Unit, at: datetime, record: str, **more: Any) -> UUID:
    form = {
        "unit": desk.code, "record": record, "channel": "phone", "received_at": at, "title": "家中停电", "story": "三户同时停电",
        "contact_name": "王小芳", "contact_phone": "138 0013 8000", "household_code": "3-2-1501", "by_role": "pa_officer", "category": {},
    }  # fmt: skip
    staff = add_staff(desk.organisation_id, f"ying{more.pop('login', '')}", "应小荷", by=OFFICER, at=at)
    made = register(desk.organisation_id, Registration(**{**form, **more}), by=staff.pk, at=at)
    return made.case_id


def _record(desk: Unit, case: UUID, event: str, at: datetime, by: str = "pa_officer", **details: Any) -> None:
    store(desk.organisation_id, [Fact(event, at, str(case), by=by, details=details)], by=None, at=at)


def _lines(desk: Unit, key: str, **more: Any) -> list[CaseLine]:
    cases = of_cases.cases_in(desk.organisation_id, Filter(key, frozenset({desk.code}), **more))
    return list(of_cases.lines(desk.organisation_id, key, cases, "zh", str))


def test_a_help_request_stands_in_its_register_as_the_form_asks(desk: Unit, at: datetime) -> None:
    case = _case(desk, at, "help_request")
    _record(desk, case, "complaint_handled", at + timedelta(hours=1), result="done")
    assert _lines(desk, HELP)[0].values["result"] == "已办到"
    _record(desk, case, "help_handling_recorded", at + timedelta(hours=2), text="已合闸，电路正常")
    [line] = _lines(desk, HELP)
    assert line.values == {
        "number": line.label, "date": "2026-02-02", "time": "09:00", "received_by": "应小荷", "resident": "王小芳", "matter": "家中停电",
        "result": "已合闸，电路正常",
    }  # fmt: skip
    assert _lines(desk, TAKEN) == [], "a help request is no complaint"
    assert of_cases.count(desk.organisation_id, Filter(HELP, frozenset({"CY"}))) == (1, 1)


def test_what_is_added_by_hand_stays_and_is_changed_with_a_reason(desk: Unit, at: datetime) -> None:
    case = Case.objects.get(id=_case(desk, at, "help_request"))
    made = add_by_hand(case, HELP, {"handler_signature": "裴师傅"}, "", by=OFFICER, at=at)
    add_by_hand(case, HELP, {"recorder_signature": "应小荷"}, "", by=OFFICER, at=at + timedelta(hours=1))
    with pytest.raises(ValueError, match="reason"):
        add_by_hand(case, HELP, {"handler_signature": "蒲师傅"}, "", by=OFFICER, at=at + timedelta(hours=2))
    add_by_hand(case, HELP, {"handler_signature": "蒲师傅"}, "签错行", by=OFFICER, at=at + timedelta(hours=2))
    [line] = _lines(desk, HELP)
    assert (line.values["handler_signature"], line.values["recorder_signature"]) == ("蒲师傅", "应小荷")
    assert [one.reason for one in queries.versions_of(made)] == ["", "补登", "签错行"]
    assert not queries.find(desk.organisation_id, Filter(HELP)).exists(), "it is part of the case's line, no entry of its own"
    with pytest.raises(BadEntry):
        add_by_hand(case, HELP, {"number": "7"}, "改号", by=OFFICER, at=at)
    with pytest.raises(BadText, match="register of cases"):
        add_by_hand(case, "RC:reception-conduct", {"number": "7"}, "", by=OFFICER, at=at)


def test_the_course_of_a_complaint_bears_its_number_and_who_took_the_form(desk: Unit, at: datetime) -> None:
    case = _case(desk, at, "complaint", severity={"RC": "minor"})
    _record(desk, case, "form_sent_to_department", at + timedelta(hours=1), "receptionist", department="cleaning")
    _record(desk, case, "form_signed_for", at + timedelta(hours=2), "form_taker", department="cleaning")
    _record(desk, case, "complaint_handled", at + timedelta(hours=5), "dept_supervisor", text="已清扫")
    [line] = _lines(desk, COURSE)
    assert line.values["number"] == line.label and line.values["result"] == "已清扫"
    assert in_shanghai(datetime.fromisoformat(line.values["done_at"])).hour == 14 and "已清扫" in line.values["measure"]
    [taken] = _lines(desk, TAKEN)
    assert (taken.values["class"], taken.values["form_number"]) == ("minor", line.label)
    assert in_shanghai(datetime.fromisoformat(taken.values["taken_at"])).hour == 11 and taken.values["taken_by"]
    assert not {"received_back_by", "received_back_on"} & taken.values.keys(), "the form is not back yet"
    _record(desk, case, "form_returned_to_service_centre", at + timedelta(hours=6), "receptionist")
    [taken] = _lines(desk, TAKEN)
    assert taken.values["received_back_by"] and taken.values["received_back_on"].startswith("2026-02-02")


def test_only_what_came_in_writing_stands_in_the_register_of_written_inquiries(desk: Unit, at: datetime) -> None:
    _case(desk, at, "inquiry", event="oral_inquiry_received", login="1")
    case = _case(desk, at, "inquiry", event="written_inquiry_received", login="2")
    assert [line.id for line in _lines(desk, INQUIRIES)] == [case]


def test_only_online_complaints_stand_in_their_list_with_who_follows_them_and_what_was_done(
    desk: Unit, at: datetime, with_post: GivePost
) -> None:
    take_up(desk, "customer_relations", at)
    online, _call = _case(desk, at, "complaint", channel="online"), _case(desk, at, "complaint", channel="phone", login="2")
    follower = with_post("sun", desk, "designated_person")
    key, later = "CR:online-complaints", at + timedelta(hours=1)
    told = {"to": ["cs_staff"]}
    _record(desk, online, "follower_named", later, by="department_head", **told)
    assert _lines(desk, key)[0].values["follower"] == "客户服务人员"
    _record(desk, online, "follower_named", later + timedelta(minutes=1), by="department_head", **told, assignee=[str(follower.pk)])
    [line] = _lines(desk, key)
    assert (line.id, line.values["follower"], line.values["content"]) == (online, "sun", "三户同时停电") and "result" not in line.values
    _record(desk, online, "complaint_handled", at + timedelta(hours=2), text="已合闸并回帖")
    assert _lines(desk, key)[0].values["result"] == "已合闸并回帖"
    assert Message.objects.filter(case_id=online, clause="CR-2.1.5.1a", to_staff=follower.pk).count() == 1


def test_lines_are_found_by_words_month_and_state(desk: Unit, at: datetime) -> None:
    _case(desk, at, "help_request")
    assert [len(_lines(desk, HELP, words=words)) for words in ("停电", "家中 三户", "漏水")] == [1, 1, 0]
    assert [len(_lines(desk, HELP, from_at=day)) for day in (at, at + timedelta(days=1))] == [1, 0]
    year = Filter(HELP, frozenset({"CY"}), at - timedelta(days=1), at + timedelta(days=300))
    assert of_cases.per_month(desk.organisation_id, year) == {"2026-02": 1}


def test_a_confidential_case_tells_nobody_who_it_is_of(desk: Unit, at: datetime) -> None:
    _case(desk, at, "help_request", confidential=True)
    assert "resident" not in _lines(desk, HELP)[0].values


@pytest.mark.parametrize("stem", stems())
def test_every_column_of_a_register_of_cases_is_told_by_something_known(stem: str) -> None:
    known = vocabulary()
    kept: list[tuple[str, RegisterRule]] = [(key, rule) for key, rule in registers_of(stem) if rule.of_cases is not None]
    for key, rule in kept:
        for told in (field.told for field in rule.fields if field.told):
            event, _, detail = told.partition(".")
            assert told in of_cases.TOLD or (event in known["events"] and detail in {"at", "by", *known["facts"]}), (key, told)
