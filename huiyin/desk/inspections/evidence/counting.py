"""What the live records say of each standard of an inspection, before anybody looks: by the rules of its clauses, and its own proofs.

A standard's clauses are its own and its parts. For every rule of the same regulation that cites one of them, the records that this kind of
rule leaves are counted: all that fell into the span, and those that went wrong. Besides, a standard declares proofs (``proving``): named
rules of evidence over cases, acts, registers and sites. Which clause it is makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from huiyin.core.ceilings import WRONG
from huiyin.core.papers import INCOMPLETE, MISSING
from huiyin.core.records import LATE, MET, NEEDED, OVERDUE
from huiyin.core.rules import (
    ApprovalRule,
    ClockRule,
    DutyRule,
    PaperRule,
    Proof,
    RegisterRule,
    Regulation,
    Rule,
    ShareRule,
    StandardRule,
)
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.models import Case, Mark
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.models import Paper
from huiyin.desk.facts.models import Fact
from huiyin.desk.inspections.evidence.present import Present, Site, Span
from huiyin.desk.inspections.evidence.proving import Proving, count
from huiyin.desk.registers.models import Entry

_NONE: Final = Q(organisation_id=None)
DUTY: Final = "duty"
ENTRY, SHARE = "entry", "share"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of ``whole`` records under the rule (or proof) ``bad`` went wrong; of these ``late`` were done too late, which nothing mends.

    ``kind`` says which records: clock, duty, approval, paper, entry, share; of a proof case, act, record (of a register), site.
    """

    clause: str
    rule: str
    kind: str
    whole: int
    bad: int
    late: int = 0


Counts = Mapping[str, Mapping[str, tuple[int, int, int]]]
"""By what a record is told by (its rule, or its clause) and by unit: how many there are, how many went wrong, how many were done late."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the records of a kind of rule are: which of its records fell into a span, which of them are wrong, what they are told by."""

    kind: str
    told_by: str
    order: str
    rows: Callable[[UUID, Span], QuerySet[Any]]
    wrong: Callable[[Regulation], Q]
    late: Q = _NONE

    def key(self, regulation: Regulation, rule: Rule) -> str:
        """What the rule's records are told by."""
        return rule.cites[0] if self.told_by == "clause" else f"{regulation.prefix}:{rule.id}"

    def counts(self, organisation_id: UUID, regulation: Regulation, span: Span) -> Counts:
        """All records of this kind in the span, counted in one query."""
        rows = self.rows(organisation_id, span).order_by(self.told_by).values_list(self.told_by, "unit_code")
        wrong = self.wrong(regulation)
        told = {"whole": Count("unit_code"), "bad": Count("unit_code", filter=wrong), "late": Count("unit_code", filter=wrong & self.late)}
        found: dict[str, dict[str, tuple[int, int, int]]] = {}
        for key, unit, *numbers in rows.annotate(**told):
            found.setdefault(key, {})[unit] = (numbers[0], numbers[1], numbers[2])
        return found


def _due(organisation_id: UUID, span: Span) -> QuerySet[Clock]:
    rows = Clock.objects.filter(organisation_id=organisation_id, unit_code__in=list(span.units), state__in=(MET, LATE, OVERDUE))
    return rows.filter(due_at__gte=span.since, due_at__lt=span.until)


def _clocks(organisation_id: UUID, span: Span) -> QuerySet[Clock]:
    return _due(organisation_id, span).exclude(kind=DUTY)


def _duties(organisation_id: UUID, span: Span) -> QuerySet[Clock]:
    return _due(organisation_id, span).filter(kind=DUTY)


def _approvals(organisation_id: UUID, span: Span) -> QuerySet[Approval]:
    rows = Approval.objects.filter(organisation_id=organisation_id, unit_code__in=list(span.units))
    return rows.filter(asked_at__gte=span.since, asked_at__lt=span.until)


def _papers(organisation_id: UUID, span: Span) -> QuerySet[Paper]:
    rows = Paper.objects.filter(organisation_id=organisation_id, unit_code__in=list(span.units))
    return rows.filter(at__gte=span.since, at__lt=span.until)


def _entries(organisation_id: UUID, span: Span) -> QuerySet[Entry]:
    """The entries that are held against another register; what else stands in registers is for proofs."""
    rows = Entry.objects.filter(organisation_id=organisation_id, unit_code__in=list(span.units)).exclude(compared="")
    return rows.filter(at__gte=span.since, at__lt=span.until)


def _shares(organisation_id: UUID, span: Span) -> QuerySet[Mark]:
    rows = Mark.objects.filter(organisation_id=organisation_id, unit_code__in=list(span.units), ended_at=None)
    return rows.filter(at__gte=span.since, at__lt=span.until)


def _below(regulation: Regulation) -> Q:
    return Q(mark__in=[rule.below for rule in regulation.rules if isinstance(rule, ShareRule)])


def _always(wrong: Q) -> Callable[[Regulation], Q]:
    return lambda _regulation: wrong


