"""A draft replayed over the past: what would have been different, by project and clause."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from huiyin.core.facts import Fact
from huiyin.core.known import Units
from huiyin.core.rules import Adopted
from huiyin.rehearsal.lives import life
from huiyin.rehearsal.parts import compare_in_parts, parts_of
from huiyin.rehearsal.past import Comparison, compare
from huiyin.rehearsal.scenario import read_scenarios
from huiyin.rehearsal.stage import adopted_in
from huiyin.rulebook.load import FOLDER, load_folder

PAST = next(
    one
    for one in read_scenarios(FOLDER / "group_platform" / "scenarios.yaml")
    if any(fact.event == "warning_verified" for fact in one.timeline)
)


def _draft(tmp_path: Path, old: str, new: str) -> tuple[Adopted, ...]:
    folder = tmp_path / "draft"
    shutil.copytree(FOLDER / "group_platform", folder)
    rules = (folder / "rules.yaml").read_text(encoding="utf-8")
    assert old in rules
    (folder / "rules.yaml").write_text(rules.replace(old, new), encoding="utf-8")
    (now,) = adopted_in(PAST)
    return (replace(now, regulation=load_folder(folder)),)


def _compare(draft: tuple[Adopted, ...]) -> Comparison:
    return compare(PAST.timeline, Units.of(PAST.units), adopted_in(PAST), draft, PAST.until)


def test_the_rules_in_force_replayed_against_themselves_change_nothing() -> None:
    assert _compare(adopted_in(PAST)).changes == ()


def test_a_shorter_first_limit_shows_as_a_changed_limit_of_its_clause(tmp_path: Path) -> None:
    changes = _compare(_draft(tmp_path, "within: 10 minutes", "within: 5 minutes")).changes
    assert {(one.clause, one.what) for one in changes} >= {("GP-10.1.3.1", "limit")}
    assert all(one.unit and one.cases for one in changes if one.what == "limit")


def test_dearer_warnings_show_as_points(tmp_path: Path) -> None:
    level = next(one.details["level"] for one in PAST.timeline if one.event == "warning_verified")
    amount = {"blue": "-0.2", "yellow": "-0.5", "red": "-1"}[level]
    points = [one for one in _compare(_draft(tmp_path, f'amount: "{amount}"', 'amount: "-3"')).changes if one.what == "points"]
    assert points
    assert all(one.after < one.before < Decimal() for one in points)


@pytest.mark.parametrize("nonsense", ["within: 10 minuts", "within: 0 minutes"])
def test_a_draft_with_a_limit_that_is_none_is_refused(tmp_path: Path, nonsense: str) -> None:
    with pytest.raises(ValueError, match="min"):
        _draft(tmp_path, "within: 10 minutes", nonsense)


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_past_replayed_in_parts_gives_the_same_changes(seed: int) -> None:
    lived = life(seed)
    now = adopted_in(lived)
    draft = (*now[1:], replace(now[0], settings={})) if len(now) > 1 else ()
    units = Units.of(lived.units)
    whole = compare(lived.timeline, units, now, draft, lived.until)
    parts = compare_in_parts(lived.timeline, units, now, draft, lived.until, processes=1, part_facts=3)
    assert [one for one in parts.changes if one.what != "refusal"] == [one for one in whole.changes if one.what != "refusal"]
    assert (parts.facts, parts.cases) == (whole.facts, whole.cases)


def test_cases_of_one_issue_are_replayed_together_and_others_apart() -> None:
    units, now = Units.of(PAST.units), adopted_in(PAST)
    day = PAST.timeline[0].at
    facts = [
        Fact("complaint_received", day, case, "P1", details={"record": "complaint", **({"issue": "lift"} if case in "AC" else {})})
        for case in "ABC"
    ]
    found = [{fact.case for fact in part.facts} for part in parts_of(facts, units, now, 3)]
    assert {"A", "C"} in found
    assert {"B"} in found
