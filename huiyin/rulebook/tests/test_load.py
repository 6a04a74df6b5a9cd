"""The strict reader refuses what would be read in two ways."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from huiyin.core.rules import ClockRule, RegisterRule, RetentionRule
from huiyin.rulebook.load import FOLDER, BadRulebook, load_folder, regulation, stems

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


@pytest.mark.parametrize(
    ("stem", "part", "wrong", "said"),
    [
        ("community_publication", "outlets: [notice_board,", "outlets: [notice_bord,", "found the unknown channel 'notice_bord'"),
        ("university_logistics", "reviewed: item_reviewed", "reviewed: reviewed_item", "found the unknown mark 'reviewed_item'"),
        (
            "university_logistics",
            "rewards: rewards",
            "rewards: awards",
            "found the unknown register 'awards'; the nearest known is 'rewards'",
        ),
    ],
)
def test_what_a_publication_and_an_assessment_name_is_there(tmp_path: Path, stem: str, part: str, wrong: str, said: str) -> None:
    folder = tmp_path / stem
    shutil.copytree(FOLDER / stem, folder)
    rules = folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    assert part in text
    rules.write_text(text.replace(part, wrong), encoding="utf-8")
    with pytest.raises(BadRulebook, match=re.escape(said)):
        load_folder(folder)


def test_what_is_handed_over_is_kept_by_a_retention_that_there_is(tmp_path: Path) -> None:
    folder = tmp_path / "resident_complaints"
    shutil.copytree(FOLDER / "resident_complaints", folder)
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("kept_by: complaint\n", "kept_by: complaints\n"), encoding="utf-8")
    with pytest.raises(BadRulebook, match="found the unknown retention 'complaints'; the nearest known is 'complaint'"):
        load_folder(folder)


def test_a_course_names_steps_that_there_are(tmp_path: Path) -> None:
    folder = tmp_path / "resident_help"
    shutil.copytree(FOLDER / "resident_help", folder)
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("    - reach-hospital\n", "    - reach-hospitals\n"), encoding="utf-8")
    with pytest.raises(BadRulebook, match="found the unknown step 'reach-hospitals'; the nearest known is 'reach-hospital'"):
        load_folder(folder)


_FIELDS = "[{key: item, zh: 项目, en: item, required: true}, {key: yuan, zh: 元, en: yuan, kind: number, required: true},"
_FIELDS += " {key: since, zh: 日期, en: day, kind: day, required: true}, {key: late, zh: 截止, en: until, kind: day}]"
_RIGHT = "{amount: yuan, day: since, register: rates, most: yuan, since: since, until: late, same: {item: item}}"


@pytest.mark.parametrize(
    ("part", "wrong", "said"),
    [
        ("register: rates", "register: rate", "found the unknown register 'rate'; the nearest known is 'rates'"),
        ("amount: yuan", "amount: item", "found the column 'item' of paid as text, required; expected number, required"),
        ("most: yuan", "most: sum", "found the unknown column of rates 'sum'"),
        ("day: since", "day: late", "found the column 'late' of paid as day; expected day, required"),
        ("{item: item}", "{late: item}", "found the column 'late' of paid as day; expected one, required"),
        ("{item: item}", "{}", "at_most.same"),
    ],
)
def test_a_register_is_held_against_columns_that_are_there(tmp_path: Path, part: str, wrong: str, said: str) -> None:
    head = "cites: [SA-1b]\n  name: {zh: 台账, en: register}\n  kept_by: centre\n  fields: " + _FIELDS
    both = f"\n- register: rates\n  {head}\n- register: paid\n  {head}\n  at_most: "
    with pytest.raises(BadRulebook, match=re.escape(said)):
        load_folder(_with(tmp_path, both + _RIGHT.replace(part, wrong) + "\n"))
    rule = load_folder(_with(tmp_path / "other", both + _RIGHT + "\n")).by_id["paid"]
    assert isinstance(rule, RegisterRule) and rule.at_most is not None and rule.at_most.same == (("item", "item"),)


@pytest.mark.parametrize("stem", stems())
def test_every_register_has_a_time_of_keeping_or_is_kept_with_its_cases(stem: str) -> None:
    rules = regulation(stem).rules
    kept = [rule for rule in rules if isinstance(rule, RetentionRule) and "entries" in rule.each]
    own = [rule.id for rule in rules if isinstance(rule, RegisterRule) and rule.of_cases is None]
    assert [one for one in own if not any(not rule.registers or one in rule.registers for rule in kept)] == []
