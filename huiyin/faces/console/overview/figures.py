"""The figures of the overview. Each is the number of rows of one query, and the page that opens from it shows these very rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.core.records import LATE, MET, OVERDUE, RUNNING
from huiyin.core.recurrence import Period
from huiyin.desk.cases.lifecycle import OPEN_STATES, VISIT, VOID
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.warnings.models import OPEN as OPEN_WARNINGS
from huiyin.desk.warnings.models import WarningSignal

COMPLAINT: Final = "complaint"


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: the organisation, the month, and now."""

    organisation_id: UUID
    month: Period
    now: datetime


def _cases(view: View) -> QuerySet[Case]:
    return Case.objects.filter(organisation_id=view.organisation_id)


def open_cases(view: View) -> QuerySet[Case]:
    """The cases that are open now."""
    return _cases(view).filter(status__in=OPEN_STATES)


def late_cases(view: View) -> QuerySet[Case]:
    """The open cases of which some limit has passed and is still owed now."""
    owed = Clock.objects.filter(
        organisation_id=view.organisation_id, case_id=OuterRef("id"), state__in=(RUNNING, OVERDUE), due_at__lt=view.now
    )
    return open_cases(view).filter(Exists(owed))


def handled_cases(view: View) -> QuerySet[Case]:
    """The cases that have a result and are not closed."""
    return _cases(view).filter(status=VISIT)


def handled_at(organisation_id: UUID, cases: Iterable[Case]) -> Mapping[UUID, datetime]:
    """When each of the cases was handled last, by its id; those that never were are left out."""
    done = Fact.objects.filter(organisation_id=organisation_id, case_id__in=[one.id for one in cases], event="complaint_handled")
    return {key: at for key, at in done.order_by().values_list("case_id").annotate(Max("at")) if key is not None}


def received_cases(view: View) -> QuerySet[Case]:
    """The cases received in the month, but for those that turned out to be none."""
    return _cases(view).filter(received_at__gte=view.month.opens_at, received_at__lt=view.month.closes_at).exclude(status=VOID)


def complaints(view: View) -> QuerySet[Case]:
    """The complaints among the cases received in the month."""
    return received_cases(view).filter(record=COMPLAINT)


def closed_cases(view: View) -> QuerySet[Case]:
    """The cases closed in the month, in which the time to solve is measured."""
    closed = _cases(view).filter(closed_at__gte=view.month.opens_at, closed_at__lt=view.month.closes_at)
    return closed.exclude(status=VOID)


def _clocks(view: View) -> QuerySet[Clock]:
    until = min(view.month.closes_at, view.now)
    return Clock.objects.filter(
        organisation_id=view.organisation_id, case_id__isnull=False, due_at__gte=view.month.opens_at, due_at__lt=until
    )


def due_clocks(view: View) -> QuerySet[Clock]:
    """The limits on cases that fell due in the month and before now: kept, missed, or still owed."""
    return _clocks(view).filter(state__in=(MET, LATE, OVERDUE, RUNNING))


def missed_clocks(view: View) -> QuerySet[Clock]:
    """The missed ones among them."""
    return due_clocks(view).exclude(state=MET)


def _open_warnings(level: str) -> Callable[[View], QuerySet[WarningSignal]]:
    def found(view: View) -> QuerySet[WarningSignal]:
        return WarningSignal.objects.filter(organisation_id=view.organisation_id, level=level, state__in=OPEN_WARNINGS)

    return found


Source = Callable[[View], QuerySet[Any]]
FIGURES: Final[Mapping[str, tuple[Any, Source]]] = {
    "open": (_("在办工单"), open_cases),
    "late": (_("超时工单"), late_cases),
    "handled": (_("有结果未办结"), handled_cases),
    "blue": (_("蓝色预警（未了结）"), _open_warnings("blue")),
    "yellow": (_("黄色预警（未了结）"), _open_warnings("yellow")),
    "red": (_("红色预警（未了结）"), _open_warnings("red")),
    "received": (_("本月受理"), received_cases),
    "complaints": (_("本月投诉"), complaints),
    "closed": (_("本月办结"), closed_cases),
    "due": (_("本月到期时限"), due_clocks),
    "missed": (_("本月未按时的时限"), missed_clocks),
}
"""Each figure: what it counts, and the query whose rows it is the number of."""


def counts(view: View, units: frozenset[str]) -> Mapping[str, Mapping[str, int]]:
    """For each figure the number of rows by unit; units without any are left out. One query a figure, whatever the number of units."""
    return {name: _by_unit(source(view), units) for name, (_label, source) in FIGURES.items()}


def _by_unit(rows: QuerySet[Any], units: frozenset[str]) -> Mapping[str, int]:
    counted = rows.filter(unit_code__in=units).order_by().values_list("unit_code").annotate(Count("organisation_id"))
    return {code: number for code, number in counted}


def times_to_solve(view: View, units: frozenset[str]) -> Mapping[str, list[timedelta]]:
    """From receipt to close of every case closed in the month, by unit."""
    found: dict[str, list[timedelta]] = {}
    rows = closed_cases(view).filter(unit_code__in=units).values_list("unit_code", "received_at", "closed_at")
    for code, received_at, closed_at in rows:
        if closed_at is not None:
            found.setdefault(code, []).append(closed_at - received_at)
    return found


def middle(spans: list[timedelta]) -> timedelta | None:
    """The median of the spans; None without any."""
    return timedelta(seconds=median(span.total_seconds() for span in spans)) if spans else None


def by_class(view: View, units: frozenset[str]) -> Mapping[tuple[str, str], Mapping[str, int]]:
    """The cases received in the month by class (prefix of the regulation, key): how many, how many open, how many closed."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    rows = received_cases(view).filter(unit_code__in=units).values_list("category", "status")
    for category, status in rows:
        for prefix, key in (category or {"": ""}).items():
            counted = found.setdefault((prefix, _last(key)), {"received": 0, "still_open": 0})
            counted["received"] += 1
            counted["still_open"] += status in OPEN_STATES
    return found


def _last(key: Any) -> str:
    if isinstance(key, list):
        return str(key[-1]) if key else ""
    return str(key or "")


def of_class(rows: QuerySet[Case], prefix: str, key: str) -> list[Case]:
    """Those of the cases that ``by_class`` counts under this class."""
    return [case for case in rows if any(one == prefix and _last(value) == key for one, value in (case.category or {"": ""}).items())]
