"""What people said in an act stands in the journal under the key of its case; numbers and clauses stay readable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions import actions as adoptions
from huiyin.desk.conftest import AT, CLERK
from huiyin.desk.facts.actions import Desk, lock, matter_id, store, subject_of_case
from huiyin.desk.facts.queries import House, load_cases
from huiyin.desk.journal import actions as journal
from huiyin.desk.journal import queries
from huiyin.desk.journal.actions import Destroyed
from huiyin.desk.places.models import Unit
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Rows
from huiyin.rulebook.load import regulation

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)
STORY = "鹅卵石小径漏水，请联系欧阳铁蛋"


@pytest.fixture
def adopted(project: Unit, company: Unit) -> Unit:
    """The project, under a regulation with limits on complaints and one that counts households and homes."""
    for stem in ("group_platform", "customer_relations"):
        adoptions.adopt(company, stem, str(regulation(stem).source["version"]), date(2026, 1, 1), by=CLERK, at=AT)
    return project


@pytest.fixture
def case(adopted: Unit) -> UUID:
    case_id = new_id(NINE)
    details = {"channel": "phone", "text": STORY, "household": "9-8-707", "customer": "欧阳铁蛋", "issue": "鹅卵石小径漏水"}
    received = Fact("complaint_received", NINE, str(case_id), adopted.code, "agent", details)
    moved = Fact("complaint_transferred_to_unit", NINE, str(case_id), adopted.code, "agent")
    store(adopted.organisation_id, [received, moved], by=None, at=NINE)
    return case_id


def _journal(unit: Unit) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM journal_entry e WHERE organisation_id = %s", [unit.organisation_id])
        return str(cursor.fetchone()[0])


def test_no_word_of_an_act_stands_readable_in_the_journal(adopted: Unit, case: UUID) -> None:
    stored = _journal(adopted)
    assert [word for word in ("鹅卵石", "欧阳铁蛋", "9-8-707") if word in stored] == []
    entries = {one.action: one for one in queries.entries_of(adopted.organisation_id, f"case:{case}")}
    assert entries["facts.complaint_received"].body["fact"]["details"]["text"] == STORY


def test_that_a_limit_passed_stays_readable(adopted: Unit, case: UUID) -> None:
    house = House.of(adopted.organisation_id)
    later = NINE + timedelta(days=3)
    with connection.cursor() as cursor:
        lock(cursor, [subject_of_case(adopted.organisation_id, str(case))])
        past = load_cases(cursor, house, [case])[str(case)]
        desk = Desk(cursor, house, None, later, Rows())
        desk.cases[str(case)] = past
        assert desk.pass_limits(past, later)
        desk.keep()
        cursor.execute(
            "SELECT body #>> '{fact,details,clock}' FROM journal_entry WHERE action = 'facts.limit_passed' AND organisation_id = %s",
            [adopted.organisation_id],
        )
        passed = [row[0] for row in cursor.fetchall()]
    assert passed and all(one.startswith(str(case)) for one in passed)


def test_what_is_said_of_a_matter_as_a_whole_stands_under_the_key_of_its_name(adopted: Unit, case: UUID) -> None:
    said = Fact(
        "warning_solution_reported", NINE, None, adopted.code, "unit_liaison", {"issue": "鹅卵石小径漏水", "text": STORY, "level": "red"}
    )
    store(adopted.organisation_id, [said], by=None, at=NINE)
    assert "鹅卵石" not in _journal(adopted)
    journal.shred(adopted.organisation_id, matter_id(adopted.organisation_id, "鹅卵石小径漏水"), by=CLERK, at=NINE, clauses=[])
    assert queries.is_destroyed(queries.entries_of(adopted.organisation_id, f"unit:{adopted.code}")[0].body)


def test_nobody_says_more_of_a_case_whose_words_were_destroyed_but_its_limits_go_on(adopted: Unit, case: UUID) -> None:
    journal.shred(adopted.organisation_id, case, by=CLERK, at=NINE, clauses=["GP-8.3.2b"])
    later = NINE + timedelta(hours=2)
    with pytest.raises(Destroyed):
        store(adopted.organisation_id, [Fact("note_added", later, str(case), None, "agent", {"text": STORY})], by=None, at=later)
    store(adopted.organisation_id, [Fact("case_archived", later, str(case), None, "agent")], by=None, at=later)
    assert queries.verify(adopted.organisation_id).ok
