"""The rules of evidence that a standard declares (``core.rules.proofs``), looked up in the live records: which records there are, and
which of them lack what the standard asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Length as Characters

from huiyin.core.limits import Span as Length
from huiyin.core.limits import Unit, parse_limit
from huiyin.core.moments import in_shanghai, months_before
from huiyin.core.records import GIVEN
from huiyin.core.rules import TODAY, EntrySought, Proof, Regulation, Sought
from huiyin.core.rules.proofs import ACT, CASE, ENTRY
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.lifecycle import VOID
from huiyin.desk.cases.models import Case, Mark
from huiyin.desk.facts.models import Fact
from huiyin.desk.facts.queries import put_right
from huiyin.desk.inspections.evidence.present import Present, Site, Span
from huiyin.desk.matters.models import Matter
from huiyin.desk.people.queries import holders, rostered
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import rule_of

SHORTEST_NAME: Final = 2
"""A shop whose name is a single letter or digit is not looked for in what complaints say."""
_A_MOMENT: Final = timedelta(microseconds=1)
SITE_KIND: Final = "project"
"""The kind of unit that is a site: inspectors come to each."""


@dataclass(frozen=True, slots=True)
class Proving:
    """One proof of a regulation over the records of an organisation in a span."""

    organisation_id: UUID
    regulation: Regulation
    proof: Proof
    span: Span

    def count(self) -> dict[str, tuple[int, int]]:
        """By unit how many records there are, and how many of them lack what is needed; units without any are left out."""
        return count([self], Present(self.organisation_id, self.span))[0]

    def may_be(self, present: Present) -> bool:
        """Whether there is anything at all that the proof could be about."""
        if self.proof.each == ENTRY:
            return self.register in present.registers
        return self.proof.each != ACT or self.proof.about in present.abouts

    @property
    def register(self) -> str:
        """The register of the proof, with its prefix."""
        return f"{self.regulation.prefix}:{self.proof.register}"

    def records(self, *, bad_only: bool) -> list[Case | Fact | Entry | Site]:
        """The records, the oldest first; sites in the order of papers."""
        if self.proof.each not in _ROWS:
            found = self.sites(Present(self.organisation_id, self.span))
            return [Site(code) for code, holds in found.items() if not (bad_only and holds)]
        rows = self._rows()
        return list((rows.filter(holds=False) if bad_only else rows).order_by(_ORDER[self.proof.each], "id"))

    def _rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = _ROWS[self.proof.each]([self])
        holds = models.Case(When(self._good(), then=Value(value=True)), default=Value(value=False), output_field=models.BooleanField())
        asked: QuerySet[Any] = rows.filter(self._concerned()).annotate(holds=holds)
        return asked

    def lacking(self) -> models.Case:
        """Of a row 1 where it lacks what is needed, 0 where it does not; nothing where the proof is not about it."""
        concerned = self._concerned()
        lacks = models.Case(When(self._good(), then=Value(0)), default=Value(1), output_field=models.IntegerField())
        return models.Case(When(concerned, then=lacks), default=None) if concerned else lacks

    def _good(self) -> Q:
        return reduce(or_, (self._asked(one) for one in self.proof.needs))

    def _concerned(self) -> Q:
        """Which of the rows that several proofs share are this one's."""
        asked = self._asked(self.proof.of)
        if self.proof.each == ACT:
            return Q(event__in=list(self.proof.event)) & asked
        if self.proof.each == ENTRY:
            # Of a register whose entries are not closed those that happened in the span.
            open_in = Q(closed_at=None) | Q(closed_at__gte=self.span.since)
            return Q(register=self.register) & (open_in if rule_of(self.register).closes else Q(at__gte=self.span.since)) & asked
        return asked

    def _key(self) -> dict[str, Any]:
        return {"organisation_id": self.organisation_id}

    def cases(self) -> QuerySet[Any]:
        """The cases that came in within the span and were not registered by mistake, twice or for somebody else."""
        rows = Case.objects.filter(**self._key(), unit_code__in=list(self.span.units)).exclude(status=VOID)
        return rows.filter(received_at__gte=self.span.since, received_at__lt=self.span.until).annotate(about_id=F("id"), label=F("number"))

    def acts(self, events: Iterable[str]) -> QuerySet[Any]:
        """The acts of the span on things of the kind."""
        things = Matter.objects.filter(**self._key(), about=self.proof.about, unit_code__in=list(self.span.units))
        touched = things.filter(last_at__gte=self.span.since).values("id")
        rows = Fact.objects.filter(**self._key(), case_id__in=touched, event__in=list(events))
        rows = rows.exclude(id__in=put_right(self.organisation_id))
        named = Subquery(Matter.objects.filter(**self._key(), id=OuterRef("case_id")).values("name")[:1])
        return rows.filter(at__gte=self.span.since, at__lt=self.span.until).annotate(about_id=F("case_id"), label=named)

    def entries(self, registers: Iterable[str], texts: Iterable[str]) -> QuerySet[Any]:
        """The entries of the registers up to the end of the span, with what stands in the columns ``texts``."""
        own = {**self._key(), "register__in": list(registers), "unit_code__in": list(self.span.units), "at__lt": self.span.until}
        return Entry.objects.filter(**own).annotate(**{_text_of(name): KT(f"values__{name}") for name in texts})

    def _asked(self, sought: Sought) -> Q:
        asked = Q()
        if sought.record:
            asked &= Q(record__in=list(sought.record))
        if sought.channel:
            # One that has another channel under this regulation says so in the act that began it.
            own = Fact.objects.filter(**self._key(), case_id=OuterRef("about_id"), number=1)
            own = own.filter(**{f"details__channel__{self.regulation.prefix}__in": list(sought.channel)})
            asked &= Q(channel__in=list(sought.channel)) | Q(Exists(own))
        if sought.marked:
            asked &= Q(Exists(self._marks(sought.marked)))
        if sought.not_marked:
            asked &= ~Q(Exists(self._marks(sought.not_marked)))
        if sought.happened:
            facts = Fact.objects.filter(**self._key(), case_id=OuterRef("about_id"), event__in=list(sought.happened))
            asked &= Q(Exists(facts.filter(at__lt=self.span.until)))
        if sought.later:
            facts = Fact.objects.filter(**self._key(), case_id=OuterRef("about_id"), event__in=list(sought.later))
            asked &= Q(Exists(facts.filter(at__lt=self.span.until, at__gte=OuterRef("at"))))
        if sought.approved:
            given = Approval.objects.filter(**self._key(), clause=sought.approved, case_id=OuterRef("about_id"), state=GIVEN)
            asked &= Q(Exists(given))
        if sought.entry is not None:
            asked &= Q(_so_many(self._entries_for(sought.entry), sought.entry.least))
        return asked & self._columns(sought)

    def _columns(self, sought: Sought) -> Q:
        """What is asked of the columns of an entry, or of the details of an act."""
        held = "values" if self.proof.each == ENTRY else "details"
        asked = Q()
        for name, values in sought.where:
            asked &= Q(**{f"{held}__{name}__in": list(values)})
        for name in sought.filled:
            asked &= Q(**{f"{held}__has_key": name}) & ~Q(**{f"{held}__{name}": ""}) & ~Q(**{f"{held}__{name}": []})
        for name in sought.several:
            asked &= Q(**{f"details__{name}__1__isnull": False})
        if sought.closed:
            asked &= Q(closed_at__isnull=False)
        for one, other in sought.differ:
            asked &= Q(values__has_keys=[one, other]) & ~Q(**{f"values__{one}": F(f"values__{other}")})
        for name, length in sought.passed:
            asked &= Q(**{f"values__{name}__lt": self._day(length)})
        for name, length in sought.not_passed:
            asked &= Q(**{f"values__{name}__gte": self._day(length)})
        if sought.unnamed:
            asked &= ~reduce(or_, (Q(Exists(self._complaints_naming(column))) for column in sought.unnamed))
        return asked

    def _day(self, length: str) -> str:
        """The day before which a day lies back so long at the end of the span, as columns hold it."""
        until = in_shanghai(self.span.until)
        limit = parse_limit(length) if length != TODAY else None
        if isinstance(limit, Length):
            months = {Unit.MONTHS: limit.number, Unit.YEARS: 12 * limit.number}.get(limit.unit)
            until = months_before(until, months) if months is not None else until - (limit.passes or until - until)
        return until.date().isoformat()

    def _marks(self, marks: Iterable[str]) -> QuerySet[Mark]:
        rows = Mark.objects.filter(**self._key(), case_id=OuterRef("about_id"), mark__in=list(marks), at__lt=self.span.until)
        return rows.filter(clause__startswith=f"{self.regulation.prefix}-").filter(Q(ended_at=None) | Q(ended_at__gte=self.span.until))

    def _entries_for(self, entry: EntrySought) -> QuerySet[Entry]:
        """The entries of a register that speak of the thing or case, or of its unit within the span."""
        rows = self._of_register(entry)
        if entry.names:
            return rows.annotate(named=KT(f"values__{entry.names}")).filter(named=OuterRef("label"))
        return rows.filter(unit_code=OuterRef("unit_code"), at__gte=self.span.since)

    def _of_register(self, entry: EntrySought) -> QuerySet[Entry]:
        rows = Entry.objects.filter(**self._key(), register=f"{self.regulation.prefix}:{entry.register}", at__lt=self.span.until)
        for name, values in entry.where:
            rows = rows.filter(**{f"values__{name}__in": list(values)})
        for name in entry.filled:
            rows = rows.filter(values__has_key=name)
        if entry.valid:
            since, until, now = entry.valid[0], entry.valid[-1], in_shanghai(self.span.until).isoformat()
            rows = rows.filter(**{f"values__{since}__lte": now})
            if until != since:
                # A day holds good to its end.
                rows = rows.filter(~Q(values__has_key=until) | Q(**{f"values__{until}__gte": now[:10]}))
        return rows.filter(Q(closed_at=None) | Q(closed_at__gte=self.span.until)) if entry.current else rows

    def _complaints_naming(self, column: str) -> QuerySet[Any]:
        wanted = OuterRef(_text_of(column))
        told = Q(title__contains=wanted) | Q(story__contains=wanted) | Q(place__contains=wanted)
        rows = self.cases().filter(record="complaint", unit_code=OuterRef("unit_code"))
        named: QuerySet[Any] = rows.annotate(size=Characters(wanted)).filter(told, size__gte=SHORTEST_NAME)
        return named

    def sites(self, present: Present) -> dict[str, bool]:
        """The sites that the proof is about, with whether one of its needs holds."""
        every = [code for code, one in present.tree.by_code.items() if code in self.span.units and one.kind == SITE_KIND]
        concerned = self._sites_with(self.proof.of, every, present, self.span.since)
        good = [self._sites_with(one, concerned, present, None) for one in self.proof.needs] if concerned else []
        return {code: any(code in found for found in good) for code in concerned}

    def _sites_with(self, sought: Sought, codes: list[str], present: Present, since: datetime | None) -> list[str]:
        """Those of the sites that are as ``sought``; what happened counts from ``since`` on."""
        day = in_shanghai(self.span.until - _A_MOMENT).date()
        if sought.role:
            on = in_shanghai(self.span.until).date()
            codes = [code for code in codes if holders(self.organisation_id, sought.role, code, on, present.edition)]
        if sought.roster:
            covered = rostered(self.organisation_id, codes, sought.roster, day)
            codes = [code for code in codes if code in covered]
        if sought.happened:
            last = {code: max((present.happened[code, one] for one in sought.happened if (code, one) in present.happened), default=None)
                    for code in codes}  # fmt: skip
            codes = [code for code, at in last.items() if at is not None and (since is None or at >= since)]
        if sought.marked or sought.not_marked:
            marks = {(code, mark) for code, mark, clause in present.standing if clause.startswith(f"{self.regulation.prefix}-")}
            codes = [code for code in codes if not sought.marked or any((code, one) in marks for one in sought.marked)]
            codes = [code for code in codes if not any((code, one) in marks for one in sought.not_marked)]
        return self._sites_with_entry(sought.entry, codes, present) if sought.entry is not None else codes

    def _sites_with_entry(self, entry: EntrySought, codes: list[str], present: Present) -> list[str]:
        if not codes or f"{self.regulation.prefix}:{entry.register}" not in present.registers:
            return []
        paths = {code: present.tree.path(code) for code in codes}
        rows = self._of_register(entry).filter(unit_code__in={one for path in paths.values() for one in path})
        entries = dict(rows.order_by().values_list("unit_code").annotate(models.Count("id")))
        return [code for code in codes if sum(entries.get(one, 0) for one in paths[code]) >= entry.least]


