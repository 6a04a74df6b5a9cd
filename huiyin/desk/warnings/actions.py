"""How warnings are kept, and the acts about them: each is a fact, and what follows from it is the regulation's to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huiyin.core import records
from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.moments import BadText
from huiyin.core.records import Ground
from huiyin.desk.facts.actions import Refused, lock, note_refusal, store, subject_of_case, subject_of_issue, subject_of_unit
from huiyin.desk.facts.keepers import Context, Keeper
from huiyin.desk.warnings.models import WarningSignal
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Table
from huiyin.plumbing.text import clean_text

CONFIRMED, DISMISSED = "confirmed", "dismissed"
RESULTS = (CONFIRMED, DISMISSED)
RED = "red"
ANSWERS_GO_TO = ("quality_dept", "group_cc")
_MOST_TEXT = 4000

TABLE = Table(
    "warnings_warningsignal",
    (
        ("organisation_id", "uuid"),
        ("id", "uuid"),
        ("key", "text"),
        ("level", "text"),
        ("regulation", "text"),
        ("case_id", "uuid"),
        ("unit_code", "text"),
        ("issue", "text"),
        ("grounds", "jsonb"),
        ("state", "text"),
        ("raised_at", "timestamptz"),
        ("verified_at", "timestamptz"),
        ("verified_by", "text"),
        ("sent_at", "timestamptz"),
        ("answered_at", "timestamptz"),
        ("promised_at", "timestamptz"),
        ("fact_id", "uuid"),
    ),
    ("organisation_id", "key"),
    frozenset({"id", "fact_id"}),
)


def row(context: Context, record: records.WarningSignal) -> dict[str, Any]:
    """The row of a warning; its number is the database's to give."""
    return {
        "organisation_id": context.organisation_id,
        "id": new_id(context.entered_at),
        "key": record.key,
        "level": record.level,
        "regulation": record.regulation,
        "case_id": record.case,
        "unit_code": record.unit,
        "issue": record.issue,
        "grounds": [_ground_as_json(ground) for ground in record.grounds],
        "state": record.state,
        "raised_at": record.raised_at,
        "verified_at": record.verified_at,
        "verified_by": record.verified_by,
        "sent_at": record.sent_at,
        "answered_at": record.answered_at,
        "promised_at": record.promised_at,
        "fact_id": context.fact_id,
    }


def _ground_as_json(ground: Ground) -> dict[str, Any]:
    steps = [list(step) for step in ground.reckoning]
    return {"clause": ground.clause, "rule": ground.rule, "at": ground.at.isoformat(), "reckoning": steps}


def ground_of(kept: Mapping[str, Any]) -> Ground:
    """The ground as the row keeps it."""
    reckoning = tuple(tuple(step) for step in kept["reckoning"])
    return Ground(kept["clause"], kept["rule"], datetime.fromisoformat(kept["at"]), reckoning)


