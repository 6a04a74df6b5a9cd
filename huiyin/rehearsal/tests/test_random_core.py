"""Whatever happens in whatever order, the reckoning on the core keeps its promises."""

from __future__ import annotations

from hypothesis import given, settings

from huiyin.core.records import CANCELLED, CONFIRMED, Clock, Score, WarningSignal
from huiyin.rehearsal.run import on_core
from huiyin.rehearsal.scenario import Scenario
from huiyin.rehearsal.stage import play_on_core
from huiyin.rehearsal.tests.timelines import timelines


@settings(max_examples=150, deadline=None)
@given(timelines())
def test_the_same_timeline_always_gives_the_same_records(scenario: Scenario) -> None:
    assert on_core(scenario) == on_core(scenario)


@settings(max_examples=150, deadline=None)
@given(timelines())
def test_every_record_names_a_clause_and_every_open_clock_is_looked_after(scenario: Scenario) -> None:
    for record in play_on_core(scenario).records():
        if isinstance(record, Clock):
            assert record.cites and record.reckoning
            assert record.state != CANCELLED or record.look_at is None
            assert record.look_at is None or record.look_at >= scenario.until
            overdue = record.open and record.due_at is not None and record.due_at < scenario.until
            assert overdue == (record.state == "overdue") or record.due_at == scenario.until
        elif isinstance(record, WarningSignal):
            assert all(ground.clause and ground.reckoning and ground.at >= record.raised_at for ground in record.grounds)


@settings(max_examples=150, deadline=None)
@given(timelines())
def test_only_confirmed_warnings_cost_points_and_each_level_once(scenario: Scenario) -> None:
    book = play_on_core(scenario)
    verified = {one.key for one in book.records() if isinstance(one, WarningSignal) and one.verified_at is not None}
    charged = [one for one in book.records() if isinstance(one, Score) and one.counters is None]
    assert all(one.warning in verified for one in charged)
    assert len({(one.case, one.issue, one.unit, one.clause) for one in charged}) == len(charged)
    assert CONFIRMED not in {one.state for one in book.records() if isinstance(one, WarningSignal) and one.verified_at is None}
