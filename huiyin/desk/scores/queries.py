"""Reads about points: the ledger, whose sums are the sums of its entries, the appeals, and the rows for the branch's assessment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from huiyin.core.rules import Regulation, ScoreRule
from huiyin.desk.scores.models import Appeal, Entry

NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: every part that is given must fit. ``item`` is a clause whose total the entry enters (its own or one of items)."""

    units: frozenset[str] | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    item: str = ""
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum and the number of the entries that ``filter`` lists, for one unit."""

    unit_code: str
    amount: Decimal
    entries: int
    filter: Filter


def ledger(organisation_id: UUID, wanted: Filter) -> QuerySet[Entry]:
    """The entries that ``wanted`` describes, in the order in which they were made."""
    rows = Entry.objects.filter(organisation_id=organisation_id)
    if wanted.units is not None:
        rows = rows.filter(unit_code__in=wanted.units)
    if wanted.from_at is not None:
        rows = rows.filter(at__gte=wanted.from_at)
    if wanted.until_at is not None:
        rows = rows.filter(at__lt=wanted.until_at)
    if wanted.item:
        rows = rows.filter(clause=wanted.item) | rows.filter(items__contains=[wanted.item])
    if wanted.case_id is not None:
        rows = rows.filter(case_id=wanted.case_id)
    return rows.order_by("at", "id")


def total(organisation_id: UUID, wanted: Filter) -> Decimal:
    """The sum of the entries that ``wanted`` describes."""
    found: Decimal | None = ledger(organisation_id, wanted).aggregate(sum=Sum("amount"))["sum"]
    return found if found is not None else NOUGHT


def totals(organisation_id: UUID, wanted: Filter) -> list[Total]:
    """The sum for each unit that has entries, the heaviest deduction first; each total's filter opens its entries."""
    summed = ledger(organisation_id, wanted).order_by().values_list("unit_code").annotate(Sum("amount"), Count("id"))
    made = [Total(code, amount, count, replace(wanted, units=frozenset({code}))) for code, amount, count in summed]
    return sorted(made, key=lambda one: (one.amount, one.unit_code))


def by_warning(organisation_id: UUID, warnings: Iterable[str], units: Collection[str]) -> Mapping[str, Mapping[str, Decimal]]:
    """What each warning (by key) costs each of the units that it charges; those without entries are left out.

    Every unit charged has an account of its own, so what one warning costs several is never added up.
    """
    rows = Entry.objects.filter(organisation_id=organisation_id, warning__in=list(warnings), unit_code__in=list(units))
    found: dict[str, dict[str, Decimal]] = {}
    for key, unit, amount in rows.order_by().values_list("warning", "unit_code").annotate(Sum("amount")):
        found.setdefault(str(key), {})[unit] = amount
    return found


def assessed(regulations: Iterable[Regulation]) -> frozenset[str]:
    """The clauses that count the points of one kind of unit alone, for the assessment of such units by a procedure of its own."""
    found: set[str] = set()
    for rule in (rule for one in regulations for rule in one.rules if isinstance(rule, ScoreRule)):
        counted = Counter(item for items in rule.items.values() for item in set(items))
        found |= {item for item, kinds in counted.items() if kinds == 1 < len(rule.items)}
    return frozenset(found)


def assessment_rows(organisation_id: UUID, wanted: Filter, items: Iterable[str]) -> list[tuple[str, ...]]:
    """The rows that enter one of ``items``: unit, moment, clause, amount, case, warning, counter; a heading first."""
    heading = ("unit", "at", "clause", "amount", "case", "warning", "counters")
    entered = reduce(or_, (Q(items__contains=[item]) for item in sorted(items)), Q(pk__in=()))
    return [heading, *(_assessment_row(entry) for entry in ledger(organisation_id, wanted).filter(entered))]


def _assessment_row(entry: Entry) -> tuple[str, ...]:
    case = str(entry.case_id) if entry.case_id else ""
    amount = format(entry.amount.normalize(), "f")
    return (entry.unit_code, entry.at.isoformat(), entry.clause, amount, case, entry.warning or "", entry.counters or "")


def appeals(organisation_id: UUID, *, units: frozenset[str] | None = None, undecided: bool = False) -> QuerySet[Appeal]:
    """The appeals of the units, the oldest first."""
    rows = Appeal.objects.filter(organisation_id=organisation_id)
    if units is not None:
        rows = rows.filter(unit_code__in=units)
    return (rows.filter(decided_at=None) if undecided else rows).order_by("at", "id")


def appeals_of(organisation_id: UUID, entry_ids: Iterable[UUID]) -> Mapping[UUID, list[Appeal]]:
    """The appeals against each of the entries, the oldest first."""
    found: dict[UUID, list[Appeal]] = {}
    for one in Appeal.objects.filter(organisation_id=organisation_id, entry_id__in=list(entry_ids)).order_by("at", "id"):
        found.setdefault(one.entry_id, []).append(one)
    return found
