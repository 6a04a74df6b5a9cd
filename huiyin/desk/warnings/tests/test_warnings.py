"""Warnings are numbered, verified by those who may, sent on, answered; the centre's figures open their lists."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from huiyin.core.moments import BadText
from huiyin.desk.conftest import GivePost
from huiyin.desk.facts.actions import Refused
from huiyin.desk.places.models import Unit
from huiyin.desk.warnings import access, actions, queries
from huiyin.desk.warnings.models import Numbering, WarningSignal
from huiyin.desk.warnings.tests.cases import Complaint, complain

PERSON = uuid4()
SUPERVISOR = "group_cc_supervisor"


def test_warnings_are_numbered_by_day_without_a_gap(complaint: Complaint, project: Unit) -> None:
    first = complaint.blue()
    complaint.red()
    complain(project, complaint.at + timedelta(minutes=1)).blue()
    numbers = WarningSignal.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["YJ2602020001", "YJ2602020002", "YJ2602020003"]
    assert complaint.warning("blue").number == first.number
    assert Numbering.objects.get().last == 3


def test_a_number_once_given_stays(complaint: Complaint) -> None:
    complaint.blue()
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningSignal.objects.update(number="YJ2602029999")


def test_a_blue_warning_is_verified_sent_and_answered(complaint: Complaint) -> None:
    blue, at = complaint.blue(), complaint.at + timedelta(hours=2)
    actions.verify_and_send(complaint.organisation_id, blue.id, by=PERSON, role=SUPERVISOR, at=at)
    sent = complaint.warning("blue")
    assert (sent.state, sent.sent_at, sent.verified_by) == ("confirmed", at, SUPERVISOR)
    assert queries.answer_due([sent])[sent.id] == at + timedelta(days=1)
    promised = at + timedelta(days=5)
    actions.report_solution(
        complaint.organisation_id, blue.id, "每日巡查", promised, by=PERSON, role="project_manager", at=at + timedelta(hours=1)
    )
    answered = complaint.warning("blue")
    assert (answered.state, answered.promised_at) == ("answered", promised)


def test_each_of_the_three_levels_is_a_record_with_its_trigger_times_and_persons(complaint: Complaint) -> None:
    complaint.blue()
    promised = complaint.at + timedelta(hours=3)
    complaint.happens("solution_reported", 2, "unit_liaison", to=["quality_dept", "group_cc"], promised_at=promised)
    complaint.red()
    late = promised + timedelta(days=7)
    complaint.happens("note_added", 24 * 7 + 4, "unit_liaison", text="仍未处理")
    kept = {one.level: one for one in WarningSignal.objects.filter(case_id=complaint.id)}
    assert set(kept) == {"blue", "yellow", "red"}
    assert {level: actions.ground_of(one.grounds[0]).clause for level, one in kept.items()} == {
        "blue": "GP-11.1.1", "yellow": "GP-11.2", "red": "GP-11.3.4"
    }  # fmt: skip
    assert (kept["blue"].raised_at, kept["yellow"].raised_at) == (complaint.at + timedelta(hours=1), late)
    actions.verify(complaint.organisation_id, kept["yellow"].id, "confirmed", by=PERSON, role=SUPERVISOR, at=late + timedelta(hours=2))
    yellow = complaint.warning("yellow")
    assert (yellow.verified_by, yellow.verified_at) == (SUPERVISOR, late + timedelta(hours=2))


def test_nobody_else_verifies_a_blue_warning(complaint: Complaint) -> None:
    blue = complaint.blue()
    with pytest.raises(Refused):
        actions.verify_and_send(complaint.organisation_id, blue.id, by=PERSON, role="project_manager", at=complaint.at + timedelta(hours=2))
    assert complaint.warning("blue").state == "raised"


def test_a_dismissal_says_why(complaint: Complaint) -> None:
    blue, at = complaint.blue(), complaint.at + timedelta(hours=2)
    with pytest.raises(ValueError, match="reason"):
        actions.verify(complaint.organisation_id, blue.id, "dismissed", by=PERSON, role=SUPERVISOR, at=at)
    actions.verify(complaint.organisation_id, blue.id, "dismissed", by=PERSON, role=SUPERVISOR, at=at, reason="重复来电")
    assert complaint.warning("blue").state == "dismissed"


def test_a_batch_tells_what_became_of_each(complaint: Complaint, project: Unit) -> None:
    blue = complaint.blue()
    at = complaint.at + timedelta(hours=2)
    other = complain(project, complaint.at + timedelta(minutes=1)).blue()
    actions.verify_and_send(complaint.organisation_id, other.id, by=PERSON, role=SUPERVISOR, at=at)
    done = actions.verify_many(
        complaint.organisation_id, [blue.id, other.id, uuid4()], "confirmed", by=PERSON, role=SUPERVISOR, at=at, send=True
    )
    assert [one.done for one in done] == [True, False, False]
    assert all(one.why_zh and one.why_en for one in done[1:])
    assert complaint.warning("blue").sent_at == at


def test_an_answer_promises_a_time_to_come(complaint: Complaint) -> None:
    blue = complaint.blue()
    with pytest.raises(BadText, match="past"):
        actions.report_solution(
            complaint.organisation_id, blue.id, "马上", complaint.at, by=PERSON, role="project_manager", at=complaint.at
        )


def test_each_figure_opens_the_list_behind_it(complaint: Complaint) -> None:
    complaint.blue()
    complaint.red()
    found = queries.figures(complaint.organisation_id, queries.Filter(units=frozenset({"CY"})), at=complaint.at)
    assert {one.name: one.count for one in found} == {"blue:raised": 1, "red:raised": 1}
    assert all(len(queries.centre(complaint.organisation_id, one.filter, at=complaint.at)) == one.count for one in found)


def test_the_evidence_holds_the_clocks_and_the_facts_of_the_case(complaint: Complaint) -> None:
    complaint.happens("contact_attempted", 0.5, "unit_liaison", reason="无人接听")
    found = queries.evidence(complaint.organisation_id, complaint.blue().id)
    assert [ground.clause for ground in found.grounds] == ["GP-11.1.1"]
    assert [fact.event for fact in found.contacts] == ["contact_attempted"]
    assert found.clocks and found.trail


def test_what_is_out_of_reach_looks_absent(complaint: Complaint, project: Unit, with_post: GivePost) -> None:
    blue = complaint.blue()
    on_day = complaint.at.date()
    liaison = with_post("wang", project, "unit_liaison")
    stranger = with_post("li", project, "owner")
    assert access.fetch(liaison, blue.id, on_day=on_day).id == blue.id
    with pytest.raises(WarningSignal.DoesNotExist):
        access.fetch(stranger, blue.id, on_day=on_day)
