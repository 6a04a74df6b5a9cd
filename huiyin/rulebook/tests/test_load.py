"""The strict reader refuses what would be read in two ways."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huiyin.core.rules import ClockRule
from huiyin.rulebook.load import FOLDER, BadRulebook, load_folder

STEM = "student_apartment"


def _with(tmp_path: Path, more: str) -> Path:
    folder = tmp_path / STEM
    shutil.copytree(FOLDER / STEM, folder)
    with (folder / "rules.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    return folder


def test_an_id_belongs_to_one_rule_whatever_its_kind(tmp_path: Path) -> None:
    first = load_folder(FOLDER / STEM).rules[0]
    name = "name: {zh: 告知, en: tell}"
    again = f"\n- notice: {first.id}\n  cites: [SA-4.2b]\n  {name}\n  on: opinion_received\n  to: centre\n  topic: rule\n"
    with pytest.raises(BadRulebook, match=f"found the rule '{first.id}' a second time"):
        load_folder(_with(tmp_path, again))
    own = again.replace(first.id, f"{first.id}-told")
    assert load_folder(_with(tmp_path / "other", own)).by_id[f"{first.id}-told"].cites == ("SA-4.2b",)


@pytest.mark.parametrize(
    "length",
    ["within: 5 minutes\n  target: 5 minutes", "within: 2 workdays\n  target: 47 hours", "within: immediately\n  target: 5 minutes",
     "within: 1 hours\n  target: 5 minutes\n  repeats: true", "within_setting: [SA-2c, tolerance]\n  target: 5 minutes"],
)  # fmt: skip
def test_a_target_is_a_shorter_span_of_the_limits_kind(tmp_path: Path, length: str) -> None:
    name, run = "name: {zh: 答复, en: answer}", "starts: message_received\n  ends: message_answered\n  responsible: centre"
    wrong = f"\n- clock: aimed\n  cites: [SA-2c]\n  {name}\n  {run}\n  {length}\n"
    with pytest.raises(BadRulebook, match="clock aimed: found the target"):
        load_folder(_with(tmp_path, wrong))
    right = wrong.replace(length, "within: 1 hours\n  target: 59 minutes")
    rule = load_folder(_with(tmp_path / "other", right)).by_id["aimed"]
    assert isinstance(rule, ClockRule) and str(rule.target) == "59 minutes"
