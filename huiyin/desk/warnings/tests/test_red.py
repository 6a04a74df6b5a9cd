"""Red warnings: forwarded to the departments when confirmed, answered by a joint solution that names who made it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from huiyin.core.moments import BadText
from huiyin.desk.facts.actions import Refused
from huiyin.desk.facts.models import Fact
from huiyin.desk.warnings import actions, queries
from huiyin.desk.warnings.tests.cases import Complaint

PERSON = uuid4()


def _confirmed(complaint: Complaint) -> None:
    red = complaint.red()
    at = complaint.at + timedelta(hours=2)
    actions.verify(complaint.organisation_id, red.id, "confirmed", by=PERSON, role="quality_head", at=at)
    actions.forward_to_departments(
        complaint.organisation_id, red.id, ["engineering_dept", "legal_dept"], by=PERSON, role="quality_head", at=at
    )


def test_a_joint_solution_names_its_contributors(complaint: Complaint) -> None:
    _confirmed(complaint)
    red, at = complaint.warning("red"), complaint.at + timedelta(hours=5)
    made_by = ["legal_dept", "engineering_dept", "project_manager"]
    actions.report_red_solution(complaint.organisation_id, red.id, "联合整改", made_by, by=PERSON, role="quality_head", at=at)
    [answer] = queries.evidence(complaint.organisation_id, red.id).answers
    assert answer.details["contributors"] == sorted(made_by)
    assert complaint.warning("red").state == "answered"


def test_a_joint_solution_without_contributors_is_not_taken(complaint: Complaint) -> None:
    _confirmed(complaint)
    red = complaint.warning("red")
    with pytest.raises(BadText, match="contributors"):
        actions.report_red_solution(complaint.organisation_id, red.id, "联合整改", [], by=PERSON, role="quality_head", at=complaint.at)
    assert not Fact.objects.filter(event="red_solution_reported").exists()


def test_an_unverified_red_warning_is_not_forwarded(complaint: Complaint) -> None:
    red = complaint.red()
    with pytest.raises(Refused) as refused:
        actions.forward_to_departments(
            complaint.organisation_id, red.id, ["legal_dept"], by=PERSON, role="quality_head", at=complaint.at + timedelta(hours=2)
        )
    assert refused.value.refusal.clause == "GP-11.3b"
