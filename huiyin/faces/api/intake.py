"""Writes: hand-overs, messages of other systems, new cases. The call centre's hand-over is the busiest address of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from huiyin.core.moments import in_shanghai
from huiyin.core.records import Clock as RunningClock
from huiyin.core.records import Record
from huiyin.desk.cases.actions import Registered, Registration, register
from huiyin.desk.cases.lifecycle import DISPATCH, DISPATCHED, state_after
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.actions import record_of_clock
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.actions import lock
from huiyin.desk.facts.queries import House
from huiyin.desk.imports.intake import Door, read_registration, remarks
from huiyin.desk.imports.queries import with_external_number
from huiyin.desk.people.models import Living
from huiyin.desk.people.queries import find_residents
from huiyin.desk.places import queries as places
from huiyin.faces.api.guard import read_shape
from huiyin.faces.api.keys import Caller, caller_of
from huiyin.faces.api.once import Answer, Remember, once
from huiyin.faces.api.problems import Problem
from huiyin.faces.api.reading import read_body
from huiyin.faces.api.schemas import Handover, Message, NewCase, Told
from huiyin.plumbing.prepared import prepared_cursor
from huiyin.plumbing.rows import Rows
from huiyin.rulebook.classed import unclassed

CALL_CENTRE, SMS, ONLINE = "call_centre_400", "gm_sms", "online_system"
"""The channel that each door of the interface is."""


def hand_over(request: HttpRequest) -> HttpResponse:
    """A call centre hands a case over: registered and dispatched to its unit in one transaction. Out: 201 with number and limits."""
    caller = caller_of(request, "handover")
    raw, body = read_body(request)
    told = read_shape(Handover, body)
    return _take(request, caller, raw, told, {"unit": told.unit, "record": told.record, "channel": CALL_CENTRE}, dispatch=True)


def take_sms(request: HttpRequest) -> HttpResponse:
    """A message by SMS becomes a case. Out: as ``hand_over``; 422 if no unit is named and the number tells none."""
    return _take_message(request, SMS)


def take_online(request: HttpRequest) -> HttpResponse:
    """A message of the online service system becomes a case. Out: as ``take_sms``."""
    return _take_message(request, ONLINE)


def _take_message(request: HttpRequest, channel: str) -> HttpResponse:
    caller = caller_of(request, "messages")
    raw, body = read_body(request)
    told = read_shape(Message, body)
    unit = told.unit or _unit_of_phone(caller, told.contact_phone)
    return _take(request, caller, raw, told, {"unit": unit, "record": told.record, "channel": channel}, dispatch=False)


def _unit_of_phone(caller: Caller, phone: str) -> str:
    """The one unit where the residents with this number live. Raises Problem 422 where there is none, or several."""
    ties = Living.objects.standing().filter(resident__in=find_residents(caller.organisation_id, phone))
    units = set(ties.values_list("household__unit__code", flat=True)) & caller.reach
    if len(units) != 1:
        raise Problem("invalid", "按号码找不到唯一的单位。请填写 unit（单位编号）。", "unit")
    return str(units.pop())


def register_case(request: HttpRequest) -> HttpResponse:
    """A case as a counter registers it, not dispatched yet. Out: as ``hand_over``."""
    caller = caller_of(request, "cases.write")
    raw, body = read_body(request)
    told = read_shape(NewCase, body)
    return _take(request, caller, raw, told, {"unit": told.unit, "record": told.record, "channel": told.channel}, dispatch=False)


def _take(request: HttpRequest, caller: Caller, raw: bytes, told: Told, place: Mapping[str, Any], *, dispatch: bool) -> HttpResponse:
    at = timezone.now()

    def work(remember: Remember) -> Answer:
        door = Door(caller.organisation_id, caller.edition, caller.reach, at)
        external = {caller.key_name: told.external_number} if told.external_number else {}
        said = {name: getattr(told, name) for name in Told.model_fields}
        form = read_registration(door, {**said, **place, "external_numbers": external, "by_role": caller.role})
        if external and (earlier := _earlier(caller, told.external_number)) is not None:
            return _told_again(door, earlier, form)
        if form.unit in places.tree(door.organisation_id, door.edition).closed:
            raise Problem("invalid", f"单位“{form.unit}”已停用，不接收新工单。请改填接收的单位。", "unit")
        to = form.unit if dispatch else None

        def also(rows: Rows, made: Registered) -> None:
            remember(rows, (201, _told(form, made, at, notes, warnings, dispatch=dispatch)))

        warnings = _warnings(_stems(door, form), form.record, form.category)
        notes = [zh for zh, _en in remarks(door, form.unit, form.received_at or at, at)]
        made = register(caller.organisation_id, form, by=None, at=at, dispatch_to=to, also=also, savepoint=False)
        return 201, _told(form, made, at, notes, warnings, dispatch=dispatch)

    return once(request, caller, raw, at, work)


def _earlier(caller: Caller, number: str) -> Case | None:
    """The case that this sender reported under the number before; the number is ours until the transaction ends."""
    with prepared_cursor() as cursor:
        lock(cursor, [f"external:{caller.organisation_id}:{caller.key_name}:{number}"])
    return with_external_number(caller.organisation_id, caller.key_name, number)


def _told_again(door: Door, case: Case, form: Registration) -> Answer:
    """The answer to the same report under another key: the case that is there. Raises Problem 409 where it reports something else."""
    if (case.unit_code, case.record, case.story) != (form.unit, form.record, form.story):
        known = f"此外部编号已登记为 {case.number}，内容与这次不同。如是另一件事，请换一个编号；如是补充，请在 {case.number} 上办理。"
        raise Problem("already_there", known, "external_number", number=case.number)
    clocks = Clock.objects.filter(organisation_id=case.organisation_id, case_id=case.id).order_by("starts_at", "key")
    return 200, {
        "number": case.number,
        "query_code": case.query_code,
        "status": case.status,
        "unit": case.unit_code,
        "record": case.record,
        "received_at": in_shanghai(case.received_at).isoformat(),
        "due": due_of(tuple(record_of_clock(row) for row in clocks)),
        "notes": [zh for zh, _en in remarks(door, case.unit_code, case.received_at, case.entered_at)],
        "warnings": _warnings(tuple(case.editions), case.record, case.category),
    }


def _stems(door: Door, form: Registration) -> tuple[str, ...]:
    """The regulations that govern the case from its receipt on, or from its dispatch where none was in force then."""
    house = House(door.organisation_id, door.edition, places.units(door.organisation_id, door.edition))
    adopted = house.adopted(form.unit, form.received_at or door.at) or house.adopted(form.unit, door.at)
    return tuple(one.regulation.stem for one in adopted)


def _warnings(stems: tuple[str, ...], record: str, category: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the sender, or somebody at the unit, has to put right: without its class no handling limit runs on such a case."""
    return [
        {
            "code": "category_missing",
            "field": f"category.{one.prefix}",
            "regulation": one.prefix,
            "message": f"没有类别：{one.title[0]}按类别计时，处理时限还没有起算，也不会预警。"
            f"请在 category.{one.prefix} 中给出类别，或由受理单位补定类别。",
        }
        for one in unclassed(stems, record, frozenset(category))
    ]


def _told(
    form: Registration, made: Registered, at: datetime, notes: list[str], warnings: list[dict[str, str]], *, dispatch: bool
) -> dict[str, Any]:
    """What the sender is told of the case."""
    event = DISPATCHED.get(form.record, "case_dispatched")
    return {
        "number": made.number,
        "query_code": made.query_code,
        "status": state_after(DISPATCH, event, {}) if dispatch else DISPATCH,
        "unit": form.unit,
        "record": form.record,
        "received_at": in_shanghai(form.received_at or at).isoformat(),
        "due": due_of(made.outcome.records),
        "notes": notes,
        "warnings": warnings,
    }


def due_of(records: tuple[Record, ...]) -> list[dict[str, Any]]:
    """The limits among the records that run and have a due time, the next one first: clause, rule, due, responsible."""
    clocks = sorted((one for one in records if isinstance(one, RunningClock) and one.open and one.due_at), key=lambda one: str(one.due_at))
    return [
        {
            "clause": clock.cites[0],
            "rule": clock.rule,
            "due_at": in_shanghai(clock.due_at).isoformat() if clock.due_at else None,
            "responsible": clock.responsible,
        }
        for clock in clocks
    ]
