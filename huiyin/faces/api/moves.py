"""Moving a case on through the interface."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from huiyin.core.moments import BadText, parse_moment
from huiyin.desk.cases import actions
from huiyin.desk.cases.lifecycle import BY_KEY
from huiyin.desk.cases.lifecycle import Move as Step
from huiyin.desk.cases.models import Case
from huiyin.desk.imports.intake import BadField, read_received
from huiyin.faces.api.guard import read_shape
from huiyin.faces.api.intake import due_of
from huiyin.faces.api.keys import Caller, caller_of
from huiyin.faces.api.once import Answer, once
from huiyin.faces.api.problems import Problem
from huiyin.faces.api.reading import read_body
from huiyin.faces.api.schemas import Move

_NUMBER = re.compile(r"[A-Z]{2}[0-9]{10,14}")
_ALWAYS = {"text": "text", "reason": "text"}


def case_of(caller: Caller, number: str) -> Case:
    """The case with this number, if the key reaches it. Raises Http404: not there, not theirs, or no number at all."""
    if not _NUMBER.fullmatch(number):
        raise Http404
    reach = sorted(caller.reach)
    found = Case.objects.filter(organisation_id=caller.organisation_id, number=number, unit_code__in=reach).first()
    if found is None:
        raise Http404
    return found


def move_case(request: HttpRequest, number: str) -> HttpResponse:
    """Do a move on a case. Out: 200 with the state and version after it; 409 if its state or version is another by now."""
    caller = caller_of(request, "cases.write")
    raw, body = read_body(request)
    asked = read_shape(Move, body)
    case = case_of(caller, number)
    at = timezone.now()
    return once(request, caller, raw, at, lambda _: _move(caller, case, asked, at))


def _move(caller: Caller, case: Case, asked: Move, at: Any) -> Answer:
    step = BY_KEY.get(asked.move)
    if step is None:
        raise Problem("invalid", "没有这个操作。可用的操作见工单的 moves。", "move")
    role = asked.role or caller.role
    if role not in caller.roles:
        raise Problem("not_allowed", "此密钥不能以该岗位办理。请向管理员申请。", "role")
    try:
        outcome = actions.move(
            case.organisation_id,
            case.id,
            step.key,
            _within(caller, step, read_details(step, asked.details)),
            by=None,
            post_role=role,
            unit=caller.unit_code,
            at=at,
            version=asked.version,
            happened_at=read_received(asked.at, at, "at"),
        )
    except actions.Stale as error:
        raise Problem("stale", error.zh + "。", "version", version=error.version) from None
    except actions.NotAllowed as error:
        raise Problem("conflict", error.zh + "。", "move") from None
    case.refresh_from_db(fields=["status", "version"])
    return 200, {"number": case.number, "status": case.status, "version": case.version, "due": due_of(outcome.records)}


def read_details(step: Step, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The details of the move as its form needs them. Raises Problem 422 for one that the move does not have, BadField for a wrong kind."""
    kinds = _ALWAYS | {need.name: need.kind for need in step.needs}
    for name in sent:
        if name not in kinds:
            raise Problem("invalid", f"此操作没有这一项，可填：{'、'.join(kinds)}。", f"details.{name[:80]}")
    return {name: _read(f"details.{name}", kinds[name], value) for name, value in sent.items()}


def _within(caller: Caller, step: Step, told: dict[str, Any]) -> dict[str, Any]:
    """The details with cases by their ids. Raises Problem 422 for a case or unit that the key does not reach, as for none."""
    for need in step.needs:
        named = f"details.{need.name}"
        if need.kind == "case" and need.name in told:
            told[need.name] = str(_case_named(caller, str(told[need.name]), named).id)
        if need.kind == "unit" and told.get(need.name, caller.unit_code) not in caller.reach:
            raise Problem("invalid", "没有这个单位。请在单位列表中查找编号。", named)
    return told


def _case_named(caller: Caller, number: str, field: str) -> Case:
    try:
        return case_of(caller, number)
    except Http404:
        raise Problem("invalid", "没有这张工单。请核对工单编号。", field) from None


def _read(field: str, kind: str, value: Any) -> Any:
    wanted, fits = _KINDS.get(kind, _KINDS["text"])
    if not fits(value):
        raise BadField(field, f"found {type(value).__name__}, expected {kind}; correct it", f"应为{wanted}；请更正")
    try:
        if kind == "moment":
            return parse_moment(value)
        return date.fromisoformat(value) if kind == "day" else value
    except BadText as error:
        raise BadField(field, error.en, error.zh, error.choices) from None
    except ValueError:
        raise BadField(field, f"found {value[:40]!r}, expected a day", f"“{value[:40]}”不是日期；请写成 2026-02-13") from None


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 20_000


def _short(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 120


def _listed(value: Any) -> bool:
    return _short(value) or (isinstance(value, list) and len(value) <= 50 and all(map(_short, value)))


def _mapped(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= 20 and all(_short(key) and _short(one) for key, one in value.items())


_KINDS: Mapping[str, tuple[str, Any]] = {
    "text": ("文字", _text),
    "key": ("代码（文字）", _short),
    "unit": ("单位编号", _short),
    "case": ("工单编号", _short),
    "keys": ("代码或代码的列表", _listed),
    "roles": ("岗位或岗位的列表", _listed),
    "cases": ("工单或工单的列表", _listed),
    "people": ("人员编号或编号的列表", _listed),
    "map": ('对象，如 {"前缀": "代码"}', _mapped),
    "moment": ("时间，如 2026-02-13 10:00", _short),
    "day": ("日期，如 2026-02-13", _short),
    "number": (
        "数字",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**12,
    ),
    "flag": ("true 或 false", lambda value: isinstance(value, bool)),
}
