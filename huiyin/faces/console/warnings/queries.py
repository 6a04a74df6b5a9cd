"""What the pages of the warning centre show, gathered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext, gettext_lazy

from huiyin.core import records
from huiyin.core.facts import LIMIT_PASSED, WARNING_CONFIRMED, WARNING_DISMISSED, WARNING_RAISED
from huiyin.core.records import CONFIRMED, RAISED, Ground
from huiyin.core.rules import Regulation
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.messaging.models import Message
from huiyin.desk.messaging.queries import worded
from huiyin.desk.people.queries import names_of
from huiyin.desk.scores.queries import by_warning
from huiyin.desk.warnings import queries
from huiyin.desk.warnings.actions import RED
from huiyin.desk.warnings.models import WarningSignal
from huiyin.desk.warnings.offering import CONFIRM, CONFIRM_AND_SEND
from huiyin.faces.console.acts import unit_names
from huiyin.faces.console.cases.timeline import clock_name, said_once
from huiyin.faces.console.cases.told import told
from huiyin.faces.console.cases.words import role_word
from huiyin.faces.console.warnings import turns
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.words import edition_of, event_name, explain, regulation_of, role_name, rule_name, say

LONG_UNVERIFIED = {RED: timedelta(minutes=15)}
LONG_UNVERIFIED_ELSE = timedelta(minutes=30)
_NOT_SHOWN = frozenset({"to", "issue"})
EVENTS = {
    WARNING_RAISED: gettext_lazy("产生预警"),
    WARNING_CONFIRMED: gettext_lazy("预警属实"),
    WARNING_DISMISSED: gettext_lazy("预警误报"),
    LIMIT_PASSED: gettext_lazy("超过时限"),
}
"""Words for what the reckoning found out by itself; what people did stands in the vocabulary."""


@dataclass(frozen=True, slots=True)
class Line:
    """A warning as a row of the list. ``points`` is what it costs: one amount, or each unit's where they differ."""

    warning: WarningSignal
    unit: str
    case_number: str
    case_title: str
    reason: str
    clause: str
    waited: timedelta
    slow: bool
    answer_due: datetime | None
    points: tuple[tuple[str, Decimal], ...]
    mine: bool
    may_send: bool


def regulation_for(warning: WarningSignal) -> Regulation:
    """The regulation that the warning follows from."""
    if warning.regulation in stems():
        return regulation(warning.regulation)
    found = regulation_of(warning.grounds[0]["clause"]) if warning.grounds else None
    return found or regulation(stems()[0])


def lines(who: Acting, warnings: list[WarningSignal], now: datetime) -> list[Line]:
    """The rows of a list of warnings, in a fixed number of queries."""
    cases = cases_of(who, (one.case_id for one in warnings if one.case_id))
    due, names = queries.answer_due(warnings), unit_names(who)
    points = by_warning(who.organisation_id, [one.key for one in warnings], who.codes)
    acts = turns.to_verify(who, warnings, now)
    return [_line(one, cases, due, names, points, acts.get(one.id, frozenset()), now) for one in warnings]


def _line(
    one: WarningSignal,
    cases: Mapping[UUID, Mapping[str, Any]],
    due: Mapping[UUID, datetime | None],
    names: Mapping[str, str],
    points: Mapping[str, Mapping[str, Decimal]],
    acts: frozenset[str],
    now: datetime,
) -> Line:
    case = cases.get(one.case_id, {}) if one.case_id else {}
    ground = one.grounds[0] if one.grounds else {"rule": "", "clause": ""}
    waited = (one.verified_at or now) - one.raised_at
    return Line(
        warning=one,
        unit=names.get(one.unit_code, one.unit_code),
        case_number=case.get("number", ""),
        case_title=case.get("title", "") or one.issue or "",
        reason=_rule_name(ground["rule"], ground["clause"]),
        clause=ground["clause"],
        waited=waited,
        slow=waited > LONG_UNVERIFIED.get(one.level, LONG_UNVERIFIED_ELSE),
        answer_due=due.get(one.id),
        points=_charged(points.get(one.key, {}), names),
        mine=CONFIRM in acts,
        may_send=CONFIRM_AND_SEND in acts,
    )


def _charged(by_unit: Mapping[str, Decimal], names: Mapping[str, str]) -> tuple[tuple[str, Decimal], ...]:
    """The one amount that every unit charged has in its account, or each unit with its own where they differ."""
    amounts = set(by_unit.values())
    if len(amounts) < 2:
        return tuple(("", amount) for amount in amounts)
    return tuple((name, by_unit[code]) for code, name in names.items() if code in by_unit)


