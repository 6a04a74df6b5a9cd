"""Duties and dated steps as lines of the calendar: what, who, until when, how it stands, what served it, and where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from huiyin.core.moments import in_shanghai
from huiyin.core.records import NEEDED
from huiyin.core.rules import DutyRule, PublicationRule, Regulation
from huiyin.desk.approvals.models import Approval
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties import queries
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.people.queries import names_of
from huiyin.desk.publications.writing.choosing import ISSUED_EVENT
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, may_open
from huiyin.faces.console.cases.words import role_word
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import edition_of, event_name, regulation_of, role_name, rule_name

STATE_WORDS = {
    "overdue": gettext_lazy("逾期"),
    "running": gettext_lazy("待报"),
    "late": gettext_lazy("逾期已报"),
    "met": gettext_lazy("已报"),
    "coming": gettext_lazy("将开始"),
    "exempt": gettext_lazy("已免除"),
    "cancelled": gettext_lazy("已终止"),
}
_LAST_MOMENT = timedelta(seconds=1)
PREPARED_AT = {
    "weekly_signed_summary_submitted": "console:summaries",
    "weekly_summary_reported": "console:summaries",
    "monthly_publication_issued": "console:circulars",
}
"""The page where the paper of a duty is written, by the event that serves the duty."""
AT_ROSTERS = frozenset({"complaints_reviewed"})
"""What is done at the rosters beside signing in and out; every other act is recorded at the unit's own page."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty as a line: what, who, for which period, until when, how it stands, and where it is done."""

    clock: Clock
    name: str
    clause: str
    unit: str
    period: str
    state: str
    responsible: str
    url: str
    day: date | None
    word: str = ""
    thing_url: str = ""
    act: dict[str, Any] | None = None
    to_approve: str = ""


def open_to(who: Acting, lines: Iterable[Owed]) -> list[Owed]:
    """The lines with a way to where each is done only where the post in use may open that page."""
    return [replace(one, url=one.url if one.url and may_open(who, one.url) else "") for one in lines]


def lines_of(organisation_id: UUID, clocks: Iterable[Clock], names: Mapping[str, str]) -> list[Owed]:
    """The duties as lines, with the acts that served them and the things that steps belong to; four statements, however many."""
    listed = list(clocks)
    acts = queries.evidence(organisation_id, listed)
    people = names_of(one.by_person for one in acts.values() if one.by_person)
    things = set(
        Matter.objects.filter(organisation_id=organisation_id, id__in={one.case_id for one in listed if one.case_id}).values_list(
            "id", flat=True
        )
    )
    waiting = _waiting(organisation_id, listed)
    lines = [_owed(one, names, _act(acts.get(one.fact_id), people), one.case_id in things) for one in listed]
    return [replace(one, to_approve=waiting.get(_turn(one.clock), "")) for one in lines]


def _turn(clock: Clock) -> tuple[str, str, str]:
    """The unit, period and regulation of a duty: what is approved of that turn is shown with it."""
    return clock.unit_code, clock.period or "", clock.rule.partition(":")[0]


def _waiting(organisation_id: UUID, listed: Iterable[Clock]) -> Mapping[tuple[str, str, str], str]:
    """By turn the clause of a decision about the unit's period (a report, a bulletin) that somebody still has to take."""
    turns = {_turn(one) for one in listed if one.period}
    needed = list(Approval.objects.filter(organisation_id=organisation_id, state=NEEDED, unit_code__in={unit for unit, _, _ in turns}))
    things = Matter.objects.filter(organisation_id=organisation_id, id__in={one.case_id for one in needed if one.case_id})
    named = {one.id: one.name for one in things}
    found = {(one.unit_code, one.period or _name(named, one), one.clause.partition("-")[0]): one.clause for one in needed}
    return {turn: clause for turn, clause in found.items() if turn in turns}


def _name(named: Mapping[UUID, str], approval: Approval) -> str:
    return named.get(approval.case_id, "") if approval.case_id else ""


def _act(fact: Fact | None, people: Mapping[UUID, str]) -> dict[str, Any] | None:
    """What served the duty: the act, when, and by whom."""
    if fact is None:
        return None
    language = get_language() or "zh-hans"
    by = people.get(fact.by_person) if fact.by_person else ""
    return {
        "name": event_name(fact.event, language),
        "at": fact.at,
        "by": by or (role_word(fact.by_role) if fact.by_role else ""),
    }


def _owed(clock: Clock, names: Mapping[str, str], act: dict[str, Any] | None, is_step: bool) -> Owed:
    language = get_language() or "zh-hans"
    return Owed(
        clock=clock,
        name=rule_name(clock.rule, language),
        clause=clock.cites[0] if clock.cites else "",
        unit=names.get(clock.unit_code, clock.unit_code),
        period=periods.words(clock.period),
        state=clock.state,
        responsible=role_name(clock.responsible, language, edition_of(clock.rule)),
        url=prepared_at(clock) if clock.state in queries.OWED and not is_step else "",
        # Due at 24:00 belongs to the day that ends then; what has no last day stands where it begins.
        day=in_shanghai(clock.due_at - _LAST_MOMENT if clock.due_at else clock.starts_at).date(),
        word=str(STATE_WORDS.get(clock.state, clock.state)),
        thing_url=reverse("console:matter", args=[clock.case_id]) if is_step else "",
        act=act,
    )


def prepared_at(clock: Clock) -> str:
    """The page where the duty is done, with its unit and period chosen; empty for a rule that is no more."""
    of = regulation_of(clock.rule)
    rule = of.by_id.get(clock.rule.partition(":")[2]) if of else None
    if of is None or not isinstance(rule, DutyRule):
        return ""
    event = rule.served_by.event
    if rule.staffed or event in AT_ROSTERS:
        return address(reverse("console:rosters"), unit=clock.unit_code)
    page = "console:publications" if event == ISSUED_EVENT and is_for_customers(of, event) else PREPARED_AT.get(event)
    if page is None:
        return reverse("console:unit", args=[clock.unit_code])
    return address(reverse(page), unit=clock.unit_code, period=clock.period)


def is_for_customers(of: Regulation, event: str) -> bool:
    """Whether the regulation makes what the event issues public to customers."""
    return any(isinstance(rule, PublicationRule) and rule.on == event and rule.audience == "customers" for rule in of.rules)
