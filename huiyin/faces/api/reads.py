"""Reads of cases, limits, warnings, units and duties, as the key reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from pydantic import BaseModel, Field

import huiyin
from huiyin.core.moments import BadText
from huiyin.core.precedence import bindings
from huiyin.desk.cases import queries as cases
from huiyin.desk.cases.access import moves_with, withheld
from huiyin.desk.cases.lifecycle import RECEIVED, STATES
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.actions import record_of_clock
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties import queries as duties
from huiyin.desk.facts.queries import House
from huiyin.desk.imports.intake import BadField, read_received
from huiyin.desk.people.access import RIGHTS
from huiyin.desk.places import queries as places
from huiyin.desk.places.rooms import parse_room
from huiyin.desk.warnings import queries as warnings
from huiyin.faces.api.cursors import make_cursor, read_cursor
from huiyin.faces.api.guard import read_shape
from huiyin.faces.api.keys import Caller, caller_of
from huiyin.faces.api.moves import case_of
from huiyin.faces.api.problems import Problem
from huiyin.faces.api.reading import read_body
from huiyin.faces.api.schemas import DuplicatesQuestion
from huiyin.plumbing.names import mask_name
from huiyin.plumbing.phones import hide_phones_in, mask_phone
from huiyin.rulebook.load import vocabulary
from huiyin.rulebook.words import regulation_of

WARNING_STATES = ("raised", "confirmed", "dismissed", "answered", "withdrawn")
CLOCK_STATES = ("running", "met", "late", "overdue", "cancelled", "exempt")


class Paging(BaseModel):
    """Which page of a list."""

    cursor: str = Field("", max_length=2000, description="`next_cursor` of the page before.")
    size: int = Field(50, ge=1, le=200)


class CaseFilters(Paging):
    """Which cases. Everything that is given must fit."""

    unit: str = Field("", max_length=40)
    status: str = Field("", max_length=40)
    record: str = Field("", max_length=40)
    category: str = Field("", max_length=80)
    severity: str = Field("", max_length=80)
    channel: str = Field("", max_length=80)
    issue: str = Field("", max_length=120)
    words: str = Field("", max_length=200, description="Words of number, title, story, place or contact; all must be there.")
    received_from: str = Field("", max_length=40)
    received_until: str = Field("", max_length=40, description="Not included.")
    open: bool | None = None


class WarningFilters(Paging):
    """Which warnings."""

    unit: str = Field("", max_length=40)
    level: str = Field("", max_length=20)
    state: str = Field("", max_length=20)


class DutyFilters(Paging):
    """Which duties."""

    unit: str = Field("", max_length=40)
    state: str = Field("", max_length=20)
    period: str = Field("", max_length=40, description="`2026-02`, `2026-W07`, `2026-02-13` …")


def _question(filters: Paging) -> dict[str, Any]:
    return filters.model_dump(exclude={"cursor", "size"})


def _after(caller: Caller, filters: Paging) -> list[Any]:
    return read_cursor(filters.cursor, caller.organisation_id, _question(filters)) if filters.cursor else []


def _next(caller: Caller, filters: Paging, more: bool, after: list[Any]) -> str | None:
    return make_cursor(caller.organisation_id, _question(filters), after) if more else None


def _units(caller: Caller, unit: str) -> frozenset[str]:
    """The units to look at. A unit out of reach and one that does not exist are told in the same words."""
    reach = caller.reach
    if unit and unit not in reach:
        raise Problem("invalid", "没有这个单位。请在单位列表中查找编号。", "unit")
    return reach if not unit else frozenset(one.code for one in places.units(caller.organisation_id).below(unit))


def _choice(field: str, value: str, known: Iterable[str]) -> str:
    if value and value not in known:
        raise Problem("invalid", f"不是可用的值，可用：{'、'.join(known)}。", field)
    return value


def list_cases(request: HttpRequest, filters: CaseFilters) -> dict[str, Any]:
    """A page of the cases in reach, the latest received first."""
    caller = caller_of(request, "cases.read")
    now = timezone.now()
    asked = cases.Filters(
        status=(_choice("status", filters.status, STATES),) if filters.status else (),
        record=_choice("record", filters.record, tuple(RECEIVED)),
        category=filters.category,
        severity=filters.severity,
        channel=filters.channel,
        issue=filters.issue,
        words=filters.words,
        received_from=_moment(filters.received_from, "received_from"),
        received_until=_moment(filters.received_until, "received_until"),
        open=filters.open,
    )
    scope = cases.Scope(caller.organisation_id, _units(caller, filters.unit))
    after = _after(caller, filters)
    lines = cases.ledger(scope, asked, now, str(after[0]) if after else "", filters.size + 1)
    page = lines[: filters.size]
    following = _next(caller, filters, len(lines) > len(page), [page[-1].cursor] if page else [])
    return {"items": [_line(line) for line in page], "next_cursor": following}


def _moment(text: str, field: str) -> datetime | None:
    # What is asked for may lie ahead: everything before next week.
    return read_received(text, datetime.max.replace(tzinfo=timezone.now().tzinfo, year=2101, month=1, day=1), field) if text else None


def _line(line: cases.Line) -> dict[str, Any]:
    row = line.columns
    return {
        **{name: row[name] for name in _PLAIN},
        "unit": row["unit_code"],
        "household": "" if row["confidential"] else row["household_code"],
        "contact_name": "" if row["confidential"] else mask_name(row["contact_name"]),
        "withheld": _withheld(row["secrets"]),
        "due_at": line.due_at,
        "clause": line.clause,
        "responsible": line.responsible,
    }


def _withheld(secrets: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is secret of a case, under which clause and why: programs never get it."""
    return [{"clause": one.clause, "parts": list(one.parts), "why": one.why[0]} for one in withheld(secrets)]


