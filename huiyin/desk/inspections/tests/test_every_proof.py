"""Every proof of every regulation tells the records that are as its standard asks from those that are not.

For each proof two records are made, one of which lacks what the proof needs: it is the one on the list. What the regulation or the
register refuses to take without it can be made in one way only, and lacks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.rules import TODAY, ApprovalRule, EntrySought, Proof, RefusalRule, RegisterRule, Regulation, Sought, StandardRule
from huiyin.core.subjects import NAMED
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.models import Case, Mark
from huiyin.desk.conftest import GivePost
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.queries import thing_id
from huiyin.desk.inspections.evidence import Proving, Span, evidence, key_of, keys_behind
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit
from huiyin.desk.registers.columns import digest_of, happened_at, read_values
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import rule_of
from huiyin.desk.registers.tests.conftest import take_up, typed
from huiyin.plumbing.ids import new_id
from huiyin.rulebook.load import regulation, stems

GOOD, BAD = "甲", "乙"
LONG_AGO, LATELY, TO_COME = "2025-06-01", "2026-01-20", "2027-06-01"
SAID = {"text": "已办", "outlets": ["公告栏"]}
Told = tuple[Regulation, StandardRule, Proof]


def _proofs() -> Iterator[Any]:
    for stem in stems():
        found = regulation(stem)
        for rule in (one for one in found.rules if isinstance(one, StandardRule)):
            for proof in rule.proofs:
                yield pytest.param((found, rule, proof), id=key_of(found, rule, proof))


class _Stage:
    """A project under the regulation on which the records of one proof are made."""

    def __init__(self, project: Unit, told: Told, at: datetime) -> None:
        self.project, self.at = project, at
        self.regulation, self.standard, self.proof = told
        self.by = By("service_centre")
        take_up(project, self.regulation.stem, at)

    @property
    def need(self) -> Sought:
        """The way in which what lacks is made good here."""
        return next(one for one in self.proof.needs if not one.closed)

    def proving(self) -> Proving:
        span = Span(self.at - timedelta(days=60), self.at + timedelta(days=60), frozenset({self.project.code}))
        return Proving(self.project.organisation_id, self.regulation, self.proof, span)

    def count(self) -> tuple[int, int]:
        """How many records there are at the project, and how many lack something."""
        return self.proving().count().get(self.project.code, (0, 0))

    def happen(self, event: str, **details: Any) -> None:
        fact = Fact(event, self.at, details.pop("case", None), self.project.code, details.pop("by", self.by.role), details)
        store(self.project.organisation_id, [fact], by=None, at=self.at)

    def approve(self, clause: str, **details: Any) -> None:
        """The decision under the clause, taken by whom it belongs to."""
        rule = next(one for one in self.regulation.rules if isinstance(one, ApprovalRule) and clause in one.cites)
        event = "approval_given" if rule.decided_by == "approval" else rule.decided_by
        self.happen(event, by=rule.of[0], clause=clause, text="同意", **details)

    def enter(self, name: str, given: dict[str, Any]) -> Any:
        """An entry of the register ``name`` in which only what is required and what is ``given`` stands."""
        key = f"{self.regulation.prefix}:{name}"
        rule = rule_of(key)
        values = {field.key: typed(field) for field in rule.fields if field.required} | given
        values = {name: value for name, value in values.items() if value is not None}
        read = read_values(rule.fields, values)
        then, number = happened_at(rule.fields, read), Entry.objects.count() + 1
        # As an old ledger left it: what it tells is not recorded, so nothing is refused.
        made = Entry(
            organisation_id=self.project.organisation_id, id=new_id(self.at), register=key, unit_code=self.project.code, year=2026,
            number=number, values=read, digest=digest_of(read), at=then if then and then <= self.at else self.at, entered_at=self.at,
        )  # fmt: skip
        made.save(force_insert=True)
        return made

    def enter_sought(self, entry: EntrySought, label: str) -> None:
        """As many entries as are sought."""
        rule = rule_of(f"{self.regulation.prefix}:{entry.register}")
        given = {name: typed(field) for name in entry.filled for field in rule.fields if field.key == name}
        given |= {name: min(values) for name, values in entry.where}
        given |= {entry.names: label} if entry.names else {}
        given |= {
            name: f"{day} 00:00" if field.kind == "moment" else day
            for name, day in zip(entry.valid, (LONG_AGO, TO_COME), strict=False)
            for field in rule.fields
            if field.key == name
        }
        for number in range(entry.least):
            text = next(field.key for field in rule.fields if field.kind == "text" and field.key != entry.names)
            self.enter(entry.register, {text: f"第{number}条", **given})

    def as_asked(self, sought: Sought, rule: RegisterRule) -> dict[str, Any]:
        """The columns of an entry that is as ``sought``."""
        fields = {field.key: field for field in rule.fields}
        given: dict[str, Any] = {name: typed(fields[name]) for name in sought.filled}
        given |= {name: min(values) for name, values in sought.where}
        given |= {name: LATELY if length == TODAY else LONG_AGO for name, length in sought.passed}
        given |= dict.fromkeys((name for name, _ in sought.not_passed), TO_COME)
        for one, other in sought.differ:
            given |= {one: "3", other: "2"}
        return given

    def lacking(self, rule: RegisterRule) -> dict[str, Any]:
        """The columns of an entry that lacks what every one of the needs asks, as far as the register takes it."""
        required = {field.key: field for field in rule.fields if field.required}
        given: dict[str, Any] = {}
        for need in self.proof.needs:
            for name, values in need.where:
                given[name] = next((one for one in ("false", "true") if one not in values), None) if name in required else None
            given |= {name: None for name in need.filled if name not in required}
            given |= dict.fromkeys((name for name, _ in need.not_passed), LONG_AGO)
        return given


@pytest.mark.parametrize("told", list(_proofs()))
def test_every_proof_of_every_regulation_tells_what_lacks(project: Unit, at: datetime, with_post: GivePost, told: Told) -> None:
    stage = _Stage(project, told, at)
    assert stage.count()[0] == (1 if told[2].each == "site" and _asks_nothing(told[2].of) else 0)
    expected = {"case": _cases, "act": _acts, "entry": _entries, "site": _sites}[told[2].each](stage, with_post)
    whole, bad = stage.count()
    assert (whole, bad) == expected
    assert len(stage.proving().records(bad_only=False)) == whole and len(stage.proving().records(bad_only=True)) == bad
    found = evidence(project.organisation_id, told[0], [told[1]], stage.proving().span)[told[1].cites[0]]
    key = key_of(*told)
    assert [(one.whole, one.bad) for one in found if one.rule == key] == [expected]


def _asks_nothing(sought: Sought) -> bool:
    return sought == Sought()


def _entries(stage: _Stage, _with_post: GivePost) -> tuple[int, int]:
    proof, rule = stage.proof, rule_of(f"{stage.regulation.prefix}:{stage.proof.register}")
    of, number = stage.as_asked(proof.of, rule), 0
    good, bad = stage.as_asked(stage.need, rule), stage.lacking(rule)
    if stage.need.unnamed:
        good, bad = {"merchant": "好邻居超市"}, {"merchant": "老王烧烤"}
        said = Registration("complaint", stage.project.code, story="老王烧烤油烟熏人")
        register(stage.project.organisation_id, said, by=None, at=stage.at)
    stage.enter(proof.register, of | good)
    wrong = stage.enter(proof.register, bad | of | {name: None for name in bad if bad[name] is None and name not in of})
    number = len(stage.proving().records(bad_only=True))
    guaranteed = all(one.required for one in rule.fields if one.key in {*good} - {*of})
    assert number or guaranteed, "the entry that lacks something is not on the list"
    assert not number or [one.id for one in stage.proving().records(bad_only=True)] == [wrong.id]  # type: ignore[union-attr]
    return 2, number


def _sites(stage: _Stage, with_post: GivePost) -> tuple[int, int]:
    of, need = stage.proof.of, stage.need
    for event in sorted(of.happened)[:1]:
        stage.happen(event)
    if of.marked:
        _mark(stage, thing_id(stage.project.organisation_id, f"unit:{stage.project.code}"), min(of.marked))
    if of.entry:
        stage.enter_sought(of.entry, GOOD)
    assert stage.count() == (1, 1)
    for event in sorted(need.happened)[:1]:
        stage.happen(event)
    if need.entry:
        stage.enter_sought(need.entry, GOOD)
    if need.role:
        with_post("wang", stage.project, need.role)
    if need.not_marked:
        _mark(stage, thing_id(stage.project.organisation_id, f"unit:{stage.project.code}"), min(need.not_marked))
        assert stage.count() == (1, 1)
        Mark.objects.all().delete()
    return 1, 0


def _acts(stage: _Stage, _with_post: GivePost) -> tuple[int, int]:
    proof, need, event, bad = stage.proof, stage.need, min(stage.proof.event), 0
    of = {name: min(values) for name, values in proof.of.where}
    if proof.of.entry:
        for label in (GOOD, BAD):
            stage.enter_sought(proof.of.entry, label)
    with suppress(Refused):
        stage.happen(event, **_about(proof, BAD), **SAID, **of)
        bad = 1
    for other in sorted(need.happened)[:1]:
        stage.happen(other, **SAID, **_about(proof, GOOD))
    told = SAID | dict.fromkeys(need.filled, "true") | {name: ["公告栏", "业主群"] for name in need.several}
    if need.approved:
        stage.approve(need.approved, **_about(proof, GOOD))
    stage.happen(event, **_about(proof, GOOD), **told, **of)
    for other in sorted(need.later)[:1]:
        for clause in _decided_before(stage.regulation, other):
            stage.approve(clause, **_about(proof, GOOD))
        stage.happen(other, **SAID, **_about(proof, GOOD))
    if need.entry:
        stage.enter_sought(need.entry, GOOD)
    return 1 + bad, bad


def _decided_before(regulation: Regulation, event: str) -> list[str]:
    """The clauses under which the act is refused as long as nobody has decided."""
    refusals = (rule for rule in regulation.rules if isinstance(rule, RefusalRule) and event in rule.event)
    asked = (name for rule in refusals for question in rule.when.questions for name in question.answers)
    return [name.partition(":")[2] for name in asked if "approved:" in name]


def _about(proof: Proof, label: str) -> dict[str, str]:
    if proof.about == "month":
        return {"period": "2026-01" if label == GOOD else "2026-02"}
    if proof.about in NAMED or proof.about in ("household", "customer"):
        return {proof.about: label}
    return {}


def _cases(stage: _Stage, _with_post: GivePost) -> tuple[int, int]:
    proof, need, bad = stage.proof, stage.need, 0
    ids = []
    for _ in (BAD, GOOD):
        form = Registration(min(proof.of.record), stage.project.code, channel=min(proof.of.channel, default="phone"), story="灯不亮")
        ids.append(register(stage.project.organisation_id, form, by=None, at=stage.at).case_id)
    for key in ids:
        for mark in sorted(proof.of.marked)[:1]:
            _mark(stage, key, mark)
    for event in sorted(need.happened)[:1]:
        stage.happen(event, case=str(ids[1]), result="已办结", to=["service_centre"], text="已办")
    for event in sorted(proof.of.happened)[:1]:
        for key in ids:
            with suppress(Refused):
                stage.happen(event, case=str(key), result="已办结" if key == ids[1] else None)
    for mark in sorted(need.marked)[:1]:
        _mark(stage, ids[1], mark)
    if need.entry:
        stage.enter_sought(need.entry, Case.objects.get(id=ids[1]).number)
    bad = len(stage.proving().records(bad_only=True))
    assert bad == 1 or proof.of.happened
    return 1 + bad, bad


def _mark(stage: _Stage, key: Any, mark: str) -> None:
    Mark(
        organisation_id=stage.project.organisation_id, key=f"{stage.regulation.prefix}/{mark}|{key}", mark=mark, clause=stage.proof.clause,
        case_id=key, unit_code=stage.project.code, at=stage.at, fact_id=key,
    ).save(force_insert=True)  # fmt: skip


@pytest.mark.parametrize("stem", stems())
def test_every_standard_is_proved_by_records_or_looked_at_on_the_spot(stem: str) -> None:
    found = regulation(stem)
    standards = [rule for rule in found.rules if isinstance(rule, StandardRule)]
    blind = [one.id for one in standards if not keys_behind(found, one) and one.on_site is None]
    assert blind == []


def test_a_day_that_lies_back_so_many_months_is_told(project: Unit, at: datetime) -> None:
    told = next(one.values[0] for one in _proofs() if one.id == "CR:check-6-1-2-2/file")
    stage = _Stage(project, told, at)
    for moved_in in (date(2025, 9, 1), date(2026, 1, 20)):
        stage.enter("merchants", {"moved_in_on": moved_in})
    proving = Proving(project.organisation_id, told[0], told[2], Span(at - timedelta(days=400), at, frozenset({project.code})))
    assert proving.count() == {project.code: (1, 1)}
