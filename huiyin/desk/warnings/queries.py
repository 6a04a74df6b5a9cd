"""Reads about warnings: the warning centre, one warning with its evidence, figures that open their lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from huiyin.core.records import Ground
from huiyin.desk.cases.access import veils
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.messaging import queries as messaging
from huiyin.desk.messaging.models import INAPP, Message
from huiyin.desk.warnings.actions import ground_of
from huiyin.desk.warnings.models import WarningSignal

CONTACTS = ("complainant_contacted", "contact_attempted", "customer_contacted")
ANSWERS = ("warning_solution_reported", "red_solution_reported")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which warnings: every part that is given must fit. ``units`` are codes; ``older_than`` is how long ago it was raised."""

    levels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    units: frozenset[str] | None = None
    raised_from: datetime | None = None
    raised_until: datetime | None = None
    older_than: timedelta | None = None
    sent: bool | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the filter that opens the list behind it."""

    name: str
    count: int
    filter: Filter


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for or against a warning, each in the order in which it happened."""

    warning: WarningSignal
    grounds: tuple[Ground, ...]
    clocks: tuple[Clock, ...]
    contacts: tuple[Fact, ...]
    answers: tuple[Fact, ...]
    trail: tuple[Fact, ...]
    notices: tuple[Message, ...]


def find(organisation_id: UUID, wanted: Filter, *, at: datetime) -> QuerySet[WarningSignal]:
    """The warnings that ``wanted`` describes, the latest first; ``at`` is now, for the age."""
    rows = WarningSignal.objects.filter(organisation_id=organisation_id)
    if wanted.levels:
        rows = rows.filter(level__in=wanted.levels)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.units is not None:
        rows = rows.filter(unit_code__in=wanted.units)
    if wanted.raised_from is not None:
        rows = rows.filter(raised_at__gte=wanted.raised_from)
    if wanted.raised_until is not None:
        rows = rows.filter(raised_at__lt=wanted.raised_until)
    if wanted.older_than is not None:
        rows = rows.filter(raised_at__lte=at - wanted.older_than)
    if wanted.sent is not None:
        rows = rows.filter(sent_at__isnull=not wanted.sent)
    if wanted.case_id is not None:
        rows = rows.filter(case_id=wanted.case_id)
    return rows.order_by("-raised_at", "-id")


def centre(
    organisation_id: UUID, wanted: Filter, *, at: datetime, before: tuple[datetime, UUID] | None = None, most: int = 50
) -> list[WarningSignal]:
    """A page of the warning centre; ``before`` is (raised_at, id) of the last row of the page before."""
    rows = find(organisation_id, wanted, at=at)
    if before is not None:
        moment, last = before
        rows = rows.filter(raised_at__lt=moment) | rows.filter(raised_at=moment, id__lt=last)
    return list(rows[:most])


def figures(organisation_id: UUID, wanted: Filter, *, at: datetime) -> list[Figure]:
    """How many warnings of each level and state ``wanted`` describes, in one query; each figure's own filter opens its list."""
    counted = find(organisation_id, wanted, at=at).order_by("level", "state").values_list("level", "state")
    return [
        Figure(f"{level}:{state}", count, replace(wanted, levels=(level,), states=(state,)))
        for level, state, count in counted.annotate(Count("id"))
    ]


def evidence(organisation_id: UUID, warning_id: UUID) -> Evidence:
    """One warning with its grounds, the clocks and facts of its case (or of its unit and issue), notices and answers.

    Raises WarningSignal.DoesNotExist. Who may see it has to be asked before (``access.fetch``).
    """
    warning = WarningSignal.objects.get(organisation_id=organisation_id, id=warning_id)
    facts = tuple(_facts_of(warning))
    answers = (fact for fact in facts if fact.event in ANSWERS and fact.details.get("level", warning.level) == warning.level)
    return Evidence(
        warning,
        tuple(ground_of(one) for one in warning.grounds),
        tuple(_clocks_of(warning)),
        tuple(fact for fact in facts if fact.event in CONTACTS),
        tuple(answers),
        facts,
        tuple(_notices_of(warning)),
    )


def _facts_of(warning: WarningSignal) -> list[Fact]:
    rows = Fact.objects.filter(organisation_id=warning.organisation_id)
    if not warning.case_id:
        issue = {"details__issue": warning.issue}
        return list(rows.filter(case_id=None, unit_code=warning.unit_code, **issue).order_by("at", "id"))
    found = list(rows.filter(case_id=warning.case_id).order_by("at", "number"))
    for veil in veils(warning.organisation_id, [warning.case_id]).values():
        for fact in found:
            fact.details = veil.details(fact.details)
    return found


def _clocks_of(warning: WarningSignal) -> list[Clock]:
    if not warning.case_id:
        return []
    rows = Clock.objects.filter(organisation_id=warning.organisation_id, case_id=warning.case_id)
    return list(rows.order_by("starts_at", "key"))


def _notices_of(warning: WarningSignal) -> list[Message]:
    if warning.case_id:
        found = messaging.about_case(warning.organisation_id, warning.case_id)
    else:
        rows = Message.objects.filter(organisation_id=warning.organisation_id, case_id=None, unit_code=warning.unit_code)
        found = list(rows.filter(topic__startswith="warning.").order_by("-id"))
    return [one for one in found if one.level == warning.level and one.channel == INAPP]


def answering(warnings: list[WarningSignal]) -> list[Clock]:
    """The limits that the sending of the warnings started, within which they have to be answered; in one query."""
    sent = {(one.case_id, one.level, one.sent_at) for one in warnings if one.case_id and one.sent_at}
    if not sent:
        return []
    rows = Clock.objects.filter(organisation_id=warnings[0].organisation_id, case_id__in={case for case, _, _ in sent}, level__isnull=False)
    return [one for one in rows if (one.case_id, one.level, one.starts_at) in sent]


def answer_due(warnings: list[WarningSignal]) -> Mapping[UUID, datetime | None]:
    """By when each of the warnings has to be answered, by its id."""
    due = {(clock.case_id, clock.level, clock.starts_at): clock.due_at for clock in answering(warnings)}
    return {one.id: due.get((one.case_id, one.level, one.sent_at)) for one in warnings if one.sent_at}