_MISSED: Final = _always(Q(state__in=(LATE, OVERDUE)))
SOURCES: Final[Mapping[type[Rule], Source]] = {
    ClockRule: Source("clock", "rule", "due_at", _clocks, _MISSED, Q(state=LATE)),
    DutyRule: Source("duty", "rule", "due_at", _duties, _MISSED, Q(state=LATE)),
    ApprovalRule: Source("approval", "clause", "asked_at", _approvals, _always(Q(state=NEEDED))),
    PaperRule: Source("paper", "clause", "at", _papers, _always(Q(state__in=(MISSING, INCOMPLETE)))),
    RegisterRule: Source(ENTRY, "register", "at", _entries, _always(Q(compared__in=WRONG))),
    ShareRule: Source(SHARE, "clause", "at", _shares, _below),
}
"""The rules of evidence, by kind of rule: limits and duties missed, decisions not taken, papers missing or incomplete, entries above what
they are held against, shares not reached."""
_OF_PROOFS: Final = {"entry": "record"}
"""The kind of evidence that a proof gives, where it is not called after what the proof is about."""


def clauses_of(rule: StandardRule) -> tuple[str, ...]:
    """The clauses under which a standard may be found unmet: its own first, then its parts."""
    return tuple(dict.fromkeys((rule.cites[0], *rule.parts)))


def rules_behind(regulation: Regulation, standard: StandardRule) -> list[Rule]:
    """The rules of the regulation whose records tell something of the standard."""
    wanted = set(clauses_of(standard))
    every = (rule for rule in regulation.rules if type(rule) in SOURCES and not wanted.isdisjoint(rule.cites))
    return [rule for rule in every if rule.id not in standard.not_by]


def keys_behind(regulation: Regulation, standard: StandardRule) -> list[str]:
    """The keys of the rules and proofs that tell something of the standard."""
    rules = [f"{regulation.prefix}:{rule.id}" for rule in rules_behind(regulation, standard)]
    return [*rules, *(key_of(regulation, standard, proof) for proof in standard.proofs)]


def key_of(regulation: Regulation, standard: StandardRule, proof: Proof) -> str:
    """What a proof is told by: "CR:check-2-1-2-3/handed-on"."""
    return f"{regulation.prefix}:{standard.id}/{proof.id}"


def evidence(
    organisation_id: UUID, regulation: Regulation, standards: Iterable[StandardRule], span: Span, *, empty: bool = False
) -> dict[str, list[Evidence]]:
    """For each standard, by its clause, what the records say of it; rules without a record in the span are left out unless ``empty``."""
    return Counted(organisation_id, regulation, standards, span).at(span.units, empty=empty)


class Counted:
    """What the records of a span say of standards, counted once by unit: of all units together, or of one beside another."""

    def __init__(self, organisation_id: UUID, regulation: Regulation, standards: Iterable[StandardRule], span: Span) -> None:
        sources = {kind: source.counts(organisation_id, regulation, span) for kind, source in SOURCES.items()}
        standards = list(standards)
        proofs = [(standard, proof) for standard in standards for proof in standard.proofs]
        provings = [Proving(organisation_id, regulation, proof, span) for _standard, proof in proofs]
        proven = dict(zip((key_of(regulation, *one) for one in proofs), count(provings, Present(organisation_id, span)), strict=True))
        self._told: dict[str, list[tuple[Evidence, Mapping[str, tuple[int, ...]]]]] = {}
        for standard in standards:
            told = self._told.setdefault(standard.cites[0], [])
            for rule in rules_behind(regulation, standard):
                source, key = SOURCES[type(rule)], f"{regulation.prefix}:{rule.id}"
                counted = sources[type(rule)].get(source.key(regulation, rule), {})
                told.append((Evidence(rule.cites[0], key, source.kind, 0, 0), counted))
            for proof in standard.proofs:
                key, kind = key_of(regulation, standard, proof), _OF_PROOFS.get(proof.each, proof.each)
                told.append((Evidence(proof.clause, key, kind, 0, 0), proven[key]))

    def at(self, units: Collection[str], *, empty: bool = False) -> dict[str, list[Evidence]]:
        """For each standard, by its clause, what the records at the units say; rules without a record are left out unless ``empty``."""
        found: dict[str, list[Evidence]] = {}
        for clause, told in self._told.items():
            summed = [_summed(one, counted, units) for one, counted in told]
            if kept := [one for one in summed if one.whole or empty]:
                found[clause] = kept
        return found


def _summed(one: Evidence, counted: Mapping[str, tuple[int, ...]], units: Collection[str]) -> Evidence:
    rows = [numbers for unit, numbers in counted.items() if unit in units]
    late = sum(numbers[2] for numbers in rows if len(numbers) > 2)
    return replace(one, whole=sum(numbers[0] for numbers in rows), bad=sum(numbers[1] for numbers in rows), late=late)


Record = Clock | Approval | Paper | Entry | Mark | Case | Fact | Site
"""What may stand behind a figure."""


def records(organisation_id: UUID, regulation: Regulation, key: str, span: Span, *, bad_only: bool) -> Sequence[Record] | None:
    """The records behind one piece of evidence (its rule or proof, without the prefix), the oldest first: as many as it counts.

    Empty for a rule that leaves none; None for a key that is neither rule nor proof.
    """
    if (proof := regulation.proof(key)) is not None:
        return Proving(organisation_id, regulation, proof[1], span).records(bad_only=bad_only)
    rule = regulation.by_id.get(key)
    source = SOURCES.get(type(rule)) if rule is not None else None
    if rule is None or source is None:
        return None if rule is None else []
    rows = source.rows(organisation_id, span).filter(**{source.told_by: source.key(regulation, rule)})
    rows = rows.filter(source.wrong(regulation)) if bad_only else rows
    return list(rows.order_by(source.order))


def proposed_count(standard: StandardRule, bad: int) -> int:
    """How many occurrences the records would make: each one where the standard counts each time, else one."""
    return bad if standard.per_occurrence else min(bad, 1)
