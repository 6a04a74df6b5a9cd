"""Moving a case on: what a button does."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.known import REINSTATED, Units
from huiyin.core.moments import BadText
from huiyin.core.rules import Regulation
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.cases.lifecycle import BY_KEY, OPEN_STATES, VOID, Move, states_told
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import lock, store, subject_of_case
from huiyin.desk.facts.queries import House, facts_of_case
from huiyin.desk.journal.actions import Destroyed
from huiyin.desk.people.access import DEPARTMENTS, LEADERS, QUALITY, RIGHTS, WHOLE_ORGANISATION
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.prepared import prepared_cursor
from huiyin.plumbing.text import clean_text
from huiyin.rulebook.load import regulation

MOST_OF_A_TEXT = 10_000
# Asked by every act on a case, so without the detour of building a query.
_STANDING = """
SELECT status, unit_code, record, editions::text, void_reason, version, destroyed_at FROM cases_case WHERE organisation_id = %s AND id = %s
"""


class NotAllowed(BadText):
    """A move that the case's state or the person's post does not allow."""


class Stale(BadText):
    """Somebody else has moved the case since the page was loaded. ``version`` is the one that stands now."""

    def __init__(self, found: int, version: int) -> None:
        super().__init__(
            f"found the version {found} of the case, expected {version}; load the case again and look what was done",
            "这张工单刚被别人更新过；请重新载入，看过之后再操作",
        )
        self.version = version


def move(
    organisation_id: UUID,
    case_id: UUID,
    move: str,
    details: Mapping[str, Any],
    *,
    by: UUID | None,
    post_role: str,
    unit: str,
    at: datetime,
    version: int | None = None,
    happened_at: datetime | None = None,
) -> Outcome:
    """Do the move with this key on a case; returns the outcome of the last fact it stored.

    ``post_role`` and ``unit`` are the post under which the person acts; ``at`` is when it is entered, ``happened_at`` when it
    happened, if earlier. ``version`` is the case as the person saw it. Raises Case.DoesNotExist, NotAllowed, Stale, BadText for a
    detail that is missing, Destroyed where nothing may be said of it any more, Refused where a regulation forbids it.
    """
    chosen = BY_KEY.get(move)
    if chosen is None:
        raise NotAllowed(f"found the move {move[:40]!r}, expected one of {', '.join(BY_KEY)}", f"没有“{move[:40]}”这个操作")
    with transaction.atomic(), prepared_cursor() as cursor:
        others = _others(chosen, details)
        subjects = sorted(subject_of_case(organisation_id, str(one)) for one in {case_id, *others})
        lock(cursor, subjects)
        house = House.of(organisation_id)
        status, where, record, editions, void_reason = _standing(cursor, organisation_id, case_id, version)
        regulations = [regulation(stem) for stem in editions]
        called = chosen.named(terms_of(organisation_id, where, at))[0] if "{" in chosen.zh else chosen.zh
        _check(chosen, status, record, void_reason, called, regulations)
        _check_others(organisation_id, chosen, case_id, others, called)
        check_post(house.units, chosen, post_role, unit, where, called)
        told = {**_told(chosen, details, called), **chosen.given, **_clause(chosen, regulations)}
        told |= _state_before(chosen, organisation_id, case_id, regulations)
        facts = [
            Fact(event, happened_at or at, str(case_id), _unit_of(chosen, told), post_role, _without_unit(chosen, told), at)
            for event in chosen.events_for(record, told, regulations)
        ]
        return store(organisation_id, facts, by=by, at=at, house=house, locked=subjects, savepoint=False)[-1]


def _standing(cursor: Any, organisation_id: UUID, case_id: UUID, version: int | None) -> tuple[str, str, str, Mapping[str, str], str]:
    """The case's state, unit, kind of record, editions and why it is void, if it is still the one that the person saw."""
    cursor.execute(_STANDING, [organisation_id, case_id])
    row = cursor.fetchone()
    if row is None:
        raise Case.DoesNotExist(f"found no case {case_id} in the organisation {organisation_id}; look up its id")
    *found, current, destroyed_at = row
    if destroyed_at is not None:
        raise Destroyed(case_id)
    if version is not None and version != current:
        raise Stale(version, current)
    status, where, record, editions, void_reason = found
    return status, where, record, json.loads(editions), void_reason


def _others(move: Move, details: Mapping[str, Any]) -> list[UUID]:
    """The other cases that the details name where the move needs one."""
    named = (read_id(details.get(need.name)) for need in move.needs if need.kind == "case")
    return [one for one in named if one is not None]


