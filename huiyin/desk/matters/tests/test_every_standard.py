"""Every standard of an inspection takes its points: once or each time, to its cap, once for a row; what is left is summed up.

What is expected is reckoned from the clauses themselves (the catalogue beside the checkout), not from the rules that are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.rules import IndicatorRule, StandardRule
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.models import Figure, Matter
from huiyin.desk.places.models import Unit
from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rulebook.load import regulation, stems

CATALOGUE = Path(__file__).resolve().parents[5] / "shared" / "clauses"
INSPECTOR = By("quality_dept")
ONCE = ("standard not met", "row not met", "regulation not made")
Clauses = Mapping[str, Mapping[str, Any]]


def _with_standards() -> list[str]:
    return [stem for stem in stems() if any(isinstance(rule, StandardRule) for rule in regulation(stem).rules)]


def _clauses(stem: str, kind: str) -> Clauses:
    """The clauses of a kind of the catalogue that carry points."""
    file = CATALOGUE / f"{stem}.yaml"
    if not file.is_file():
        pytest.skip(f"found no {file}: the points are checked where the catalogue of clauses lies beside the checkout")
    listed = read_yaml(file, largest_bytes=4 * 1024 * 1024).value["clauses"]
    return {one["id"]: one for one in listed if one["kind"] == kind and "score" in one}


def _expected(clauses: Clauses, found: Mapping[str, int]) -> dict[str, Decimal]:
    """What each standard takes off when it is found so often; of standards that share a deduction the first one has it."""
    taken: dict[str, Decimal] = {}
    left: dict[str, Decimal] = {}
    for clause, times in found.items():
        score = clauses[clause]["score"]
        points = -Decimal(score["amount"])
        if any(other in taken for other in score.get("shared_with", ())):
            taken[clause] = Decimal()
            continue
        amount = points if score["per"] in ONCE else points * times
        if "cap" in score:
            # A cap that stands beside several standards of a row is the row's.
            row = f"{clause.rpartition('.')[0]}{score['text']}"
            amount = min(amount, left.get(row, Decimal(score["cap"])))
            left[row] = left.get(row, Decimal(score["cap"])) - amount
        taken[clause] = amount
    return taken


def _inspect(unit: Unit, name: str, found: Mapping[str, int], at: datetime, per: Mapping[str, str]) -> dict[str, Decimal]:
    """The figures by clause of an inspection in which each standard was found unmet so often."""
    facts = [_fact("inspection_opened", unit, name, at), *_findings(unit, name, found, at, per)]
    facts.append(_fact("inspection_closed", unit, name, at + timedelta(hours=5)))
    store(unit.organisation_id, facts, by=None, at=at + timedelta(hours=5))
    thing = Matter.objects.get(organisation_id=unit.organisation_id, about="inspection", name=name)
    rows = Figure.objects.filter(organisation_id=unit.organisation_id, case_id=thing.id)
    return dict(rows.values_list("clause", "amount"))


def _findings(unit: Unit, name: str, found: Mapping[str, int], at: datetime, per: Mapping[str, str]) -> Iterator[Fact]:
    later = at + timedelta(hours=1)
    for clause, times in found.items():
        if what := per.get(clause):
            # The same shop or household twice is one finding.
            for number in (*range(times), 0):
                yield _fact("finding_recorded", unit, name, later, clause=clause, **{what: f"{clause}/{number}"})
        else:
            yield _fact("finding_recorded", unit, name, later, clause=clause, count=times)


def _fact(event: str, unit: Unit, inspection: str, at: datetime, **details: Any) -> Fact:
    return Fact(event, at, unit=unit.code, by=INSPECTOR.role, details={"inspection": inspection, **details})


def _left(stem: str, taken: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What is left of each indicator and in all, when the standards take off so much."""
    rules = regulation(stem).rules
    indicator = {rule.cites[0]: rule.indicator for rule in rules if isinstance(rule, StandardRule)}
    of_all: dict[str, Decimal] = {}
    total = ""
    for rule in rules:
        if isinstance(rule, IndicatorRule):
            off = sum((amount for clause, amount in taken.items() if indicator[clause] == rule.cites[0]), Decimal())
            of_all[rule.cites[0]], total = max(Decimal(), rule.points - off), rule.total
    return {**of_all, total: sum(of_all.values(), Decimal())}


@pytest.mark.parametrize("stem", _with_standards())
def test_every_standard_of_every_regulation_takes_its_points(project: Unit, at: datetime, stem: str) -> None:
    clauses = _clauses(stem, "inspection_item")
    adopt(project, stem, str(regulation(stem).source["version"]), date(2025, 1, 1), by=INSPECTOR, at=at)
    rules = [rule for rule in regulation(stem).rules if isinstance(rule, StandardRule)]
    per = {rule.cites[0]: rule.per for rule in rules}
    listed = [rule.cites[0] for rule in rules if rule.cites[0] in clauses]
    assert set(listed) == set(clauses), "a standard of the catalogue takes nothing off"
    often = {clause: _beyond_its_cap(clauses[clause]) for clause in listed}
    for name, found in (("once", dict.fromkeys(listed, 1)), ("thrice", dict.fromkeys(listed, 3)), ("often", often)):
        figures = _inspect(project, name, found, at, per)
        taken = _expected(clauses, found)
        assert {clause: -figures[clause] for clause in listed} == taken, name
        left = _left(stem, taken)
        assert {clause: figures[clause] for clause in left} == left, name


def _beyond_its_cap(clause: Mapping[str, Any]) -> int:
    score = clause["score"]
    return int(Decimal(score["cap"]) / -Decimal(score["amount"])) + 3 if "cap" in score else 1


@pytest.mark.parametrize("stem", _with_standards())
def test_each_indicator_has_the_points_of_its_clause(stem: str) -> None:
    scores = {clause: Decimal(one["score"]["amount"]) for clause, one in _clauses(stem, "score").items()}
    rules = [rule for rule in regulation(stem).rules if isinstance(rule, IndicatorRule)]
    assert {rule.cites[0]: rule.points for rule in rules if rule.cites[0] in scores} == {
        clause: points for clause, points in scores.items() if clause not in {rule.total for rule in rules}
    }


@pytest.mark.parametrize("stem", _with_standards())
def test_a_standard_that_takes_nothing_off_and_a_finding_taken_back_leave_all_points(project: Unit, at: datetime, stem: str) -> None:
    adopt(project, stem, str(regulation(stem).source["version"]), date(2025, 1, 1), by=INSPECTOR, at=at)
    rules = [rule for rule in regulation(stem).rules if isinstance(rule, StandardRule)]
    free = [rule.cites[0] for rule in rules if not rule.points]
    costly = next(rule.cites[0] for rule in rules if rule.points and not rule.per)
    later = at + timedelta(hours=1)
    facts = [_fact("inspection_opened", project, "free", at)]
    facts += [_fact("finding_recorded", project, "free", later, clause=clause) for clause in (*free, costly)]
    facts += [
        _fact("finding_withdrawn", project, "free", later + timedelta(hours=1), clause=costly),
        _fact("inspection_closed", project, "free", later + timedelta(hours=2)),
    ]
    store(project.organisation_id, facts, by=None, at=later + timedelta(hours=2))
    figures = dict(Figure.objects.values_list("clause", "amount"))
    assert {clause: figures[clause] for clause in free} == dict.fromkeys(free, Decimal())
    assert {clause: figures[clause] for clause in _left(stem, {})} == _left(stem, {})