def _rule_name(rule: str, clause: str) -> str:
    """The name of a ground's rule, which is kept with or without the prefix of its regulation."""
    prefix = "" if ":" in rule else f"{clause.partition('-')[0]}:"
    return rule_name(prefix + rule, _language())


def _language() -> str:
    return get_language() or "zh-hans"


def cases_of(who: Acting, ids: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Number, title, state and place of cases by id, in one query. Of a case that has gone out of reach only the number is told."""
    found = Case.objects.filter(organisation_id=who.organisation_id, id__in=set(ids))
    rows = found.values("id", "number", "title", "status", "place", "household_code", "record", "unit_code")
    return {row["id"]: row if row["unit_code"] in who.codes else {"id": row["id"], "number": row["number"]} for row in rows}


def page(who: Acting, warning: WarningSignal, now: datetime) -> dict[str, Any]:
    """Everything that one page shows of a warning: grounds, clocks, contacts, answers, notices, and what may be done next."""
    found = queries.evidence(who.organisation_id, warning.id)
    people = names_of({one.by_person for one in found.trail if one.by_person} | {one.to_staff for one in found.notices if one.to_staff})
    return {
        "line": lines(who, [warning], now)[0],
        "warning": warning,
        "grounds": [_ground(one) for one in found.grounds],
        "clocks": [_clock(one) for one in found.clocks],
        "contacts": [_fact(one, people) for one in found.contacts],
        "answers": [_fact(one, people) for one in found.answers],
        "trail": [_fact(one, people) for one in reversed(said_once(found.trail))],
        "notices": [_notice(one, people) for one in found.notices],
        "next": next_duty(warning),
        **turns.turn(who, warning, regulation_for(warning), now),
    }


def _confirmed_unsent(warning: WarningSignal) -> bool:
    return warning.state == CONFIRMED and warning.sent_at is None


def next_duty(warning: WarningSignal) -> str:
    """What has to happen next with the warning, in words; empty when nothing has to."""
    if warning.state == RAISED:
        return gettext("等待核实")
    if _confirmed_unsent(warning):
        return gettext("已核实，等待转发职能部门") if warning.level == RED else gettext("已核实，等待下发责任单位")
    if warning.state == CONFIRMED:
        return gettext("已下发，等待上报联合解决方案") if warning.level == RED else gettext("已下发，等待上报方案和完成时间")
    return ""


def _ground(ground: Ground) -> dict[str, Any]:
    steps = say(ground.reckoning, _language())
    return {"clause": ground.clause, "name": _rule_name(ground.rule, ground.clause), "at": ground.at, "steps": steps}


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "row": clock,
        "name": rule_name(clock.rule, _language()),
        "clause": clock.cites[0] if clock.cites else "",
        "responsible": role_name(clock.responsible, _language(), edition_of(clock.rule)),
        "steps": explain(_as_reckoned(clock), _language()),
    }


def _as_reckoned(clock: Clock) -> records.Clock:
    same = ("key", "kind", "rule", "edition", "period", "starts_at", "due_at", "state", "stopped_at", "responsible", "calendar")
    more = ("limit", "look_at", "level", "provisional", "target_at")
    return records.Clock(
        **{name: getattr(clock, name) for name in (*same, *more)},
        cites=tuple(clock.cites),
        case=str(clock.case_id) if clock.case_id else None,
        unit=clock.unit_code,
        reckoning=tuple(tuple(step) for step in clock.reckoning),
    )


def _fact(fact: Fact, people: Mapping[UUID, str]) -> dict[str, Any]:
    said = told(fact.organisation_id, {key: value for key, value in fact.details.items() if key not in _NOT_SHOWN})
    return {
        "at": fact.at,
        "name": _fact_name(fact),
        "by": people.get(fact.by_person, "") if fact.by_person else "",
        "role": role_word(fact.by_role) if fact.by_role and not fact.derived else gettext("系统"),
        "details": [(name, hide_phones_in(value)) for _key, name, value in said if value],
        "derived": fact.derived,
    }


def _fact_name(fact: Fact) -> str:
    found_out = EVENTS.get(event := fact.event.partition(":")[0])
    if event == LIMIT_PASSED and (clock := fact.details.get("clock")):
        return gettext("超过时限：%(name)s") % {"name": clock_name(str(clock))}
    return str(found_out) if found_out else event_name(fact.event, _language())


def _notice(message: Message, people: Mapping[UUID, str]) -> dict[str, Any]:
    title, _body = worded(message, _language())
    to = people.get(message.to_staff, "") if message.to_staff else gettext("无人在岗")
    return {"row": message, "title": title, "to": to, "role": role_name(message.to_role, _language()) if message.to_role else ""}
