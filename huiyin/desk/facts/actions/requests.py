"""Requests that may be sent twice: the first answer is kept and given again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huiyin.core.moments import BadText
from huiyin.desk.facts.models import Request
from huiyin.plumbing.rows import Rows, Table

KEPT = timedelta(days=7)
TABLE = Table(
    "facts_request",
    (
        ("organisation_id", "uuid"),
        ("key", "text"),
        ("body_digest", "bytea"),
        ("status", "int"),
        ("answer", "jsonb"),
        ("made_at", "timestamptz"),
    ),
)


class KeyReused(BadText):
    """The key of an earlier request came with another body."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that was given: HTTP status and body."""

    status: int
    body: Mapping[str, Any]


def answered(organisation_id: UUID, key: str, body_digest: bytes) -> Answer | None:
    """The answer given to the request with this key, or None for a new one. Raises KeyReused if its body was another."""
    found = Request.objects.filter(organisation_id=organisation_id, key=key).first()
    if found is None:
        return None
    if bytes(found.body_digest) != body_digest:
        raise KeyReused(
            f"found the idempotency key {key[:60]!r} with another body; a key belongs to one request: use a new one",
            f"幂等键“{key[:60]}”已用于另一份内容；请为新的请求使用新的键",
        )
    return Answer(found.status, found.answer)


def keep_answer(
    rows: Rows, organisation_id: UUID, key: str, body_digest: bytes, status: int, answer: Mapping[str, Any], *, at: datetime
) -> None:
    """Collect the answer with the other rows of the action. A second one under the same key breaks the transaction (IntegrityError):
    then the first has won, and ``answered`` gives its answer."""
    row = {
        "organisation_id": organisation_id,
        "key": key,
        "body_digest": body_digest,
        "status": status,
        "answer": dict(answer),
        "made_at": at,
    }
    rows.put(TABLE, row)


def forget_requests(at: datetime) -> int:
    """Forget requests older than seven days; returns how many."""
    return Request.objects.filter(made_at__lt=at - KEPT).delete()[0]