def record(row: Mapping[str, Any]) -> records.WarningSignal:
    """The warning of a row as ``to_jsonb`` gives it."""
    return records.WarningSignal(
        key=row["key"],
        level=row["level"],
        regulation=row["regulation"],
        case=row["case_id"],
        unit=row["unit_code"],
        issue=row["issue"],
        grounds=tuple(ground_of(one) for one in row["grounds"]),
        state=row["state"],
        raised_at=datetime.fromisoformat(row["raised_at"]),
        verified_at=_moment(row["verified_at"]),
        verified_by=row["verified_by"],
        sent_at=_moment(row["sent_at"]),
        answered_at=_moment(row["answered_at"]),
        promised_at=_moment(row["promised_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


KEEPER = Keeper(
    records.WarningSignal,
    TABLE,
    row,
    record,
    of_case="case_id = ANY(%(case)s)",
    of_unit="case_id IS NULL AND unit_code = ANY(%(unit)s) AND issue = %(issue)s",
)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one warning in a batch: done, or ``why`` not in both languages, with the clause where one forbids it."""

    warning_id: UUID
    done: bool
    clause: str = ""
    why_zh: str = ""
    why_en: str = ""


def verify(
    organisation_id: UUID, warning_id: UUID, result: str, *, by: UUID | None, role: str, at: datetime, reason: str = ""
) -> list[Outcome]:
    """Keep that the warning was found true (``confirmed``) or not (``dismissed``, which needs a reason); GP-11.1b, 11.2b, 11.3b.

    Raises WarningSignal.DoesNotExist; BadText for another result, a dismissal without reason, or a warning that is not waiting for it;
    Refused when the regulation gives the decision to another role.
    """
    if result not in RESULTS:
        raise BadText(f"found the result {result!r}, expected confirmed or dismissed; choose one", "核实结果应为属实或误报")
    details: dict[str, Any] = {"result": result}
    if result == DISMISSED or reason:
        details["reason"] = clean_text(reason, most=_MOST_TEXT, field="reason")
    return _act(organisation_id, warning_id, "warning_verified", details, (records.RAISED, records.DISMISSED), by, role, at)


@transaction.atomic
def send_to_unit(organisation_id: UUID, warning_id: UUID, *, by: UUID | None, role: str, at: datetime) -> list[Outcome]:
    """Send a confirmed blue or yellow warning to those who have to answer it. Raises as ``verify`` does, and BadText for a red one."""
    signal = _signal(organisation_id, warning_id)
    if signal.level == RED:
        raise BadText("found a red warning, expected blue or yellow; forward it to departments", "红色预警请转发相关职能部门")
    _refuse_sent(signal)
    return _store(signal, "warning_sent_to_unit", {}, by, role, at)


def verify_and_send(
    organisation_id: UUID, warning_id: UUID, *, by: UUID | None, role: str, at: datetime, reason: str = ""
) -> list[Outcome]:
    """Confirm a blue or yellow warning and send it on, as one act: both stand or neither does. Raises as the two do."""
    with transaction.atomic():
        confirmed = verify(organisation_id, warning_id, CONFIRMED, by=by, role=role, at=at, reason=reason)
        return [*confirmed, *send_to_unit(organisation_id, warning_id, by=by, role=role, at=at)]


@transaction.atomic
def forward_to_departments(
    organisation_id: UUID, warning_id: UUID, departments: Iterable[str], *, by: UUID | None, role: str, at: datetime
) -> list[Outcome]:
    """Forward a confirmed red warning to the roles of the departments concerned (GP-11.3b). Raises as ``verify``; BadText without any."""
    to = sorted(set(departments))
    signal = _signal(organisation_id, warning_id)
    _refuse_not_red(signal)
    _refuse_sent(signal)
    if not to:
        raise BadText("found no department, expected one at least; choose whom it concerns", "请选择相关职能部门")
    return _store(signal, "warning_forwarded_to_departments", {"to": to}, by, role, at)


@transaction.atomic
def report_solution(
    organisation_id: UUID,
    warning_id: UUID,
    solution: str,
    promised_at: datetime,
    *,
    by: UUID | None,
    role: str,
    at: datetime,
    responsible: str = "",
    resources: str = "",
) -> list[Outcome]:
    """Answer a blue or yellow warning with a solution and the completion time (GP-11.1c, 11.2c, 11.1d).

    Raises as ``verify``; BadText without solution, or for a completion time that is past.
    """
    signal = _signal(organisation_id, warning_id)
    if signal.level == RED:
        raise BadText("found a red warning, expected blue or yellow; report its joint solution", "红色预警请上报联合解决方案")
    if promised_at <= at:
        raise BadText("found a completion time in the past, expected a later one; choose another", "完成时间须晚于当前时间")
    _refuse_state(signal, (records.CONFIRMED,))
    details = {
        "to": list(ANSWERS_GO_TO),
        "solution": clean_text(solution, most=_MOST_TEXT, field="solution"),
        "promised_at": promised_at,
        **_filled(responsible_person=responsible, resources=resources),
    }
    return _store(signal, "warning_solution_reported", details, by, role, at)


@transaction.atomic
def report_red_solution(
    organisation_id: UUID,
    warning_id: UUID,
    solution: str,
    contributors: Iterable[str],
    *,
    by: UUID | None,
    role: str,
    at: datetime,
    promised_at: datetime | None = None,
) -> list[Outcome]:
    """Report the joint solution to a red warning to the general manager, with the roles that worked on it (GP-11.3c, 11.3d).

    Raises as ``verify``; BadText without solution or contributors: a joint solution names everybody who made it.
    """
    signal = _signal(organisation_id, warning_id)
    _refuse_not_red(signal)
    _refuse_state(signal, (records.CONFIRMED,))
    named = sorted(set(contributors))
    if not named:
        raise BadText("found no contributors, expected those who worked on the solution; name them", "请写明参与制定方案的部门")
    details: dict[str, Any] = {
        "to": ["company_gm"],
        "solution": clean_text(solution, most=_MOST_TEXT, field="solution"),
        "contributors": named,
    }
    if promised_at is not None:
        details["promised_at"] = promised_at
    return _store(signal, "red_solution_reported", details, by, role, at)


def verify_many(
    organisation_id: UUID,
    warning_ids: Iterable[UUID],
    result: str,
    *,
    by: UUID | None,
    role: str,
    at: datetime,
    reason: str = "",
    send: bool = False,
) -> list[Done]:
    """Verify several warnings, each in a transaction of its own; ``send`` also sends blue and yellow ones on."""
    return [_verify_one(organisation_id, one, result, by, role, at, reason, send) for one in dict.fromkeys(warning_ids)]


def _verify_one(
    organisation_id: UUID, warning_id: UUID, result: str, by: UUID | None, role: str, at: datetime, reason: str, send: bool
) -> Done:
    try:
        with transaction.atomic():
            if send and result == CONFIRMED and _signal(organisation_id, warning_id).level != RED:
                verify_and_send(organisation_id, warning_id, by=by, role=role, at=at, reason=reason)
            else:
                verify(organisation_id, warning_id, result, by=by, role=role, at=at, reason=reason)
    except Refused as refused:
        note_refusal(refused)
        refusal = refused.refusal
        return Done(warning_id, False, refusal.clause, refusal.why_zh, refusal.why_en)
    except BadText as bad:
        return Done(warning_id, False, "", bad.zh, bad.en)
    except WarningSignal.DoesNotExist:
        return Done(warning_id, False, "", "没有找到该预警", "found no such warning; look it up in the warning centre")
    return Done(warning_id, True)


@transaction.atomic
def _act(
    organisation_id: UUID,
    warning_id: UUID,
    event: str,
    details: Mapping[str, Any],
    states: tuple[str, ...],
    by: UUID | None,
    role: str,
    at: datetime,
) -> list[Outcome]:
    signal = _signal(organisation_id, warning_id)
    _refuse_state(signal, states)
    return _store(signal, event, details, by, role, at)


def _signal(organisation_id: UUID, warning_id: UUID) -> WarningSignal:
    """The warning as it stands; nobody else changes it until the transaction ends, so what is checked now still holds when it is stored."""
    found = WarningSignal.objects.get(organisation_id=organisation_id, id=warning_id)
    if found.case_id:
        subjects = [subject_of_case(organisation_id, str(found.case_id))]
    else:
        issue = [subject_of_issue(organisation_id, found.issue)] if found.issue else []
        subjects = sorted([subject_of_unit(organisation_id, found.unit_code), *issue])
    with connection.cursor() as cursor:
        lock(cursor, subjects)
    found.refresh_from_db()
    return found


def fact_about(signal: WarningSignal, event: str, details: Mapping[str, Any], role: str, at: datetime) -> Fact:
    """The act ``event`` on the warning, done by ``role``."""
    about = {"level": signal.level, **({} if signal.case_id else {"issue": signal.issue}), **details}
    case = str(signal.case_id) if signal.case_id else None
    return Fact(event, at, case=case, unit=signal.unit_code, by=role, details=about)


def _store(signal: WarningSignal, event: str, details: Mapping[str, Any], by: UUID | None, role: str, at: datetime) -> list[Outcome]:
    return list(store(signal.organisation_id, [fact_about(signal, event, details, role, at)], by=by, at=at))


def _refuse_state(signal: WarningSignal, states: tuple[str, ...]) -> None:
    if signal.state not in states:
        raise BadText(
            f"found the warning {signal.number} {signal.state}, expected it {' or '.join(states)}; look at it again",
            f"预警 {signal.number} 的状态已变化；请刷新后再处理",
        )


def _refuse_sent(signal: WarningSignal) -> None:
    if signal.sent_at is not None:
        raise BadText(
            f"found the warning {signal.number} sent already, expected one that is not; wait for the answer",
            f"预警 {signal.number} 已下发；请等候回复",
        )


def _refuse_not_red(signal: WarningSignal) -> None:
    if signal.level != RED:
        raise BadText(
            f"found a {signal.level} warning, expected a red one; send it to the unit", "只有红色预警才转发职能部门；请下发责任单位"
        )


def _filled(**texts: str) -> dict[str, str]:
    return {name: clean_text(text, most=_MOST_TEXT, field=name) for name, text in texts.items() if text.strip()}
