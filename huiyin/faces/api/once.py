"""Each write happens once for its idempotency key: the same request again gets the same answer, another one is refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse

from huiyin.desk.facts.actions import KeyReused, Refused, answered, keep_answer, note_refusal
from huiyin.faces.api.keys import Caller
from huiyin.faces.api.problems import Problem, request_id
from huiyin.plumbing.rows import Rows

_KEY = re.compile(r"[\x21-\x7e]{8,128}")

Answer = tuple[int, Mapping[str, Any]]
"""The status and body of an answer."""
Remember = Callable[[Rows, Answer], None]
"""Puts the answer into the rows of the action itself, so that it is written in the same statement."""


def once(request: HttpRequest, caller: Caller, raw: bytes, at: datetime, work: Callable[[Remember], Answer]) -> HttpResponse:
    """The answer of ``work``, done and remembered in one transaction; or the answer that the key got before.

    ``raw`` is the body as sent. ``work`` may remember its answer itself; otherwise it is written here. Raises Problem: 400 without a
    proper key, 409 for a key that another request has used, and what ``work`` raises; a refused request is not remembered, so it may be
    corrected and sent again under its key.
    """
    key = _key_of(request, caller)
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + raw).digest()
    remembered: list[Answer] = []

    def remember(rows: Rows, answer: Answer) -> None:
        keep_answer(rows, caller.organisation_id, key, digest, *answer, at=at)
        remembered.append(answer)

    try:
        with transaction.atomic():
            status, body = work(remember)
            if not remembered:
                rows = Rows()
                remember(rows, (status, body))
                with connection.cursor() as cursor:
                    rows.flush(cursor)
    # Whatever went wrong: if the request was answered before, that answer stands. A twin that was faster shows as IntegrityError.
    except Exception as error:
        if isinstance(error, Refused):
            note_refusal(error)
        if (kept := _kept(caller, key, digest)) is None:
            if isinstance(error, IntegrityError):
                raise Problem("conflict", "与同时进行的另一个操作冲突。请重发（使用同一个 Idempotency-Key）。") from error
            raise
        status, body = kept
    return respond(request, status, body)


def _key_of(request: HttpRequest, caller: Caller) -> str:
    sent = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if not _KEY.fullmatch(sent):
        raise Problem("key_missing", "写入须带 Idempotency-Key 请求头：8 至 128 个可见的 ASCII 字符，每个请求一个。")
    # Two programs may happen on the same key: each has its own.
    return f"{caller.key_id.hex}:{sent}"


def _kept(caller: Caller, key: str, digest: bytes) -> Answer | None:
    try:
        found = answered(caller.organisation_id, key, digest)
    except KeyReused:
        raise Problem("key_reused", "此 Idempotency-Key 已用于另一个请求。请为新的请求换一个。") from None
    return None if found is None else (found.status, found.body)


def respond(request: HttpRequest, status: int, body: Mapping[str, Any]) -> HttpResponse:
    """The answer as sent. Sorted: the database does not keep the order of keys, and a second answer shall equal the first to the byte."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(text.encode(), status=status, content_type="application/json")
    answer["X-Request-ID"] = request_id(request)
    return answer
