"""The ledger adds up, nothing is erased, and an appeal is decided by somebody else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from huiyin.core.moments import BadText
from huiyin.desk.scores import actions, queries
from huiyin.desk.scores.models import Appeal, Entry
from huiyin.desk.warnings import actions as warnings
from huiyin.desk.warnings.tests.cases import Complaint
from huiyin.rulebook.load import regulation

MANAGER, HEAD = uuid4(), uuid4()


@pytest.fixture
def entry(complaint: Complaint) -> Entry:
    """The project's entry for a confirmed blue warning."""
    blue, at = complaint.blue(), complaint.at + timedelta(hours=2)
    warnings.verify(complaint.organisation_id, blue.id, "confirmed", by=HEAD, role="group_cc_supervisor", at=at)
    return Entry.objects.get(unit_code="CY")


def _appeal(entry: Entry) -> Appeal:
    at = entry.at + timedelta(hours=1)
    return actions.appeal(entry.organisation_id, entry.id, "并非我方原因", by=MANAGER, role="project_manager", at=at)


def _uphold(appeal: Appeal) -> Appeal:
    at = appeal.at + timedelta(hours=1)
    return actions.decide_appeal(appeal.organisation_id, appeal.id, upheld=True, answer="属实", by=HEAD, role="quality_head", at=at)


def test_project_and_branch_are_charged_and_the_sums_are_those_of_the_entries(entry: Entry) -> None:
    found = queries.totals(entry.organisation_id, queries.Filter())
    assert {one.unit_code: one.amount for one in found} == {"CY": Decimal("-0.2"), "FG": Decimal("-0.2")}
    for one in found:
        assert sum(row.amount for row in queries.ledger(entry.organisation_id, one.filter)) == one.amount


def test_only_the_branch_goes_to_its_own_assessment(entry: Entry) -> None:
    items = queries.assessed([regulation("group_platform")])
    _heading, *rows = queries.assessment_rows(entry.organisation_id, queries.Filter(), items)
    assert items == {"GP-12.0b"}
    assert [(row[0], row[2], row[3]) for row in rows] == [("FG", "GP-12.1", "-0.2")]


def test_an_upheld_appeal_gets_a_counter_entry_and_erases_nothing(entry: Entry) -> None:
    _uphold(_appeal(entry))
    counter = Entry.objects.get(counters=entry.key)
    assert (counter.amount, counter.clause) == (Decimal("0.2"), "GP-12.0")
    assert Entry.objects.get(id=entry.id).amount == Decimal("-0.2")
    assert queries.total(entry.organisation_id, queries.Filter(units=frozenset({"CY"}))) == 0


def test_a_refused_appeal_changes_no_points(entry: Entry) -> None:
    appeal = _appeal(entry)
    actions.decide_appeal(entry.organisation_id, appeal.id, upheld=False, answer="预警属实", by=HEAD, role="quality_head", at=appeal.at)
    assert queries.total(entry.organisation_id, queries.Filter(units=frozenset({"CY"}))) == Decimal("-0.2")


def test_nobody_decides_their_own_appeal(entry: Entry) -> None:
    appeal = _appeal(entry)
    with pytest.raises(BadText, match="somebody else"):
        actions.decide_appeal(entry.organisation_id, appeal.id, upheld=True, answer="属实", by=MANAGER, role="quality_head", at=appeal.at)


def test_an_appeal_waits_for_its_decision_before_another(entry: Entry) -> None:
    appeal = _appeal(entry)
    with pytest.raises(BadText, match="undecided"):
        _appeal(entry)
    _uphold(appeal)
    with pytest.raises(BadText, match="taken back"):
        _appeal(entry)


def test_points_given_back_on_appeal_are_not_given_back_again_when_the_complaint_is_invalid(entry: Entry, complaint: Complaint) -> None:
    _uphold(_appeal(entry))
    complaint.happens("non_responsibility_claimed", 6, "project_manager", reason="not_our_responsibility")
    complaint.happens("non_responsibility_statement_submitted", 7, "project_manager", to=["group_cc"], reason="not_our_responsibility")
    complaint.happens("approval_given", 8, "group_cc_supervisor", clause="GP-10.2.4c")
    assert queries.total(entry.organisation_id, queries.Filter(units=frozenset({"CY"}))) == 0
    assert queries.total(entry.organisation_id, queries.Filter(units=frozenset({"FG"}))) == 0


def test_the_database_refuses_to_change_or_remove_an_entry(entry: Entry) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(amount=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.all().delete()