_PLAIN = (
    "number", "record", "status", "channel", "title", "category", "severity", "marks", "received_at", "closed_at", "urged_count", "version",
)  # fmt: skip


def show_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """One case, name and numbers masked, with its limits and the moves that the key's roles may do."""
    caller = caller_of(request, "cases.read")
    case = case_of(caller, number)
    clocks = _clocks_of(case)
    running = [clock for clock in clocks if clock.state in ("running", "overdue") and clock.due_at]
    first = min(running, key=lambda clock: str(clock.due_at), default=None)
    rights = [right for right, roles in RIGHTS.items() if roles & set(caller.roles)]
    phones = (mask_phone(one) for one in case.contact_phone.split("、") if one)
    return {
        **{name: getattr(case, name) for name in _PLAIN},
        "unit": case.unit_code,
        "household": "" if case.confidential else case.household_code,
        "contact_name": "" if case.confidential else mask_name(case.contact_name),
        "contact_phone": "" if case.confidential else "、".join(phones),
        "withheld": _withheld(case.secrets),
        "story": hide_phones_in(case.story),
        "wish": hide_phones_in(case.wish),
        "entered_at": case.entered_at,
        "external_numbers": case.external_numbers,
        "due_at": first.due_at if first else None,
        "clause": first.cites[0] if first and first.cites else "",
        "responsible": first.responsible if first else "",
        "clocks": _with_precedence(case, clocks),
        "moves": [move.key for move in moves_with(case, rights)],
        "destroyed_at": case.destroyed_at,
    }


def _clocks_of(case: Case) -> list[Clock]:
    return list(Clock.objects.filter(organisation_id=case.organisation_id, case_id=case.id).order_by("starts_at", "key"))


def _clock(clock: Clock, number: str | None = None) -> dict[str, Any]:
    plain = (
        "rule",
        "state",
        "starts_at",
        "due_at",
        "target_at",
        "stopped_at",
        "responsible",
        "limit",
        "calendar",
        "period",
        "provisional",
        "reckoning",
    )
    shown = {name: getattr(clock, name) for name in plain}
    found = regulation_of(clock.rule)
    return {**shown, "clauses": clock.cites, "unit": clock.unit_code, "case_number": number, "regulation": found.stem if found else ""}


def _with_precedence(case: Case, rows: list[Clock], number: str | None = None) -> list[dict[str, Any]]:
    """The limits, each with whether it binds for its matter, why, and which others it goes before or stands behind (GP-13.2)."""
    house = House.of(case.organisation_id)
    adopted = house.adopted_for_row(case.id, case.unit_code, case.received_at, case.received_at)
    met = bindings((record_of_clock(row) for row in rows), adopted, house.units)
    by_key = {clock.key: one for one in met for clock in (one.clock, *one.over)}
    shown = []
    for row in rows:
        one = by_key.get(row.key)
        binds = one is not None and one.clock.key == row.key
        others = () if one is None else (one.over if binds else (one.clock,))
        told = {"binds": binds, "why": one.why if one else "", "others": [other.rule for other in others]}
        shown.append(_clock(row, number) | {"precedence": told})
    return shown


