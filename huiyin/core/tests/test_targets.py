"""A target beside a limit: reckoned and kept with it, and nothing follows from missing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.follow import Outcome, follow
from huiyin.core.known import Known, Unit, Units
from huiyin.core.limits import parse_limit
from huiyin.core.moments import SHANGHAI
from huiyin.core.records import LATE, MET, OVERDUE, Clock, Notice, WarningSignal
from huiyin.core.rules import Adopted, ClockRule
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation
from huiyin.rulebook.words import say

REPORTED = datetime(2026, 3, 4, 9, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
OFFICE = [Adopted(regulation("office_feedback"), "P1", load_workdays())]
UNITS = Units.of([Unit("P1", "project", None, 100)])


def _reported() -> tuple[Known, Clock]:
    details = {"record": "repair", "channel": "hotline_24h", "category": {"OF": "utility_repair"}}
    outcome = follow(OFFICE, Known(UNITS), Fact("repair_reported", REPORTED, "A", "P1", None, details))
    clock = _clock(outcome)
    return Known(UNITS, outcome.case, {clock.key: clock}), clock


def _clock(outcome: Outcome) -> Clock:
    (found,) = (one for one in outcome.records if isinstance(one, Clock))
    return found


def _after(known: Known, event: str, minutes: int, **details: str) -> Outcome:
    return follow(OFFICE, known, Fact(event, REPORTED + minutes * MINUTE, "A", "P1", "responder", details))


def test_the_target_stands_beside_the_limit_and_in_its_reckoning() -> None:
    _, clock = _reported()
    assert (clock.target_at, clock.due_at) == (REPORTED + 5 * MINUTE, REPORTED + 15 * MINUTE)
    assert clock.look_at == clock.due_at
    assert clock.reckoning[-1] == ("target", "5 minutes", (REPORTED + 5 * MINUTE).isoformat())
    assert say(clock.reckoning, "zh-hans")[-1] == "目标 5分钟：2026-03-04（周三）09:05（只作对照，不计超时）"
    assert say(clock.reckoning, "en")[-1].startswith("target: 5 minutes, 2026-03-04 (Wed) 09:05")


def test_what_comes_between_target_and_limit_is_in_time_and_warns_nobody() -> None:
    known, _ = _reported()
    outcome = _after(known, "responder_arrived", 12)
    assert (_clock(outcome).state, _clock(outcome).target_at) == (MET, REPORTED + 5 * MINUTE)
    assert not [one for one in outcome.records if isinstance(one, WarningSignal | Notice)]
    assert _clock(_after(known, "responder_arrived", 16)).state == LATE


def test_the_target_stays_when_the_limit_passes() -> None:
    known, clock = _reported()
    passed = _clock(_after(known, LIMIT_PASSED, 15, clock=clock.key))
    assert (passed.state, passed.target_at, passed.look_at) == (OVERDUE, clock.target_at, None)


def test_a_target_is_counted_in_the_hours_of_the_limit() -> None:
    found = regulation("group_platform")
    rule = next(one for one in found.rules if isinstance(one, ClockRule) and one.id == "start-work")
    aimed = replace(rule, target=parse_limit("5 minutes"), calendar="gp_liaison_mobile_0800_2000_daily", calendar_setting=None)
    by_event = {event: tuple(aimed if one is rule else one for one in rules) for event, rules in found.by_event.items()}
    drafted = replace(found, by_event=by_event, by_id={**found.by_id, rule.id: aimed})
    adopted = [Adopted(drafted, "P1", load_workdays())]
    night = datetime(2026, 3, 4, 3, 0, tzinfo=SHANGHAI)
    details = {"record": "complaint", "channel": "call_centre_400"}
    outcome = follow(adopted, Known(UNITS), Fact("complaint_transferred_to_unit", night, "A", "P1", None, details))
    clock = next(one for one in outcome.records if isinstance(one, Clock) and one.rule == "GP:start-work")
    assert clock.due_at is not None and clock.target_at == clock.due_at - 5 * MINUTE > night + 60 * MINUTE
