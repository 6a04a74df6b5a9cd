"""Where two regulations set a limit for the same matter, one of them binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from huiyin.core.calendars import Workdays
from huiyin.core.conditions import Condition
from huiyin.core.known import Unit, Units
from huiyin.core.limits import parse_limit
from huiyin.core.moments import SHANGHAI
from huiyin.core.precedence import bindings
from huiyin.core.records import RUNNING, Clock
from huiyin.core.rules import Adopted, ClockRule, End, Regulation, Start

NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)


def _regulation(prefix: str, level: str) -> Regulation:
    rule = ClockRule(
        "reply", (f"{prefix}-1",), ("答复", "reply"), (Start("received"),), End("replied"), parse_limit("2 days"), Condition(), "liaison"
    )
    rules, by_id, titles = (rule,), {rule.id: rule}, (prefix, prefix)
    return Regulation(prefix.lower(), prefix, "1", titles, level, date(2018, 1, 1), rules, {}, by_id, {}, {}, {}, {}, frozenset())


def _adopted(prefix: str, level: str, unit: str = "CO") -> Adopted:
    return Adopted(_regulation(prefix, level), unit, Workdays(frozenset(), frozenset(), frozenset(), "none"))


def _clock(prefix: str, hours: int) -> Clock:
    due = NOON + timedelta(hours=hours)
    return Clock(
        f"A|{prefix}", "clock", f"{prefix}:reply", "1", (f"{prefix}-1",), "A", "P1", None, NOON, due, RUNNING, None, "liaison", "24x7",
        "2 days", due,
    )  # fmt: skip


def test_the_groups_value_prevails() -> None:
    group, unit = _clock("GP", 48), _clock("XX", 24)
    (binding,) = bindings([unit, group], [_adopted("GP", "group"), _adopted("XX", "unit")])
    assert (binding.clock, binding.over, binding.why) == (group, (unit,), "level")


def test_between_regulations_of_one_level_the_stricter_limit_binds() -> None:
    late, early = _clock("GP", 48), _clock("XX", 24)
    (binding,) = bindings([late, early], [_adopted("GP", "company"), _adopted("XX", "company")])
    assert (binding.clock, binding.why) == (early, "stricter")


def test_a_limit_goes_before_none_of_its_own_turns() -> None:
    first, second = _clock("GP", 24), replace(_clock("GP", 48), key="A|GP|2")
    (binding,) = bindings([second, first], [_adopted("GP", "group")])
    assert (binding.clock, binding.over, binding.why) == (first, (), "only")
    other = _clock("XX", 12)
    (binding,) = bindings([second, first, other], [_adopted("GP", "group"), _adopted("XX", "unit")])
    assert (binding.clock, binding.over, binding.why) == (first, (other,), "level")


def test_a_limit_that_is_met_binds_nobody() -> None:
    met = replace(_clock("GP", 48), state="met")
    assert bindings([met], [_adopted("GP", "group")]) == ()


UNITS = Units.of([Unit("JT", "group"), Unit("CO", "property_company", "JT"), Unit("PZ", "department", "CO"), Unit("P1", "project", "CO")])


def test_the_level_that_adopted_a_text_decides_not_the_text_alone() -> None:
    at_group, at_project = _clock("XX", 48), _clock("YY", 24)
    adopted = [_adopted("XX", "company", "JT"), _adopted("YY", "company", "P1")]
    (binding,) = bindings([at_project, at_group], adopted, UNITS)
    assert (binding.clock, binding.over, binding.why) == (at_group, (at_project,), "level")


def test_a_text_of_the_group_stays_the_groups_where_a_company_carries_it_out() -> None:
    group, company = _clock("GP", 48), _clock("XX", 24)
    (binding,) = bindings([company, group], [_adopted("GP", "group", "CO"), _adopted("XX", "company", "CO")], UNITS)
    assert (binding.clock, binding.why) == (group, "level")


def test_a_department_adopts_for_its_company() -> None:
    early, late = _clock("XX", 24), _clock("YY", 48)
    (binding,) = bindings([late, early], [_adopted("XX", "company", "PZ"), _adopted("YY", "company", "CO")], UNITS)
    assert (binding.clock, binding.why) == (early, "stricter")


def test_an_office_without_anybody_above_is_its_own_company() -> None:
    alone = Units.of([Unit("MO", "management_office"), Unit("C1", "community", "MO")])
    above, below = _clock("XX", 48), _clock("YY", 24)
    (binding,) = bindings([below, above], [_adopted("XX", "company", "MO"), _adopted("YY", "company", "C1")], alone)
    assert (binding.clock, binding.why) == (above, "level")
