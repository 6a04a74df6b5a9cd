"""Decisions wait for those who may take them, and stay with who took them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from huiyin.desk.approvals import queries
from huiyin.desk.conftest import GivePost
from huiyin.desk.places.models import Unit
from huiyin.desk.warnings import actions as warnings
from huiyin.desk.warnings.tests.cases import Complaint


def test_a_decision_waits_for_the_role_that_may_take_it(complaint: Complaint, company: Unit, with_post: GivePost) -> None:
    complaint.blue()
    on_day = complaint.at.date()
    supervisor, manager = with_post("zhao", company, "group_cc_supervisor"), with_post("qian", company, "project_manager")
    assert [one.clause for one in queries.waiting(supervisor, on_day=on_day)] == ["GP-11.1b"]
    assert not queries.waiting(manager, on_day=on_day).exists()


def test_a_decision_taken_waits_no_more_and_names_the_person(complaint: Complaint, company: Unit, with_post: GivePost) -> None:
    blue, person = complaint.blue(), uuid4()
    supervisor = with_post("zhao", company, "group_cc_supervisor")
    at = complaint.at + timedelta(hours=2)
    warnings.verify(complaint.organisation_id, blue.id, "confirmed", by=person, role="group_cc_supervisor", at=at)
    assert not queries.waiting(supervisor, on_day=at.date()).exists()
    [taken] = queries.of_case(complaint.organisation_id, complaint.id)
    assert (taken.state, taken.decided_by, taken.decided_person, taken.decided_at) == ("given", "group_cc_supervisor", person, at)