def list_clocks(request: HttpRequest, number: str) -> dict[str, Any]:
    """The limits of a case, each with its clause and how it was reckoned."""
    case = case_of(caller_of(request, "cases.read"), number)
    return {"items": _with_precedence(case, _clocks_of(case), case.number)}


def list_warnings(request: HttpRequest, filters: WarningFilters) -> dict[str, Any]:
    """A page of the warnings in reach, the latest first."""
    caller = caller_of(request, "warnings.read")
    asked = warnings.Filter(
        levels=(filters.level,) if filters.level else (),
        states=(_choice("state", filters.state, WARNING_STATES),) if filters.state else (),
        units=_units(caller, filters.unit),
    )
    after = _after(caller, filters)
    before = (datetime.fromisoformat(after[0]), UUID(after[1])) if after else None
    found = warnings.centre(caller.organisation_id, asked, at=timezone.now(), before=before, most=filters.size + 1)
    page = found[: filters.size]
    numbers = _numbers(caller.organisation_id, {one.case_id for one in page if one.case_id})
    last = [page[-1].raised_at.isoformat(), str(page[-1].id)] if page else []
    items = [
        {
            **{name: getattr(one, name) for name in _OF_WARNING},
            "number": one.number or "",
            "unit": one.unit_code,
            "case_number": numbers.get(one.case_id) if one.case_id else None,
        }
        for one in page
    ]
    return {"items": items, "next_cursor": _next(caller, filters, len(found) > len(page), last)}


_OF_WARNING = ("level", "state", "issue", "raised_at", "verified_at", "sent_at", "answered_at", "grounds")


def _numbers(organisation_id: UUID, ids: set[UUID]) -> Mapping[UUID, str]:
    return dict(Case.objects.filter(organisation_id=organisation_id, id__in=ids).values_list("id", "number"))


def list_units(request: HttpRequest) -> dict[str, Any]:
    """The units that the key reaches, in the order of papers."""
    caller = caller_of(request, "units.read")
    tree = places.tree(caller.organisation_id)
    reach = caller.reach
    items = [
        {
            "code": unit.code,
            "kind": unit.kind,
            "parent": unit.parent if unit.parent in reach else None,
            "name": tree.names[unit.code][0],
            "name_en": tree.names[unit.code][1],
            "households": unit.households,
        }
        for unit in tree.units.by_code.values()
        if unit.code in reach
    ]
    return {"items": items}


def list_duties(request: HttpRequest, filters: DutyFilters) -> dict[str, Any]:
    """A page of the recurring duties in reach that have a time limit, the next one due first."""
    caller = caller_of(request, "duties.read")
    states = (_choice("state", filters.state, CLOCK_STATES),) if filters.state else ()
    asked = duties.Filter(units=_units(caller, filters.unit), states=states, period=filters.period)
    rows = duties.find(caller.organisation_id, asked).filter(due_at__isnull=False).order_by("due_at", "key")
    if after := _after(caller, filters):
        due_at, key = datetime.fromisoformat(after[0]), after[1]
        rows = rows.filter(due_at__gte=due_at).exclude(due_at=due_at, key__lte=key)
    found = list(rows[: filters.size + 1])
    page = found[: filters.size]
    last = [page[-1].due_at.isoformat(), page[-1].key] if page and page[-1].due_at else []
    return {"items": [_clock(one) for one in page], "next_cursor": _next(caller, filters, len(found) > len(page), last)}


def suggest_duplicates(request: HttpRequest) -> dict[str, Any]:
    """Cases that may be about the same as a report that is being written. It stores nothing and needs no idempotency key."""
    caller = caller_of(request, "cases.read")
    asked = read_shape(DuplicatesQuestion, read_body(request)[1])
    if asked.unit not in caller.reach:
        raise Problem("invalid", "没有这个单位。请在单位列表中查找编号。", "unit")
    home, now = _home(asked.household), timezone.now()
    found = cases.suggest_duplicates(caller.organisation_id, asked.unit, home, asked.words, now, asked.place)
    names = ("number", "title", "status", "received_at")
    return {"items": [{name: one[name] for name in names} for one in found]}


def _home(text: str) -> str:
    try:
        return parse_room(text) if text.strip() else ""
    except BadText as error:
        raise BadField("household", error.en, error.zh) from None


def health(_request: HttpRequest) -> dict[str, Any]:
    """A sign of life: the interface answers and has its rulebook."""
    return {"status": "ok" if vocabulary()["events"] else "without rules", "version": huiyin.__version__}
