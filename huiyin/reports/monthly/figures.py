"""The figures of the monthly report: by unit, kind, channel, class and severity, limits kept and missed, and the months before.

One set of figures serves every addressee (X11). Where a regulation wants the report before the month is over, its period runs from the
cut-off of the report before to its own, so that no complaint falls between two reports; of several days the earliest cuts.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from huiyin.core.moments import closing_of, in_shanghai
from huiyin.core.records import LATE, MET, OVERDUE, RUNNING
from huiyin.core.recurrence import Period, period_named, period_of
from huiyin.core.rules import Adopted, DutyRule
from huiyin.desk.cases.lifecycle import OPEN_STATES, VOID
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.queries import House

REPORTED: Final = frozenset({"monthly_complaint_report_submitted", "complaint_analysis_completed"})
"""The acts by which such a report is handed in."""
SCHEMES: Final = ("category", "severity")
PLAIN: Final = ("record", "channel")
MONTHS_SHOWN: Final = 6
NONE: Final = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that the report of a month counts; ``cut_off`` is the day of the month at whose end it closes, None: the month's own end."""

    month: str
    opens_at: datetime
    closes_at: datetime
    cut_off: int | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """A clause that asks for the report: its rule with prefix ("CP:monthly-report"), the clause, the day, and who answers."""

    rule: str
    clause: str
    by_day: int | None
    responsible: str


@dataclass(frozen=True, slots=True)
class Aim:
    """How a limit with a target was kept: of the ``due`` ones those done ``in_target`` and those done ``in_limit``."""

    rule: str
    due: int
    in_target: int
    in_limit: int


