"""Every unit has the words of the regulations in force for it; a company whose offices alone have adopted speaks as they do."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from huiyin.desk.adoptions import actions
from huiyin.desk.adoptions.terms import PLAIN, origin_of, terms_of
from huiyin.desk.journal import queries as journal
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


def test_a_unit_chooses_its_own_word_and_those_below_say_it_too(company: Unit, project: Unit, at: datetime, clerk: By) -> None:
    actions.adopt(company, "group_platform", "1", FIRST, by=clerk, at=at)
    actions.choose_word(company, "customer", "住户", "", by=clerk, at=at)
    assert words(project, at, "customer") == ("住户", "owner"), "the English word stays that of the regulation"
    actions.choose_word(project, "customer", "租客", "tenant", by=clerk, at=at)
    assert words(project, at, "customer") == ("租客", "tenant")
    assert words(company, at, "customer") == ("住户", "owner")
    assert (origin_of(company.organisation_id, "CY", "customer"), origin_of(company.organisation_id, "WY", "customer")) == ("CY", "WY")
    actions.drop_word(project, "customer", by=clerk, at=at)
    assert words(project, at, "customer") == ("住户", "owner")
    assert origin_of(company.organisation_id, "CY", "unit") == ""
    kept = [one.action for one in journal.entries_of(company.organisation_id, "unit:CY") if one.action.endswith("_word")]
    assert sorted(kept) == ["adoptions.choose_word", "adoptions.drop_word"]


@pytest.mark.parametrize(
    ("term", "zh", "en", "told"),
    [
        ("complainant", "人", "", "complainant"),
        ("customer", " ", "", "没有填写"),
        ("customer", "业主" * 20, "", "最多 12"),
        ("customer", "业\n主", "", "一行"),
        ("customer", "业主\x00", "", ""),
    ],
)
def test_a_word_that_cannot_stand_in_a_heading_is_refused(
    project: Unit, at: datetime, clerk: By, term: str, zh: str, en: str, told: str
) -> None:
    with pytest.raises(ValueError) as refused:
        actions.choose_word(project, term, zh, en, by=clerk, at=at)
    assert told in str(refused.value) + getattr(refused.value, "zh", "") + getattr(refused.value, "message_zh", "")
    assert words(project, at, "customer") == PLAIN["customer"]
