"""What the live records say of each standard of an inspection, before anybody looks: by the kinds of the rules behind its clauses.

A standard's clauses are its own and its parts. For every rule of the same regulation that cites one of them first, the records that this
kind of rule leaves are counted: all that fell into the span, and those that went wrong. Which clause it is makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from huiyin.core.ceilings import WRONG
from huiyin.core.papers import INCOMPLETE, MISSING
from huiyin.core.records import LATE, MET, NEEDED, OVERDUE
from huiyin.core.rules import ApprovalRule, ClockRule, DutyRule, PaperRule, RegisterRule, Regulation, Rule, StandardRule
from huiyin.desk.approvals.models import Approval
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.models import Paper
from huiyin.desk.registers.models import Entry

DUTY: Final = "duty"


@dataclass(frozen=True, slots=True)
class Span:
    """From when, included, until when, not included, and at which units (by code)."""

    since: datetime
    until: datetime
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of ``whole`` records under the rule ``bad`` went wrong; ``kind`` says which records: clock, duty, approval, paper, entry."""

    clause: str
    rule: str
    kind: str
    whole: int
    bad: int


Counts = Mapping[str, tuple[int, int]]
"""By what a record is told by (its rule, or its clause): how many there are, and how many of them went wrong."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the records of a kind of rule are: which of its records fell into a span, which of them are wrong, what they are told by."""

    kind: str
    told_by: str
    rows: Callable[[UUID, Span], QuerySet[Clock] | QuerySet[Approval] | QuerySet[Paper] | QuerySet[Entry]]
    wrong: Q

    def key(self, regulation: Regulation, rule: Rule) -> str:
        """What the rule's records are told by."""
        return rule.cites[0] if self.told_by == "clause" else f"{regulation.prefix}:{rule.id}"

    def counts(self, organisation_id: UUID, span: Span) -> Counts:
        """All records of this kind in the span, counted in one query."""
        rows = self.rows(organisation_id, span).order_by(self.told_by).values_list(self.told_by)
        counted = rows.annotate(whole=Count("unit_code"), bad=Count("unit_code", filter=self.wrong))
        return {key: (whole, bad) for key, whole, bad in counted}


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
    """The entries that are held against another register; of all others nothing tells whether they are wrong."""
    rows = Entry.objects.filter(organisation_id=organisation_id, unit_code__in=list(span.units)).exclude(compared="")
    return rows.filter(at__gte=span.since, at__lt=span.until)


_MISSED: Final = Q(state__in=(LATE, OVERDUE))
SOURCES: Final[Mapping[type[Rule], Source]] = {
    ClockRule: Source("clock", "rule", _clocks, _MISSED),
    DutyRule: Source("duty", "rule", _duties, _MISSED),
    ApprovalRule: Source("approval", "clause", _approvals, Q(state=NEEDED)),
    PaperRule: Source("paper", "clause", _papers, Q(state__in=(MISSING, INCOMPLETE))),
    RegisterRule: Source("entry", "register", _entries, Q(compared__in=WRONG)),
}
"""The rules of evidence, by kind of rule: limits and duties missed, decisions not taken, papers missing or incomplete, entries above what
they are held against."""


def clauses_of(rule: StandardRule) -> tuple[str, ...]:
    """The clauses under which a standard may be found unmet: its own first, then its parts."""
    return tuple(dict.fromkeys((rule.cites[0], *rule.parts)))


def rules_behind(regulation: Regulation, standard: StandardRule) -> list[Rule]:
    """The rules of the regulation whose records tell something of the standard."""
    wanted = set(clauses_of(standard))
    return [rule for rule in regulation.rules if type(rule) in SOURCES and rule.cites[0] in wanted]


def evidence(organisation_id: UUID, regulation: Regulation, standards: Iterable[StandardRule], span: Span) -> dict[str, list[Evidence]]:
    """For each standard, by its clause, what the records say of it; rules without a record in the span are left out."""
    counted = {kind: source.counts(organisation_id, span) for kind, source in SOURCES.items()}
    found: dict[str, list[Evidence]] = {}
    for standard in standards:
        for rule in rules_behind(regulation, standard):
            source = SOURCES[type(rule)]
            whole, bad = counted[type(rule)].get(source.key(regulation, rule), (0, 0))
            if whole:
                key = f"{regulation.prefix}:{rule.id}"
                found.setdefault(standard.cites[0], []).append(Evidence(rule.cites[0], key, source.kind, whole, bad))
    return found


def records(
    organisation_id: UUID, regulation: Regulation, rule: Rule, span: Span, *, bad_only: bool
) -> Sequence[Clock | Approval | Paper | Entry]:
    """The records behind one piece of evidence, the oldest first: as many as it counts. Empty for a rule that leaves none."""
    source = SOURCES.get(type(rule))
    if source is None:
        return []
    rows: QuerySet[Any] = source.rows(organisation_id, span).filter(**{source.told_by: source.key(regulation, rule)})
    rows = rows.filter(source.wrong) if bad_only else rows
    return list(rows.order_by({"clock": "due_at", "duty": "due_at", "approval": "asked_at", "paper": "at", "entry": "at"}[source.kind]))


def proposed_count(standard: StandardRule, bad: int) -> int:
    """How many occurrences the records would make: each one where the standard counts each time, else one."""
    return bad if standard.per_occurrence else min(bad, 1)
