"""What an organisation may choose changes what follows, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import parse_moment
from huiyin.core.records import Clock, WarningSignal
from huiyin.rehearsal.scenario import Adoption, Scenario
from huiyin.rehearsal.stage import play_on_core
from huiyin.rehearsal.tests.timelines import SMALL

BEGUN = parse_moment("2026-03-02 22:00")


def _complaint(case: str, unit: str, household: str, at: datetime, **more: Any) -> tuple[Fact, Fact]:
    details = {"record": "complaint", "channel": "call_centre_400", "household": household, **more}
    received = Fact("complaint_received", at, case, unit, "group_cc_agent", details)
    return received, Fact("complaint_transferred_to_unit", at, case, None, "group_cc_agent")


def _play(facts: tuple[Fact, ...], settings: dict[str, dict[str, Any]]) -> list[Any]:
    scenario = Scenario("s", "f", 1, (), (Adoption("group_platform"),), SMALL, settings, facts, facts[-1].at)
    return list(play_on_core(scenario).records())


def _clock(records: list[Any], clause: str) -> Clock | None:
    return next((one for one in records if isinstance(one, Clock) and one.cites[0] == clause), None)


def test_the_calendar_of_the_first_limit_is_a_choice() -> None:
    facts = _complaint("A", "P1", "1-1-101", BEGUN, category={"GP": "cleaning"})
    mobile = {"GP-10.1.3.1": {"calendar": "gp_liaison_mobile_0800_2000_daily"}}
    always, chosen = (_clock(_play(facts, settings), "GP-10.1.3.1") for settings in ({}, mobile))
    assert always and always.due_at == parse_moment("2026-03-02 22:10")
    assert chosen and chosen.due_at == parse_moment("2026-03-03 08:10")
    assert chosen.calendar == "gp_liaison_mobile_0800_2000_daily"


def test_landscaping_has_a_limit_only_where_the_organisation_set_one() -> None:
    facts = _complaint("A", "P1", "1-1-101", BEGUN, category={"GP": "greening"})
    acts = (*facts, replace(facts[1], event="complainant_contacted", at=parse_moment("2026-03-03 09:00")))
    assert _clock(_play(acts, {}), "GP-10.2.3.1") is None
    local = _clock(_play(acts, {"GP-10.2.3.1": {"limit_general": "4 hours"}}), "GP-10.2.3.1")
    # Never accepted: counted from transfer and seventy minutes.
    assert local and local.due_at == parse_moment("2026-03-03 03:10")


@pytest.mark.parametrize(("scope", "raised"), [("branch", {"P1", "B1"}), ("property_company", {"P1", "B1", "CO"})])
def test_the_whole_company_is_counted_where_it_is_chosen(scope: str, raised: set[str]) -> None:
    facts = [one for n in range(4) for one in _complaint(f"C{n}", "P1", f"1-1-10{n}", BEGUN, issue="lift")]
    records = _play(tuple(facts), {"GP-11.3.2": {"company_scope": scope}})
    assert {one.unit for one in records if isinstance(one, WarningSignal)} == raised


def test_issues_that_are_not_about_service_do_not_count_for_the_project() -> None:
    facts = [one for n in range(4) for one in _complaint(f"C{n}", "P1", f"1-1-10{n}", BEGUN, issue="rain")]
    records = _play(tuple(facts), {"GP-11.3.3": {"not_service_quality": ["rain"]}})
    assert {one.unit for one in records if isinstance(one, WarningSignal)} == {"B1"}
