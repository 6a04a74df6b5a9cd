"""The one way in: what comes in comes back as it was, in order, once, and nothing without a case or a unit."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI
from huiyin.desk.facts.actions import BadFact, KeyReused, answered, forget_requests, keep_answer, store
from huiyin.desk.facts.models import Fact as StoredFact
from huiyin.desk.facts.queries import facts_of_case, facts_of_unit, known
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import seal
from huiyin.desk.places.models import Unit
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Rows

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def case(project: Unit) -> UUID:
    case_id = new_id(NINE)
    received = Fact("complaint_received", NINE, str(case_id), project.code, "agent", {"channel": "phone"})
    store(project.organisation_id, [received], by=None, at=NINE)
    return case_id


def test_facts_come_back_as_they_went_in(project: Unit, case: UUID) -> None:
    promised = NINE + timedelta(days=2)
    details = {"to": ["quality_dept", "group_cc"], "promised_at": promised, "text": "换灯"}
    act = Fact("solution_reported", NINE + timedelta(hours=1), str(case), None, "unit_liaison", details)
    store(project.organisation_id, [act], by=None, at=NINE + timedelta(hours=2))
    back = facts_of_case(project.organisation_id, case)[-1]
    assert back.details == details
    assert (back.at, back.entered_at) == (act.at, NINE + timedelta(hours=2))
    found = known(project.organisation_id, case)
    assert found is not None
    assert found.case is not None
    assert found.case.said("solution_reported", "promised_at") == promised
    assert found.case.record == "complaint"


def test_facts_of_a_unit_are_read_by_time(project: Unit) -> None:
    acts = [Fact("roster_set", NINE + timedelta(days=day), None, project.code, "unit_liaison") for day in (2, 0, 1)]
    store(project.organisation_id, acts, by=None, at=NINE)
    found = facts_of_unit(project.organisation_id, project.code, NINE, NINE + timedelta(days=2))
    assert [one.at for one in found] == [NINE, NINE + timedelta(days=1)]


def test_every_fact_stands_in_the_journal_and_the_journal_holds(project: Unit, case: UUID) -> None:
    entry = journal.entries_of(project.organisation_id, f"case:{case}")[-1]
    assert entry.action == "facts.complaint_received"
    assert entry.body["fact"]["event"] == "complaint_received"
    seal(project.organisation_id, NINE)
    assert journal.verify(project.organisation_id).ok


@pytest.mark.parametrize(
    "fact",
    [
        Fact("complaint_recieved", NINE, None, "CY"),
        Fact("roster_set", NINE, None, "no-such-unit"),
        Fact("complaint_received", NINE, str(new_id(NINE)), None),
        Fact("forms_handed_over_to_quality_dept", NINE, None, "CY", details={"forms": ["x"]}),
    ],
)
def test_a_fact_about_nothing_is_not_taken(project: Unit, fact: Fact) -> None:
    with pytest.raises(BadFact, match="found"):
        store(project.organisation_id, [fact], by=None, at=NINE)
    assert StoredFact.objects.count() == 0


def test_a_limit_cannot_pass_twice_at_a_moment(project: Unit, case: UUID) -> None:
    row = StoredFact.objects.filter(case_id=case).values().get()
    twice = [StoredFact(**{**row, "id": new_id(NINE), "number": number, "event": "limit_passed", "clock_key": "k"}) for number in (2, 3)]
    with pytest.raises(IntegrityError, match="facts_limit_passes_once"):
        StoredFact.objects.bulk_create(twice)


def test_a_request_sent_twice_gets_its_first_answer_for_seven_days(project: Unit) -> None:
    organisation, digest = project.organisation_id, hashlib.sha256(b"one").digest()
    assert answered(organisation, "key", digest) is None
    for _ in range(2):
        rows = Rows()
        keep_answer(rows, organisation, "key", digest, 201, {"number": "TS2604010001"}, at=NINE)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                rows.flush(cursor)
        except IntegrityError:
            found = answered(organisation, "key", digest)
    assert found is not None
    assert (found.status, found.body) == (201, {"number": "TS2604010001"})
    with pytest.raises(KeyReused):
        answered(organisation, "key", hashlib.sha256(b"two").digest())
    assert forget_requests(NINE + timedelta(days=7)) == 0
    assert forget_requests(NINE + timedelta(days=7, seconds=1)) == 1
