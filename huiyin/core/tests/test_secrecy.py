"""What is secret of a case, and for whom it is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.follow import follow
from huiyin.core.known import Case, Known, Unit, Units
from huiyin.core.moments import SHANGHAI
from huiyin.core.rules import Adopted
from huiyin.core.secrecy import Hidden, hidden, is_cleared
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

NINE = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI)
UNITS = Units.of([Unit("P1", "project")])


def _adopted(stem: str, **settings: Any) -> tuple[Adopted, ...]:
    return (Adopted(regulation(stem), "P1", load_workdays(), settings=settings),)


def _case(adopted: tuple[Adopted, ...], *facts: Fact) -> Case:
    known = Known(UNITS)
    for fact in facts:
        outcome = follow(adopted, known, fact)
        assert outcome.refusal is None and outcome.case is not None
        known = Known(UNITS, outcome.case)
    assert known.case is not None
    return known.case


def _act(event: str, by: str = "cs_staff", **told: Any) -> Fact:
    return Fact(event, NINE, "A", "P1", by, told)


def test_without_a_mark_nothing_is_hidden() -> None:
    adopted = _adopted("resident_help")
    assert hidden(adopted, _case(adopted, _act("written_inquiry_received", record="inquiry"))) == ()


def test_a_rule_hides_the_parts_that_it_names_while_its_mark_stands() -> None:
    adopted = _adopted("resident_help")
    case = _case(adopted, _act("written_inquiry_received", record="inquiry"), _act("company_secret_marked", "pa_officer"))
    parts = frozenset({"story", "wish", "records", "papers"})
    assert hidden(adopted, case) == (Hidden("RH:company-secret-hidden", "RH-4.3.4", parts),)
    assert hidden((), case) == ()


def test_people_name_parts_and_words_one_after_the_other_and_a_name_that_is_no_part_is_taken_for_words() -> None:
    adopted = _adopted("apartment_complaints")
    marks = [
        _act("confidential_part_marked", confidential="private", part=["contact"]),
        _act("confidential_part_marked", confidential="business_secret", part=["wish", "底价"], passage="九十万"),
    ]
    case = _case(adopted, _act("complaint_received", record="complaint", channel="phone"), *marks)
    rule = "AC:confidential-parts-hidden"
    assert hidden(adopted, case) == (Hidden(rule, "AC-5.2b", frozenset({"contact", "wish"}), ("底价", "九十万")),)


@pytest.mark.parametrize(
    ("role", "cleared"),
    [("office_manager", True), ("pa_supervisor", True), ("pa_officer", False), ("unit_liaison", False), ("", False)],
)
def test_only_the_roles_that_the_organisation_names_are_cleared(role: str, cleared: bool) -> None:
    assert is_cleared(_adopted("resident_help"), "RH:company-secret-hidden", role) is cleared


def test_the_organisation_names_others_and_nobody_is_cleared_under_a_rule_that_is_not_in_force() -> None:
    chosen = _adopted("resident_help", **{"RH-4.3.4": {"cleared_roles": ["pa_officer"]}})
    assert is_cleared(chosen, "RH:company-secret-hidden", "pa_officer")
    assert not is_cleared(_adopted("apartment_complaints"), "RH:company-secret-hidden", "office_manager")
    assert not is_cleared(chosen, "RH:no-such-rule", "pa_officer")
