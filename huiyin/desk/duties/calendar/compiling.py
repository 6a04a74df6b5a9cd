"""What an act tells of the cases of its period: how many came in and under which class, as the cases say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.core.recurrence import BadLimit, period_named
from huiyin.core.rules import CasesCounted, StepRule
from huiyin.desk.cases.lifecycle import VOID
from huiyin.desk.cases.models import Case
from huiyin.desk.matters.steps import Offer, Subject

COUNT, BY_SUBJECT, UNCLASSED = "count", "by_subject", "unclassed"


@dataclass(frozen=True, slots=True)
class Compiled:
    """The cases of a period that an act counts, in the order in which they came in, and how many are under each class."""

    period: str
    cases: Sequence[Case]
    by_subject: Mapping[str, int]


def compiled(offer: Offer, subject: Subject, period: str) -> Compiled | None:
    """The cases that the act counts of the period, of the unit and those below it; None where it counts none, or for no period.

    A case entered by mistake or joined to another one is not counted; one without a class yet is counted as such.
    """
    counted = _counted(offer)
    try:
        during = period_named(period)
    except BadLimit:
        return None
    if counted is None:
        return None
    units = [one.code for one in subject.house.units.below(subject.unit)]
    rows = Case.objects.filter(
        organisation_id=subject.organisation_id,
        unit_code__in=units,
        record__in=counted.records,
        channel__in=counted.channels,
        received_at__gte=during.opens_at,
        received_at__lt=during.closes_at,
        joined_to=None,
    )
    cases = list(rows.exclude(status=VOID).order_by("received_at", "id"))
    classes = Counter(subject_of(one, offer) for one in cases)
    return Compiled(period, cases, dict(sorted(classes.items(), key=lambda one: (one[0] == UNCLASSED, -one[1], one[0]))))


def subject_of(case: Case, offer: Offer) -> str:
    """The class of the case under the regulation that counts it."""
    return str(case.category.get(offer.regulation.prefix) or UNCLASSED)


def figures(offer: Offer, subject: Subject, period: str) -> dict[str, Any]:
    """The same as details of the act; none where it counts nothing."""
    found = compiled(offer, subject, period)
    return {} if found is None else {COUNT: len(found.cases), BY_SUBJECT: dict(found.by_subject)}


def _counted(offer: Offer) -> CasesCounted | None:
    return next((rule.counts for _, rule in offer.rules if isinstance(rule, StepRule) and rule.counts), None)
