"""Cursors of paged lists: where the next page begins, sealed so that only we can make one."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer

from huiyin.faces.api.problems import Problem

_SALT = "huiyin.api.cursor"


def make_cursor(organisation_id: UUID, question: dict[str, Any], after: list[Any]) -> str:
    """The cursor of the page that begins after the row ``after``, good for the same question of the same organisation only."""
    return Signer(salt=_SALT).sign_object([_mark(organisation_id, question), after])


def read_cursor(cursor: str, organisation_id: UUID, question: dict[str, Any]) -> list[Any]:
    """The row after which the page begins. Raises Problem 422 for a cursor that is not ours or belongs to another question."""
    try:
        mark, after = Signer(salt=_SALT).unsign_object(cursor)
    except (BadSignature, ValueError, TypeError):
        raise Problem("invalid", "cursor 不是本接口给出的。请从第一页重新开始。", "cursor") from None
    if mark != _mark(organisation_id, question):
        raise Problem("invalid", "cursor 属于另一次查询。请在翻页时保持筛选条件不变。", "cursor")
    found: list[Any] = after
    return found


def _mark(organisation_id: UUID, question: dict[str, Any]) -> str:
    text = json.dumps([str(organisation_id), question], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
