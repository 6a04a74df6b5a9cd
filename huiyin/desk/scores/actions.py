"""How points are kept, and the appeals against them. An entry is never changed: what is taken back gets a counter-entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.moments import BadText
from huiyin.core.records import Score
from huiyin.desk.facts.actions import is_words, matter_id
from huiyin.desk.facts.keepers import Context, Keeper
from huiyin.desk.journal import actions as journal
from huiyin.desk.scores.models import Appeal, Entry
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Rows, Table
from huiyin.plumbing.text import clean_text

_MOST_TEXT = 4000
_COLUMNS = (
    ("organisation_id", "uuid"),
    ("id", "uuid"),
    ("key", "text"),
    ("clause", "text"),
    ("unit_code", "text"),
    ("amount", "numeric"),
    ("at", "timestamptz"),
    ("case_id", "uuid"),
    ("issue", "text"),
    ("warning", "text"),
    ("items", "jsonb"),
    ("counters", "text"),
    ("reckoning", "jsonb"),
    ("fact_id", "uuid"),
)
# Every column keeps its first value: an entry stands as it was first made.
TABLE = Table("scores_entry", _COLUMNS, ("organisation_id", "key"), frozenset(name for name, _ in _COLUMNS))


def row(context: Context, record: Score) -> dict[str, Any]:
    """The row of an entry."""
    return _row(context.organisation_id, record, context.fact_id, context.entered_at)


def _row(organisation_id: UUID, score: Score, fact_id: UUID | None, at: datetime) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "id": new_id(at),
        "key": score.key,
        "clause": score.clause,
        "unit_code": score.unit,
        "amount": score.amount,
        "at": score.at,
        "case_id": score.case,
        "issue": score.issue,
        "warning": score.warning,
        "items": list(score.items),
        "counters": score.counters,
        "reckoning": [list(step) for step in score.reckoning],
        "fact_id": fact_id,
    }


def record(row: Mapping[str, Any]) -> Score:
    """The entry of a row as ``to_jsonb`` gives it."""
    return Score(
        key=row["key"],
        clause=row["clause"],
        unit=row["unit_code"],
        amount=Decimal(str(row["amount"])),
        at=datetime.fromisoformat(row["at"]),
        case=row["case_id"],
        issue=row["issue"],
        warning=row["warning"],
        items=tuple(row["items"]),
        counters=row["counters"],
        reckoning=tuple(tuple(step) for step in row["reckoning"]),
    )


KEEPER = Keeper(
    Score,
    TABLE,
    row,
    record,
    of_case="case_id = ANY(%(case)s)",
    # The units charged lie above the one that the issue is about, so the issue alone finds its entries.
    of_unit="case_id IS NULL AND issue = %(issue)s",
)


@transaction.atomic
def appeal(organisation_id: UUID, entry_id: UUID, reason: str, *, by: UUID, role: str, at: datetime) -> Appeal:
    """Appeal against an entry. Raises Entry.DoesNotExist; BadText without a reason, against a counter-entry, an entry that was taken
    back already, or one whose appeal is still undecided."""
    entry = Entry.objects.select_for_update().get(organisation_id=organisation_id, id=entry_id)
    _refuse_appeal(entry)
    made = Appeal(
        organisation_id=organisation_id,
        id=new_id(at),
        entry_id=entry.id,
        unit_code=entry.unit_code,
        reason=clean_text(reason, most=_MOST_TEXT, field="reason"),
        by=by,
        by_role=role,
        at=at,
    )
    made.save(force_insert=True)
    body = {"appeal": made.id, "reason": made.reason, "amount": entry.amount}
    _write_journal(entry, "scores.appeal", body, by=journal.By(role, by), at=at)
    return made


def _refuse_appeal(entry: Entry) -> None:
    if entry.counters is not None:
        raise BadText(
            f"found the counter-entry {entry.key}, expected an entry that deducts; appeal against that one",
            "这是一笔冲回记录，不能申诉；请对原扣分记录申诉",
        )
    if is_taken_back(entry):
        raise BadText(
            f"found the entry {entry.key} taken back already, expected one that stands; there is nothing to appeal against",
            "该扣分已冲回，无需申诉",
        )
    if Appeal.objects.filter(organisation_id=entry.organisation_id, entry_id=entry.id, decided_at=None).exists():
        raise BadText(
            f"found an undecided appeal against {entry.key}, expected none; wait for its decision",
            "该扣分已有申诉待裁定；请等候裁定结果",
        )


def is_taken_back(entry: Entry) -> bool:
    """Whether a counter-entry to the entry exists."""
    return Entry.objects.filter(organisation_id=entry.organisation_id, counters=entry.key).exists()


@transaction.atomic
def decide_appeal(organisation_id: UUID, appeal_id: UUID, *, upheld: bool, answer: str, by: UUID, role: str, at: datetime) -> Appeal:
    """Decide an appeal; upheld, the entry gets a counter-entry of the opposite amount on the same day as the decision.

    ``by`` must be another person than the one who appealed. Raises Appeal.DoesNotExist; BadText for one's own appeal, one decided
    already, or a decision without an answer.
    """
    found = Appeal.objects.select_for_update().get(organisation_id=organisation_id, id=appeal_id)
    _refuse_decision(found, by)
    entry = Entry.objects.select_for_update().get(organisation_id=organisation_id, id=found.entry_id)
    found.upheld, found.answer = upheld, clean_text(answer, most=_MOST_TEXT, field="answer")
    found.decided_by, found.decided_role, found.decided_at = by, role, at
    found.save(update_fields=["upheld", "answer", "decided_by", "decided_role", "decided_at"])
    counter = _take_back(entry, at) if upheld and not is_taken_back(entry) else None
    body = {"appeal": found.id, "upheld": upheld, "answer": found.answer, "counter": counter}
    _write_journal(entry, "scores.decide_appeal", body, by=journal.By(role, by), at=at)
    return found


def _refuse_decision(found: Appeal, by: UUID) -> None:
    if found.decided_at is not None:
        raise BadText(
            f"found the appeal {found.id} decided already, expected an undecided one; look at its decision",
            "该申诉已裁定；请查看裁定结果",
        )
    if found.by == by:
        raise BadText(
            "found the person who appealed, expected somebody else; another person has to decide the appeal",
            "申诉人不能裁定自己的申诉；请由他人裁定",
        )


def _take_back(entry: Entry, at: datetime) -> str:
    # The key of the regulation's own counter-entry, so that points are given back once whichever way they come back.
    key = f"{entry.key}|back"
    clause = entry.items[0] if entry.items else entry.clause
    counter = Score(
        key=key,
        clause=clause,
        unit=entry.unit_code,
        amount=-entry.amount,
        at=at,
        case=str(entry.case_id) if entry.case_id else None,
        issue=entry.issue,
        warning=entry.warning,
        items=tuple(entry.items),
        counters=entry.key,
        reckoning=(("act", "score_appeal_decided", at.isoformat()), ("entry", clause, str(-entry.amount))),
    )
    rows = Rows()
    rows.put(TABLE, _row(entry.organisation_id, counter, None, at))
    with connection.cursor() as cursor:
        rows.flush(cursor)
    return key


def _write_journal(entry: Entry, action: str, body: Mapping[str, Any], *, by: journal.By, at: datetime) -> None:
    about = entry.case_id or (matter_id(entry.organisation_id, entry.issue) if is_words(entry.issue) else None)
    journal.write_now(
        entry.organisation_id,
        action,
        by=by,
        at=at,
        subject=f"score:{entry.id}",
        clauses=[entry.clause],
        body={**body, "unit": entry.unit_code, "entry": entry.key},
        key=journal.key_of(entry.organisation_id, about, at) if about else None,
    )
