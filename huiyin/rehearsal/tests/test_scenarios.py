"""The scenarios of the rulebook and the shared examples hold on the core alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyin.rehearsal.run import on_core, rehearse
from huiyin.rehearsal.scenario import BadScenario, Scenario, read_scenarios
from huiyin.rulebook.load import FOLDER, stems

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "scenarios"
OWN = [scenario for stem in stems() for scenario in read_scenarios(FOLDER / stem / "scenarios.yaml")]


@pytest.mark.parametrize("scenario", OWN, ids=lambda scenario: scenario.name[:60])
def test_a_scenario_of_the_rulebook_holds(scenario: Scenario) -> None:
    from huiyin.rehearsal.judge import judge

    assert judge(scenario, on_core(scenario)) == ()


@pytest.mark.parametrize("stem", stems())
def test_the_shared_scenarios_of_a_regulation_hold(stem: str) -> None:
    assert SHARED.is_dir(), "the shared scenarios are missing: check the project out beside the folder shared/ that holds them"
    assert [result.scenario.name for result in rehearse([SHARED / f"{stem}.yaml"]) if not result.passed] == []


def _refused(tmp_path: Path, text: str) -> str:
    file = tmp_path / "scenarios.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadScenario) as refusal:
        list(rehearse([file]))
    return str(refusal.value)


def test_an_unknown_event_is_named_with_its_line_and_the_nearest_known(tmp_path: Path) -> None:
    line = "{at: 2026-03-02 09:00, event: complaint_receved, case: A, unit: P1}"
    refusal = _refused(tmp_path, f"- scenario: s\n  adopt: [group_platform]\n  timeline:\n    - {line}\n")
    assert "scenarios.yaml:4" in refusal and "'complaint_received'" in refusal


def test_a_doubled_key_and_an_unknown_key_are_refused(tmp_path: Path) -> None:
    assert "a second time" in _refused(tmp_path, "- scenario: s\n  scenario: t\n")
    line = "{at: 2026-03-02 09:00, event: complaint_received, case: A, unit: P1, colour: red}"
    assert "colour" in _refused(tmp_path, f"- scenario: s\n  adopt: [group_platform]\n  timeline:\n    - {line}\n")


def test_a_planted_error_in_an_expectation_is_found(tmp_path: Path) -> None:
    text = (SHARED / "group_platform.yaml").read_text(encoding="utf-8").replace("due: 2026-03-02 09:10", "due: 2026-03-02 09:11")
    file = tmp_path / "group_platform.yaml"
    file.write_text(text, encoding="utf-8")
    assert [result.scenario.line for result in rehearse([file]) if not result.passed] == [3]
