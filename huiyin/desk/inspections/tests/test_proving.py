"""What counts as a record of the span and as what is needed: what came before, what ran out, what was closed, what stands above."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.rules import StandardRule
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.facts.actions import store
from huiyin.desk.inspections.evidence import Proving, Span, evidence, keys_behind
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit
from huiyin.desk.registers.actions import add_entry, close_entry
from huiyin.desk.registers.tests.conftest import take_up
from huiyin.rulebook.load import regulation

KEEPER = By("service_centre")
CARD = {"card": "0217", "entry": "leaver", "holder": "离职保安", "on": "2025-11-03", "issued_by": "李接待"}
RULES = {"subject": "custody", "version": "1", "in_force_on": "2026-01-05", "kept_at": "资料柜"}


@pytest.fixture
def kept(project: Unit, company: Unit, at: datetime) -> Unit:
    """The project, whose company has adopted the supervision standard."""
    take_up(company, "customer_relations", at - timedelta(days=200))
    return project


def _count(unit: Unit, key: str, since: datetime, until: datetime) -> tuple[int, int]:
    found = regulation("customer_relations")
    told = found.proof(key)
    assert told is not None
    span = Span(since, until, frozenset({unit.code}))
    return Proving(unit.organisation_id, found, told[1], span).count().get(unit.code, (0, 0))


def _happen(unit: Unit, event: str, at: datetime, **details: Any) -> None:
    store(unit.organisation_id, [Fact(event, at, None, unit.code, KEEPER.role, details)], by=None, at=at)


def test_what_was_done_before_does_not_serve_what_was_asked_after(kept: Unit, at: datetime) -> None:
    month = timedelta(days=30)
    for event, days in (("home_service_requested", 3), ("home_service_dispatched", 2), ("home_service_requested", 1)):
        _happen(kept, event, at - timedelta(days=days), household="1-1-101", text="换水龙头")
    assert _count(kept, "check-4-2-1-1/dispatched", at - month, at) == (2, 1)
    assert _count(kept, "check-4-2-1-1/dispatched", at - month, at - timedelta(days=1)) == (1, 0)


def test_an_entry_that_is_still_open_counts_however_old_and_one_closed_before_the_span_does_not(kept: Unit, at: datetime) -> None:
    long_ago, since = at - timedelta(days=90), at - timedelta(days=30)
    for number in range(2):
        made = add_entry(kept.organisation_id, "CR:ic-cards", kept.code, {**CARD, "card": str(number)}, by=KEEPER, at=long_ago)
    close_entry(made, "卡已收回", by=KEEPER, at=long_ago + timedelta(days=1), sent={"returned_on": "2025-11-04"})
    assert _count(kept, "check-2-4-0-5/returned", since, at) == (1, 1)
    assert _count(kept, "check-2-4-0-5/returned", long_ago - timedelta(days=1), at) == (2, 1)


def test_rules_of_the_unit_above_hold_below_it_from_the_day_on_which_they_come_into_force(kept: Unit, company: Unit, at: datetime) -> None:
    key, since = "check-4-3-0-1/rules", at - timedelta(days=60)
    assert _count(kept, key, since, at) == (1, 1)
    made = add_entry(company.organisation_id, "CR:house-rules", company.code, RULES, by=KEEPER, at=at - timedelta(days=28))
    assert _count(kept, key, since, at) == (1, 0)
    add_entry(company.organisation_id, "CR:house-rules", company.code, {**RULES, "in_force_on": "2026-03-01"}, by=KEEPER, at=at)
    close_entry(made, "已废止", by=KEEPER, at=at)
    assert _count(kept, key, since, at + timedelta(days=1)) == (1, 1)
    assert _count(kept, key, since, at + timedelta(days=60)) == (1, 0)


def test_a_case_that_was_registered_by_mistake_or_came_in_before_is_no_record(kept: Unit, at: datetime) -> None:
    ids = []
    for days in (40, 2, 1):
        moment = at - timedelta(days=days)
        ids.append(register(kept.organisation_id, Registration("complaint", kept.code, story="灯不亮"), by=None, at=moment).case_id)
    fact = Fact("case_voided", at, str(ids[1]), kept.code, KEEPER.role, {"reason": "重复", "result": "duplicate"})
    store(kept.organisation_id, [fact], by=None, at=at)
    assert _count(kept, "check-2-1-2-3/handed-on", at - timedelta(days=30), at + timedelta(hours=1)) == (1, 1)


def test_a_shop_is_looked_for_in_the_complaints_of_its_own_project(kept: Unit, branch: Unit, at: datetime) -> None:
    shop = {"shop": "三号铺", "head": "店主", "moved_in_on": "2026-01-05"}
    for name in ("巷口小炒", "底商便利店"):
        add_entry(kept.organisation_id, "CR:merchants", kept.code, {**shop, "merchant": name, "shop": f"{name}铺位"}, by=KEEPER, at=at)
    for unit, story in ((kept.code, "巷口小炒的油烟飘进卧室"), (branch.code, "底商便利店太吵")):
        register(kept.organisation_id, Registration("complaint", unit, story=story), by=None, at=at)
    assert _count(kept, "check-6-1-2-6/no-complaints", at - timedelta(days=1), at + timedelta(days=1)) == (2, 1)


def test_a_limit_that_only_asks_for_a_form_proves_nothing_by_itself(kept: Unit, at: datetime) -> None:
    found = regulation("customer_relations")
    standard = next(rule for rule in found.rules if isinstance(rule, StandardRule) and rule.cites[0] == "CR-2.1.2.2")
    assert keys_behind(found, standard) == ["CR:complaint_handling_form"]
    span = Span(at - timedelta(days=30), at, frozenset({kept.code}))
    assert evidence(kept.organisation_id, found, [standard], span) == {}
    told = evidence(kept.organisation_id, found, [standard], span, empty=True)[standard.cites[0]]
    assert [(one.whole, one.bad) for one in told] == [(0, 0)]