def count(provings: Sequence[Proving], present: Present) -> list[dict[str, tuple[int, int]]]:
    """Of each proof (all of one organisation and span) by unit how many records there are and how many lack something, in the same order.

    Proofs about the same records are counted in one statement.
    """
    found: list[dict[str, tuple[int, int]]] = [{} for _ in provings]
    shared: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(provings):
        if one.proof.each not in _ROWS:
            found[number] = {code: (1, 0 if holds else 1) for code, holds in one.sites(present).items()}
        elif one.may_be(present):
            shared.setdefault((one.proof.each, one.proof.about), []).append(number)
    for numbers in shared.values():
        for number, told in zip(numbers, _count_rows([provings[one] for one in numbers]), strict=True):
            found[number] = told
    return found


def _count_rows(provings: Sequence[Proving]) -> list[dict[str, tuple[int, int]]]:
    rows = _ROWS[provings[0].proof.each](provings)
    names = [f"lacks_{number}" for number in range(len(provings))]
    told = rows.annotate(**{name: one.lacking() for name, one in zip(names, provings, strict=True)}).order_by()
    inner, params = told.values("unit_code", *names).query.sql_with_params()
    counted = ", ".join(f"count({name}), coalesce(sum({name}), 0)" for name in names)
    found: list[dict[str, tuple[int, int]]] = [{} for _ in provings]
    with connection.cursor() as cursor:
        # What each row lacks is looked up once: without the offset the planner would look again for the sum.
        cursor.execute(f"SELECT unit_code, {counted} FROM ({inner} OFFSET 0) shared GROUP BY unit_code", params)
        for unit, *numbers in cursor.fetchall():
            for place, one in enumerate(found):
                if numbers[2 * place]:
                    one[unit] = (numbers[2 * place], int(numbers[2 * place + 1]))
    return found


def _text_of(column: str) -> str:
    """The name under which the entries carry what stands in a column."""
    return f"text_{column}"


def _so_many(rows: QuerySet[Any], least: int) -> Exists:
    return Exists(rows.order_by("id")[least - 1 : least])


def _cases(provings: Sequence[Proving]) -> QuerySet[Any]:
    return provings[0].cases()


def _acts(provings: Sequence[Proving]) -> QuerySet[Any]:
    return provings[0].acts({event for one in provings for event in one.proof.event})


def _entries(provings: Sequence[Proving]) -> QuerySet[Any]:
    texts = {name for one in provings for need in one.proof.needs for name in need.unnamed}
    return provings[0].entries({one.register for one in provings}, texts)


_ROWS: Final[Mapping[str, Callable[[Sequence[Proving]], QuerySet[Any]]]] = {CASE: _cases, ACT: _acts, ENTRY: _entries}
"""The records that all proofs about the same kind of them share."""
_ORDER: Final = {CASE: "received_at", ACT: "at", ENTRY: "at"}
