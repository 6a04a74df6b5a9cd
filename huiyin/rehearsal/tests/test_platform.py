"""Both ways give the same: the core alone, and the real platform with its database, actions and watch."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from huiyin.rehearsal.judge import Found, judge
from huiyin.rehearsal.platform import play_on_platform
from huiyin.rehearsal.run import on_core
from huiyin.rehearsal.scenario import Scenario, read_scenarios
from huiyin.rehearsal.tests.timelines import timelines
from huiyin.rulebook.load import FOLDER, stems

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "scenarios"
OWN = [scenario for stem in stems() for scenario in read_scenarios(FOLDER / stem / "scenarios.yaml")]
pytestmark = pytest.mark.django_db


def _comparable(found: tuple[Found, ...]) -> list[str]:
    """The records in an order of their own, moments by the clock of one zone, numbers without idle noughts."""
    return sorted(str(sorted((key, _plain(value)) for key, value in one.items() if value is not None)) for one in found)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize("scenario", OWN, ids=lambda scenario: scenario.name[:60])
def test_a_scenario_holds_on_the_platform_and_gives_the_same_records(scenario: Scenario) -> None:
    found = play_on_platform(scenario)
    assert judge(scenario, found) == ()
    assert _comparable(found) == _comparable(on_core(scenario))


@pytest.mark.parametrize("stem", stems())
def test_the_shared_scenarios_hold_on_the_platform(stem: str) -> None:
    assert SHARED.is_dir(), "the shared scenarios are missing: check the project out beside the folder shared/ that holds them"
    for scenario in read_scenarios(SHARED / f"{stem}.yaml"):
        found = play_on_platform(scenario)
        assert judge(scenario, found) == ()
        assert _comparable(found) == _comparable(on_core(scenario))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(timelines())
def test_random_timelines_give_the_same_records_both_ways(scenario: Scenario) -> None:
    assert _comparable(play_on_platform(scenario)) == _comparable(on_core(scenario))