@dataclass(slots=True)
class Figures:
    """The figures of one unit, or of several together. ``by``: for each way of counting ("channel", "category/GP") the number by key."""

    received: int = 0
    closed: int = 0
    still_open: int = 0
    due: int = 0
    missed: int = 0
    by: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, other: Figures) -> None:
        """Count the figures of another unit in."""
        for name in ("received", "closed", "still_open", "due", "missed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for way, counted in other.by.items():
            self.by.setdefault(way, Counter()).update(counted)

    @property
    def kept(self) -> int:
        """The limits that were kept."""
        return self.due - self.missed


def reports_owed(adopted: Iterable[Adopted]) -> list[Owed]:
    """The clauses of the regulations that ask for a monthly report, the earliest day first."""
    found = []
    for one in adopted:
        for rule in one.regulation.rules:
            if isinstance(rule, DutyRule) and rule.served_by.event in REPORTED:
                day = rule.recurs.by_day if rule.recurs.every == "month" and not rule.recurs.following else None
                found.append(Owed(f"{one.regulation.prefix}:{rule.id}", rule.cites[0], day, rule.responsible))
    return sorted(found, key=lambda owed: (owed.by_day or 32, owed.clause))


def span_of(month: str, owed: Sequence[Owed]) -> Span:
    """From cut-off to cut-off of the month ("2026-03"); the calendar month where no clause names a day. Raises BadLimit for no month."""
    period = period_named(month)
    day = next((one.by_day for one in owed if one.by_day), None)
    if day is None:
        return Span(period.name, period.opens_at, period.closes_at)
    before = period_of("month", period.opens_at - timedelta(hours=1))
    return Span(period.name, _cut(before, day), _cut(period, day), day)


def _cut(month: Period, day: int) -> datetime:
    first = in_shanghai(month.opens_at).date()
    return closing_of(date(first.year, first.month, min(day, monthrange(first.year, first.month)[1])))


def spans(organisation_id: UUID, unit: str, month: str, at: datetime) -> tuple[list[Owed], list[Span]]:
    """The clauses that ask the unit for reports, and the spans of the month and of those before it, the latest first."""
    owed = reports_owed(House.of(organisation_id).adopted(unit, at))
    found, period = [], period_named(month)
    for _ in range(MONTHS_SHOWN):
        found.append(span_of(period.name, owed))
        period = period_of("month", period.opens_at - timedelta(hours=1))
    return owed, found


def cases(organisation_id: UUID, units: Iterable[str], span: Span) -> QuerySet[Case]:
    """The cases that the report counts: received in the span, but for those that turned out to be none."""
    rows = Case.objects.filter(organisation_id=organisation_id, unit_code__in=list(units))
    return rows.filter(received_at__gte=span.opens_at, received_at__lt=span.closes_at).exclude(status=VOID)


def limits(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> QuerySet[Clock]:
    """The limits on cases that fell due in the span and before now."""
    until = min(span.closes_at, at)
    rows = Clock.objects.filter(organisation_id=organisation_id, unit_code__in=list(units), case_id__isnull=False)
    return rows.filter(due_at__gte=span.opens_at, due_at__lt=until, state__in=(MET, LATE, OVERDUE, RUNNING))


def missed(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> QuerySet[Clock]:
    """Those of them that were not kept."""
    return limits(organisation_id, units, span, at).exclude(state=MET)


def kept(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> QuerySet[Clock]:
    """Those of them that were kept."""
    return limits(organisation_id, units, span, at).filter(state=MET)


def aimed(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> QuerySet[Clock]:
    """Of the limits those that have a target beside them."""
    return limits(organisation_id, units, span, at).filter(target_at__isnull=False)


def in_target(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> QuerySet[Clock]:
    """Those of them that were done by their target."""
    return aimed(organisation_id, units, span, at).filter(stopped_at__lte=F("target_at"))


def in_limit(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> QuerySet[Clock]:
    """Those of them that were done by their limit."""
    return aimed(organisation_id, units, span, at).filter(state=MET)


def aims(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> list[Aim]:
    """How each limit with a target was kept, by its rule."""
    counted = {
        "fell_due": Count("key"),
        "hit": Count("key", filter=Q(stopped_at__lte=F("target_at"))),
        "kept": Count("key", filter=Q(state=MET)),
    }
    rows = aimed(organisation_id, units, span, at).order_by("rule").values_list("rule").annotate(**counted)
    return [Aim(*row) for row in rows]


def by_unit(organisation_id: UUID, units: Iterable[str], span: Span, at: datetime) -> Mapping[str, Figures]:
    """The figures of each unit that has any: two statements, whatever the number of cases."""
    codes = list(units)
    found: dict[str, Figures] = {}
    grouped = cases(organisation_id, codes, span).order_by().values_list("unit_code", "status", "record", "channel", *SCHEMES)
    for code, status, record, channel, category, severity, count in grouped.annotate(Count("organisation_id")):
        figures = found.setdefault(code, Figures())
        figures.received += count
        figures.still_open += count if status in OPEN_STATES else 0
        figures.closed += 0 if status in OPEN_STATES else count
        for way, key in _ways(record, channel, category, severity):
            figures.by.setdefault(way, Counter())[key] += count
    counted = {"fell_due": Count("key"), "not_kept": Count("key", filter=~Q(state=MET))}
    for code, due, not_kept in limits(organisation_id, codes, span, at).order_by().values_list("unit_code").annotate(**counted):
        figures = found.setdefault(code, Figures())
        figures.due, figures.missed = due, not_kept
    return found


def _ways(record: str, channel: str, category: Any, severity: Any) -> Iterator[tuple[str, str]]:
    yield "record", record
    yield "channel", channel
    for scheme, given in (("category", category), ("severity", severity)):
        for prefix, key in (given or {}).items():
            yield f"{scheme}/{prefix}", last(key)


def last(key: Any) -> str:
    """The class that counts of one or several given one after the other."""
    return str((key[-1] if key else NONE) if isinstance(key, list) else key or NONE)


def of_key(rows: QuerySet[Case], way: str, key: str) -> QuerySet[Case]:
    """Those of the cases that ``by`` counts under the key of this way. Raises KeyError for a way that is none."""
    scheme, _slash, prefix = way.partition("/")
    if way in PLAIN:
        return rows.filter(**{way: key})
    if scheme not in SCHEMES:
        raise KeyError(way)
    own = rows.filter(**{f"{scheme}__has_key": prefix}).values_list("id", scheme)
    return rows.filter(id__in=[one for one, given in own if last(given.get(prefix)) == key])


def total(figures: Iterable[Figures]) -> Figures:
    """The figures of several units together."""
    made = Figures()
    for one in figures:
        made.add(one)
    return made


def trend(organisation_id: UUID, units: Iterable[str], shown: Sequence[Span], at: datetime) -> list[tuple[Span, Figures]]:
    """The totals of each span, the earliest first."""
    codes = list(units)
    return [(span, total(by_unit(organisation_id, codes, span, at).values())) for span in reversed(shown)]
