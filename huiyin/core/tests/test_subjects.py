"""What a fact is about, where a unit may have several things of a kind and an act need not name which."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.known import Unit, Units
from huiyin.core.moments import SHANGHAI
from huiyin.core.rules import Adopted
from huiyin.core.subjects import subjects
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

AT = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
ADOPTED = (Adopted(regulation("customer_relations"), "P1", load_workdays()),)
UNITS = Units.of([Unit("P1", "project", None, 100)])
PLAN = "CR-7.1.0.1b"


def _heard(event: str, **details: Any) -> list[tuple[str, str | None]]:
    return [(one.about, one.key) for one in subjects(ADOPTED, UNITS, Fact(event, AT, None, "P1", None, details), None)]


def test_an_act_that_names_its_batch_is_about_that_one_alone() -> None:
    assert _heard("handover_scheduled", handover="phase two", held_on=date(2026, 6, 20)) == [("handover", "handover:P1/phase two")]


def test_an_act_that_names_none_is_about_the_units_only_one() -> None:
    assert _heard("handover_scheduled", held_on=date(2026, 6, 20)) == [("case", None), ("handover", "handover:P1/1")]
    assert ("handover", "handover:P1/1") in _heard("document_filed", clause=PLAN)


@pytest.mark.parametrize(("event", "details"), [("document_filed", {"clause": "CR-7.2.0.1a"}), ("move_in_started", {}), ("day_opened", {})])
def test_what_no_rule_about_handovers_asks_for_begins_none(event: str, details: dict[str, Any]) -> None:
    assert [key for about, key in _heard(event, **details) if about == "handover"] == []
