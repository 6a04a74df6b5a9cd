"""Is every clause honoured, and shown? Each clause with the rules or other means that honour it and the scenarios or tests that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huiyin.core.rules import DutyRule, IndicatorRule, NoticeRule, Proof, RegisterRule, Regulation, Rule, ScoreRule, StandardRule, StepRule
from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rulebook.load import FOLDER, BadRulebook, regulation

ROOT = FOLDER.parent.parent
_STANDARDS = "huiyin/desk/matters/tests/test_every_standard.py::test_every_standard_of_every_regulation_takes_its_points"
SHOWN_BY_KIND: Mapping[type[Rule], str] = {
    RegisterRule: "huiyin/desk/registers/tests/test_every_register.py::test_every_register_of_every_regulation_takes_an_entry",
    StepRule: "huiyin/faces/console/tests/test_every_step.py::test_every_step_of_every_regulation_can_be_taken",
    StandardRule: _STANDARDS,
    IndicatorRule: _STANDARDS,
    NoticeRule: "huiyin/core/tests/test_every_notice.py::test_every_notice_of_every_regulation_is_given",
}
"""The test that runs over every rule of a kind, in every regulation, and so shows the clauses of each."""
SHOWN_BY_PROOF = "huiyin/desk/inspections/tests/test_every_proof.py::test_every_proof_of_every_regulation_tells_what_lacks"
"""The test of each proof of a standard: for its clause, one record that is as it should be and one that lacks something."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One clause: how it is honoured (kind and name each) and what shows it (scenario names, or test paths)."""

    clause: str
    honoured: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether something is missing."""
        return not self.honoured or not self.shown


def coverage(stem: str) -> tuple[Covered, ...]:
    """Every clause of the regulation ``stem`` in its order. Raises BadRulebook for a test that is named and does not exist."""
    rules = regulation(stem)
    honoured, named = _honoured(rules), _named_tests(rules, stem)
    shown = shown_by(rules, read_yaml(FOLDER / stem / "scenarios.yaml", largest_bytes=2 * 1024 * 1024).value or [])
    missing = sorted({test for tests in named.values() for test in tests if not is_a_test(test)})
    if missing:
        raise BadRulebook([f"{stem}/rules.yaml: shown_by names the test {test}, which does not exist" for test in missing])
    return tuple(
        Covered(clause, tuple(honoured.get(clause, ())), (*shown.get(clause, ()), *named.get(clause, ()))) for clause in rules.clauses
    )


def _honoured(rules: Regulation) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule in rules.rules:
        for clause in clauses_of(rule):
            found.setdefault(clause, []).append(f"{_kind(rule)} {rule.id}")
    for honour in rules.honours:
        for clause in honour.cites:
            found.setdefault(clause, []).append(f"{honour.kind} {honour.where}")
    for standard, proof in _proofs(rules):
        found.setdefault(proof.clause, []).append(f"proof {standard.id}/{proof.id}")
    return found


def _proofs(rules: Regulation) -> Iterator[tuple[StandardRule, Proof]]:
    for rule in rules.rules:
        if isinstance(rule, StandardRule):
            yield from ((rule, proof) for proof in rule.proofs)


def clauses_of(rule: Rule) -> Iterator[str]:
    """The clauses that a rule honours: those it cites, and those of its signatures and items."""
    yield from rule.cites
    if isinstance(rule, DutyRule) and rule.signatures:
        yield rule.signatures.clause
    if isinstance(rule, ScoreRule):
        yield from dict.fromkeys(clause for items in rule.items.values() for clause in items if clause not in rule.cites)


def _kind(rule: Rule) -> str:
    return type(rule).__name__.removesuffix("Rule").lower()


def shown_by(rules: Regulation, scenarios: Iterable[Mapping[str, Any]]) -> Mapping[str, list[str]]:
    """For each clause the names of the ``scenarios`` (as their file holds them) that show it.

    To cite a clause is not enough where a rule follows from it: a line of what is expected, or expected not to be, has to name it.
    """
    of_rules = {clause for rule in rules.rules for clause in clauses_of(rule)}
    found: dict[str, list[str]] = {}
    for scenario in scenarios:
        expected = set(_clauses_expected(scenario))
        for clause in scenario.get("cites") or ():
            if clause in expected or clause not in of_rules:
                found.setdefault(clause, []).append(scenario["scenario"])
    return found


def _clauses_expected(scenario: Mapping[str, Any]) -> Iterator[str]:
    """What the lines of a scenario name: the word of each line, and its ``clause`` where it gives one."""
    for line in (*(scenario.get("expect") or ()), *(scenario.get("expect_not") or ())):
        yield str(next(iter(line.values())))
        if "clause" in line:
            yield str(line["clause"])


def _named_tests(rules: Regulation, stem: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for honour in rules.honours:
        for clause in honour.cites:
            found.setdefault(clause, []).extend(honour.shown_by)
    for rule in rules.rules:
        if (test := SHOWN_BY_KIND.get(type(rule))) is not None:
            for clause in clauses_of(rule):
                found.setdefault(clause, []).append(test)
    for standard, proof in _proofs(rules):
        found.setdefault(proof.clause, []).append(f"{SHOWN_BY_PROOF}[{rules.prefix}:{standard.id}/{proof.id}]")
    for sheet in read_yaml(FOLDER / stem / "rules.yaml").value:
        tests = sheet.get("shown_by") or []
        for clause in sheet["cites"]:
            found.setdefault(clause, []).extend([tests] if isinstance(tests, str) else tests)
    return {clause: list(dict.fromkeys(tests)) for clause, tests in found.items()}


def is_a_test(named: str) -> bool:
    """Whether the test ``path::function`` exists in this checkout; in brackets may stand which of its turns is meant."""
    path, _, function = named.partition("[")[0].partition("::")
    file: Path = ROOT / path
    return file.is_file() and re.search(rf"^def {re.escape(function)}\(", file.read_text(encoding="utf-8"), re.MULTILINE) is not None