def _check_others(organisation_id: UUID, move: Move, case_id: UUID, others: Collection[UUID], called: str) -> None:
    """Nothing is joined to itself, and nothing goes on in a case that has ended: nobody would answer it any more."""
    if case_id in others:
        raise NotAllowed(
            f"found the case itself for {move.key}, expected another one; name its number",
            f"“{called}”要填另一张工单，不能填本单；请核对单号",
        )
    if move.stores("case_joined"):
        open_ones = Case.objects.filter(organisation_id=organisation_id, id__in=others, status__in=OPEN_STATES)
        if open_ones.count() < len(others):
            raise NotAllowed(
                f"found a case that has ended for {move.key}, expected an open one; urge it, open it again, or treat this one by itself",
                "要并入的工单已经结束，并入后就没有人办理了；请并入未办结的工单，或者重办那张工单",
            )


def _state_before(move: Move, organisation_id: UUID, case_id: UUID, regulations: Collection[Regulation]) -> dict[str, str]:
    """For a case that is reinstated the state in which it stood when it ended."""
    if not move.stores(REINSTATED):
        return {}
    states = states_told(facts_of_case(organisation_id, case_id), regulations)
    return {"state_before": next(one for one in reversed(states) if one != VOID)}


def _check(move: Move, status: str, record: str, void_reason: str, called: str, regulations: Collection[Regulation]) -> None:
    if not move.fits(status, record, void_reason):
        raise NotAllowed(
            f"found a {record} in the state {status}, expected one of {', '.join(sorted(move.froms))} for {move.key}; load the case again",
            f"当前状态下不能“{called}”；请重新载入工单",
        )
    if not move.known(regulations):
        raise NotAllowed(
            f"found {move.key}, which none of the regulations on the case knows; expected an act of its own regulations, choose one",
            f"工单适用的制度没有“{called}”；请按其制度办理",
        )


def _clause(move: Move, regulations: Collection[Regulation]) -> dict[str, str]:
    clause = move.clause(regulations)
    return {"clause": clause} if clause else {}


def check_post(units: Units, move: Move, role: str, unit: str, where: str, called: str) -> None:
    """Let a post do the move on a case of the unit ``where``. Raises NotAllowed for one without the right, or that does not reach it."""
    if role not in RIGHTS.get(move.right, frozenset()) or not reaches(units, role, unit, where):
        raise NotAllowed(
            f"found the post {role} at {unit}, expected one with the right {move.right} that reaches {where}; ask such a post",
            f"您的岗位不能对这张工单“{called}”；请由有权的岗位办理",
        )


def reaches(units: Units, role: str, unit: str, where: str) -> bool:
    """Whether a post of ``role`` at ``unit`` reaches cases of the unit ``where``: its own unit and all below; a department of quality, a
    leader or a department reaches what the unit above it reaches, the group's centre everything."""
    if role in WHOLE_ORGANISATION:
        return where in units.by_code
    path = units.path(unit)
    if role in QUALITY | LEADERS | DEPARTMENTS:
        unit = next((code for code in path if units.by_code[code].kind != "department"), unit)
    return unit in units.path(where)


def _told(move: Move, details: Mapping[str, Any], called: str) -> dict[str, Any]:
    """The details as they are stored: texts cleaned, empty ones left out, what the move needs being there."""
    told = {name: _cleaned(name, value) for name, value in details.items() if value not in (None, "", (), [], {})}
    missing = [need.name for need in move.needs if need.required and need.name not in told]
    if missing:
        raise BadText(
            f"found {move.key} without {', '.join(missing)}; say that as well",
            f"“{called}”还需填写：{'、'.join(missing)}",
        )
    for need in move.needs:
        value = told.get(need.name)
        if need.kind == "moment" and value is not None and not isinstance(value, datetime):
            raise BadText(
                f"found {need.name} {str(value)[:40]!r}, expected a moment; hand in an aware datetime",
                f"{need.name} 不是时间；请填写日期和时刻",
            )
    return told


def _cleaned(name: str, value: Any) -> Any:
    return clean_text(value, most=MOST_OF_A_TEXT, field=name) if isinstance(value, str) else value


def _unit_of(move: Move, told: Mapping[str, Any]) -> str | None:
    unit = told.get("unit")
    return str(unit) if unit and any(need.kind == "unit" for need in move.needs) else None


def _without_unit(move: Move, told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "unit" or _unit_of(move, told) is None}
