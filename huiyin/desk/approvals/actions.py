"""How decisions are kept. They are taken by facts (an approval given, a warning verified); nothing else writes here, but to forget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from huiyin.core.records import NEEDED
from huiyin.core.records import Approval as Record
from huiyin.desk.approvals.models import Approval
from huiyin.desk.facts.actions.forgetting import NOTE, Forgotten, said_again
from huiyin.desk.facts.keepers import Context, Keeper
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Table

TABLE = Table(
    "approvals_approval",
    (
        ("organisation_id", "uuid"),
        ("id", "uuid"),
        ("key", "text"),
        ("clause", "text"),
        ("of", "jsonb"),
        ("case_id", "uuid"),
        ("unit_code", "text"),
        ("issue", "text"),
        ("period", "text"),
        ("subject", "text"),
        ("state", "text"),
        ("asked_at", "timestamptz"),
        ("decided_at", "timestamptz"),
        ("decided_by", "text"),
        ("decided_person", "uuid"),
        ("in_place_of", "text"),
        ("reason", "text"),
        ("fact_id", "uuid"),
    ),
    ("organisation_id", "key"),
    frozenset({"id"}),
)


def row(context: Context, record: Record) -> dict[str, Any]:
    """The row of an approval; the person who acts is the decider of a decision, and nobody's name stands on a question."""
    return {
        "organisation_id": context.organisation_id,
        "id": new_id(context.entered_at),
        "key": record.key,
        "clause": record.clause,
        "of": list(record.of),
        "case_id": record.case,
        "unit_code": record.unit,
        "issue": record.issue,
        "period": record.period,
        "subject": record.subject,
        "state": record.state,
        "asked_at": record.asked_at,
        "decided_at": record.decided_at,
        "decided_by": record.decided_by,
        "decided_person": None if record.state == NEEDED else context.by_person,
        "in_place_of": record.in_place_of,
        "reason": record.reason,
        "fact_id": context.fact_id,
    }


def record(row: Mapping[str, Any]) -> Record:
    """The approval of a row as ``to_jsonb`` gives it."""
    return Record(
        key=row["key"],
        clause=row["clause"],
        of=tuple(row["of"]),
        case=row["case_id"],
        unit=row["unit_code"],
        issue=row["issue"],
        period=row["period"],
        state=row["state"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        decided_at=datetime.fromisoformat(row["decided_at"]) if row["decided_at"] else None,
        decided_by=row["decided_by"],
        in_place_of=row["in_place_of"],
        reason=row["reason"],
        subject=row["subject"],
    )


def forget_approvals(cursor: Any, forgotten: Forgotten) -> None:
    """Why the decisions on a case were taken goes, and what was said of it goes out of their keys, as the facts now say it."""
    of_it = Q(case_id=forgotten.about_id) | Q(fact_id__in=forgotten.facts)
    for one in Approval.objects.filter(of_it, organisation_id=forgotten.organisation_id):
        subject = said_again(one.subject, forgotten)
        one.key, one.subject = one.key.replace(one.subject, subject), subject
        one.reason = NOTE if one.reason else one.reason
        one.save(update_fields=["key", "subject", "reason"])


KEEPER = Keeper(
    Record,
    TABLE,
    row,
    record,
    of_case="case_id = ANY(%(case)s)",
    of_unit="case_id IS NULL AND unit_code = ANY(%(unit)s) AND (period = ANY(%(period)s) OR issue = %(issue)s)",
)
