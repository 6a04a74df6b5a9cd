"""What a regulation claims to honour is shown: a clause that a rule follows from by a line that names it, or by a test."""

import pytest

from huiyin.core.rules import NoticeRule
from huiyin.rulebook.coverage import SHOWN_BY_KIND, clauses_of, coverage, is_a_test, shown_by
from huiyin.rulebook.load import regulation, stems

OF_A_RULE, OF_AN_HONOUR = "GP-10.1.3.1", "GP-13.1"


def _scenario(*expected: dict[str, str], missing: tuple[dict[str, str], ...] = ()) -> dict[str, object]:
    return {"scenario": "planted", "cites": [OF_A_RULE, OF_AN_HONOUR], "expect": list(expected), "expect_not": list(missing)}


@pytest.mark.parametrize("stem", stems())
def test_every_clause_is_honoured_and_shown(stem: str) -> None:
    assert [one.clause for one in coverage(stem) if one.open] == []


def test_a_scenario_that_cites_a_clause_and_expects_nothing_of_it_is_found() -> None:
    rules = regulation("group_platform")
    assert OF_A_RULE in {clause for rule in rules.rules for clause in clauses_of(rule)}
    assert shown_by(rules, [_scenario({"clock": "GP-10.1.3.2b"})]) == {OF_AN_HONOUR: ["planted"]}
    assert shown_by(rules, [_scenario()]) == {OF_AN_HONOUR: ["planted"]}


def test_a_line_names_a_clause_as_its_word_or_beside_it_also_when_it_is_not_expected() -> None:
    rules, both = regulation("group_platform"), {OF_A_RULE: ["planted"], OF_AN_HONOUR: ["planted"]}
    assert shown_by(rules, [_scenario({"clock": OF_A_RULE})]) == both
    assert shown_by(rules, [_scenario({"classified": "major", "clause": OF_A_RULE})]) == both
    assert shown_by(rules, [_scenario(missing=({"clock": OF_A_RULE},))]) == both


def test_a_test_that_runs_over_every_rule_of_a_kind_shows_its_clauses() -> None:
    told = {clause for rule in regulation("group_platform").rules if isinstance(rule, NoticeRule) for clause in clauses_of(rule)}
    shown = {one.clause for one in coverage("group_platform") if SHOWN_BY_KIND[NoticeRule] in one.shown}
    assert shown == told != set()


def test_a_test_that_is_named_and_does_not_exist_is_found() -> None:
    here = "huiyin/rulebook/tests/test_coverage.py"
    assert is_a_test(f"{here}::test_every_clause_is_honoured_and_shown")
    assert not is_a_test(f"{here}::test_that_nobody_wrote") and not is_a_test("huiyin/nowhere.py::test_every_clause_is_honoured_and_shown")
