"""Every unit has the words of the regulations in force for it; a company whose offices alone have adopted speaks as they do."""

from __future__ import annotations

from datetime import date, datetime

from huiyin.desk.adoptions import actions
from huiyin.desk.adoptions.terms import PLAIN, terms_of
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit

FIRST = date(2026, 1, 1)


def words(unit: Unit, at: datetime, key: str) -> tuple[str, str]:
    """What the unit says for the term."""
    return terms_of(unit.organisation_id, unit.code, at)[key]


def test_the_plain_word_stands_where_nothing_is_adopted(project: Unit, at: datetime) -> None:
    assert words(project, at, "customer") == PLAIN["customer"]


def test_a_unit_speaks_as_the_units_below_it_that_say_it_alike(company: Unit, project: Unit, at: datetime, clerk: By) -> None:
    actions.adopt(project, "resident_help", "1", FIRST, by=clerk, at=at)
    actions.adopt(project, "resident_complaints", "1", FIRST, by=clerk, at=at)
    assert words(company, at, "customer") == ("住户", "resident") == words(project, at, "customer")
    assert words(company, at, "unit") == ("管理处", "management office")
    assert words(company, at, "case") == PLAIN["case"], "投诉 and 求助 are not alike"


def test_what_stands_above_is_not_changed_from_below(company: Unit, project: Unit, at: datetime, clerk: By) -> None:
    actions.adopt(company, "group_platform", "1", FIRST, by=clerk, at=at)
    actions.adopt(project, "resident_help", "1", FIRST, by=clerk, at=at)
    assert words(company, at, "customer") == ("业主", "owner") == words(project, at, "customer")
